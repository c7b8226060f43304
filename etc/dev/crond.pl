# crond.pl: a cron daemon for one table, of the account that starts it.
#
#     perl crond.pl TABLE JOBS PIDFILE
#
# TABLE is a crontab without accounts. A job that is due each minute starts at
# once, too. JOBS is a folder with a file a job, named after its program: the
# second of its last start and, once it has ended, of the end and the exit
# status (128 + n for signal n). A job that fails also leaves a line on standard
# error. The daemon leads a session of its own, to which all jobs belong.

use strict;
use warnings;
use POSIX ();
use Schedule::Cron;

my ($table, $jobs, $pid_file) = @ARGV;
my %running; # process id => [name, second of the start]

sub complain {
	print STDERR POSIX::strftime('%Y-%m-%d %H:%M:%S ', localtime), "cron: @_\n";
	return;
}

# A reader finds the old line or the new one, never half of one.
sub write_line {
	my ($file, @words) = @_;
	open my $out, '>', "$file.new" or die "$file.new: $!\n";
	print {$out} "@words\n" or die "$file.new: $!\n";
	close $out or die "$file.new: $!\n";
	rename "$file.new", $file or die "$file: $!\n";
	return;
}

# The library forks by itself only when it keeps no account of the end.
sub start_job {
	my ($command) = @_;
	my ($name) = $command =~ m{/([\w-]+)(?:\s|$)} or die "a job without a program: $command\n";
	my $pid = fork;
	if (!defined $pid) {
		complain("$name does not start: $!");
		return;
	}
	if (!$pid) {
		exec '/bin/sh', '-c', $command or complain("/bin/sh: $!");
		POSIX::_exit(127);
	}
	$running{$pid} = [$name, time];
	write_line("$jobs/$name", $running{$pid}[1]);
	return;
}

sub reap_jobs {
	while ((my $pid = waitpid -1, POSIX::WNOHANG()) > 0) {
		my $status = $? & 127 ? 128 + ($? & 127) : $? >> 8;
		my ($name, $started) = @{ delete $running{$pid} // next };
		complain("$name has failed, status $status") if $status;
		# the next run of a long job may have begun
		write_line("$jobs/$name", $started, time, $status)
			unless grep { $_->[0] eq $name } values %running;
	}
	return;
}

POSIX::setsid();
chdir '/' or die "/: $!\n";
write_line($pid_file, $$);
my $cron = Schedule::Cron->new(\&start_job, nofork => 1, processprefix => 'cron', sleep => sub {
	my ($seconds) = @_;
	select undef, undef, undef, $seconds < 1 ? $seconds : 1;
	reap_jobs();
});
$cron->load_crontab($table);
for my $entry ($cron->list_entries) {
	start_job(@{ $entry->{args} }) if $entry->{time} =~ /^\*(?: \*){4}$/;
}
$cron->run;
