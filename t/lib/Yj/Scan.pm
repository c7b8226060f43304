package Yj::Scan;

# Scan.pm: pictures for tests, and what scan_normalise() says to them.

use strict;
use warnings;
use Exporter 'import';
use File::Temp qw(tempdir);
use Yj ();

our @EXPORT_OK = qw(need_scan_tools scan_dir sample take write_file convert psnr png_chunk
	png_parts jpeg_segments costly_png);

my $dir = tempdir(CLEANUP => 1);

# A folder that goes away with the test.
sub scan_dir { return $dir }

sub need_scan_tools {
	for my $program ('t/scan/take', 't/samples/samples', 'lib/scan/scan-normalise') {
		-x Yj::built($program)
			or Test::More::plan(skip_all => Yj::built($program) . ' is not built');
	}
	chomp(my $convert = `command -v convert || command -v magick`);
	$convert or Test::More::plan(skip_all => 'no ImageMagick');
	return;
}

sub run {
	my (@command) = @_;
	system(@command) == 0 or die "@command: $?";
	return;
}

# sample(document, 'name.jpg', setting => value ...) draws a picture; its path.
sub sample {
	my ($document, $name, %setting) = @_;
	my $path = $name =~ m{^/} ? $name : "$dir/$name";
	run(Yj::built('t/samples/samples'), $document, $path, map { "$_=$setting{$_}" } sort keys %setting);
	return $path;
}

sub convert {
	my (@arguments) = @_;
	run('convert', @arguments);
	return $arguments[-1] =~ s/^\w+://r;
}

# How like two pictures are, in decibels; 99 when they are the same.
sub psnr {
	my ($one, $other) = @_;
	my $said = `compare -metric PSNR '$one' '$other' null: 2>&1`;
	return $said =~ /inf/ ? 99 : $said =~ /^([\d.]+)/ ? $1 : 0;
}

sub write_file {
	my ($name, $bytes) = @_;
	my $path = $name =~ m{^/} ? $name : "$dir/$name";
	open my $file, '>:raw', $path or die "$path: $!";
	print {$file} $bytes;
	close $file or die "$path: $!";
	return $path;
}

sub config {
	my $path = "$dir/take.conf";
	return $path if -f $path;
	my $secrets = write_file('secrets.conf', '');
	chmod 0600, $secrets;
	return write_file('take.conf', <<"END");
public_url = http://127.0.0.1:1
intranet_url = http://127.0.0.1:2
db_socket = /nowhere
secrets_file = $secrets
keyring_file = $secrets
scan_normaliser = @{[ Yj::build_dir() =~ m{^/} ? '' : Yj::top() . '/' ]}@{[ Yj::built('lib/scan/scan-normalise') ]}
END
}

# take(\@files, out => folder): one hash a file, and the peak memory in KiB.
sub take {
	my ($files, %option) = @_;
	my @command = (Yj::built('t/scan/take'), config());
	push @command, '-o', $option{out} if $option{out};
	my (@result, $peak);
	for (my $from = 0; $from < @$files; $from += 500) {
		my $to = $from + 499 < $#$files ? $from + 499 : $#$files;
		open my $out, '-|', @command, @$files[ $from .. $to ] or die "take: $!";
		while (<$out>) {
			if (/^peak (\d+)/) {
				$peak = $1 if !$peak || $1 > $peak;
				next;
			}
			my %r;
			@r{qw(result ms marks width height hash)} = split;
			push @result, \%r;
		}
		close $out or die 'take ended with ' . ($? & 127 ? "signal $?" : "status $?");
	}
	return (\@result, $peak);
}

# A JPEG up to and with its first SOS, as [offset, marker, length] rows.
sub jpeg_segments {
	my ($bytes) = @_;
	my ($at, @segment) = (2);
	while ($at + 4 <= length $bytes) {
		my ($ff, $marker, $length) = unpack 'CCn', substr $bytes, $at, 4;
		die "no marker at $at" if $ff != 0xff;
		push @segment, [ $at, $marker, $length ];
		last if $marker == 0xda;
		$at += 2 + $length;
	}
	return @segment;
}

sub png_chunk {
	my ($type, $body) = @_;
	require Compress::Zlib;
	return pack('N', length $body) . $type . $body . pack('N', Compress::Zlib::crc32($type . $body));
}

# A PNG as [offset, type, length] rows.
sub png_parts {
	my ($bytes) = @_;
	my ($at, @part) = (8);
	while ($at + 12 <= length $bytes) {
		my ($length, $type) = unpack 'Na4', substr $bytes, $at, 8;
		push @part, [ $at, $type, $length ];
		$at += 12 + $length;
	}
	return @part;
}

# A PNG of a few hundred kB within all ceilings that costs its decoder more than a
# second, and is refused in the end: 16 bits, four colours, interlaced.
sub costly_png {
	my ($name, $side) = @_;
	$side //= 4898;
	require Compress::Zlib;
	my ($deflate) = Compress::Zlib::deflateInit(-Level => 1);
	my $packed = '';
	for ([0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]) {
		my ($x, $y, $dx, $dy) = @$_;
		my $row = "\0" x (1 + 8 * int(($side - $x + $dx - 1) / $dx));
		$packed .= $deflate->deflate($row) for 1 .. int(($side - $y + $dy - 1) / $dy);
	}
	$packed .= $deflate->flush;
	return write_file($name, "\x89PNG\r\n\x1a\n"
		. png_chunk('IHDR', pack 'NNC5', $side, $side, 16, 6, 0, 0, 1)
		. png_chunk('IDAT', $packed) . png_chunk('IEND', ''));
}

1;
