package Yj::Bare;

# Bare.pm: a Debian 12 with nothing on it (debootstrap's minbase), for tests of
# what a stranger does who has only README.
#
#     my $root = bare_system();            # its folder; gone when the test ends
#     clone('/srv/yuanjian');              # the tree's last commit, in there
#     works('root', 'up', 'cd /srv/yuanjian; ./dev up');   # a test
#     my ($status, $said, $seconds) = inside('lisi', 'id');
#     start_system();                      # from here on processes stay ...
#     my ($status, $said) = beside('curl', 'http://127.0.0.1/');
#     stop_system();                       # ... until here
#
# Debian's mirror and how to get there and the certificates of a network that
# has its own are those of this machine. 10 GB in /var/tmp; packages and the bare
# system stay in /var/tmp/yuanjian-bare for a week of runs.

use strict;
use warnings;
use Exporter 'import';
use File::Temp qw(tempdir);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use Yj ();

our @EXPORT = qw(bare_system clone host inside works start_system stop_system beside);

my $kept = '/var/tmp/yuanjian-bare';
my @network = grep { /_proxy$|^npm_config_|^NODE_EXTRA_CA_CERTS$/i } keys %ENV;
my ($root, $log, $keeper, $init);

END { clean_up() }

sub clean_up {
	return unless $root && -d $root;
	local $?;
	stop_system();
	system 'sh', '-c', 'find "$1/var/cache/apt/archives" -maxdepth 1 -name "*.deb" -exec cp -ln -t "$2" {} + 2>/dev/null',
		'-', $root, "$kept/archives";
	system 'rm', '-rf', '--one-file-system', $root if !grep { / \Q$root\E/ } split /\n/, Yj::slurp('/proc/mounts');
	diag "the log is $log" unless Test::More->builder->is_passing;
	unlink $log if Test::More->builder->is_passing;
	return;
}

# On this machine; a step that fails ends the test.
sub host {
	my ($script, @arguments) = @_;
	system('sh', '-ec', "exec >>'$log' 2>&1 </dev/null\n$script", '-', @arguments) == 0
		or BAIL_OUT("cannot prepare the system, see $log: $script");
	return;
}

# What every process in there finds.
my $mounts = <<'SH';
	mount -t proc proc "$1/proc"
	mount --rbind /dev "$1/dev"
	mount --rbind /sys "$1/sys"
SH

# Runs a command to its end, also when a daemon that it started still has its
# output. Gives the status and what was said.
sub said_by {
	my (@command) = @_;
	open my $out, '+>:encoding(UTF-8)', "$root.said" or die "$root.said: $!";
	unlink "$root.said";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>&', $out;
		open STDERR, '>&', $out;
		exec @command or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	my $status = $?;
	seek $out, 0, 0;
	return ($status, do { local $/; <$out> } // '');
}

# A script in the bare system, with processes of its own that end with it unless
# start_system() keeps them. Gives the status, what was said, and the seconds.
sub inside {
	my ($user, $script) = @_;
	my $pass = join ',', @network;
	my @login = $user eq 'root'
		? ('env', '-i', 'HOME=/root', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8',
			(map { "$_=$ENV{$_}" } @network), 'bash', '-c')
		: ('su', '-', $user, $pass ? ('-w', $pass) : (), '-c');
	my @enter = $init
		? ('nsenter', "--target=$init", qw(--mount --pid --net chroot), $root)
		: (qw(unshare --mount --pid --fork --kill-child sh -ec), $mounts . 'exec chroot "$@"', '-', $root);
	my $begin = time;
	my ($status, $said) = said_by(@enter, @login, "set -e\n$script\n:");
	my $seconds = sprintf '%.0f', time - $begin;
	note_down("$user: $script\n$said# status $status after $seconds s");
	return ($status, $said, $seconds);
}

sub note_down {
	my ($text) = @_;
	open my $file, '>>:encoding(UTF-8)', $log or die "$log: $!";
	print {$file} "# $text\n";
	close $file;
	return;
}

# works USER WHAT SCRIPT: a test that passes when the script does; gives what it said.
sub works {
	my ($user, $what, $script) = @_;
	my ($status, $said, $seconds) = inside($user, $script);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	is $status, 0, "$user: $what ($seconds s)" or diag join "\n", grep { defined } (split /\n/, $said)[-30 .. -1];
	return $said;
}

# Starts the system's first process, on a network of its own: nothing but
# loopback, with every port free and nothing outside. It ends with this test
# however that ends, and all processes in there with it.
sub start_system {
	my @first = ('perl', '-e', '$SIG{CHLD} = "IGNORE"; 1 while <STDIN>');
	my $pid = open $keeper, '|-', qw(unshare --mount --pid --net --fork --kill-child sh -ec),
		$mounts . 'ip link set lo up; exec chroot "$@"', '-', $root, @first or die "unshare: $!";
	for (1 .. 100) {
		my ($child) = (eval { Yj::slurp("/proc/$pid/task/$pid/children") } // '') =~ /(\d+)/;
		$init = $child if $child && (readlink("/proc/$child/root") // '') eq $root;
		return if $init;
		sleep 0.1;
	}
	BAIL_OUT('the bare system does not start');
	return;
}

sub stop_system {
	return unless $keeper;
	close $keeper;
	undef $_ for $keeper, $init;
	return;
}

# A command of this machine, on the network of start_system(). Gives the status and
# what was said.
sub beside {
	my (@command) = @_;
	my ($status, $said) = said_by('nsenter', "--target=$init", '--net', @command);
	note_down("beside: @command\n$said# status $status");
	return ($status, $said);
}

sub clone {
	my ($place) = @_;
	host('git clone -q --no-hardlinks "$1" "$2"', Yj::top(), "$root$place");
	return;
}

# Makes the system; the first test is that there is one.
sub bare_system {
	$> == 0 or plan skip_all => 'only root can make such a system';
	my $begin = time;
	$root = tempdir('yuanjian-XXXXXX', DIR => '/var/tmp');
	$log = "$root.log";
	my @sources = grep { /^\S+ bookworm\S* \S+$/ }
		split /\n/, `apt-get indextargets --format '\$(REPO_URI) \$(CODENAME) \$(COMPONENT)' 'Created-By: Packages' 'Origin: Debian'`;
	my ($mirror) = map { /^(\S+) bookworm main$/ ? $1 : () } @sources
		or BAIL_OUT('apt knows no Debian 12 (bookworm) here: apt-get update');
	unpack_system($mirror);
	write_file("$root/etc/apt/sources.list", map { "deb $_\n" } @sources);
	write_file("$root/etc/dpkg/dpkg.cfg.d/90unsafe", "force-unsafe-io\n"); # it is gone soon
	write_file("$root/etc/apt/apt.conf.d/90network",
		grep { /^Acquire::(?:https?|ftp|Check-|Retries|ForceIPv)/i } map { "$_\n" } split /\n/, `apt-config dump`);
	host(<<'SH', $root);
		cp -a /etc/resolv.conf /etc/hosts "$1/etc/"
		cp -rn /etc/apt/trusted.gpg.d /etc/apt/keyrings /etc/apt/auth.conf.d "$1/etc/apt/"
		[ ! -d /usr/local/share/ca-certificates ] || cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"
SH
	my ($version) = Yj::slurp("$root/etc/debian_version") =~ /^(\d+)\./;
	is $version, 12, sprintf 'a Debian 12 with %d packages (%.0f s)', scalar(() = `chroot $root dpkg-query -W` =~ /\n/g), time - $begin;
	return $root;
}

# The packages that were fetched before are there as hard links, so that two of
# these systems do not wait for each other.
sub unpack_system {
	my ($mirror) = @_;
	host(<<'SH', $kept, $mirror, $root);
		mkdir -p "$1/archives/partial"
		exec 9>"$1/lock"
		flock 9
		[ -z "$(find "$1/made" -mtime +7 2>/dev/null)" ] || rm -rf --one-file-system "$1/system" "$1/made"
		[ -f "$1/made" ] || {
			rm -rf --one-file-system "$1/system"
			debootstrap --variant=minbase --cache-dir="$1/archives" bookworm "$1/system" "$2"
			touch "$1/made"
		}
		chmod 755 "$3"
		cp -a "$1/system/." "$3/"
		find "$1/archives" -maxdepth 1 -name '*.deb' -exec cp -lf -t "$3/var/cache/apt/archives" {} +
SH
	return;
}

sub write_file {
	my ($path, @lines) = @_;
	open my $file, '>', $path or die "$path: $!";
	print {$file} @lines;
	close $file or die "$path: $!";
	return;
}

1;
