# sandbox.t: attempts of a taken-over ffmpeg, all refused.
#
# t/video/probe stands in the place of ffmpeg behind video-seal. Each attempt is
# first made without the seal, so that one which could never succeed does not
# count as refused.
use strict;
use warnings;
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);

my $probe = built('t/video/probe');
my $seal = built('lib/video/video-seal');
-x $probe && -x $seal or plan skip_all => "$probe is not built";
my $path = $probe =~ m{^/} ? $probe : top() . "/$probe";
my $folder = tempdir(CLEANUP => 1);

use constant { SIGSYS => 31, SIGXFSZ => 25 };

# (lines it said, signal, exit status); descriptor 3 is a memory file, as in earnest
sub attempt {
	my (@command) = @_;
	my $pid = open(my $out, '-|') // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', '/dev/null' or die;
		open STDERR, '>', '/dev/null' or die;
		my $name = "recording\0";
		my $memory = syscall(319, $name, 0); # memfd_create
		require POSIX;
		POSIX::dup2($memory, 3) if $memory != 3;
		exec { $command[0] } @command or exit 127;
	}
	my @said = <$out>;
	close $out;
	my $status = $?;
	chomp @said;
	return (\@said, $status & 127, $status >> 8);
}

my @names = split /\n/, `$path list`;
cmp_ok(scalar @names, '>=', 50, scalar(@names) . ' attempts');
my ($real, $killed) = (0, 0);
for my $name (@names) {
	my ($free, undef, undef) = attempt($path, $name, $folder);
	# a program that became another says no more
	my $succeeds = @$free == 1 || $free->[1] eq 'got through';
	$real++ if $succeeds;
	my ($said, $signal, $status) = attempt($seal, $path, $name, $folder);
	my $refused = ($said->[0] // '') eq 'ready'
		&& ($signal == SIGSYS || ($name eq 'write_much' && $signal == SIGXFSZ)
			|| (($said->[1] // '') =~ /^refused/ && $status == 0));
	$killed++ if $signal == SIGSYS;
	ok($refused, "$name: " . ($signal ? "killed by signal $signal" : $said->[1] // "status $status")
		. ' (unsealed: ' . ($free->[1] // 'became it') . ')');
}
cmp_ok($real, '>=', 38, "$real of the attempts succeed without the seal");
cmp_ok($killed, '>=', 22, "$killed end the process, so that it is seen");

# A program that is missing is a fault of ours, and reported as one.
is((attempt($seal, '/nowhere/ffmpeg'))[2], 118, 'no program');
is((attempt($seal, 'ffmpeg'))[2], 2, 'a program is named by its whole path');
# Nothing of the caller's surroundings comes in.
{
	local $ENV{YJ_SECRET} = 'secret';
	my ($said) = attempt($seal, '/usr/bin/env');
	unlike("@$said", qr/secret/, 'no environment is passed on');
	like("@$said", qr/LC_ALL=C/, '... but its own');
}
# The recording can be read, and only where it is.
my $recording = "$folder/recording";
open my $file, '>', $recording or die;
print {$file} "recording\n";
close $file;
is(system("'$seal' /bin/cat '$recording' >/dev/null 2>&1") >> 8, 1, 'a file by its name: refused');
is(`'$seal' /bin/cat <'$recording'`, "recording\n", 'the same, given as a descriptor: read');
done_testing;
