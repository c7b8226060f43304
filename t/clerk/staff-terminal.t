# yuanjian-staff on a terminal: the password is asked for, twice, and not shown;
# however it ends, the terminal shows again what is typed.
use lib 't/lib';
use Yj;
use Yj::Staff;
use Yj::Terminal;
use Encode ();
use POSIX ();

need_instance();

$ENV{YJ_CONFIG} = env('YJ_CONFIG');
my $program = built('bin/yuanjian-staff');
my $secret = "geheim-$$-long";
my $n = 0;

sub add_begin {
	my $login = sprintf 'p%d-%d', $$, ++$n;
	return ($login, Yj::Terminal->start($program, 'add', $login, 'clerk', Encode::encode('UTF-8', '终端')));
}
sub is_there { return db_value('SELECT COUNT(*) FROM staff WHERE login = ?', $_[0]) }

my ($login, $t) = add_begin();
ok($t->read_for(20, qr/Password: \z/), 'it asks') or diag $t->{shown};
is($t->shows_typing, 0, 'and shows nothing of what is typed');
$t->type("$secret\n");
ok($t->read_for(20, qr/Once more: \z/), 'it asks again') or diag $t->{shown};
is($t->shows_typing, 0, 'as silently');
$t->type("$secret\n");
is($t->finish, 0, 'done');
unlike($t->{shown}, qr/geheim/, 'the password was never on the screen');
is($t->shows_typing, 1, 'the terminal shows again what is typed');
is(sign_in({ login => $login, password => $secret })->uri->path, '/clerk/queue', 'and the password lets in');

$t = Yj::Terminal->start($program, 'password', $login);
for (qr/Password: \z/, qr/Once more: \z/) {
	$t->until($_);
	$t->type("another $secret\n");
}
is($t->finish, 0, 'a new password');
is(sign_in({ login => $login, password => "another $secret" })->uri->path, '/clerk/queue', 'lets in');

# ---- refused

($login, $t) = add_begin();
$t->until(qr/Password: \z/);
$t->type("$secret\n");
$t->until(qr/Once more: \z/);
$t->type("$secret!\n");
is($t->finish >> 8, 1, 'two different passwords are refused');
like($t->{shown}, qr/two different passwords/, 'in words');
is($t->shows_typing, 1, 'the terminal is as before');
is(is_there($login), 0, 'and nobody was added');

for (['short', "123456789\n", qr/at least 10/], ['too long', 'x' x 129 . "\n", qr/at most 128/],
	['no text', "\xff" x 12 . "\n", qr/UTF-8/], ['the end of the input', "\x04", qr/no password/]) {
	my ($what, $typed, $expected) = @$_;
	($login, $t) = add_begin();
	$t->until(qr/Password: \z/);
	$t->type($typed);
	is($t->finish >> 8, 1, "$what: refused");
	like($t->{shown}, $expected, "$what: in words");
	unlike($t->{shown}, qr/Once more/, "$what: at once");
	is($t->shows_typing, 1, "$what: the terminal is as before");
}

# ---- interrupted

for (['^C', sub { $_[0]->type("\x03") }, 'INT'], ['^\\', sub { $_[0]->type("\x1c") }, 'QUIT'],
	['kill', sub { kill TERM => $_[0]->pid }, 'TERM'], ['hang up', sub { kill HUP => $_[0]->pid }, 'HUP']) {
	my ($what, $do, $signal) = @$_;
	($login, $t) = add_begin();
	$t->until(qr/Password: \z/);
	$t->type('half a pass');
	$do->($t);
	is($t->finish & 127, POSIX->can("SIG$signal")->(), "$what ends it, as SIG$signal does");
	is($t->shows_typing, 1, "$what: the terminal shows again what is typed");
	is(is_there($login), 0, "$what: nobody was added");
}

# SIGTSTP does not stop a process whose group is an orphan, as this one's is: here
# it is continued at once.
($login, $t) = add_begin();
$t->until(qr/Password: \z/);
kill TSTP => $t->pid;
$t->until(qr/Password: \r?\n.*Password: \z/s);
is($t->shows_typing, 0, 'after ^Z it asks again, silently');
$t->type("$secret\n");
$t->until(qr/Once more: \z/);
$t->type("$secret\n");
is($t->finish, 0, 'and goes on');
is(is_there($login), 1, 'to the end');

# ---- no terminal: as ever, from the pipe

($login) = sprintf 'p%d-%d', $$, ++$n;
my ($status, $out, $err) = staff_tool($secret, 'add', $login, 'clerk', Encode::encode('UTF-8', '管道'));
is("$status$out", '0', 'from a pipe');
unlike($err, qr/Password/, 'nothing is asked');
db_do('UPDATE staff SET is_active = FALSE WHERE login LIKE ?', "p$$-%");

done_testing;
