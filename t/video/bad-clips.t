# bad-clips.t: files that must be refused under every name, and damaged recordings: no crash, no more than 15 s of processor time and 512 MB, nothing left
# behind, no file or address opened.
#
# YJ_BAD_CLIPS says how many recordings get bits turned (45; ./dev check --full takes 500).
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Video qw(need_video_tools video_dir clip take write_recording);
use IO::Socket::INET;

need_video_tools();
srand(20260519);
my $dir = video_dir();
my (@path, @name, @want);

# `want` is a verdict or a pattern of verdicts.
sub bad {
	my ($want, $name, $bytes) = @_;
	push @name, $name;
	push @want, $want;
	push @path, write_recording(sprintf('%04d.mp4', scalar @path), $bytes);
	return;
}

my $recording = slurp(clip('portrait.mp4'));
my $ended = slurp(clip('moov-end.mp4'));
my $webm = slurp(clip('recorder.webm'));
my $small = slurp(clip('side-240.mp4'));

# -- no recording at all -------------------------------------------------------------
bad('empty', 'nothing', '');
my $listener = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1', Blocking => 0) or die $!;
my $address = 'http://127.0.0.1:' . $listener->sockport . '/x.mp4';
my $secret = write_recording('secret.mp4', $small);
my %other = (
	text     => 'this is no recording',
	html     => '<!doctype html><video src="x">',
	jpeg     => "\xff\xd8\xff\xe0\0\x10JFIF\0" . "\0" x 100 . "\xff\xd9",
	gif      => 'GIF89a' . "\0" x 100,
	mp3      => "ID3\3\0\0\0\0\0\0" . "\xff\xfb\x90\0" x 100,
	wav      => 'RIFF' . pack('V', 100) . 'WAVEfmt ' . "\0" x 100,
	avi      => 'RIFF' . pack('V', 100) . 'AVI LIST' . "\0" x 100,
	flv      => "FLV\1\5\0\0\0\x09" . "\0" x 100,
	ogg      => "OggS\0\2" . "\0" x 100,
	ts       => join('', ("G\x40\0\x10" . "\0" x 184) x 10),
	m3u8     => "#EXTM3U\n#EXT-X-MEDIA-SEQUENCE:0\n#EXTINF:10.0,\n$address\n#EXTINF:1,\nfile://$secret\n#EXT-X-ENDLIST\n",
	ffconcat => "ffconcat version 1.0\nfile '$secret'\nfile '$address'\n",
	sdp      => "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n",
	dash     => "<?xml version=\"1.0\"?><MPD><Period><BaseURL>$address</BaseURL></Period></MPD>",
	url      => $address,
	elf      => "\x7fELF\2\1\1" . "\0" x 57,
	zip      => "PK\3\4" . "\0" x 60,
);
bad('not-a-video', "$_ named .mp4", $other{$_}) for sort keys %other;
bad('not-a-video', "a file of brand $_", pack('N', 24) . "ftyp$_" . "\0\0\0\0$_" . 'isom' . substr $recording, 24)
	for qw(heic avif mif1), 'M4A ';
# behind the first bytes of a recording
my $ftyp = pack('N', 24) . 'ftypisom' . "\0\0\2\0isommp42";
bad('broken', "$_ behind a first box", $ftyp . $other{$_}) for sort keys %other;
bad('broken', "$_ behind a whole recording", $small . $other{$_}) for qw(text html m3u8 ffconcat zip);
bad('not-a-video', 'random bytes ' . $_, join '', map { chr int rand 256 } 1 .. $_) for 1 .. 8, 1000;
bad('not-a-video', $_, slurp(clip($_))) for qw(sound.mp4 sound.m4a sound.webm attachment.mkv);
bad('broken', 'a codec that phones do not use', slurp(clip('mpeg4.mp4')));
bad('too-large', 'one byte over the limit', $small . pack('N', 50 * 1024 * 1024 + 1 - length $small)
	. 'free' . "\0" x (50 * 1024 * 1024 + 1 - 8 - length $small));

# -- cut off ----------------------------------------------------------------------
for my $case ([ 'MP4', $recording ], [ 'MP4 with its head behind', $ended ]) {
	my ($kind, $whole) = @$case;
	bad('broken', "$kind cut at $_", substr $whole, 0, $_)
		for map { int(length($whole) * $_ / 12) } 1 .. 11;
	bad('broken', "$kind without its last $_", substr $whole, 0, length($whole) - $_) for 1, 8, 100;
}
bad(qr/^(?:broken|too-short|ok)$/, "WebM cut at $_ of 8", substr $webm, 0, int(length($webm) * $_ / 8)) for 1 .. 7;

# -- lies ---------------------------------------------------------------------------
sub changed { # the first place that matches, replaced
	my ($bytes, $pattern, $with) = @_;
	$bytes =~ s/$pattern/$with/s or die "nothing to change: $pattern";
	return $bytes;
}
my $dref = "dref\0\0\0\0\0\0\0\1\0\0\0\x0curl \0\0\0\1";
bad('not-a-video', 'data in another place', changed($recording, quotemeta $dref, substr($dref, 0, -1) . "\0"));
# the same with an address and a path, in place of a free box
for my $target ($address, "file://$secret", $secret) {
	my $url = "$target\0";
	my $copy = $small;
	my $at = index $copy, 'dref';
	my $add = length $url;
	# each box around it grows, and so does every offset behind (the head is last)
	substr($copy, $at + 12, 12) = pack('N', 12 + $add) . "url \0\0\0\0" . $url;
	for my $type ('dref', 'dinf', 'minf', 'mdia', 'trak', 'moov') {
		my $box = rindex $copy, $type, $at;
		substr($copy, $box - 4, 4) = pack 'N', $add + unpack 'N', substr $copy, $box - 4, 4;
	}
	bad('not-a-video', "data at $target" =~ s/[\d.:]+//r, $copy);
}
sub said_to_last { # mvhd version 0: time scale, duration
	my ($bytes, $scale, $duration) = @_;
	substr($bytes, index($bytes, 'mvhd') + 16, 8) = pack 'NN', $scale, $duration;
	return $bytes;
}
bad(qr/^(?:ok|too-long|broken)$/, 'said to last for years', said_to_last($small, 1, 0x7fffffff));
bad(qr/^(?:ok|too-short|broken|no-frames)$/, 'said to last no time', said_to_last($small, 0x7fffffff, 1));
bad('too-long', 'ten minutes', slurp(clip('ten-minutes.mp4')));
bad('too-long', 'ten minutes without saying so', slurp(clip('ten-minutes.webm')));
{
	my $long = said_to_last(slurp(clip('ten-minutes.mp4')), 1000, 5000);
	substr($long, index($long, 'edts'), 4) = 'free' while index($long, 'edts') >= 0;
	bad(qr/^(?:too-long|broken)$/, 'ten minutes said to be five seconds', $long);
}
# every key frame of VP8 says how large it is: 14 bits each
bad(qr/^(?:too-costly|broken|no-frames)$/, 'pictures of 16383 x 16383',
	$webm =~ s/\x9d\x01\x2a..../\x9d\x01\x2a\xff\x3f\xff\x3f/gsr);
bad(qr/^(?:too-costly|broken|no-frames|ok|too-short)$/, 'pictures that grow on the way',
	$webm =~ s/(\x9d\x01\x2a....)(.*)\x9d\x01\x2a..../$1$2\x9d\x01\x2a\0\x10\0\x09/sr);
for my $size ([ 0, 0 ], [ 16384, 16384 ], [ 65535, 65535 ], [ 1, 1 ]) {
	my $copy = $small;
	substr($copy, index($copy, 'avc1', index $copy, 'stsd') + 28, 4) = pack 'nn', @$size;
	bad(qr/^(?:ok|broken|too-costly|too-small)$/, "said to be $size->[0] x $size->[1]", $copy);
}
# One second of large black pictures forty times over, eight times as fast: a few
# kB and 4.9 thousand million pixels, counted before one of them is decoded.
{
	my ($second, $long, $fast) = map { "$dir/$_.mp4" } qw(second long fast);
	my @quiet = qw(ffmpeg -hide_banner -nostdin -v error -y);
	system(@quiet, qw(-f lavfi -i color=black:s=1920x1080:r=60 -t 1 -c:v libx264 -preset ultrafast
		-pix_fmt yuv420p), $second) == 0 or die 'ffmpeg';
	# in two steps: some builds end the filter of times with the first round of the loop
	system(@quiet, qw(-stream_loop 39 -i), $second, qw(-c copy), $long) == 0 or die 'ffmpeg';
	system(@quiet, '-i', $long, qw(-c copy -bsf:v setts=pts=PTS/8:dts=DTS/8), $fast) == 0 or die 'ffmpeg';
	my ($r) = take([$fast]);
	is($r->[0]{verdict}, 'too-costly', 'more pixels than a phone records in a minute');
	cmp_ok($r->[0]{cpu_ms}, "<", 2500, "... is told in $r->[0]{cpu_ms} ms of processor time");
}
bad(qr/^(?:broken|no-frames)$/, 'a head without media', $small =~ s/mdat/free/r);
bad('broken', 'a compressed head', changed($small, 'udta|iods|mvhd', 'cmov'));
for my $type (qw(moov trak mdia minf stbl stsd avcC stts stss stsc stsz stco mdat)) {
	for my $lie (0, 7, 8, 9, 0x7fffffff, 0xffffffff) {
		my $copy = $small;
		substr($copy, index($copy, $type) - 4, 4) = pack 'N', $lie;
		bad(qr/./, "box $type says $lie", $copy) if $lie > 9 || rand() < 0.3;
	}
}
bad('broken', 'boxes without end', $ftyp . (pack('N', 8) . 'free') x 300_000);
bad('not-a-video', 'EBML of another kind', changed($webm, 'webm', 'docu'));
bad('broken', 'EBML and no more', substr $webm, 0, 40);

# -- bits turned --------------------------------------------------------------------------
my $turns = $ENV{YJ_BAD_CLIPS} || 45;
my @base = ($small, slurp(clip('vp9.webm')), slurp(clip('hevc.mov')));
for my $i (1 .. $turns) {
	my $copy = $base[ $i % @base ];
	# heads are hit more often than their share
	my $range = $i % 2 ? 8 * length $copy : 8 * 4000;
	my $from = $i % 2 ? 0 : $i % 4 && $i % @base == 0 ? 8 * (length($copy) - 4000) : 0;
	for (1 .. 1 + $i % 20) {
		vec($copy, $from + int rand $range, 1) ^= 1;
	}
	bad(qr/./, "recording $i with bits turned", $copy);
}

# -- what becomes of them --------------------------------------------------------------------
my $count = @path;
cmp_ok($count, '>=', 200, "$count recordings");
# a folder for whatever would be put down somewhere, and the one we stand in
mkdir "$dir/temporary";
local @ENV{qw(TMPDIR TMP TEMP HOME)} = ("$dir/temporary") x 4;
my %before = map { $_ => 1 } glob '* .* /dev/shm/*';
my ($result, $peak, $log) = take(\@path, marks => [500]);
is(scalar @$result, $count, 'each has an answer: the caller did not crash');
for my $i (0 .. $#$result) {
	my $got = $result->[$i]{verdict};
	my $good = ref $want[$i] ? $got =~ $want[$i] && $got ne 'fault' : $got eq $want[$i];
	ok($good, "$name[$i]: $got") if !$good || !ref $want[$i] || $want[$i] ne qr/./;
}
my @fault = grep { $result->[$_]{verdict} eq 'fault' } 0 .. $#$result;
is(join(', ', map { $name[$_] } @fault), '', 'none is taken for our own fault');
my @slow = grep { $result->[$_]{cpu_ms} > 15_000 } 0 .. $#$result;
is(join(', ', map { "$name[$_] $result->[$_]{cpu_ms} ms" } @slow), '', 'each within 15 s');
cmp_ok($peak, '<=', 512 * 1024, "peak memory of a child $peak KiB");
unlike($log, qr/signal=31/, 'nothing that the seal forbids was tried');
unlike($log, qr/\Q$dir\E|secret|127\.0\.0/, 'the log quotes nothing');
ok(!$listener->accept, 'nobody called the address in the playlists and references');
my @left = grep { !$before{$_} } glob "* .* /dev/shm/*recording* $dir/temporary/*";
is("@left", '', 'nothing is left behind');
is(`pgrep -P 1 -f 'file:/proc/self/fd/3'`, '', 'nobody is left running');

my %by;
$by{ $_->{verdict} }++ for @$result;
diag join ', ', map { "$by{$_} $_" } sort keys %by;
done_testing;
