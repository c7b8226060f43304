# Staff log in: right and wrong passwords, disabled accounts, and guessing.
use lib 't/lib';
use Yj;
use Yj::Staff;
use Time::HiRes 'time';
use Digest::SHA 'sha256_hex';

need_instance();

sub failures { return db_value('SELECT failures FROM login_failure WHERE login_hash = UNHEX(?)', sha256_hex($_[0])) }
sub let_wait {
	my ($login, $seconds) = @_;
	db_do('UPDATE login_failure SET locked_until = locked_until - INTERVAL ? SECOND WHERE login_hash = UNHEX(?)',
		$seconds, sha256_hex($login));
}
sub lock_seconds {
	return db_value('SELECT ROUND(TIMESTAMPDIFF(MICROSECOND, tried_at, locked_until) / 1e6)'
		. ' FROM login_failure WHERE login_hash = UNHEX(?)', sha256_hex($_[0]));
}

# in and out
my $clerk = hire('clerk');
my $browser = sign_in($clerk);
is($browser->uri->path, '/clerk/queue', 'a clerk comes to the queue');
like($browser->text, qr/\Q$clerk->{name}/, 'who is logged in is shown');
my ($cookie) = map { $_->[1] } grep { $_->[0] eq 'yjs' } cookies($browser);
like($cookie, qr/^[0-9a-f]{64}$/, 'the cookie is 256 random bits');
is(db_value('SELECT COUNT(*) FROM staff_session WHERE token_hash = UNHEX(?)', $cookie), 0, 'the database keeps it hashed');
is(db_value('SELECT COUNT(*) FROM staff_session WHERE token_hash = UNHEX(?)', sha256_hex(pack 'H*', $cookie)), 1, 'as one session');
$browser->get(intranet('/clerk/login'));
is($browser->uri->path, '/clerk/queue', 'who is logged in needs no form');
$browser->get(intranet('/clerk/logout'));
is($browser->status, 405, 'nobody is logged out by a link');
$browser->get(intranet('/clerk/queue'));
$browser->submit_form(form_number => 1 + form_index($browser, '/clerk/logout'));
is($browser->uri->path, '/clerk/login', 'out');
is(db_value('SELECT COUNT(*) FROM staff_session WHERE token_hash = UNHEX(?)', sha256_hex(pack 'H*', $cookie)), 0, 'the session is gone');

sub cookies {
	my ($b) = @_;
	my @found;
	$b->cookie_jar->scan(sub { push @found, [ @_[1, 2] ] });
	return @found;
}
sub form_index {
	my ($b, $path) = @_;
	my @forms = $b->forms;
	my ($at) = grep { $forms[$_]->action->path eq $path } 0 .. $#forms;
	return $at;
}

# a log-in makes a new session and ends the old one
$browser = sign_in($clerk);
my ($old) = map { $_->[1] } grep { $_->[0] eq 'yjs' } cookies($browser);
my $form_page = new_browser();
$form_page->get(intranet('/clerk/login'));
$form_page->cookie_jar->set_cookie(0, 'yjs', $old, '/', '127.0.0.1', undef, 1, 0, 3600, 0);
$form_page->submit_form(with_fields => { login => $clerk->{login}, password => $clerk->{password} });
my ($new) = map { $_->[1] } grep { $_->[0] eq 'yjs' } cookies($form_page);
isnt($new, $old, 'a new log-in has a new session');
is(db_value('SELECT COUNT(*) FROM staff_session WHERE token_hash = UNHEX(?)', sha256_hex(pack 'H*', $old)), 0, 'the old one is ended');

# roles
for (qw(producer admin auditor)) {
	my $person = hire($_);
	my $b = sign_in($person);
	is($b->status, 200, "a $_ may log in");
	is($b->uri->path, $_ eq 'producer' ? '/clerk/queue' : '/admin/outbox', 'and comes to the right place');
	$b->get(intranet('/clerk/queue'));
	is($b->status, $_ eq 'producer' ? 200 : 403, "the queue is " . ($_ eq 'producer' ? '' : 'not ') . "for a $_");
}

# the form's own token
$browser = new_browser();
$browser->get(intranet('/clerk/login'));
my $form = $browser->form_with_fields('login', 'password');
is($form->value('password') // '', '', 'no password in the page');
$form->value(csrf => '0' x 64);
$browser->submit_form(with_fields => { login => $clerk->{login}, password => $clerk->{password} });
is($browser->status, 403, 'a wrong token is refused');
is(failures($clerk->{login}), 0, 'and not counted');
$browser = new_browser();
$browser->get(intranet('/clerk/login'));
$browser->cookie_jar->clear;
$browser->submit_form(with_fields => { login => $clerk->{login}, password => $clerk->{password} });
is($browser->status, 403, 'and so is a form without its cookie');

# odd input
for ([ '', $clerk->{password}, 422 ], [ $clerk->{login}, '', 422 ], [ $clerk->{login}, 'x' x 129, 422 ],
	[ "' OR 1=1 -- ", 'x', 403 ], [ '审核员', 'x', 403 ], [ "<b>", 'x', 403 ], [ 'a' x 300, 'x', 403 ]) {
	my ($login, $password, $status) = @$_;
	my $b = sign_in({ login => $login }, $password);
	is($b->status, $status, "log-in \"" . substr($login, 0, 12) . "\" is answered with $status");
	unlike($b->content, qr/<b>"|OR 1=1 -- </, 'as text');
}
is(sign_in({ login => " \U$clerk->{login}\E ", password => $clerk->{password} })->uri->path, '/clerk/queue',
	'blanks and capitals around a log-in do not matter');

# guessing: a known and an unknown log-in get the same answers
my $victim = hire('clerk');
my $nobody = { login => "nobody-$$-" . int(time), password => 'none' };
my (%said, %lock);
for my $who ($victim, $nobody) {
	for my $try (1 .. 6) {
		my $b = sign_in($who, 'wrong password');
		push @{ $said{ $who->{login} } }, $b->status . ' '
			. ($b->content =~ m{role="alert">(.*?)</p>}s)[0] =~ s/\d\d:\d\d:\d\d/TIME/r;
	}
}
is_deeply($said{ $victim->{login} }, $said{ $nobody->{login} }, 'the answers do not tell whether a log-in exists');
my @statuses = map { /^(\d+)/ } @{ $said{ $victim->{login} } };
is_deeply(\@statuses, [ 403, 403, 403, 403, 429, 429 ], 'the fifth failure locks');
like($said{ $victim->{login} }[4], qr/TIME 以后再试/, 'and says until when');
is(failures($victim->{login}), 5, 'what is tried while locked is not counted');
my $late = sign_in($victim);
is($late->status, 429, 'the right password does not help while locked');
cmp_ok($late->response->header('Retry-After'), '<=', 61, 'Retry-After tells when');
is(sign_in($clerk)->uri->path, '/clerk/queue', 'nobody else is locked');

for my $minutes (2, 4, 8, 16, 32, 60, 60) {
	let_wait($victim->{login}, 3700);
	is(sign_in($victim, 'wrong password')->status, 429, 'one more failure locks again');
	is(lock_seconds($victim->{login}), 60 * $minutes, "for $minutes minutes");
}
let_wait($victim->{login}, 3700);
is(sign_in($victim)->uri->path, '/clerk/queue', 'afterwards the right password lets in');
is(failures($victim->{login}), 0, 'and failures are forgotten');
sign_in($victim, 'wrong password') for 1 .. 3;
db_do('UPDATE login_failure SET tried_at = tried_at - INTERVAL 25 HOUR WHERE login_hash = UNHEX(?)', sha256_hex($victim->{login}));
sign_in($victim, 'wrong password');
is(failures($victim->{login}), 1, 'after a day they are forgotten too');

# many guesses at the same moment: each counts before it is looked at
my $target = hire('clerk');
my @children = map {
	my $pid = fork // die;
	if (!$pid) {
		my $status = eval { sign_in($target, "guess $_")->status } // 0;
		require POSIX;
		POSIX::_exit($status == 403 || $status == 429 ? 0 : 1);
	}
	$pid;
} 1 .. 12;
is(scalar(grep { waitpid $_, 0; $? } @children), 0, 'twelve guesses at once are all refused');
is(failures($target->{login}), 5, 'and no more than five are looked at');

# the time does not tell either: the same work for both
my (%time, @order);
for my $round (1 .. 4) {
	for my $who (hire('clerk'), { login => "nobody-$$-$round-x" }) {
		my $kind = $who->{id} ? 'known' : 'unknown';
		my $start = time;
		sign_in($who, 'wrong password');
		push @{ $time{$kind} }, time - $start;
	}
}
my ($known, $unknown) = map { (sort { $a <=> $b } @{ $time{$_} })[1] } qw(known unknown);
cmp_ok($unknown, '>', 0.4 * $known, 'an unknown log-in takes as long');
cmp_ok($known, '>', 0.4 * $unknown, 'as a known one') or diag "$known $unknown";

# disabled
my $leaver = hire('clerk');
my $desk = sign_in($leaver);
staff_tool('', 'disable', $leaver->{login});
$desk->get(intranet('/clerk/queue'));
is($desk->uri->path, '/clerk/login', 'who is disabled is out at once');
is(db_value('SELECT COUNT(*) FROM staff_session WHERE staff = ?', $leaver->{id}), 0, 'without sessions');
my $gone = sign_in($leaver);
is($gone->status, 403, 'and cannot log in');
like($gone->text, qr/已停用/, 'and is told why');
like(sign_in($leaver, 'wrong password')->text, qr/不对/, 'but only with the right password');

# not in the log
my $log = slurp(env('YJ_VAR') . '/log/error.log');
ok(index($log, $_) < 0, 'neither log-in nor password is in the log')
	for $victim->{login}, $victim->{password}, $nobody->{login};

done_testing;
