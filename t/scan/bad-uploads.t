# bad-uploads.t: files that must be refused under every name.
#
# More than a thousand files: no picture at all, picture and something else,
# cut off, damaged, lying about their size, made to explode. None is taken, the
# page's side survives, each is answered within 3 s and 256 MiB. A file counts
# as bad only if it truly is: damage inside picture data may give a picture
# with a flaw, so there djpeg -strict must call it corrupt first, by more than
# complaints that good photos of some phones cause too.
#
# YJ_BAD_UPLOADS says how many pictures get a bit turned (150; ./dev check --full
# takes 2000).
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Scan qw(need_scan_tools scan_dir sample take write_file convert png_chunk png_parts
	jpeg_segments);
use Compress::Zlib qw(compress);

need_scan_tools();
srand(20260517);

my (@bad, @name);

sub bad {
	my ($name, $bytes) = @_;
	push @name, $name;
	push @bad, write_file(sprintf('%05d.jpg', scalar @bad), $bytes);
	return;
}

my $jpeg = slurp(sample('licence', 'base.jpg', flat => 1, long => 640));
my $progressive = slurp(sample('licence', 'prog.jpg', flat => 1, long => 640, progressive => 1));
my $png = slurp(convert(scan_dir() . '/base.jpg', '-strip', scan_dir() . '/base.png'));

# -- no pictures at all ------------------------------------------------------
my %other = (
	svg  => '<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480"><image href="file:///etc/passwd"/></svg>',
	'svg-xml' => '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
	msl  => '<?xml version="1.0"?><image><read filename="/etc/passwd"/><write filename="/tmp/yj-msl"/></image>',
	mvg  => "push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'https://127.0.0.1/x'\npop graphic-context\n",
	ps   => "%!PS-Adobe-3.0\n(/etc/passwd) (r) file\nshowpage\n",
	eps  => "\xc5\xd0\xd3\xc6" . "\0" x 28 . '%!PS',
	pdf  => "%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
	html => '<!doctype html><script>alert(1)</script>',
	php  => '<?php system($_GET["c"]); ?>',
	js   => 'alert(1)//',
	at   => '@/etc/passwd',
	text => 'text:/etc/passwd',
	ephemeral => 'ephemeral:/tmp/x',
	url  => 'https://127.0.0.1/x.jpg',
	gif  => "GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\4\1\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;",
	bmp  => 'BM' . pack('VvvVVVVvv', 58, 0, 0, 54, 40, 1, 1, 1, 24) . "\0" x 28,
	tiff => "II*\0\x{08}\0\0\0\0\0",
	webp => 'RIFF' . pack('V', 26) . 'WEBPVP8 ' . "\0" x 18,
	heic => pack('N', 24) . 'ftypheic' . "\0" x 12,
	avif => pack('N', 24) . 'ftypavif' . "\0" x 12,
	mp4  => pack('N', 24) . 'ftypmp42' . "\0" x 12,
	psd  => "8BPS\0\1" . "\0" x 20,
	ico  => "\0\0\1\0\1\0\1\1\0\0\1\0\x18\0" . "\0" x 20,
	zip  => "PK\3\4" . "\0" x 26 . "PK\5\6" . "\0" x 18,
	elf  => "\x7fELF\2\1\1" . "\0" x 57,
	sh   => "#!/bin/sh\nid\n",
	mat  => 'MATLAB 5.0 MAT-file' . ' ' x 105 . "\0\1IM",
	xcf  => 'gimp xcf file' . "\0" x 20,
	jp2  => "\0\0\0\x0cjP  \r\n\x87\n",
	jxl  => "\xff\x0a\xfa\x1f",
	empty => '',
);
for my $kind (sort keys %other) {
	bad("$kind named .jpg", $other{$kind});
	bad("$kind behind a JPEG's first bytes", "\xff\xd8\xff\xe0" . $other{$kind});
	bad("$kind behind a PNG signature", "\x89PNG\r\n\x1a\n" . $other{$kind});
	bad("$kind behind blanks", "\n " . $other{$kind});
	next if $kind eq 'empty';
	bad("$kind in front of a JPEG", $other{$kind} . $jpeg);
	bad("$kind in front of a PNG", $other{$kind} . $png);
	bad("$kind behind a PNG", $png . $other{$kind});
	# a recording behind a JPEG is what phones write; it is cut off
	bad("$kind behind a JPEG", $jpeg . $other{$kind}) if $kind !~ /mp4|heic|avif/;
}
bad("$_ random bytes", join '', map { chr int rand 256 } 1 .. $_) for 1 .. 12, 100, 1000, 70000;

# -- programs in the metadata --------------------------------------------------
my @payload = grep { /<(?:\?php|script|html|svg|!doctype)|%PDF/i } @other{ sort keys %other };
for my $payload (@payload) {
	for my $marker (0xfe, 0xe0, 0xe1, 0xe2, 0xed, 0xef) {
		my $body = ($marker == 0xe1 ? "Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0" : 'x') . $payload;
		my $segment = pack('CCn', 0xff, $marker, 2 + length $body) . $body;
		bad(sprintf('program in JPEG segment %02x', $marker),
			substr($jpeg, 0, 2) . $segment . substr($jpeg, 2));
	}
	for my $type (qw(tEXt iTXt eXIf prVt)) {
		bad("program in PNG chunk $type",
			substr($png, 0, 33) . png_chunk($type, "Comment\0$payload") . substr($png, 33));
	}
}

# -- cut off ---------------------------------------------------------------------
for my $case ([ 'JPEG', $jpeg ], [ 'progressive JPEG', $progressive ], [ 'PNG', $png ]) {
	my ($kind, $whole) = @$case;
	my $n = length $whole;
	bad("$kind cut at $_", substr $whole, 0, $_)
		for (1 .. 12), (map { $n - $_ } 1 .. 12), map { int($n * $_ / 80) } 1 .. 79;
}
my ($sos) = grep { $_->[1] == 0xda } jpeg_segments($jpeg);
my $data = $sos->[0] + 2 + $sos->[2];
for my $share (1 .. 30) {
	my $at = $data + int((length($jpeg) - $data) * $share / 40);
	bad("JPEG cut at $at with an end put on", substr($jpeg, 0, $at) =~ s/\xff+\z//r . "\xff\xd9");
}

# -- damaged -----------------------------------------------------------------------
my $turns = $ENV{YJ_BAD_UPLOADS} || 150;
for (1 .. $turns) {
	my $bit = int rand 8 * length $png;
	my $copy = $png;
	vec($copy, $bit, 1) ^= 1;
	bad("PNG with bit $bit turned", $copy);
}

sub is_corrupt {
	my ($bytes, $only) = @_;
	my $file = write_file('oracle.jpg', $bytes);
	my $said = `djpeg -memsrc -strict '$file' 2>&1 >/dev/null`;
	return 0 if $? == 0 || $said =~ /Invalid SOS parameters|unknown JFIF revision/;
	return !$only || $said =~ $only;
}
my ($tried, $damaged) = (0, 0);
while ($damaged < $turns * 3 / 4 && $tried++ < 3 * $turns) {
	my $bit = 16 + int rand 8 * $data - 16;
	my $copy = $jpeg;
	vec($copy, $bit, 1) ^= 1;
	next unless is_corrupt($copy);
	$damaged++;
	bad("JPEG with bit $bit of its head turned", $copy);
}
($tried, my $hit) = (0, 0);
while ($hit < $turns / 5 && $tried++ < 2 * $turns) {
	my $copy = $jpeg;
	my $at = $data + int rand(length($jpeg) - $data - 64);
	substr($copy, $at, 32) = join '', map { chr int rand 255 } 1 .. 32;
	next unless is_corrupt($copy, qr/bad Huffman code|remature end/);
	$hit++;
	bad("JPEG with 32 bytes of data replaced at $at", $copy);
}

# -- lying ---------------------------------------------------------------------------
for my $segment (jpeg_segments($jpeg)) {
	my ($at, $marker, $length) = @$segment;
	for my $lie (0, 1, 2, $length - 1, $length + 1, $length + 100, 65535) {
		my $copy = $jpeg;
		next if $lie == $length;
		substr($copy, $at + 2, 2) = pack 'n', $lie;
		bad(sprintf('JPEG segment %02x says %d', $marker, $lie), $copy)
			if is_corrupt($copy);
	}
}
for my $part (png_parts($png)) {
	my ($at, $type, $length) = @$part;
	for my $lie (0, 1, $length - 1, $length + 1, 0x7fffffff, 0xffffffff) {
		next if $lie == $length || $lie < 0;
		my $copy = $png;
		substr($copy, $at, 4) = pack 'N', $lie;
		bad("PNG chunk $type says $lie", $copy);
	}
}

# -- bombs -----------------------------------------------------------------------------
sub png_of {
	my ($width, $height, $idat, $colour, @more) = @_;
	return "\x89PNG\r\n\x1a\n"
		. png_chunk('IHDR', pack 'NNCCCCC', $width, $height, 8, $colour // 2, 0, 0, 0)
		. join('', @more) . png_chunk('IDAT', $idat) . png_chunk('IEND', '');
}
my $zero = compress("\0" x 1000);
bad("PNG of $_->[0] x $_->[1]", png_of(@$_, $zero))
	for [ 50000, 50000 ], [ 12001, 300 ], [ 300, 12001 ], [ 6001, 4000 ], [ 65535, 65535 ],
	[ 0x7fffffff, 0x7fffffff ], [ 0xffffffff, 0xffffffff ], [ 0, 0 ], [ 0, 600 ], [ 1, 1 ],
	[ 299, 400 ];
bad("PNG of $_->[0] x $_->[1] with next to no data", png_of(@$_, $zero))
	for [ 6000, 4000 ], [ 4800, 5000 ], [ 12000, 2000 ], [ 2000, 12000 ], [ 400, 400 ];
bad('PNG whose data go on for 300 MB', png_of(400, 400, compress("\0" x 300_000_000)));
bad('PNG whose data are no zlib stream', png_of(400, 400, 'x' x 5000));
bad('PNG with 2 MB of compressed text',
	png_of(400, 400, compress("\0" x (400 * 1201)), 2, png_chunk('zTXt', "a\0\0" . 'x' x 2_000_000)));
bad('PNG with a palette of 300', png_of(400, 400, compress("\0" x (400 * 401)), 3,
	png_chunk('PLTE', "\0" x 900)));

my ($sof) = grep { $_->[1] == 0xc0 } jpeg_segments($jpeg);
for my $size ([ 65535, 65535 ], [ 12001, 400 ], [ 8001, 8000 ], [ 0, 640 ], [ 640, 0 ], [ 100, 100 ],
	[ 8000, 8000 ], [ 12000, 5333 ], [ 5333, 12000 ], [ 4032, 3024 ], [ 1280, 960 ])
{
	my $copy = $jpeg;
	substr($copy, $sof->[0] + 5, 4) = pack 'nn', @$size[ 1, 0 ];
	bad("JPEG that says it is $size->[0] x $size->[1]", $copy);
}
my ($psof) = grep { $_->[1] == 0xc2 } jpeg_segments($progressive);
my ($psos) = grep { $_->[1] == 0xda } jpeg_segments($progressive);
my $first = substr($progressive, $psos->[0], 2 + $psos->[2]);
for my $scans (65, 200, 5000) {
	my $copy = substr($progressive, 0, -2) . ($first . "\0") x $scans . "\xff\xd9";
	substr($copy, $psof->[0] + 5, 4) = pack 'nn', 8000, 8000;
	bad("progressive JPEG of 64 MP with $scans passes more", $copy);
}
bad('JPEG with DNL', substr($jpeg, 0, -2) . "\xff\xdc\0\4\xff\xff\xff\xd9");
bad('JPEG of 12 bit', substr($jpeg, 0, $sof->[0] + 4) . "\x0c" . substr $jpeg, $sof->[0] + 5);
bad(sprintf('JPEG of kind %02x', $_), substr($jpeg, 0, $sof->[0] + 1) . chr($_)
	. substr $jpeg, $sof->[0] + 2) for 0xc3, 0xc5 .. 0xc7, 0xc9 .. 0xcb, 0xcd .. 0xcf;
bad('JPEG of one byte too many', $jpeg . "\0" x (15 * 1024 * 1024 + 1 - length $jpeg));

# -- what becomes of them ------------------------------------------------------------
my ($good) = take([ map { scan_dir() . "/$_" } qw(base.jpg prog.jpg base.png) ]);
is(join(' ', map { $_->{result} } @$good), 'taken taken taken', 'the unspoilt files are taken');

my @left = glob '/tmp/magick-* /tmp/yj-msl';
my ($result, $peak) = take(\@bad);
my $count = @bad;
cmp_ok($count, '>=', 1000, "$count bad files");
is(scalar @$result, $count, 'each has an answer: the side of the page did not crash');
my @taken = grep { $result->[$_]{result} eq 'taken' } 0 .. $#$result;
is(scalar @taken, 0, 'none is taken') or diag join "\n", map { $name[$_] } @taken;
my @slow = grep { $result->[$_]{ms} > 3000 } 0 .. $#$result;
is(scalar @slow, 0, 'each within 3 s of processor time') or diag join "\n", map { "$name[$_] $result->[$_]{ms}" } @slow;
cmp_ok($peak, '<=', 256 * 1024, "peak memory of a child $peak KiB");
is(scalar(() = glob '/tmp/magick-* /tmp/yj-msl'), scalar @left, 'nothing is left behind');

my %by;
$by{ $_->{result} }++ for @$result;
diag join ', ', map { "$by{$_} $_" } sort keys %by;
is($result->[$#$result]{result}, 'too-large', 'one byte over the limit');
my %index = map { $name[$_] => $_ } 0 .. $#name;
is($result->[ $index{"$_ named .jpg"} ]{result}, $_ =~ /avif/ ? 'heic' : $_, "$_ has its own words")
	for qw(heic avif webp pdf empty);
done_testing;
