#!/usr/bin/perl
# verify.t: yuanjian-migrate compares the server, not its own notes: verify reports
# every missing, changed or surplus object, and up mends it.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Scratch;
use POSIX ();
use Time::HiRes qw(sleep time);

need_database();

my $one = Yj::Scratch->new('first');
my $content = qr/^yj_\w+ is as this release wants it: \d+ migrations, \d+ tables, \d+ routines, triggers and views, \d+ rights of 5 accounts\n\z/;

# Everything that verify says is in the list, and everything in the list is said.
sub differs {
	my ($db, $what, @lines) = @_;
	my ($status, $out, $err) = $db->tool('verify');
	is($status, 1, "$what: verify fails");
	is($err, join('', map { "$_\n" } @lines), "$what: and says what differs");
	like($out, qr/^\Q$db->{name}\E: @{[ scalar @lines ]} differences; yuanjian-migrate up mends what is missing$/m,
		"$what: and how much");
}

sub content {
	my ($db, $what) = @_;
	my ($status, $out, $err) = $db->tool('verify');
	is("$status$err", '0', "$what: verify is content");
	like($out, qr/^\Q$db->{name}\E is as this release wants it: /m, "$what: and says so");
}

sub mended {
	my ($db, $what, $expected) = @_;
	my ($status, $out, $err) = $db->tool('up');
	is("$status$err", '0', "$what: up mends it");
	like($out, $expected, "$what: and says what it did");
	content($db, $what);
	is(join('', $db->tool('up')), '0', "$what: and up has nothing left to do");
}

# ---- a new installation

my $user = $one->{accounts};
my ($status, $out, $err) = $one->tool('up');
is("$status$err", '0', 'up on an empty database');
($status, $out, $err) = $one->tool('verify');
is($status, 1, 'accounts that cannot log in yet');
like($err, qr/^${user}_$_ cannot be asked for its rights: Access denied/m, "verify names ${user}_$_") for @PARTS;
($status, $out, $err) = $one->tool('up');
is("$status$err", '0', 'up again before they can log in');
like($out, qr/^${user}_apply cannot be asked for its rights \(Access denied.*\): it is given all it should have/m, 'says so');
($status, $out, $err) = $one->tool('accounts');
is("$status$err", '0', 'accounts');
is($out, join(', ', map { "${user}_$_" } @PARTS) . " may log in with the passwords of the secrets file\n",
	'says who may log in');
content($one, 'then');
like(($one->tool('verify'))[1], $content, 'with what was looked at');
is(join('', $one->tool('up')), '0', 'a second up does nothing and says nothing');
is(scalar(grep { $_->[0] =~ /\Q$one->{name}\E/ } map { @{ db()->selectall_arrayref("SHOW GRANTS FOR yj_$_\@localhost") } } @PARTS),
	0, 'only the accounts that the config names have rights');

# ---- routines, triggers and views

$one->do('DROP TRIGGER event_before_delete');
$one->do('DROP PROCEDURE flow_advance');
$one->do('DROP VIEW package_offer');
($status, $out, $err) = $one->tool('verify');
is($status, 1, 'dropped by hand: verify fails');
is(join("\n", sort split /\n/, $err), join("\n", sort 'PROCEDURE flow_advance is missing', 'TRIGGER event_before_delete is missing',
	'VIEW package_offer is missing', map { "${user}_$_ lacks EXECUTE on PROCEDURE flow_advance" } @PARTS),
	'and says what is missing, and the rights that went with it');
mended($one, 'dropped by hand', qr/^(?:.*\n)*PROCEDURE flow_advance is missing\n(?:.*\n)*routines applied again\n(?:.*\n)*grants\.sql applied again\n\z/);

$one->do('CREATE OR REPLACE DEFINER = yj_owner@localhost PROCEDURE wechat_ticket(p_appid VARCHAR(32) CHARACTER SET ascii)
	READS SQL DATA SQL SECURITY DEFINER SELECT "nothing"');
$one->do('CREATE OR REPLACE DEFINER = yj_owner@localhost TRIGGER event_before_update BEFORE UPDATE ON event
	FOR EACH ROW SET @nothing = 1');
$one->do('CREATE OR REPLACE DEFINER = yj_gone@localhost FUNCTION flow_speaks_for(p_role VARCHAR(16) CHARACTER SET ascii)
	RETURNS BOOLEAN READS SQL DATA SQL SECURITY DEFINER RETURN TRUE');
($status, $out, $err) = $one->tool('verify');
like($err, qr{^PROCEDURE wechat_ticket is another than in routines/wechat\.sql$}m, 'a procedure changed by hand is found');
like($err, qr{^TRIGGER event_before_update is another than in routines/flow\.sql$}m, 'a trigger too');
like($err, qr/^FUNCTION flow_speaks_for runs with the rights of yj_gone\@localhost, not of yj_owner$/m,
	'and one that runs as somebody else');
mended($one, 'changed by hand', qr/^routines applied again$/m);

$one->do('CREATE PROCEDURE by_hand() SELECT 1');
$one->do('CREATE TRIGGER copies_everything BEFORE INSERT ON agent FOR EACH ROW SET @copy = NEW.name');
$one->do('CREATE EVENT at_night ON SCHEDULE EVERY 1 DAY DO DELETE FROM scan');
differs($one, 'made by hand', 'PROCEDURE by_hand is not of this release: DROP PROCEDURE by_hand',
	'TRIGGER copies_everything is not of this release: DROP TRIGGER copies_everything',
	'EVENT at_night is not of this release: DROP EVENT at_night');
is(join('', $one->tool('up')), '0', 'up lets alone what others made');
$one->do($_) for 'DROP PROCEDURE by_hand', 'DROP TRIGGER copies_everything', 'DROP EVENT at_night';
content($one, 'dropped as verify says');

# ---- rights

$one->do("REVOKE UPDATE (email) ON applicant FROM ${user}_apply\@localhost");
$one->do("REVOKE SELECT ON staff_session FROM ${user}_clerk\@localhost");
$one->do("REVOKE EXECUTE ON PROCEDURE outbox_add FROM ${user}_cron\@localhost");
differs($one, 'rights taken by hand', "${user}_apply lacks UPDATE (email) on applicant",
	"${user}_clerk lacks SELECT on staff_session", "${user}_cron lacks EXECUTE on PROCEDURE outbox_add");
mended($one, 'rights taken by hand', qr/^3 rights given, 0 taken away\ngrants\.sql applied again\n\z/);

$one->do('CREATE TABLE passing (a INT, b INT)');
$one->do("GRANT SELECT, UPDATE (a) ON passing TO ${user}_push\@localhost");
$one->do('DROP TABLE passing');
$one->do("GRANT DELETE ON event TO ${user}_clerk\@localhost");
$one->do("GRANT UPDATE ON applicant TO ${user}_apply\@localhost");
$one->do("GRANT SELECT (password) ON staff TO ${user}_cron\@localhost");
$one->do("GRANT EXECUTE ON PROCEDURE refund_decide TO ${user}_apply\@localhost");
$one->do("GRANT SELECT ON $one->{name}.* TO ${user}_admin\@localhost WITH GRANT OPTION");
($status, $out, $err) = $one->tool('verify');
is($status, 1, 'rights given by hand: verify fails');
is(join("\n", sort split /\n/, $err), join("\n", sort
	"${user}_push must not have SELECT on passing", "${user}_push must not have UPDATE (a) on passing",
	"${user}_clerk must not have DELETE on event", "${user}_apply must not have UPDATE on applicant",
	"${user}_cron must not have SELECT (password) on staff",
	"${user}_apply must not have EXECUTE on PROCEDURE refund_decide",
	"${user}_admin must not have SELECT on all of $one->{name}",
	"${user}_admin must not have GRANT OPTION on all of $one->{name}"), 'and names each');
mended($one, 'rights given by hand', qr/^\d rights given, 8 taken away\ngrants\.sql applied again\n\z/);

db_do("GRANT SELECT ON *.* TO ${user}_cron\@localhost");
differs($one, 'a right on every database', "${user}_cron must not have SELECT on every database");
($status, $out, $err) = $one->tool('up');
is("$status$err", "1${user}_cron must not have SELECT on every database: the server's administrator must take it away\n",
	'up says whose business it is');
db_do("REVOKE SELECT ON *.* FROM ${user}_cron\@localhost");
content($one, 'taken away as up says');

# ---- rows that flow.sql and grants.sql write

$one->do('DELETE FROM flow_transition WHERE flow_version = 1 AND from_state = "awaiting_review" AND event = "cancel"');
$one->do('UPDATE flow_transition SET effect = "by_hand" WHERE flow_version = 1 AND from_state = "awaiting_correction" AND event = "resubmit"');
$one->do("INSERT INTO part_role (account, role) VALUES ('${user}_apply', 'clerk')");
($status, $out, $err) = $one->tool('verify');
is($status, 1, 'rows changed by hand: verify fails');
like($err, qr/^flow_transition: the row \(.*'awaiting_review', 'cancel'.*\) is missing$/m, 'and names a missing one');
like($err, qr/^flow_transition: the row \(.*'awaiting_correction', 'resubmit', .*'by_hand'\) is not of this release$/m,
	'a changed one');
like($err, qr/^part_role: the row \('${user}_apply', 'clerk'\) is not of this release$/m, 'and one too many');
mended($one, 'rows changed by hand', qr/^flow\.sql applied again\n(?:.*\n)*grants\.sql applied again\n\z/m);

# ---- a program that runs meanwhile

my $changed = File::Temp::tempdir(CLEANUP => 1);
system('cp', '-R', top() . '/schema/.', $changed) == 0 or die;
open my $grants, '>>', "$changed/grants.sql" or die $!;
print {$grants} "\n-- another word\n";
close $grants;
pipe my $from, my $to or die $!;
my $reader = fork // die $!;
if (!$reader) {
	my ($asked, $failed, $stop) = (0, 0, 0);
	local $SIG{TERM} = sub { $stop = 1 };
	my $dbh = $one->part('clerk');
	syswrite $to, 'r';
	until ($stop) {
		$asked++;
		eval { $dbh->do('SELECT COUNT(*) FROM staff') } or $failed++;
	}
	syswrite $to, "$asked $failed";
	require POSIX;
	POSIX::_exit(0);
}
close $to;
sysread $from, my $ready, 1;
$one->{schema} = $changed;
($status, $out, $err) = $one->tool('up');
kill TERM => $reader;
waitpid $reader, 0;
sysread $from, my $told, 100;
my ($asked, $failed) = split ' ', $told;
is("$status$out$err", "0grants.sql applied\n", 'a changed grants.sql is applied');
cmp_ok($asked, '>', 20, "while a program asks $asked times");
is($failed, 0, 'which is refused not once');
$one->{schema} = top() . '/schema';
is(($one->tool('up'))[0], 0, 'and back');

# ---- a second database on the same server, with the same accounts

my $two = Yj::Scratch->new('second', accounts => $one);
($status, $out, $err) = $two->tool('up');
is("$status$err", '0', 'up for a second database');
is(eval { $one->part('apply')->selectrow_array('SELECT COUNT(*) FROM project') }, 0,
	'the first one can still be read by its account') or diag $@;
content($_, "beside another: $_->{name}") for $one, $two;
like(($two->tool('verify'))[1], qr/^${user}_apply also has rights on the database $one->{name}$/m,
	'which verify mentions');

# ---- backup and restore

my $dump = "$one->{folder}/dump.sql";
my @good = qw(--single-transaction --routines --triggers --events);
$one->do("INSERT INTO region (code, name, level, leaf, valid) VALUES ('110000', '北京市', 1, FALSE, TRUE)");
$one->client('mariadb-dump', \@good, out => $dump);
my $restored = Yj::Scratch->new('restored');
$restored->client('mariadb', [], in => $dump);
($status, $out, $err) = $restored->tool('verify');
is("$status$err", "1grants.sql: not applied in this form\n", 'restored under another name: other accounts are wanted');
is(($restored->tool('up'))[0], 0, 'up makes them');
is(($restored->tool('accounts'))[0], 0, 'accounts lets them in');
content($restored, 'restored');
is(eval { $restored->part('apply')->selectrow_array('SELECT name FROM region') }, '北京市', 'the rows can be read by them');

$one->client('mariadb-dump', ['--single-transaction'], out => $dump);
my $poor = Yj::Scratch->new('poor', accounts => $one);
$poor->client('mariadb', [], in => $dump);
($status, $out, $err) = $poor->tool('verify');
is($status, 1, 'restored from a dump without routines: verify fails');
my @routines = map { "$_->{t} $_->{n} is missing" } db_rows('SELECT routine_type AS t, routine_name AS n
	FROM information_schema.routines WHERE routine_schema = ?', $one->{name});
cmp_ok(scalar @routines, '>', 10, 'of many');
is(join("\n", sort grep { /missing/ } split /\n/, $err), join("\n", sort @routines), 'it names each one');
mended($poor, 'restored without routines', qr/^routines applied again$/m);

# On a new server: the same names, and nobody who bears them.
$one->client('mariadb-dump', \@good, out => $dump);
db_do("DROP USER ${user}_$_\@localhost") for @PARTS;
($status, $out, $err) = $one->tool('verify');
is($status, 1, 'on a new server: verify fails');
like($err, qr/^${user}_$_ cannot be asked for its rights: Access denied/m, "$_ is not there") for @PARTS;
is(join('', ($one->tool('up'))[0, 2]), '0', 'up makes them');
is(($one->tool('accounts'))[0], 0, 'accounts lets them in');
content($one, 'on a new server');
is(join('', ($two->tool('up'))[0, 2]), '0', 'and up for the other database that used them');

# ---- a table that is gone

$two->do('DROP TABLE bill_row');
($status, $out, $err) = $two->tool('verify');
like("$status $err", qr/^1 table bill_row is missing: restore it from a backup$/m, 'a missing table is named');

# ---- a migration waits for another one, longer than a page would

my $holder = DBI->connect("DBI:MariaDB:database=$one->{name};mariadb_socket=" . env('YJ_DB_SOCKET'), 'yj_owner',
	part_password('owner'), { RaiseError => 1, PrintError => 0 });
$holder->begin_work;
$holder->do('SELECT id FROM schema_lock FOR UPDATE');
my $begun = time;
my $waiting = $one->begin('waits', 'up');
sleep 4;
is(waitpid($waiting, POSIX::WNOHANG()), 0, 'up still waits after 4 seconds for whoever migrates');
$holder->commit;
waitpid $waiting, 0;
is($? . join('', $one->output('waits')), '0', 'and then ends well') or diag time - $begun;

done_testing();
