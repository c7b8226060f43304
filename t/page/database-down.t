# The database goes away in the middle of an application: every page says so
# within two seconds, and the same request works when it is back.
use Yj;
use Yj::Journey;
use POSIX ();
use Time::HiRes qw(time sleep);

need_instance();

my $pid_file = env('YJ_VAR') . '/run/mariadbd.pid';
-r $pid_file or plan(skip_all => 'the database is not ours to stop');

sub pid { return slurp($pid_file) =~ /^(\d+)$/ ? $1 : die "no pid in $pid_file" }

# How it was started, to start it again just so.
my @command = split /\0/, slurp('/proc/' . pid() . '/cmdline');
my ($uid, $gid) = (stat '/proc/' . pid())[4, 5];

sub stop_database {
	my $pid = pid();
	kill TERM => $pid or die "kill: $!";
	for (1 .. 300) {
		return if !-d "/proc/$pid" || slurp("/proc/$pid/stat") =~ /^\d+ \(.*\) Z/;
		sleep 0.1;
	}
	die 'the database does not stop';
}

sub start_database {
	my $child = fork // die "fork: $!";
	if (!$child) {
		my $server = fork // POSIX::_exit(1);
		POSIX::_exit(0) if $server; # so that it is not our child
		POSIX::setsid();
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', '/dev/null';
		open STDERR, '>', '/dev/null';
		open my $file, '>', $pid_file or POSIX::_exit(1);
		print {$file} "$$\n";
		close $file;
		if ($> != $uid) {
			$) = "$gid $gid";
			POSIX::setgid($gid);
			POSIX::setuid($uid);
		}
		no warnings "exec";
		exec { $command[0] } @command;
		POSIX::_exit(1);
	}
	waitpid $child, 0;
	for (1 .. 300) {
		return if new_browser()->get(public('/apply/start?project=gzgjj'))->code == 200;
		sleep 0.1;
	}
	die 'the database does not start';
}

END {
	my $status = $?;
	start_database() if @command && !-d '/proc/' . pid();
	$? = $status;
}

my $browser = applicant();
my $trip = to_company($browser);
open_page($browser, 'apply/company', $trip->{application});
submit_page($browser, { licence => sample('licence') }, [upload => 'licence']);
my $company = company_data();
my $form = page_form($browser);
$form->find_input($_)->value($company->{$_}) for keys %$company;
my $request = $form->click;

stop_database();

sub unavailable {
	my ($what, $asked) = @_;
	my $started = time;
	my $answer = new_browser(cookie_jar => $browser->cookie_jar)->request($asked);
	my $seconds = time - $started;
	is($answer->code, 503, "$what: 503");
	cmp_ok($seconds, '<', 2, sprintf '... within 2 s (%.3f s)', $seconds);
	my $text = $answer->decoded_content;
	like($text, qr/稍后再试/, '... says what to do');
	like($text, qr{请求编号 [\w\@-]{8,}}, '... with the number for the log');
	ok($answer->header('Retry-After'), '... and a program when to come again');
	like($answer->header('Content-Security-Policy') // '', qr/default-src 'none'/, '... guarded as any page');
	unlike($text, qr/mysql|mariadb|socket|\.c:|sql/i, '... and nothing about the inside');
}

unavailable('a form', $request->clone);
unavailable('a page', HTTP::Request->new(GET => public("/apply/company?application=$trip->{application}")));
unavailable('the entry', HTTP::Request->new(GET => public('/apply/start?project=gzgjj')));
unavailable('the clerk', HTTP::Request->new(GET => intranet('/clerk/login')));
is(new_browser()->get(public('/static/css/yuanjian.css'))->code, 200, 'what needs no database is served');

start_database();

my $answer = $browser->simple_request($request->clone);
is($answer->code, 303, 'back again: the same request works');
like($answer->header('Location'), qr{^/apply/legal-rep}, '... and moves on');
is(state_of($trip), 'awaiting_legal_rep', '... and is stored');
is(db_value('SELECT name FROM company c JOIN application a ON a.id = c.application
	WHERE a.public_id = ?', $trip->{application}), $company->{name}, '... as typed');

done_testing();
