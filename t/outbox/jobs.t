# The daily and hourly jobs: reminders of a draft, and what a deadline does.
use Yj;
use Yj::Outbox;

need_instance();
stop_cron();

sub job {
	my ($name) = @_;
	my ($exit, undef, $err) = run_program("cron/$name");
	is($exit, 0, "$name runs") or diag $err;
}

# A draft left alone for so many days.
sub draft {
	my ($days, %column) = @_;
	my $id = some_application(%column);
	db_do('UPDATE application SET created_at = created_at - INTERVAL ? DAY,
		state_since = state_since - INTERVAL ? DAY, deadline_at = deadline_at - INTERVAL ? DAY
		WHERE id = ?', $days, $days, $days, $id);
	return $id;
}
sub reminders {
	return join ' ', map { $_->{k} =~ s/^remind-\d+-//r } db_rows('SELECT idempotency_key AS k
		FROM outbox WHERE kind = "reminder" AND application = ? ORDER BY id', $_[0]);
}

my %draft = map { $_ => draft($_) } 2, 3, 9, 10, 25, 31;
my $touched = draft(5);
db_do('INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
	VALUES (?, UTC_TIMESTAMP(6) - INTERVAL 1 DAY, "save", "awaiting_company", "awaiting_company",
	"applicant", "t", "")', $touched);
db_do('UPDATE application SET last_event = LAST_INSERT_ID() WHERE id = ?', $touched);
my $reviewed = draft(5, state => 'awaiting_review');
job('remind');
is(reminders($draft{2}), '', 'two days are no reason');
is(reminders($draft{3}), '3', 'three are');
is(reminders($draft{9}), '3', 'nine are the same');
is(reminders($draft{10}), '10', 'ten are the second reason; the first is passed over');
is(reminders($draft{25}), '10', 'and so are more');
is(reminders($draft{31}), '', 'not when the deadline is over');
is(reminders($touched), '', 'not when it was worked on yesterday');
is(reminders($reviewed), '', 'not what is ours to do');
job('remind');
is(join('|', map { reminders($draft{$_}) } 3, 10), '3|10', 'once each');
db_do('UPDATE application SET created_at = created_at - INTERVAL 7 DAY WHERE id = ?', $draft{3});
job('remind');
is(reminders($draft{3}), '3 10', 'a week later comes the second');

# ---- deadlines

my $overdue = draft(31, state => 'awaiting_company');
my $early = draft(29, state => 'awaiting_company');
my $silent = draft(31, state => 'awaiting_agreement');
my $waiting = draft(31, state => 'awaiting_review');
my $parcel = draft(31, state => 'awaiting_receipt');
sub state_of_id { return db_value('SELECT state FROM application WHERE id = ?', $_[0]) }
sub events_of {
	return join ' ', map { "$_->{event}" } db_rows('SELECT event FROM event
		WHERE application = ? ORDER BY id', $_[0]);
}
my @jobs = map { fork // die } 1;
if (!$jobs[0]) { exec { built('cron/expire') } 'expire' or exit 1 }
job('expire');
waitpid $jobs[0], 0;
is($?, 0, 'and another beside it');
is(state_of_id($overdue), 'expired', 'a draft past its deadline has expired');
is(events_of($overdue), 'expire', 'by one event');
is(db_value('SELECT COUNT(*) FROM outbox WHERE application = ? AND kind = "expired"', $overdue), 1,
	'and is told so once');
is(state_of_id($early), 'awaiting_company', 'one day before, it has not');
is(state_of_id($silent), 'expired', 'so has one that was never begun');
is(db_value('SELECT COUNT(*) FROM outbox WHERE application = ?', $silent), 0, 'without a word');
is(state_of_id($waiting), 'awaiting_review', 'what is ours to do stays');
is(events_of($waiting), 'escalate', 'but somebody is told');
is(db_value('SELECT deadline_at > UTC_TIMESTAMP() FROM application WHERE id = ?', $waiting), 1,
	'and a new deadline runs');
is(state_of_id($parcel), 'completed', 'a parcel nobody asked for was received');
job('expire');
is(events_of($waiting), 'escalate', 'nothing happens twice');

# out of the way of others
db_do('UPDATE outbox SET done_at = UTC_TIMESTAMP() WHERE done_at IS NULL AND application IN ('
	. join(',', values %draft, $overdue, $early, $silent, $waiting, $parcel) . ')');
done_testing();
