# slots.t: how many pictures are decoded at a time, and what ends a decoder: its
# page, and the loss of the page's reader.
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Scan qw(need_scan_tools costly_png);
use Socket qw(AF_UNIX SOCK_STREAM pack_sockaddr_un);
use Time::HiRes qw(sleep time);

need_scan_tools();

my @take = (built('t/scan/take'), Yj::Scan::config());
my $costly = costly_png('costly.png');
my ($device, $inode) = (stat built('lib/scan/scan-normalise'))[0, 1];

# The names of slots that are bound now.
sub bound {
	my $mine = sprintf 'yuanjian-scan-%x-%x-', $device, $inode;
	return grep { /\@\Q$mine\E\d+$/ } split /\n/, slurp('/proc/net/unix');
}

# A slot of the decoder, held by the test.
sub hold {
	my ($number) = @_;
	socket my $socket, AF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
	bind $socket, pack_sockaddr_un(sprintf "\0yuanjian-scan-%x-%x-%d", $device, $inode, $number)
		or die "slot $number: $!";
	return $socket;
}

# Starts take on a file; its process and the handle of what it says.
sub begin {
	my (@file) = @_;
	my $pid = open my $said, '-|', @take, @file or die "take: $!";
	return ($pid, $said);
}

# The decoder that take has started, stopped as soon as it is sealed.
sub stopped_child {
	my ($parent) = @_;
	for (1 .. 2000) {
		my ($child) = split ' ', slurp("/proc/$parent/task/$parent/children") // '';
		my $status = $child && -e "/proc/$child/status" ? slurp("/proc/$child/status") : '';
		return $child if $status =~ /^Name:\s+scan-normalise$/m && $status =~ /^Seccomp:\s+2$/m
			&& kill STOP => $child;
		sleep 0.005;
	}
	die 'no decoder was started';
}

sub gone {
	my ($pid, $seconds) = @_;
	my $end = time + $seconds;
	while (time < $end) {
		my ($state) = (-e "/proc/$pid/stat" ? slurp("/proc/$pid/stat") // '' : '') =~ /\) (\w)/;
		return 1 if !$state || $state eq 'Z' || $state eq 'X';
		sleep 0.02;
	}
	return 0;
}

# -- what ends a decoder ------------------------------------------------------------

{
	my ($page, $said) = begin($costly);
	my $decoder = stopped_child($page);
	is(scalar bound(), 1, 'a decoder has a slot');
	kill KILL => $page;
	ok(gone($decoder, 3), 'a page that is killed takes its decoder along');
	kill KILL => $decoder;
	close $said;
	is(scalar bound(), 0, '... and its slot is free');
}

{
	my ($page, $said) = begin($costly, $costly);
	my $decoder = stopped_child($page);
	# close() would wait for the page
	open my $nowhere, '<', '/dev/null' or die;
	require POSIX;
	POSIX::dup2(fileno $nowhere, fileno $said);
	my $ended = gone($decoder, 3);
	ok($ended, 'an answer without a reader ends its decoder');
	kill KILL => $decoder, $page;
	waitpid $page, 0;
}

# -- turns -----------------------------------------------------------------------------

{
	my $small = Yj::Scan::sample('licence', 'small.jpg', flat => 1, long => 640);
	my @held = map { hold($_) } 0 .. 7;
	my $from = time;
	my ($page, $said) = begin($small);
	my $words = <$said> // '';
	my $waited = time - $from;
	like($words, qr/^busy /, 'where all slots are taken, a picture is not decoded');
	cmp_ok($waited, '>=', 9, '... after it has waited');
	cmp_ok($waited, '<', 20, '... for a time that is bounded');
	close $said;

	($page, $said) = begin($small);
	sleep 0.3;
	close shift @held;
	like(<$said> // '', qr/^taken /, 'the first slot that is given back is used');
	close $said;
}

{
	my $small = Yj::Scan::sample('licence', 'small.jpg', flat => 1, long => 640);
	my @running = map { [begin(($small) x 2)] } 1 .. 6;
	my $most = 0;
	my %result;
	my $watch = fork // die;
	if (!$watch) {
		for (1 .. 600) {
			my $n = () = bound();
			$most = $n if $n > $most;
			last if !grep { -e "/proc/$_->[0]" } @running;
			sleep 0.01;
		}
		POSIX::_exit($most);
	}
	for (@running) {
		my $said = $_->[1];
		$result{ (split ' ')[0] }++ for grep { !/^peak/ } <$said>;
		close $said;
	}
	waitpid $watch, 0;
	$most = $? >> 8;
	chomp(my $processors = `getconf _NPROCESSORS_ONLN`);
	my $slots = $processors < 2 ? 2 : $processors > 8 ? 8 : $processors;
	is(($result{taken} // 0) + ($result{busy} // 0), 12, 'of many at once, each gets its turn or is told to wait');
	cmp_ok($result{taken} // 0, '>=', 6, '... most of them a turn');
	cmp_ok($most, '<=', $slots, "... and never more than $slots run");
	cmp_ok($most, '>', 0, '... as far as one could see');
}

done_testing;
