# yuanjian-staff: what it takes, what it refuses.
use lib 't/lib';
use Yj;
use Yj::Staff;
use Encode ();

need_instance();

my $person = hire('clerk');
my $hash = db_value('SELECT password FROM staff WHERE id = ?', $person->{id});
like($hash, qr/^scrypt\$32768\$8\$1\$[0-9a-f]{32}\$[0-9a-f]{64}$/, 'the password is an scrypt hash');
my $twin = hire('clerk');
isnt((split /\$/, $hash)[4], (split /\$/, db_value('SELECT password FROM staff WHERE id = ?', $twin->{id}))[4],
	'each with its own salt');

my $n = 0;
for (
	[ 'taken log-in', 'long enough 1', 'add', $person->{login}, 'clerk', '某人', qr/taken/ ],
	[ 'capital letters', 'long enough 1', 'add', 'Abc', 'clerk', '某人', qr/log-in/ ],
	[ 'a digit in front', 'long enough 1', 'add', '1abc', 'clerk', '某人', qr/log-in/ ],
	[ 'one letter', 'long enough 1', 'add', 'a', 'clerk', '某人', qr/log-in/ ],
	[ '33 letters', 'long enough 1', 'add', 'a' x 33, 'clerk', '某人', qr/log-in/ ],
	[ 'an applicant', 'long enough 1', 'add', "x$$", 'applicant', '某人', qr/role/ ],
	[ 'unknown role', 'long enough 1', 'add', "x$$", 'boss', '某人', qr/role is clerk, producer, admin, auditor or accountant/ ],
	[ 'no name', 'long enough 1', 'add', "x$$", 'clerk', '', qr/name/ ],
	[ 'a name of 51', 'long enough 1', 'add', "x$$", 'clerk', '某' x 51, qr/name/ ],
	[ '9 characters', '123456789', 'add', "x$$", 'clerk', '某人', qr/at least 10/ ],
	[ '9 characters and a newline', "123456789\n", 'add', "x$$", 'clerk', '某人', qr/at least 10/ ],
	[ '129 bytes', 'x' x 129, 'add', "x$$", 'clerk', '某人', qr/at most 128/ ],
	[ 'nobody', 'long enough 1', 'password', "nobody-$$", qr/no such/ ],
	[ 'nobody', '', 'disable', "nobody-$$", qr/no such/ ],
) {
	my ($what, $input, @arguments) = @$_;
	my $expected = pop @arguments;
	my ($status, undef, $err) = staff_tool($input, map { utf8::is_utf8($_) ? Encode::encode('UTF-8', $_) : $_ } @arguments);
	is($status, 1, "$arguments[0], $what: refused");
	like($err, $expected, 'and said why');
}
is(db_value('SELECT COUNT(*) FROM staff WHERE login = ?', "x$$"), 0, 'nobody was added');
is((staff_tool('', 'add', 'x'))[0], 2, 'too few arguments: usage');
is((staff_tool('', 'fire', 'x'))[0], 2, 'unknown command: usage');

# the longest name stands in the page's head as it is; one letter in front lets
# no round number of bytes end between two characters
my $long = 'A' . '某' x 49;
is((staff_tool('long enough 1', 'add', "long-$$", 'clerk', Encode::encode('UTF-8', $long)))[0], 0,
	'a name of 50 characters');
like(sign_in({ login => "long-$$", password => 'long enough 1' })->content,
	qr{<span class="yj-head__who">$long</span>}, 'is shown whole');

# exactly at the limits
for ([ 'x' x 10, 'ten characters' ], [ 'x' x 128, '128 bytes' ], [ "0123456789\n", 'a newline at the end' ]) {
	my ($password, $what) = @$_;
	is((staff_tool($password, 'password', $person->{login}))[0], 0, "a password of $what is fine");
	is(sign_in($person, $password =~ s/\n//r)->uri->path, '/clerk/queue', 'and lets in');
}

# a new password ends sessions and locks
my $desk = sign_in($twin);
sign_in($twin, 'wrong password') for 1 .. 5;
is(sign_in($twin)->status, 429, 'locked');
staff_tool('another password', 'password', $twin->{login});
$desk->get(intranet('/clerk/queue'));
is($desk->uri->path, '/clerk/login', 'a new password ends all sessions');
is(sign_in($twin, 'another password')->uri->path, '/clerk/queue', 'and the lock');
staff_tool('', 'disable', $twin->{login});
staff_tool('', 'enable', $twin->{login});
is(sign_in($twin, 'another password')->uri->path, '/clerk/queue', 'enabled again');
my (undef, $list) = staff_tool('', 'list');
like($list, qr/^\Q$twin->{login}\E +clerk +active /m, 'list tells who there is');
unlike($list, qr/scrypt/, 'and no hash');

done_testing;
