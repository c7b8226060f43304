# normalise.t: what phones record comes out upright, small, with its sound, and
# with key frames of each action.
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Video qw(need_video_tools video_dir clip take write_recording);

need_video_tools();
my $dir = video_dir();
mkdir "$dir/out";

sub one {
	my ($path, @marks) = @_;
	my ($result, $peak) = take([$path], out => "$dir/out", marks => \@marks);
	return { %{ $result->[0] }, peak => $peak };
}

# The recording is red above and blue below when it is upright.
sub is_upright {
	my ($picture, $what) = @_;
	my $said = `convert '$picture' -resize '1x2!' -depth 8 -format '%[pixel:p{0,0}] %[pixel:p{0,1}]' info:`;
	my ($red, $blue) = map { [ /([\d.]+)/g ] } $said =~ /\(([^)]*)\)/g;
	ok($red->[0] > 1.5 * $red->[2] && $blue->[2] > 1.5 * $blue->[0], "$what is upright") or diag $said;
	return;
}

sub streams {
	my ($recording) = @_;
	return `ffprobe -v error -show_entries stream=codec_name,avg_frame_rate,sample_rate,channels:stream_side_data=rotation -of csv=p=0 '$recording'`;
}

# name, width, height of the clip, length in ms
my @good = (
	[ 'upright.mp4',   480, 852, 6000 ], [ 'moov-end.mp4', 480, 852, 6000 ],
	[ 'fragments.mp4', 480, 852, 6000 ], [ 'portrait.mp4', 480, 852, 3000 ],
	[ 'left.mov',      480, 852, 3000 ], [ 'head.mov',     480, 852, 3000 ],
	[ 'hevc.mov',      480, 852, 3000 ], [ 'recorder.webm', 480, 852, 6000 ],
	[ 'vp9.webm',      360, 640, 3000 ],
);
for (@good) {
	my ($name, $width, $height, $length) = @$_;
	my $r = one(clip($name), 400, 900);
	is("$r->{verdict} $r->{width} $r->{height} $r->{sound}", "ok $width $height 1", $name);
	cmp_ok(abs($r->{length} - $length), '<=', 100, "... lasts $r->{length} ms");
	is_upright("$dir/out/0-1.jpg", '... its frame');
	system('ffmpeg', qw(-nostdin -v error -y -i), "$dir/out/0.mp4", '-frames:v', 1, "$dir/first.png");
	is_upright("$dir/first.png", '... its clip');
	is(streams("$dir/out/0.mp4"), "h264,15/1\naac,16000,1,0/0\n", '... as browsers show it');
	is(`identify -format '%w %h' '$dir/out/0-0.jpg'`, '360 640', '... with frames of 640 pixels');
	my $bytes = slurp("$dir/out/0.mp4");
	unlike($bytes, qr/SamplePhone|25\.8/, '... without what the phone said of itself');
	cmp_ok(index($bytes, 'moov'), '<', index($bytes, 'mdat'), '... ready to be streamed');
	cmp_ok($r->{peak}, '<=', 150 * 1024, "... in $r->{peak} KiB, $r->{cpu_ms} ms");
}

# -- frames ------------------------------------------------------------------------
my $recording = clip('upright.mp4');
is("@{ one($recording)->{frame} }", '-1@200', 'without marks: the beginning');
is("@{ one($recording, 0, 2000, 4000)->{frame} }",
	'-1@200 0@533 0@1200 0@2000 1@2533 1@3200 1@4000 2@4533 2@5200', 'three an action, as far as it goes');
is("@{ one($recording, 1000, 1700)->{frame} }", '-1@200 0@1533 1@2200 1@2933 1@3733',
	'none where the next action is being followed');
is(one($recording, 1000, 5300)->{verdict}, 'ok', 'the last action is just seen');
is(one($recording, 1000, 5600)->{verdict}, 'too-short', 'it ends before the last action is seen');
is(one($recording, 1000, 500000)->{verdict}, 'too-short', 'a mark far behind the end');
is(scalar @{ one($recording, map { $_ * 600 } 0 .. 7)->{frame} }, 10, 'eight actions');
one($recording, 1000);
my $like = `compare -metric PSNR '$dir/out/0-1.jpg' '$dir/out/0-3.jpg' null: 2>&1`;
cmp_ok($like, '<', 30, "frames of different times differ ($like dB)");

# -- limits --------------------------------------------------------------------------
is(one(clip('silent.mp4'))->{verdict}, 'ok', 'a recording without sound');
is(one(clip('silent.mp4'))->{sound}, 0, '... is said to have none');
is(one(clip('side-240.mp4'))->{verdict}, 'ok', '240 pixels');
is(one(clip('side-238.mp4'))->{verdict}, 'too-small', '238 pixels');
my $forty = one(clip('forty.mp4'), 1000, 35000);
is($forty->{verdict}, 'ok', '40 seconds');
is($forty->{frame}[-1], '1@37000', '... to the end');
is(one(clip('sixty-one.mp4'))->{verdict}, 'too-long', '61 seconds');
is(one(clip('short.mp4'))->{verdict}, 'too-short', 'a second and a half');

# -- our own fault is told ---------------------------------------------------------------
for (
	[ 'no ffmpeg', video_ffmpeg => '/nowhere/ffmpeg' ],
	[ 'no ffprobe', video_ffprobe => '/nowhere/ffprobe' ],
	[ 'no seal', video_seal => '/nowhere/video-seal' ],
	)
{
	my ($what, %config) = @$_;
	my ($result, undef, $log) = take([ clip('side-240.mp4') ], config => \%config);
	is($result->[0]{verdict}, 'fault', $what);
	like($log, qr/level=fault .*event=video\.fault/, '... is logged');
}
done_testing;
