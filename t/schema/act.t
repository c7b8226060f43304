#!/usr/bin/perl
# act.t: the table act is added to and never altered, each row has a leaf of its own
# that shows a later change, a job is the account that logged in, and what was kept
# in four tables before is copied once.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Scratch;
use Digest::SHA qw(sha256_hex);
use Encode qw(encode);
use File::Copy qw(copy);
use File::Temp qw(tempdir);

need_database();

my @told = qw(at_text subject_kind subject staff job role act state_before state_after idempotency_key reason);

# RFC 9162, 2.1.1: a zero byte, then the values, one a line.
sub leaf {
	my ($row) = @_;
	my %value = (%$row, staff => $row->{staff} // 0, idempotency_key => $row->{idempotency_key} // '');
	return uc sha256_hex("\0" . encode('UTF-8', join "\n", @value{@told}));
}

sub rows {
	my ($database, $where) = @_;
	return db_rows("SELECT *, DATE_FORMAT(at, '%Y-%m-%d %H:%i:%s.%f') AS at_text, HEX(leaf) AS leaf_text
		FROM $database.act WHERE $where ORDER BY id");
}

sub changed { return join ' ', map { $_->{id} } grep { $_->{leaf_text} ne leaf($_) } @_ }

is changed(rows('yuanjian', 'TRUE')), '', 'every act of the instance has its own leaf';

# ---- a release before: its tables, and what was decided there

my $folder = tempdir(CLEANUP => 1);
my $one = Yj::Scratch->new('act', schema => $folder);
my $name = $one->name;
my @routines = map { s{.*/schema/}{}r } glob top() . '/schema/routines/*.sql';
mkdir "$folder/$_" or die $! for qw(migrations routines);
copy($_, "$folder/migrations/") or die $! for glob top() . '/schema/migrations/*.sql';
for my $file (qw(flow.sql grants.sql), @routines) {
	open my $out, '>', "$folder/$file" or die $!;
	print {$out} "SELECT 1;\n";
	close $out or die $!;
}
my ($status, $out, $err) = $one->tool('up');
is "$status$err", '0', 'the tables';
my $staff = $one->do('INSERT INTO staff (login, name, role, password, created_at)
	VALUES ("a", "甲", "accountant", "!", UTC_TIMESTAMP())') && $one->value('SELECT MAX(id) FROM staff');
$one->do('SET foreign_key_checks = 0');
$one->do("INSERT INTO $_") for
	"refund_act (refund, at, staff, act, note, idempotency_key) VALUES (7, '2026-03-01 10:00:00.123', $staff, 'confirm', '已核对', 'same')",
	"invoice_act (invoice, at, staff, act, note, idempotency_key) VALUES (8, '2026-03-02 10:00:00', $staff, 'give_up', '重开', 'same')",
	"difference_act (difference, at, staff, reason, idempotency_key) VALUES (9, '2026-03-03 10:00:00', $staff, '手续费', 'k3')",
	"outbox_act (outbox, at, staff, act, reason, idempotency_key) VALUES (5, '2026-02-28 10:00:00', $staff, 'retry', '', 'k4')";
$one->do('SET foreign_key_checks = 1');
copy(top() . "/schema/$_", "$folder/$_") or die $! for qw(flow.sql grants.sql), @routines;
is +($one->tool('up'))[0], 0, 'up with the routines of now';
my @copied = rows($name, 'TRUE');
is join('|', map { join ' ', @$_{qw(subject_kind subject staff role act reason)} } @copied),
	join('|', "outbox 5 $staff admin retry ", "refund 7 $staff accountant confirm 已核对",
		"invoice 8 $staff accountant give_up 重开", "difference 9 $staff accountant clear 手续费"),
	'what was decided is copied, in its order';
is $copied[1]{at_text}, '2026-03-01 10:00:00.123000', 'with its time';
is changed(@copied), '', 'and its leaf';
is +($one->tool('up'))[0], 0, 'up again';
open my $file, '>>', "$folder/routines/act.sql" or die $!;
print {$file} "\n-- another word\n";
close $file or die $!;
is +($one->tool('up'))[0], 0, 'and with another file';
is scalar(rows($name, 'TRUE')), 4, 'copies nothing twice';

# ---- what a writer says about a job counts for nothing

my $put = "INSERT INTO act (at, subject_kind, subject, staff, job, role, act, reason, leaf)
	VALUES (UTC_TIMESTAMP(6), 'staff', 1, %s, 'yj_cron', '', 'test', '试', REPEAT('x', 32))";
$one->do(sprintf $put, $_) for 'NULL', $staff;
my ($by_job, $by_person) = (rows($name, 'act = "test"'));
is $by_job->{job}, env('YJ_DB_SUPER'), 'a job is the account that logged in';
is $by_person->{job}, '', 'a person is no job';
is changed($by_job, $by_person), '', 'and a leaf is made, not told';

# ---- append only

for my $sql ('UPDATE act SET reason = ""', 'DELETE FROM act') {
	eval { $one->do($sql) };
	like $@, qr/history_is_append_only/, "not even the administrator: $sql";
}

# ---- a change behind the triggers' back shows

$one->do('DROP TRIGGER act_before_update');
for my $column (grep { $_ ne 'at_text' } @told, 'at') {
	my $to = $column eq 'at' ? 'at + INTERVAL 1 MICROSECOND' : $column =~ /^(?:subject|staff)$/ ? "COALESCE($column, 0) + 1"
		: "CONCAT(COALESCE($column, ''), 'x')";
	$one->do('SET foreign_key_checks = 0');
	$one->do("UPDATE act SET $column = $to WHERE id = $by_job->{id}");
	$one->do('SET foreign_key_checks = 1');
	is changed(rows($name, 'TRUE')), $by_job->{id}, "another $column shows by the leaf, and in this row alone";
	my $back = db()->quote($by_job->{ $column eq 'at' ? 'at_text' : $column });
	$one->do("UPDATE act SET $column = $back WHERE id = $by_job->{id}");
	is changed(rows($name, 'TRUE')), '', '… until it is as it was';
}
is +($one->tool('up'))[0], 0, 'up puts the trigger back';
eval { $one->do('UPDATE act SET reason = ""') };
like $@, qr/history_is_append_only/, '… which refuses again';

done_testing();
