# The end of a program's output comes after the program can be reaped, so that
# httpd never has to wait for it; and the helper that sees to that is gone.
use Yj;
use File::Temp;
use POSIX qw(WNOHANG);
use Time::HiRes qw(sleep);

need_instance();

my $program = built('cgi-bin/apply/mine');
my $rounds = 200;

# Reads all output; true when the process could be reaped at that very moment.
sub ends_in_time {
	my ($config) = @_;
	pipe my $read, my $write or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDOUT, '>&', $write or die;
		open STDERR, '>&', $write or die;
		close $read;
		close $write;
		%ENV = (GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'GET', YJ_CONFIG => $config,
			QUERY_STRING => '', REMOTE_ADDR => '127.0.0.1');
		exec $program or POSIX::_exit(127);
	}
	close $write;
	my $text = '';
	1 while sysread $read, $text, 65536, length $text;
	my $reaped = waitpid($pid, WNOHANG) == $pid;
	waitpid $pid, 0 if !$reaped;
	$text =~ /^Status: 303/ or die "not the answer: $text";
	return $reaped;
}

# The settings of this instance with the flag on.
my $config = File::Temp->new;
print {$config} slurp(env('YJ_CONFIG')) =~ s/^last_breath\b.*\n//mr, "last_breath = yes\n";
$config->flush;

sub left_over {
	return grep { (readlink "$_/exe" // '') eq $program } glob '/proc/[0-9]*';
}

is(scalar(grep { ends_in_time($config->filename) } 1 .. $rounds), $rounds,
	'at the end of its output a program has ended');
sleep 0.2;
is_deeply([left_over()], [], 'no helper is left over');

done_testing();
