#!/usr/bin/perl
# prove.t: who acts is proved: what the accounts of the pages and jobs try, by SQL, as
# somebody who has not logged in. Staff sessions are made, prolonged and ended by
# procedures alone; a procedure that changes something knows the person by the token.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Ledger;
use Yj::Staff;
use Digest::SHA qw(sha256_hex);

need_database();

my %part = map { $_ => part_db($_) } @PARTS;
my $serial = 0;
sub key { return 'prove-' . ++$serial . "-$$-" . time }

# The row that a procedure gives.
sub call {
	my ($account, $name, @bound) = @_;
	my $call = $part{$account}->prepare("CALL $name(" . join(',', ('?') x @bound) . ')');
	$call->execute(@bound);
	my @row = $call->{NUM_OF_FIELDS} ? $call->fetchrow_array : ();
	1 while $call->more_results;
	return @row;
}

# Whether the server refuses a statement, to whomever.
sub refused {
	my ($account, $sql, @bound) = @_;
	return !eval { $part{$account}->do($sql, undef, @bound); 1 }
		&& $@ =~ /denied|session_of_another_part/;
}

sub sessions { return db_value('SELECT COUNT(*) FROM staff_session WHERE staff = ?', $_[0]) }
sub ends_of {
	return db_value('SELECT CONCAT(idle_at, " ", ends_at) FROM staff_session WHERE token_hash = UNHEX(SHA2(UNHEX(?), 256))', $_[0]);
}
sub change {
	my ($token, $what) = @_;
	return db_do("UPDATE staff_session SET $what WHERE token_hash = UNHEX(SHA2(UNHEX(?), 256))", $token);
}

# ---- a session of the staff: not made, prolonged or ended by any account

my $admin = hire('admin');
my $clerk = hire('clerk');
my %token = (admin => token_of(admin => $admin->{id}), clerk => token_of(clerk => $clerk->{id}));
my $ends = ends_of($token{clerk});
for my $account (@PARTS) {
	for my $role (qw(clerk admin accountant)) {
		ok refused($account, 'INSERT INTO session (token_hash, role, subject, created_at, seen_at, idle_at, ends_at)
			VALUES (UNHEX(SHA2(UUID(), 256)), ?, ?, NOW(), NOW(), NOW() + INTERVAL 1 DAY, NOW() + INTERVAL 1 DAY)',
			$role, $clerk->{id}), "yj_$account makes no session of a $role";
		ok refused($account, 'INSERT INTO staff_session (token_hash, role, staff, created_at, seen_at, idle_at, ends_at)
			VALUES (UNHEX(SHA2(UUID(), 256)), ?, ?, NOW(), NOW(), NOW() + INTERVAL 1 DAY, NOW() + INTERVAL 1 DAY)',
			$role, $clerk->{id}), '… nor one in the other table';
	}
	ok refused($account, "UPDATE staff_session SET $_ = $_ + INTERVAL 10 YEAR"), "yj_$account prolongs none: $_"
		for qw(idle_at ends_at seen_at);
	ok refused($account, 'UPDATE staff_session SET role = "admin"'), '… and makes none of another role';
	ok refused($account, 'DELETE FROM staff_session'), "yj_$account ends none";
	ok refused($account, 'SELECT password FROM staff'), "yj_$account reads no password";
	ok refused($account, 'UPDATE staff SET role = "admin" WHERE id = ?', $clerk->{id}), '… and makes nobody another';
	ok refused($account, 'DELETE FROM login_failure WHERE tried_at > NOW()') || $account eq 'cron',
		'… and forgets no failed log-in';
}
is sessions($clerk->{id}), 1, 'one session, as before';
is ends_of($token{clerk}), $ends, 'which ends when it did';

# ---- a log-in needs the password

my $stored = db_value('SELECT password FROM staff WHERE id = ?', $clerk->{id});
my ($salt) = call('clerk', 'staff_login_begin', $clerk->{login});
is $salt, join('$', (split /\$/, $stored)[0 .. 4]), 'how a password was derived is told, and no more';
is +(call('clerk', 'staff_login_begin', "nobody-$$"))[0], '', 'of nobody, nothing';
for my $derived ('', $salt, "$salt\$" . '0' x 64, uc $stored, "$stored ", '%', $stored =~ s/.$/x/r) {
	db_do('UPDATE login_failure SET failures = 0, locked_until = NULL');
	is +(call('clerk', 'staff_log_in', $clerk->{login}, $derived, 'ab' x 32, '', 15, 8))[0], 'wrong',
		"no log-in by " . (length $derived > 20 ? substr($derived, -12) : "\"$derived\"");
}
is sessions($clerk->{id}), 1, 'and no session';
is db_value('SELECT COUNT(*) FROM act WHERE subject_kind = "staff" AND subject = ? AND act = "log_in_failed" AND staff IS NULL
	AND job = "yj_clerk"', $clerk->{id}), 7, 'each is kept';
for (1 .. 4) {
	call('clerk', 'staff_log_in', $clerk->{login}, 'x', 'ab' x 32, '', 15, 8);
}
is +(call('clerk', 'staff_log_in', $clerk->{login}, $stored, 'ab' x 32, '', 15, 8))[0], 'locked',
	'a program that asks without end is stopped by the procedure, the right key or not';
db_do('UPDATE login_failure SET failures = 0, locked_until = NULL');
my $token = sha256_hex(key());
is join(' ', map { $_ // '' } (call('clerk', 'staff_log_in', " $clerk->{login}", $stored, $token, '', 15, 8))[0]), 'wrong',
	'a log-in is compared as it is';
is join(' ', call('clerk', 'staff_log_in', $clerk->{login}, $stored, $token, $token{clerk}, 1_000_000, 1_000_000)),
	"done $clerk->{id} clerk 0", 'the right key logs in';
is ends_of($token{clerk}), undef, 'the session of before has ended';
is db_value('SELECT idle_at <= UTC_TIMESTAMP(3) + INTERVAL 480 MINUTE AND ends_at <= UTC_TIMESTAMP(3) + INTERVAL 24 HOUR
	FROM staff_session WHERE token_hash = UNHEX(SHA2(UNHEX(?), 256))', $token), 1, 'and none is for longer than a day';
my ($act) = db_rows('SELECT * FROM act WHERE subject_kind = "staff" AND subject = ? ORDER BY id DESC LIMIT 1', $clerk->{id});
is "$act->{act} $act->{staff} $act->{role}", "log_in $clerk->{id} clerk", 'the log-in is kept';
ok !(grep { defined && (index($_, $token) >= 0 || index($_, sha256_hex(pack 'H*', $token)) >= 0 || /scrypt/) } map { values %$_ }
	db_rows('SELECT * FROM act WHERE subject_kind = "staff" AND subject = ?', $clerk->{id})), 'without a secret';

# ---- a touch: of a live session, of the account's own realm

sub touched {
	my ($account, $of, $what) = @_;
	change($of, $what);
	my $before = ends_of($of);
	call($account, 'staff_touch', $of, 400);
	return ends_of($of) ne $before ? 'touched' : 'as it was';
}
my $live = 'idle_at = UTC_TIMESTAMP(3) + INTERVAL 1 MINUTE, ends_at = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR';
is touched('clerk', $token, $live), 'touched', 'a session in use is prolonged by its token';
is touched('clerk', $token, 'idle_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND'), 'as it was', 'one that was idle for too long is not revived';
is touched('clerk', $token, "$live, ends_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND"), 'as it was', 'nor one that is over';
is touched('clerk', $token{admin}, $live), 'as it was', 'nor, by yj_clerk, one of an admin';
is touched('admin', $token, $live), 'as it was', 'nor, by yj_admin, one of a clerk';
is touched('admin', $token{admin}, $live), 'touched', 'each realm its own';
my $hash = sha256_hex(pack 'H*', $token);
for ($hash, '', 'x', scalar reverse($token), $clerk->{id}) {
	change($token, $live);
	my $before = ends_of($token);
	call('clerk', 'staff_touch', $_, 400);
	call('clerk', 'staff_log_out', $_);
	is ends_of($token), $before, 'what is no token of a session touches and ends none: ' . substr $_, 0, 8;
}

# ---- the second person of a refund

my ($id) = to_be_paid(1);
my $hand = Yj::Ledger->new;
my (undef, $number, $fen) = $hand->play('order', $id, 'jsapi');
$hand->play('paid', $number, "prove$$", 'wx-test', '1900000001', 'CNY', $fen);
my $payment = db_value('SELECT id FROM payment WHERE out_trade_no = ?', $number);
my ($first, $second) = accountant_ids();
my $of_first = token_of(accountant => $first);
is +(call('clerk', 'refund_request', $payment, 'desk', $_, key()))[0], 'not_allowed', 'a refund is asked for by nobody: ' . substr $_, 0, 8
	for $first, '', $token, $token{admin}, sha256_hex(pack 'H*', $of_first);
is +(call('clerk', 'refund_request', $payment, $_, $of_first, key()))[0], 'not_allowed', "nor by rule: $_" for qw(ended excess odd);
is +(call('clerk', 'refund_request', $payment, 'desk', $of_first, key()))[0], 'requested', 'an accountant who has logged in asks';
my $refund = db_value('SELECT id FROM refund WHERE payment = ?', $payment);
is db_value('SELECT requested_by FROM refund WHERE id = ?', $refund), $first, 'and is the person whose session it is';
for my $try ([$second, 'an invented id'], [999_999, 'nobody\'s id'], ['', 'no token'], [$token, 'a clerk'], [$token{admin}, 'an admin'],
		[sha256_hex(pack 'H*', token_of(accountant => $second)), 'a hash out of the table'], ["' OR 1 = 1 -- ", 'a trick']) {
	is +(call('clerk', 'refund_decide', $refund, $try->[0], 'confirm', '', key()))[0], 'not_allowed', "$try->[1] confirms nothing";
}
is +(call('clerk', 'refund_decide', $refund, $of_first, 'confirm', '', key()))[0], 'own_request', 'one\'s own request is not confirmed';
my $of_second = token_of(accountant => $second);
for my $what ('idle_at = UTC_TIMESTAMP(3)', 'idle_at = UTC_TIMESTAMP(3) + INTERVAL 1 DAY, ends_at = UTC_TIMESTAMP(3)') {
	change($of_second, $what);
	is +(call('clerk', 'refund_decide', $refund, $of_second, 'confirm', '', key()))[0], 'not_allowed', 'a session that is over confirms nothing';
}
change($of_second, 'ends_at = UTC_TIMESTAMP(3) + INTERVAL 1 DAY');
for (['is_active = FALSE', 'is_active = TRUE'], ['role = "clerk"', 'role = "accountant"']) {
	my ($set, $back) = @$_;
	db_do("UPDATE staff SET $set WHERE id = ?", $second);
	is +(call('clerk', 'refund_decide', $refund, $of_second, 'confirm', '', key()))[0], 'not_allowed', "nor does a person with $set";
	db_do("UPDATE staff SET $back WHERE id = ?", $second);
}
ok !eval { call($_, 'refund_decide', $refund, $of_second, 'confirm', '', key()); 1 }, "yj_$_ confirms nothing, with whatever token"
	for qw(apply push admin cron);
is db_value('SELECT state FROM refund WHERE id = ?', $refund), 'requested', 'so far nothing was decided';
is +(call('clerk', 'refund_decide', $refund, $of_second, 'confirm', '', key()))[0], 'decided', 'another accountant confirms';
is db_value('SELECT GROUP_CONCAT(act, " ", staff, " ", role ORDER BY id SEPARATOR "|") FROM act WHERE subject_kind = "refund" AND subject = ?',
	$refund), "request $first accountant|confirm $second accountant", 'and both are kept';

# ---- the other decisions

my @tokens = ($second, '', $token, $token{admin}, sha256_hex(pack 'H*', $of_second));
db_do('INSERT INTO bill_day (day, ask_at) VALUES ("2020-01-01", UTC_TIMESTAMP() + INTERVAL 100 YEAR)');
db_do('INSERT INTO difference (day, kind, number, found_at) VALUES ("2020-01-01", "amount", ?, UTC_TIMESTAMP())', key());
my $difference = db_value('SELECT LAST_INSERT_ID()');
is +(call('clerk', 'difference_clear', $difference, $_, 'x', key()))[0], 'not_allowed', 'a difference is not cleared' for @tokens;
is +(call('clerk', 'invoice_decide', 0, $_, 'give_up', undef, undef, 'x', 'y', key()))[0], 'not_allowed', 'an invoice is not given up'
	for @tokens;
is +(call('admin', 'outbox_decide', 0, $_, 'retry', '', key()))[0], 'not_allowed', 'a promise is not tried again'
	for $admin->{id}, '', $token, $of_second;
is +(call('admin', 'outbox_decide', 0, $token{admin}, 'retry', '', key()))[0], 'not_open', 'but by an admin who has logged in';
db_do('DELETE FROM difference WHERE id = ?', $difference);
db_do('DELETE FROM bill_day WHERE day = "2020-01-01"');

# ---- the flow

my ($case) = to_be_paid(1);
my $applicant = db_value('SELECT applicant FROM application WHERE id = ?', $case);
my ($other) = map { db_value('SELECT applicant FROM application WHERE id = ?', $_) } to_be_paid(1);
sub state_now { return db_value('SELECT state FROM application WHERE id = ?', $case) }
is +(call('apply', 'flow_advance', $case, 'applicant', $_, 'cancel', key(), undef))[0], 'not_allowed',
	'nobody\'s application is cancelled by ' . substr $_, 0, 8
	for $applicant, '', $token, sha256_hex(pack 'H*', token_of(applicant => $applicant));
is +(call('apply', 'flow_advance', $case, 'applicant', token_of(applicant => $other), 'cancel', key(), undef))[0], 'no_application',
	'nor by another applicant';
db_do('UPDATE session SET idle_at = UTC_TIMESTAMP(3) WHERE role = "applicant" AND subject = ?', $applicant);
is +(call('apply', 'flow_advance', $case, 'applicant', token_of(applicant => $applicant), 'cancel', key(), undef))[0], 'not_allowed',
	'nor by a session that is over';
is +(call('apply', 'flow_start', db_value('SELECT project FROM application WHERE id = ?', $case), $_, key(), '0' x 26))[0], 'not_allowed',
	'none is begun in somebody\'s name' for $applicant, '', $token, token_of(applicant => $applicant);
is +(call('clerk', 'flow_advance', $case, $_->[0], $_->[1], 'reject', key(), '{}'))[0], 'not_allowed', "a $_->[0] who has not logged in does nothing"
	for ['clerk', $clerk->{id}], ['clerk', ''], ['clerk', $token{admin}], ['clerk', $of_second], ['producer', $token], ['admin', $token{admin}];
is state_now(), 'awaiting_payment', 'nothing has moved';
db_do('UPDATE session SET idle_at = UTC_TIMESTAMP(3) + INTERVAL 1 HOUR WHERE role = "applicant" AND subject = ?', $applicant);
is +(call('apply', 'flow_advance', $case, 'applicant', token_of(applicant => $applicant), 'cancel', key(), undef))[0], 'moved',
	'but by the applicant';
is db_value('SELECT actor FROM event WHERE application = ? ORDER BY id DESC LIMIT 1', $case), $applicant, '… who is the actor';

# ---- log-out ends what the token is of

call('clerk', 'staff_log_out', $token);
is ends_of($token), undef, 'logged out';
is db_value('SELECT act FROM act WHERE subject_kind = "staff" AND subject = ? ORDER BY id DESC LIMIT 1', $clerk->{id}), 'log_out', 'and kept';
staff_tool('', 'disable', $admin->{login});
is sessions($admin->{id}), 0, 'who is disabled has no session';
($act) = db_rows('SELECT * FROM act WHERE subject_kind = "staff" AND subject = ? ORDER BY id DESC LIMIT 1', $admin->{id});
is join(' ', @$act{qw(act state_before state_after job)}), 'disable active disabled yj_admin', 'and that is kept, as of the account';

done_testing();
