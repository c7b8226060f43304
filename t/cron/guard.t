# One bad row ends neither a worker nor what stands behind the row: it is counted,
# put off, and parked after its last try with class and reason. The errors are real
# ones: triggers of this test's own refuse what a worker writes about the row.
use Yj;
use Yj::Identity;
use Yj::Journey;
use Yj::Outbox;
use Yj::Staff;
use Yj::Wechatpay;

need_instance();
stop_cron();
others_wait();

my @triggers;
# As a table whose column is too short, or a constraint that somebody forgot.
sub break_row {
	my ($table, $when, $condition) = @_;
	my $name = 't_guard_' . @triggers;
	db_do("CREATE TRIGGER $name BEFORE $when ON $table FOR EACH ROW
		BEGIN IF $condition THEN SIGNAL SQLSTATE '22003' SET MYSQL_ERRNO = 1264, MESSAGE_TEXT = 'made by a test'; END IF; END");
	push @triggers, $name;
}
sub mend_rows { db_do("DROP TRIGGER IF EXISTS $_") for splice @triggers }
END { local $?; mend_rows() if $triggers[0] }

sub job {
	my ($name, $config) = @_;
	defined(my $pid = fork) or die "fork: $!";
	if (!$pid) {
		open STDERR, '>>', env('YJ_VAR') . '/log/guard-test.log';
		%ENV = (PATH => '/usr/bin:/bin', YJ_CONFIG => $config // env('YJ_CONFIG'));
		exec { built("cron/$name") } $name, $name =~ /^(?:outbox|poll|identity)$/ ? 0 : () or POSIX::_exit(127);
	}
	waitpid $pid, 0;
	return $?;
}
sub fault { return (db_rows('SELECT *, parked_at IS NOT NULL AS parked, due_at > UTC_TIMESTAMP(3) AS waits
	FROM job_fault WHERE job = ? AND item = ?', @_))[0] }

# -- the outbox: one row of a hundred
my $service = Yj::Outbox::Service->new(sub { 'done' });
my $config = config_with(%{ $service->config });
my @id = map { promise(application => some_application()) } 1 .. 100;
my $bad = $id[3];
break_row('outbox', 'UPDATE', "NEW.id = $bad AND NEW.done_at IS NOT NULL");
is(job('outbox', $config), 0, 'the worker ends in peace');
is(db_value('SELECT COUNT(*) FROM outbox WHERE done_at IS NOT NULL AND id IN (' . join(',', @id) . ')'), 99,
	'99 of 100 are done in the same run');
my $row = row($bad);
ok(!$row->{done_at} && !$row->{parked_at} && !$row->{claimed_by}, 'the bad one comes again');
is($row->{attempts}, 1, 'is counted');
is($row->{error_class}, 'fault', 'has its class');
like($row->{error}, qr/^fault: database: 1264/, 'and its reason');
cmp_ok(db_value('SELECT TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), due_at) FROM outbox WHERE id = ?', $bad), '>', 200, 'and is put off');
db_do('UPDATE outbox SET attempts = 79, due_at = UTC_TIMESTAMP(3) WHERE id = ?', $bad);
my $behind = promise(application => some_application());
is(job('outbox', $config), 0, 'and again');
$row = row($bad);
ok($row->{parked_at} && $row->{error_class} eq 'fault' && $row->{attempts} == 80, 'after the last try it is parked, with its class');
ok(row($behind)->{done_at}, 'what stands behind it is done');
mend_rows();
db_do('UPDATE outbox SET parked_at = NULL, attempts = 0, due_at = UTC_TIMESTAMP(3) WHERE id = ?', $bad);
job('outbox', $config);
ok(row($bad)->{done_at}, 'mended, it is done');
is(scalar(grep { $_->[0] eq message_id(row($bad)->{idempotency_key}) } $service->said), 1,
	'and nothing was said twice that the service had taken over');

# -- not the rows: twenty that fail one after another end the run
@id = map { promise(application => some_application()) } 1 .. 30;
break_row('outbox', 'UPDATE', 'NEW.id >= ' . $id[0] . ' AND NEW.done_at IS NOT NULL');
isnt(job('outbox', $config), 0, 'where every row fails the run ends');
is(db_value('SELECT COUNT(*) FROM outbox WHERE attempts > 0 AND id IN (' . join(',', @id) . ')'), 20, 'after twenty');
mend_rows();
db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE done_at IS NULL AND id IN (' . join(',', @id) . ')');
job('outbox', $config);
is(db_value('SELECT COUNT(*) FROM outbox WHERE done_at IS NOT NULL AND id IN (' . join(',', @id) . ')'), 30, 'mended, all are done');
others_go_on();

# -- a signal that the row brings: SIGSEGV to the process that has it in hand
others_wait();
{
	my $slow = Yj::Outbox::Service->new(sub { 'done' }, 20);
	my $row = promise(application => some_application());
	my $pid = start_worker(config_with(%{ $slow->config }), 0);
	my $child;
	for (1 .. 50) {
		select undef, undef, undef, 0.1;
		next unless row($row)->{claimed_by};
		($child) = map { /(\d+)/g } slurp("/proc/$pid/task/$pid/children");
		last if $child;
	}
	ok($child, 'the work is done in a process of its own');
	kill SEGV => $child;
	waitpid $pid, 0;
	is($?, 0, 'a crash does not end the worker');
	is(row($row)->{error_class} . ' ' . row($row)->{error}, 'fault signal: signal 11', 'and is booked at the row');

	# killed with its worker, and at once
	$row = promise(application => some_application());
	$pid = start_worker(config_with(%{ $slow->config }), 0);
	for (1 .. 50) { select undef, undef, undef, 0.1; last if row($row)->{claimed_by} }
	($child) = map { /(\d+)/g } slurp("/proc/$pid/task/$pid/children");
	kill KILL => $pid;
	waitpid $pid, 0;
	my $lives = sub { -e "/proc/$child/status" && slurp("/proc/$child/status") !~ /^State:\s*Z/m };
	for (1 .. 40) { last unless $lives->(); select undef, undef, undef, 0.05 }
	ok(!$lives->(), 'a worker that is killed takes its process along');
	ok(row($row)->{claimed_by} && !row($row)->{done_at}, 'and the row waits for the end of its lease');
	db_do('UPDATE outbox SET parked_at = UTC_TIMESTAMP(), given_up_at = UTC_TIMESTAMP() WHERE id = ?', $row);
}
others_go_on();

# -- payments: notifications and orders
{
	pay_calm();
	poll(); # what other tests left
	db_do('UPDATE payment SET ask_at = NULL WHERE state = "open"');
	my %old = map { $_->{id} => 1 } db_rows('SELECT id FROM wechatpay_notice');
	for (1 .. 3) {
		my $browser = applicant();
		pay_native($browser, payable($browser));
	}
	my @notification;
	for (1 .. 50) {
		@notification = grep { !$old{$_} } map { $_->{id} } db_rows('SELECT id FROM wechatpay_notice ORDER BY received_at');
		last if @notification >= 3;
		select undef, undef, undef, 0.1;
	}
	is(scalar @notification, 3, 'three notifications wait');
	break_row('wechatpay_notice', 'UPDATE', "NEW.id = '$notification[0]' AND NEW.done_at IS NOT NULL");
	is(job('poll'), 0, 'cron/poll ends in peace');
	is(db_value('SELECT COUNT(*) FROM wechatpay_notice WHERE done_at IS NOT NULL AND id IN (?, ?, ?)', @notification), 2,
		'the notifications behind a bad one are booked in the same run');
	my $f = fault('poll.notice', $notification[0]);
	is("$f->{attempts} $f->{class} $f->{parked} $f->{waits}", '1 fault 0 1', 'the bad one is counted and put off');
	db_do("UPDATE wechatpay_notice SET received_at = received_at - INTERVAL 60 SECOND WHERE id = ?", $notification[0]);
	job('poll');
	is(fault('poll.notice', $notification[0])->{attempts}, 1, 'and not met again before its time');
	db_do('UPDATE job_fault SET attempts = 79, due_at = UTC_TIMESTAMP(3) WHERE item = ?', $notification[0]);
	job('poll');
	$f = fault('poll.notice', $notification[0]);
	is("$f->{attempts} $f->{parked}", '80 1', 'parked after the last try');
	like($f->{reason}, qr/^database: 1264/, 'with its reason');
	mend_rows();
	db_do('UPDATE job_fault SET parked_at = NULL, attempts = 1, due_at = UTC_TIMESTAMP(3) WHERE item = ?', $notification[0]);
	job('poll');
	ok(!fault('poll.notice', $notification[0]), 'mended, nothing is counted any more');
	ok(db_value('SELECT done_at FROM wechatpay_notice WHERE id = ?', $notification[0]), 'and it is booked');
}

# -- identity checks: the person is not left waiting
{
	my @trip = map { my $t = to_identity(my $b = applicant()); $t->{browser} = $b; choose($b, $t, 'recorded', 1);
		show_steps($b, $t); hand_in($b, recording('good')); $t } 1 .. 2;
	my @attempt = map { (attempts($_))[-1]{id} } @trip;
	break_row('face_material', 'INSERT', "NEW.attempt = $attempt[0] AND NEW.kind <> 'raw'");
	is(job('identity'), 0, 'cron/identity ends in peace');
	isnt((attempts($trip[1]))[-1]{state}, 'handed_in', 'the recording behind a bad one is looked at in the same run');
	my $f = fault('identity', $attempt[0]);
	is("$f->{attempts} $f->{class} $f->{parked}", '1 fault 0', 'the bad one is counted');
	ok(db_value('SELECT ABS(TIMESTAMPDIFF(SECOND, e.ask_at, f.due_at)) <= 1 AND f.due_at >= f.last_at + INTERVAL 29 SECOND
		FROM identity_evidence e JOIN job_fault f ON f.item = e.attempt WHERE e.attempt = ?', $attempt[0]), '... and put off');
	for my $try (2 .. 5) {
		is((attempts($trip[0]))[-1]{state}, 'handed_in', "before try $try it waits");
		db_do('UPDATE identity_evidence SET ask_at = UTC_TIMESTAMP(3) WHERE attempt = ?', $attempt[0]);
		job('identity');
	}
	$f = fault('identity', $attempt[0]);
	is("$f->{attempts} $f->{parked}", '5 1', 'parked after its last try');
	is((attempts($trip[0]))[-1]{state}, 'repeat', 'and the person may begin again, at no cost');
	open_page($trip[0]{browser}, 'apply/identity', $trip[0]{application});
	like($trip[0]{browser}->text, qr/系统暂时无法处理录像，请稍后再试/, '... and is told so');
	mend_rows();
	db_do('DELETE FROM job_fault WHERE item = ?', $attempt[0]);
}

# -- batches: deadlines, reminders, faces
{
	my @old = map { some_application() } 1 .. 3;
	db_do('UPDATE application SET deadline_at = UTC_TIMESTAMP() - INTERVAL 1 DAY WHERE id IN (?, ?, ?)', @old);
	break_row('event', 'INSERT', "NEW.application = $old[0]");
	is(job('expire'), 0, 'cron/expire ends in peace');
	is(db_value("SELECT GROUP_CONCAT(state ORDER BY id SEPARATOR ' ') FROM application WHERE id IN (?, ?, ?)", @old),
		'awaiting_company expired expired', 'what stands behind a bad application expires in the same run');
	my $f = fault('cron/expire', $old[0]);
	is("$f->{attempts} $f->{class}", '1 fault', 'it is counted');
	job('expire');
	is(fault('cron/expire', $old[0])->{attempts}, 1, 'and not met again before its time');

	my $admin = sign_in(hire('admin'));
	$admin->get(intranet('/admin/outbox'));
	like($admin->text, qr/处理时出错的.*到期处理\s*$old[0]\s*会自动重试.*database: 1264/s, 'an admin sees it, and why');

	mend_rows();
	db_do('UPDATE job_fault SET due_at = UTC_TIMESTAMP(3) WHERE item = ?', $old[0]);
	job('expire');
	is(db_value('SELECT state FROM application WHERE id = ?', $old[0]), 'expired', 'mended, it expires');
	ok(!fault('cron/expire', $old[0]), 'and nothing is counted any more');
}
is(db_value('SELECT COUNT(*) FROM job_fault'), 0, 'no fault is left');
done_testing;
