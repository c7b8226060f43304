package Yj::Video;

# Video.pm: recordings for tests, and what video_normalise() says to them.

use strict;
use warnings;
use Exporter 'import';
use Fcntl qw(LOCK_EX);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Yj ();

our @EXPORT_OK = qw(need_video_tools video_dir clip take write_recording);

my $dir = tempdir(CLEANUP => 1);

# A folder that goes away with the test.
sub video_dir { return $dir }

sub need_video_tools {
	for my $program ('t/video/take', 'lib/video/video-seal') {
		-x Yj::built($program)
			or Test::More::plan(skip_all => Yj::built($program) . ' is not built');
	}
	for my $program (qw(ffmpeg ffprobe convert)) {
		`sh -c "command -v $program"` or Test::More::plan(skip_all => "no $program");
	}
	return;
}

# A recording by its name in t/samples/clips/make, made on first use.
sub clip {
	my ($name) = @_;
	my $folder = $ENV{YJ_CLIPS} || absolute('t/samples/clips');
	make_path($folder);
	open my $lock, '>', "$folder/.lock" or die "$folder/.lock: $!";
	flock $lock, LOCK_EX or die "flock: $!";
	system(Yj::top() . '/t/samples/clips/make', $folder) == 0 or die "t/samples/clips/make failed\n";
	return -f "$folder/$name" ? "$folder/$name" : die "no recording $name\n";
}

sub absolute {
	my ($name) = @_;
	return (Yj::build_dir() =~ m{^/} ? '' : Yj::top() . '/') . Yj::built($name);
}

sub write_recording {
	my ($name, $bytes) = @_;
	my $path = "$dir/$name";
	open my $file, '>:raw', $path or die "$path: $!";
	print {$file} $bytes;
	close $file or die "$path: $!";
	return $path;
}

sub config {
	my (%more) = @_;
	my $secrets = write_recording('secrets.conf', '');
	chmod 0600, $secrets;
	my %key = (video_seal => absolute('lib/video/video-seal'), %more);
	return write_recording('take.conf', <<"END" . join '', map { "$_ = $key{$_}\n" } sort keys %key);
public_url = http://127.0.0.1:1
intranet_url = http://127.0.0.1:2
db_socket = /nowhere
secrets_file = $secrets
keyring_file = $secrets
END
}

# take(\@recordings, out => folder, marks => [ms, ...], config => {key => value}): one
# hash a recording, the peak memory of a child in KiB, and what was logged.
sub take {
	my ($recordings, %option) = @_;
	my @command = (Yj::built('t/video/take'), config(%{ $option{config} || {} }));
	push @command, '-o', $option{out} if $option{out};
	push @command, '-m', join ',', @{ $option{marks} } if $option{marks};
	my $pid = open(my $out, '-|') // die "fork: $!";
	if (!$pid) {
		open STDERR, '>', "$dir/log" or die "$dir/log: $!";
		exec @command, @$recordings or exit 127;
	}
	my (@result, $peak);
	while (<$out>) {
		if (/^peak (\d+)/) {
			$peak = $1;
			next;
		}
		my ($verdict, $ms, $cpu_ms, $length, $width, $height, $sound, @frame) = split;
		push @result, { verdict => $verdict, ms => $ms, cpu_ms => $cpu_ms, length => $length,
			width => $width, height => $height, sound => $sound, frame => \@frame };
	}
	close $out or die 'take ended with ' . ($? & 127 ? "signal $?" : "status $?");
	return (\@result, $peak, Yj::slurp("$dir/log"));
}

1;
