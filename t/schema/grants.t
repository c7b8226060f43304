#!/usr/bin/perl
# grants.t: every account × table × column × verb, and × routine, by real
# connections, against grants.tsv. Nothing is changed: the statements touch no
# row, but the server asks for the right before it looks for rows.
use lib 't/lib';
use Yj;
use Yj::Account;

need_database();

my %part = map { $_ => part_db($_) } @PARTS;
my %letter = (S => 'SELECT', I => 'INSERT', U => 'UPDATE', D => 'DELETE');

# ---- what is expected: {account}{table}{verb} = { column => 1 } or '*'

my (%expected, %listed, @accounts);
for (split /\n/, slurp(top() . '/t/schema/grants.tsv')) {
	next if /^#/;
	my ($table, @cells) = split /\t/;
	if (!@accounts) {
		@accounts = @cells;
		next;
	}
	$listed{$table} = 1;
	for my $account (@accounts) {
		for my $right (split ' ', shift @cells) {
			my ($verb, $columns) = $right =~ /^([SIUD])(?::(.*))?$/ or next;
			$expected{$account}{$table}{ $letter{$verb} } =
				$columns ? { map { $_ => 1 } split /,/, $columns } : '*';
		}
	}
}
is("@accounts", "@PARTS", 'the file speaks of all accounts');

my %columns;
push @{ $columns{ $_->{t} } }, $_ for db_rows('SELECT table_name AS t, column_name AS c,
	is_nullable = "YES" AS n, extra LIKE "%GENERATED%" AS g FROM information_schema.columns
	WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position');
is(join(' ', grep { !$listed{$_} } sort keys %columns), '', 'grants.tsv knows every table');
is(join(' ', grep { !$columns{$_} } sort keys %listed), '', 'and no other');

# Whether an account may run a statement: no only when the server says that a
# right is missing.
sub may {
	my ($account, $sql) = @_;
	my $dbh = $part{$account};
	return 1 if eval {
		my $statement = $dbh->prepare($sql);
		$statement->execute;
		1 while $statement->more_results;
		1;
	};
	my $code = $dbh->err;
	# 1044 database, 1095 thread, 1142 table, 1143 column, 1227 global, 1370 routine
	return 0 if grep { $_ == $code } 1044, 1095, 1142, 1143, 1227, 1370;
	return 1;
}

my %try = (
	SELECT => sub { "SELECT `$_[1]` FROM `$_[0]` LIMIT 0" },
	INSERT => sub { "INSERT INTO `$_[0]` (`$_[1]`) SELECT NULL FROM DUAL WHERE FALSE" },
	UPDATE => sub { "UPDATE `$_[0]` SET `$_[1]` = NULL WHERE FALSE" },
);

for my $account (@PARTS) {
	for my $table (sort keys %columns) {
		my @wrong;
		for my $verb (sort keys %try) {
			my $want = $expected{$account}{$table}{$verb} // {};
			for my $column (@{ $columns{$table} }) {
				my $should = ref $want ? $want->{ $column->{c} } // 0 : 1;
				my $may = may($account, $try{$verb}->($table, $column->{c}));
				push @wrong, ($should ? 'should be able to' : 'must not')
					. " $verb $column->{c}" if $should != $may;
			}
		}
		my $delete = $expected{$account}{$table}{DELETE} ? 1 : 0;
		push @wrong, ($delete ? 'should be able to' : 'must not') . ' DELETE'
			if may($account, "DELETE FROM `$table` WHERE FALSE") != $delete;
		is(join("\n", @wrong), '', "yj_$account on $table");
	}
}

# ---- routines, and what nobody but the owner may

my %calls = (
	flow_start          => 'CALL flow_start(0, "", "", "")',
	flow_advance        => 'CALL flow_advance(0, "", "", "", "", NULL)',
	form_check_writable => 'CALL form_check_writable(0, "", "", NULL)',
	flow_guard          => 'CALL flow_guard("", 0, 0, 0, NULL, @x)',
	flow_speaks_for     => 'SELECT flow_speaks_for("")',
	flow_all_complete   => 'CALL flow_all_complete(0, @x)',
	flow_mended         => 'CALL flow_mended(0, @x)',
	flow_person_proven  => 'CALL flow_person_proven(0, 0, @x)',
	outbox_add          => 'CALL outbox_add("none", NULL, "", NULL)',
	outbox_decide       => 'CALL outbox_decide(0, "", "retry", "", "")',
	wechat_undelivered  => 'CALL wechat_undelivered("")',
	wechat_ticket       => 'CALL wechat_ticket("")',
	refund_request      => 'CALL refund_request(0, "desk", "", "")',
	refund_decide       => 'CALL refund_decide(0, "", "confirm", "", "")',
	refund_after_red    => 'CALL refund_after_red(0)',
	invoice_decide      => 'CALL invoice_decide(0, "", "", NULL, NULL, "", "", "")',
	difference_clear    => 'CALL difference_clear(0, "", "", "")',
	session_prove       => 'CALL session_prove("", @x)',
	staff_prove         => 'CALL staff_prove("", "", @x)',
	staff_login_begin   => 'CALL staff_login_begin("")',
	staff_log_in        => 'CALL staff_log_in("?", "", "", "", 1, 1)',
	staff_log_out       => 'CALL staff_log_out("")',
	staff_touch         => 'CALL staff_touch("", 1)',
	staff_add           => 'CALL staff_add(NULL, "", "clerk", "")',
	staff_change        => 'CALL staff_change("", NULL, NULL)',
	flow_choose         => 'CALL flow_choose(0, "", "", "", 0, 0, 0, NULL, @a, @b, @c, @d)',
);
my %may_call = (flow_start => { apply => 1 }, flow_advance => { map { $_ => 1 } @PARTS },
	outbox_add => { apply => 1, cron => 1 }, outbox_decide => { admin => 1 },
	refund_request => { clerk => 1, cron => 1 }, refund_decide => { clerk => 1 },
	refund_after_red => { cron => 1 }, invoice_decide => { clerk => 1 }, difference_clear => { clerk => 1 },
	wechat_undelivered => { push => 1 }, wechat_ticket => { apply => 1 },
	staff_login_begin => { clerk => 1 }, staff_log_in => { clerk => 1 }, staff_log_out => { clerk => 1 },
	staff_touch => { clerk => 1, admin => 1 }, staff_add => { admin => 1 }, staff_change => { admin => 1 });
is(join(' ', sort map { $_->{n} } db_rows('SELECT routine_name AS n FROM information_schema.routines
	WHERE routine_schema = DATABASE()')), join(' ', sort keys %calls), 'the routines');
for my $routine (sort keys %calls) {
	for my $account (@PARTS) {
		my $should = $may_call{$routine}{$account} // 0;
		is(may($account, $calls{$routine}), $should,
			"yj_$account may" . ($should ? '' : ' not') . " call $routine");
	}
}

for my $account (@PARTS) {
	my @may = grep { may($account, $_) } 'CREATE TABLE no_such (a INT)', 'DROP TABLE no_such',
		'ALTER TABLE schema_lock COMMENT ""', 'TRUNCATE TABLE schema_lock',
		'CREATE INDEX no_such ON schema_lock (id)', 'CREATE VIEW no_such AS SELECT 1',
		'CREATE TRIGGER no_such BEFORE INSERT ON schema_lock FOR EACH ROW SET @a = 1',
		'CREATE PROCEDURE no_such() SELECT 1', 'DROP PROCEDURE flow_nothing',
		'LOCK TABLES schema_lock WRITE', 'GRANT SELECT ON event TO yj_push@localhost',
		'CREATE USER no_such@localhost', 'SELECT COUNT(*) FROM mysql.user',
		'SELECT 1 INTO OUTFILE "/tmp/no-such/file"', 'SET GLOBAL max_connections = 100',
		'KILL ' . db_value('SELECT CONNECTION_ID()'), 'FLUSH TABLES', 'SHOW GRANTS FOR yj_owner@localhost';
	is(join("\n", @may), '', "yj_$account may do nothing else");
}

# ---- a session of another part

for my $role (qw(clerk admin)) {
	eval { $part{apply}->do('INSERT INTO session (token_hash, role, subject, created_at, seen_at,
		idle_at, ends_at) VALUES (UNHEX(SHA2(UUID(), 256)), ?, 0, NOW(), NOW(), NOW(), NOW())', undef, $role) };
	like($@, qr/session_of_another_part/, "yj_apply makes no session of a $role");
}

done_testing();
