package Yj::Terminal;

# Terminal.pm: a program on a terminal of its own.
#
#     my $t = Yj::Terminal->start('/usr/bin/some-tool', 'argument');
#     $t->until(qr/Password: $/);      # what it has shown so far
#     $t->shows_typing                  # whether the terminal echoes
#     $t->type("secret\n");
#     my $status = $t->finish;          # as waitpid leaves it in $?

use strict;
use warnings;
use POSIX ();
use Time::HiRes ();

# From <asm-generic/ioctls.h>
use constant { TIOCSCTTY => 0x540E, TIOCGPTN => 0x80045430, TIOCSPTLCK => 0x40045431 };

sub start {
	my ($class, @command) = @_;
	open my $master, '+<', '/dev/ptmx' or die "/dev/ptmx: $!";
	my ($unlock, $number) = (pack('i', 0)) x 2;
	ioctl $master, TIOCSPTLCK, $unlock or die "unlock: $!";
	ioctl $master, TIOCGPTN, $number or die "number: $!";
	my $path = '/dev/pts/' . unpack 'i', $number;
	open my $slave, '+<', $path or die "$path: $!"; # stays, so that the settings can be read
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		POSIX::setsid();
		$SIG{$_} = 'DEFAULT' for qw(HUP INT QUIT TERM); # what started the tests may ignore them
		close $master;
		open my $tty, '+<', $path or POSIX::_exit(126);
		ioctl $tty, TIOCSCTTY, my $zero = 0;
		POSIX::dup2(fileno $tty, $_) for 0 .. 2;
		exec { $command[0] } @command or POSIX::_exit(127);
	}
	binmode $master;
	return bless { master => $master, slave => $slave, pid => $pid, shown => '' }, $class;
}

sub pid { return $_[0]{pid} }

# Reads for so many seconds, or until what was shown matches.
sub read_for {
	my ($self, $seconds, $pattern) = @_;
	my $end = Time::HiRes::time() + $seconds;
	while ((my $left = $end - Time::HiRes::time()) > 0) {
		return 1 if $pattern && $self->{shown} =~ $pattern;
		my $ready = '';
		vec($ready, fileno $self->{master}, 1) = 1;
		next unless select $ready, undef, undef, $left < 0.1 ? $left : 0.1;
		sysread $self->{master}, $self->{shown}, 4096, length $self->{shown} or last;
	}
	return $pattern && $self->{shown} =~ $pattern;
}

sub until {
	my ($self, $pattern) = @_;
	$self->read_for(20, $pattern) or die "not shown: $pattern, but: $self->{shown}";
	return $self->{shown};
}

sub type { syswrite $_[0]{master}, $_[1]; return }

sub shows_typing {
	my ($self) = @_;
	my $settings = POSIX::Termios->new;
	$settings->getattr(fileno $self->{slave}) // die "getattr: $!";
	return $settings->getlflag & POSIX::ECHO() ? 1 : 0;
}

# Waits for its end; what it showed last is in {shown}.
sub finish {
	my ($self) = @_;
	for (1 .. 1200) {
		$self->read_for(0.05);
		return $? if waitpid($self->{pid}, POSIX::WNOHANG()) == $self->{pid};
	}
	die 'still there';
}

1;
