# normalise.t: good uploads come out upright, in sRGB, bounded, without metadata.
#
# YJ_GOOD_UPLOADS says how many photographs the batch at the end has (20; ./dev check --full takes 500).
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Scan qw(need_scan_tools scan_dir sample take convert psnr write_file);

need_scan_tools();
my $dir = scan_dir();
mkdir "$dir/out";

sub one {
	my ($path) = @_;
	my ($result) = take([$path], out => "$dir/out");
	return $result->[0];
}

# Nothing but what a decoder needs.
sub is_bare {
	my ($name) = @_;
	my $bytes = slurp("$dir/out/0-full.jpg") . slurp("$dir/out/0-thumb.jpg");
	my @left = grep { index($bytes, $_) >= 0 } 'Exif', 'ICC_PROFILE', 'ns.adobe', 'Photoshop',
		'SamplePhone', 'Ganzhou', 'comment of a test', '2026:11:20';
	is("@left", '', "$name: no metadata left");
	return;
}

# -- orientation ----------------------------------------------------------------
my @scene = (seed => 7, noise => 3, long => 1200, short => 900);
my $upright = sample('licence', 'upright.jpg', @scene, orientation => 0);
for my $o (1 .. 8) {
	my $r = one(sample('licence', "o$o.jpg", @scene, orientation => $o));
	is("$r->{result} $r->{width} $r->{height}", 'taken 1200 900', "orientation $o");
	cmp_ok(psnr("$dir/out/0-full.jpg", $upright), '>', 32, "orientation $o is upright");
	is_bare("orientation $o");
}
my $png = convert($upright, '-orient', 'left-bottom', '-rotate', '90', "$dir/turned.png");
is(one($png)->{result}, 'taken', 'a turned PNG');

# -- sizes ----------------------------------------------------------------------
for my $size ([ 4032, 3024, 2016 ], [ 4000, 3000, 2000 ], [ 8000, 6000, 2000 ], [ 2048, 1536, 2048 ],
	[ 2049, 1536, 2048 ], [ 3264, 2448, 1632 ], [ 4624, 3468, 1734 ], [ 300, 300, 300 ])
{
	my ($long, $short, $want) = @$size;
	my $photo = sample('licence', 'size.jpg', long => $long, short => $short, orientation => 6);
	my $r = one($photo);
	is("$r->{result} $r->{width}", "taken $want", "$long x $short becomes $want wide");
	cmp_ok(abs($r->{height} - $want * $short / $long), '<=', 1, '... and keeps its shape');
	my ($w, $h) = split / /, `identify -format '%w %h' '$dir/out/0-thumb.jpg'`;
	is($w > $h ? $w : $h, $long < 320 ? 300 : 320, '... with a thumbnail');
}
is(one(sample('licence', 'small.jpg', long => 400, short => 299))->{result}, 'too-few-pixels',
	'299 pixels are too few');

# -- kinds ------------------------------------------------------------------------
my $base = sample('id-front', 'kind.jpg', long => 1000, short => 750, orientation => 0, noise => 2);
my %kind = (
	'CMYK JPEG'        => [ 26, '-colorspace', 'CMYK', '-quality', 92, 'cmyk.jpg' ],
	'gray JPEG'        => [ 0, '-colorspace', 'Gray', 'gray.jpg' ],
	'progressive JPEG' => [ 32, '-interlace', 'JPEG', 'prog.jpg' ],
	'JPEG 4:4:4'       => [ 32, '-sampling-factor', '1x1', '444.jpg' ],
	'JPEG 4:2:2'       => [ 32, '-sampling-factor', '2x1', '422.jpg' ],
	'JPEG of quality 100' => [ 32, '-quality', 100, 'q100.jpg' ],
	'JPEG of quality 20'  => [ 26, '-quality', 20, 'q20.jpg' ],
	'PNG'              => [ 32, 'PNG24:rgb.png' ],
	'16-bit PNG'       => [ 32, '-depth', 16, 'PNG48:deep.png' ],
	'interlaced PNG'   => [ 32, '-interlace', 'PNG', 'PNG24:lace.png' ],
	'palette PNG'      => [ 20, '-colors', 200, 'PNG8:palette.png' ],
	'gray PNG'         => [ 0, '-colorspace', 'Gray', 'gray.png' ],
	'bilevel PNG'      => [ 0, '-threshold', '50%', '-depth', 1, 'bilevel.png' ],
	'RGBA PNG'         => [ 32, '-alpha', 'set', 'PNG32:alpha.png' ],
	'JPEG with profile and comment' => [ 32, '-set', 'comment', 'comment of a test',
		'-set', 'exif:ImageDescription', 'SamplePhone', 'comment.jpg' ],
);
for my $kind (sort keys %kind) {
	my ($like, @how) = @{ $kind{$kind} };
	my $name = pop @how;
	my ($prefix, $file) = $name =~ /^(?:(\w+):)?(.*)$/;
	my $path = convert($base, @how, ($prefix ? "$prefix:" : '') . "$dir/$file");
	my $r = one($path);
	is($r->{result}, 'taken', $kind);
	my $reference = $like ? $base : $path;
	cmp_ok(psnr("$dir/out/0-full.jpg", $reference), '>', $like || 24, '... looks the same');
	is(`identify -format '%[colorspace] %z' '$dir/out/0-full.jpg'`, 'sRGB 8', '... is sRGB of 8 bits');
	is_bare($kind);
}

# Transparent parts are white paper.
convert('-size', '600x400', 'xc:none', '-fill', 'black', '-draw', 'rectangle 0,0 300,400',
	"PNG32:$dir/hole.png");
one("$dir/hole.png");
like(`convert '$dir/out/0-full.jpg' -format '%[pixel:p{500,200}]' info:`, qr/white|255,255,255/,
	'what is transparent becomes white');

# -- what phones put behind the end ------------------------------------------------
my $jpeg = slurp($base);
is(one(write_file('motion.jpg', $jpeg . pack('N', 16) . "ftypmp42\0\0\0\0" . pack('N', 12) . 'mdatPK' . "\3\4"))
		->{result}, 'taken', 'a motion photo');
unlike(slurp("$dir/out/0-full.jpg"), qr/ftypmp42|mdatPK/, '... without the recording');
is(one(write_file('gain.jpg', $jpeg . $jpeg))->{result}, 'taken', 'a photo with a gain map');

# -- many ---------------------------------------------------------------------------
my $many = $ENV{YJ_GOOD_UPLOADS} || 20;
my @document = qw(licence id-front id-back application-form user-agreement);
my @size = ([ 1280, 960 ], [ 1024, 768 ], [ 1440, 1080 ], [ 1280, 720 ], [ 1600, 720 ]);
my (@path, @want);
for my $i (1 .. $many) {
	my ($long, $short) = $i % 50 ? @{ $size[ $i % @size ] } : $i % 100 ? (4032, 3024) : (4000, 3000);
	my $document = $document[ $i % @document ];
	push @path, sample($document, "many$i.jpg", seed => $i, long => $long, short => $short,
		orientation => 1 + $i % 8, noise => $i % 9, tilt => $i % 7 - 3, lean => 0.01 * ($i % 5),
		quality => 70 + $i % 30, progressive => $i % 6 == 0, light => 0.8 + 0.05 * ($i % 7));
	push @want, $document =~ /form|agreement/ ? 'upright' : 'lying';
}
my ($result, $peak) = take(\@path);
my @taken = grep { $_->{result} eq 'taken' } @$result;
cmp_ok(@taken / $many, '>=', 0.995, @taken . " of $many photographs taken");
my @turned = grep {
	my $r = $result->[$_];
	$r->{result} eq 'taken' && ($r->{height} > $r->{width} ? 'upright' : 'lying') ne $want[$_]
} 0 .. $#$result;
is("@turned", '', 'each the right way up');
my $marked = grep { $_->{marks} } @taken;
cmp_ok($marked / $many, '<=', 0.02, "$marked of them asked for again");
cmp_ok($peak, '<=', 256 * 1024, "peak memory of a child $peak KiB");
done_testing;
