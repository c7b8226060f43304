# cron/retention: faces are destroyed when their time is over, not before; the rest is
# counted by person, and the desk is told when the count is high.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Journey;
use Yj::Identity;
use Yj::Mailbox;
use Yj::Outbox;
use Yj::Staff;
use File::Temp;

need_instance();
stop_cron(); # its worker would send the mail that is waited for below

sub job {
	my ($alarm) = @_;
	my $config = File::Temp->new;
	print {$config} slurp(env('YJ_CONFIG')), "face_alarm_count = $alarm\n";
	$config->flush;
	chmod 0600, $config->filename;
	my ($exit, $out, $log) = run_program('cron/retention', { YJ_CONFIG => $config->filename });
	is "$exit $out", '0 ', 'the job ends well and says nothing' or diag $log;
	return $log;
}

# Somebody, or that agent, with two pieces of material and a service's text.
sub person {
	my ($agent) = @_;
	my $trip = to_identity(my $browser = applicant(), undef, $agent);
	choose($browser, $trip, 'recorded', 1);
	my $attempt = (attempts($trip))[-1]{id};
	db_do("INSERT INTO face_material (attempt, kind, ord, part, media_type, size, sealed, created_at)
		SELECT ?, 'frame', ord, part, 'image/jpeg', 1, 'x', UTC_TIMESTAMP(3)
		FROM (SELECT 0 AS ord, 0 AS part UNION SELECT 1, 0 UNION SELECT 1, 1) t", $attempt);
	db_do("INSERT INTO identity_evidence (attempt, provider, text, created_at) VALUES (?, 'cloud', 'x', UTC_TIMESTAMP(3))", $attempt);
	return { %$trip, attempt => $attempt };
}
sub faces { return db_value('SELECT COUNT(*) FROM face_material WHERE attempt = ?', $_[0]{attempt}) }
sub text  { return db_value('SELECT COUNT(text) FROM identity_evidence WHERE attempt = ?', $_[0]{attempt}) }
# Leaves the check so many days ago.
sub left {
	my ($trip, $to, $days) = @_;
	db_do("INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
		SELECT id, UTC_TIMESTAMP(6) - INTERVAL ? HOUR, 'expire', state, ?, 'cron', 'test-left', '' FROM application WHERE id = ?",
		$days * 24, $to, $trip->{id});
	db_do('UPDATE application SET last_event = (SELECT MAX(id) FROM event WHERE application = ?), state = ?
		WHERE id = ?', $trip->{id}, $to, $trip->{id});
}

my $keep = db_value("SELECT face_keep_days FROM project WHERE code = 'gzgjj'");
my %case = map { $_ => person() } qw(open review early due expired);
db_do("UPDATE identity_attempt SET state = 'failed', begun_at = UTC_TIMESTAMP(3) - INTERVAL 999 DAY WHERE id IN (?, ?)",
	map { $case{$_}{attempt} } qw(open review));
left($case{early}, 'awaiting_payment', $keep - 0.1);
left($case{due}, 'awaiting_payment', $keep + 0.1);
left($case{expired}, 'expired', $keep + 0.1);
my $before = db_value("SELECT COUNT(*) FROM identity_attempt WHERE faces_gone_at IS NOT NULL");
job(10_000_000);
for (qw(open review early)) {
	is faces($case{$_}), 3, "$_: stays";
	is text($case{$_}), 1, '... with what was said';
}
for (qw(due expired)) {
	is faces($case{$_}), 0, "$_: gone";
	is text($case{$_}), 0, '... with what was said';
	ok db_value('SELECT faces_gone_at FROM identity_attempt WHERE id = ?', $case{$_}{attempt}), '... and when';
}
my $mark = db_value('SELECT faces_gone_at FROM identity_attempt WHERE id = ?', $case{due}{attempt});
job(10_000_000);
is db_value('SELECT faces_gone_at FROM identity_attempt WHERE id = ?', $case{due}{attempt}), $mark, 'once';

# an upload that nobody worked on
db_do("INSERT INTO face_material (attempt, kind, ord, media_type, size, sealed, created_at)
	VALUES (?, 'raw', 0, 'video/mp4', 1, 'x', UTC_TIMESTAMP(3))", $case{$_}{attempt}) for qw(open early);
db_do("UPDATE identity_attempt SET state = 'handed_in' WHERE id = ?", $case{early}{attempt});
job(10_000_000);
is faces($case{open}), 3, 'an upload left behind by a failed attempt goes';
is faces($case{early}), 4, 'one that is worked on stays';

# the count: people, not pieces; the same one twice is one
my ($persons, $materials) = map { db_value("SELECT $_ FROM face_count ORDER BY counted_on DESC LIMIT 1") } qw(persons materials);
cmp_ok $persons, '>=', 3, 'people are counted';
cmp_ok $materials, '>=', 7, 'and their pictures and recordings';
is $materials, db_value('SELECT COUNT(*) FROM face_material WHERE part = 0'), 'a recording in parts is one';
db_do('UPDATE identity_attempt SET application = ? WHERE id = ?', $case{open}{id}, $case{review}{attempt});
job(10_000_000);
is db_value('SELECT persons FROM face_count ORDER BY counted_on DESC LIMIT 1'), $persons - 1, 'twice the same person is one';
person($case{open}{agent});
job(10_000_000);
is db_value('SELECT persons FROM face_count ORDER BY counted_on DESC LIMIT 1'), $persons - 1, '... in another application too';
is db_value('SELECT materials FROM face_count ORDER BY counted_on DESC LIMIT 1'), $materials + 2, '... with more material';
is db_value('SELECT COUNT(*) FROM face_count WHERE counted_on = DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR)'), 1, 'one row a day';

# the alarm, once a day
db_do("DELETE FROM outbox WHERE kind = 'face_alarm'");
my $n = $persons - 1;
job($n + 1);
is db_value("SELECT COUNT(*) FROM outbox WHERE kind = 'face_alarm'"), 0, 'one below: no alarm';
job($n) for 1 .. 2;
is db_value("SELECT COUNT(*) FROM outbox WHERE kind = 'face_alarm'"), 1, 'at the limit: one, however often it runs';

# the mail: a number, and nobody
others_wait();
db_do("UPDATE outbox SET due_at = UTC_TIMESTAMP(3) - INTERVAL 1 DAY WHERE kind = 'face_alarm'");
my $mailbox = any_email();
is work_off(config_with(face_alarm_count => $n, desk_email => $mailbox)), 0, 'the worker ends well';
my ($mail) = mails_to($mailbox);
others_go_on();
ok $mail, 'the desk has mail';
like $mail->{text} // '', qr/\b$n 人.*超过了设定的提醒数量.*admin\/faces/s, 'with the number and where to look';
ok index($mail->{text} // '', $case{$_}{agent}{name}) < 0, 'and nobody in it' for sort keys %case;

# the page
for my $role (qw(admin auditor)) {
	my $b = sign_in(hire($role));
	$b->get(intranet('/admin/faces'));
	is $b->status, 200, "a page for the $role";
	like $b->content, qr{<td>$n</td>.*100000}s, '... with the number and the law';
}
for my $role (qw(clerk producer accountant)) {
	my $b = sign_in(hire($role));
	$b->get(intranet('/admin/faces'));
	is $b->status, 403, "not for a $role";
}
done_testing;
