# cron/purge: what has ended goes, what still works stays.
use lib 't/lib';
use Yj;
use Yj::Account;

need_instance();

my $mark = sprintf '%d%d', $$, time;
my $number = 0;

sub hash { return sprintf "test-%s-%d", $mark, ++$number }

# Rows of one table with these values, some short of the border and some beyond.
sub add {
	my ($table, %column) = @_;
	my $hash = hash();
	# sessions of applicants are made by their own part only
	($table eq 'session' ? part_db('apply') : db())->do("INSERT INTO $table (" . join(', ', sort keys %column) . ') VALUES ('
		. join(', ', map { $column{$_} eq 'HASH' ? "UNHEX(SHA2('$hash', 256))" : $column{$_} } sort keys %column) . ')');
	return $hash;
}

sub openid_of_new {
	my $openid = openid();
	applicant($openid);
	return $openid;
}

sub there {
	my ($table, $key, $hash) = @_;
	return db_value("SELECT COUNT(*) FROM $table WHERE $key = UNHEX(SHA2(?, 256))", $hash);
}

my ($now, $day) = ('UTC_TIMESTAMP(3)', 'INTERVAL 1 DAY');
my ($soon, $past) = ("$now + INTERVAL 5 MINUTE", "$now - INTERVAL 5 MINUTE");
my %session = (token_hash => 'HASH', role => "'applicant'", subject => 0, created_at => $now, seen_at => $now);
my %state = (state_hash => 'HASH', browser_hash => 'HASH', project => 1, created_at => $now);
my %failure = (login_hash => 'HASH', failures => 4);
my %row = (
	'a session in use' => [ 1, 'session', 'token_hash', %session, idle_at => $soon, ends_at => $soon ],
	'a session left idle' => [ 0, 'session', 'token_hash', %session, idle_at => $past, ends_at => $soon ],
	'a session at its end' => [ 0, 'session', 'token_hash', %session, idle_at => $soon, ends_at => $past ],
	'a log-in just begun' => [ 1, 'login_state', 'state_hash', %state, expires_at => $soon ],
	'one that ended today' => [ 1, 'login_state', 'state_hash', %state, expires_at => $past ],
	'one that ended yesterday' => [ 0, 'login_state', 'state_hash', %state, expires_at => "$past - $day" ],
	'failures of today' => [ 1, 'login_failure', 'login_hash', %failure, tried_at => $past ],
	'a lock' => [ 1, 'login_failure', 'login_hash', %failure, tried_at => $past, locked_until => $soon ],
	'failures of yesterday' => [ 0, 'login_failure', 'login_hash', %failure, tried_at => "$past - $day" ],
);
my %hash;
# Counts of uploads: by applicant, so these two have their own.
my %counted = map { ($_ => applicant_by_openid(openid_of_new())) } qw(today yesterday);
db_do("INSERT INTO upload_try (applicant, kind, tries, began_at) VALUES (?, 'scan', 7, $past),"
	. " (?, 'scan', 7, $past - $day)", @counted{qw(today yesterday)});
for my $what (sort keys %row) {
	my (undef, $table, $key, %column) = @{ $row{$what} };
	$hash{$what} = add($table, %column);
	is there($table, $key, $hash{$what}), 1, "$what is there";
}
# more than one batch
db_do("INSERT INTO login_failure (login_hash, failures, tried_at)"
	. " SELECT UNHEX(SHA2(CONCAT('batch-$mark-', seq), 256)), 1, $past - $day FROM seq_1_to_1201");

my ($exit, $out, $log) = run_program('cron/purge', {});
is $exit, 0, 'the job ends well';
is $out, '', 'and says nothing to the mail of cron';
for my $what (sort keys %row) {
	my ($stays, $table, $key) = @{ $row{$what} };
	is there($table, $key, $hash{$what}), $stays, $stays ? "$what stays" : "$what is gone";
}
is db_value("SELECT COUNT(*) FROM login_failure WHERE tried_at < $now - $day"), 0, 'all batches are';
my ($rows) = $log =~ /event=purge\.done table=login_failure rows=(\d+)/;
cmp_ok $rows // 0, '>=', 1202, 'the log counts them';

is db_value('SELECT COUNT(*) FROM upload_try WHERE applicant = ?', $counted{today}), 1, "today's count of uploads stays";
is db_value('SELECT COUNT(*) FROM upload_try WHERE applicant = ?', $counted{yesterday}), 0, "yesterday's is gone";

db_do('DELETE FROM session WHERE subject = 0');

# a job without a database fails, so that its log shows it
($exit) = run_program('cron/purge', { YJ_CONFIG => '/nonexistent' });
isnt $exit, 0, 'without a config it fails';

like slurp(top() . '/etc/crontab'), qr{^\d+ +[\d*/]+ +\* \* \* \S+ \$YJ_CRON/purge\b}m, 'it has its line in etc/crontab';

done_testing;
