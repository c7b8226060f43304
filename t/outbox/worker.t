# Rows of the outbox: done, tried again, parked; and which account may add which kind.
use Yj;
use Yj::Account;
use Yj::Outbox;

need_instance();
stop_cron();
others_wait();

my $next = 'done';
my $service = Yj::Outbox::Service->new(sub { $_[1] =~ /"touser":"([a-z]+)-/ ? $1 : 'done' });
my $config = config_with(%{ $service->config });

# A row whose application's openid says how the service takes it.
sub promised {
	my ($outcome, %column) = @_;
	my $application = some_application();
	db_do('UPDATE applicant SET openid = ? WHERE id = (SELECT applicant FROM application WHERE id = ?)',
		"$outcome-$application-$$", $application);
	return promise(application => $application, %column);
}
sub wait_of { return db_value('SELECT TIMESTAMPDIFF(MICROSECOND, UTC_TIMESTAMP(3), due_at) / 1e6
	FROM outbox WHERE id = ?', $_[0]) }

my %id = map { $_ => promised($_) } qw(done busy dropped lost nonsense blocked);
my $future = promised('done', due_at => '2999-01-01');
my $foreign = promised('done', claimed_by => 'other:1:x', due_at => '2999-01-01');
my $orphan = promised('done', claimed_by => 'dead:1:x', attempts => 1);
my $nowhere = promised('done', kind => 'no_such_kind');
my $nobody = promise(kind => 'approved');
is(work_off($config), 0, 'the worker ends when nothing is due');

my $row = row($id{done});
ok($row->{done_at} && !$row->{claimed_by} && $row->{attempts} == 1, 'what is done is done');
is($row->{error_class}, 'ok', 'and called so');
for ([busy => 'retry_later'], [dropped => 'unknown'], [lost => 'unknown'], [nonsense => 'unknown']) {
	my ($outcome, $class) = @$_;
	$row = row($id{$outcome});
	is($row->{error_class}, $class, "$outcome is $class");
	ok(!$row->{done_at} && !$row->{parked_at} && !$row->{claimed_by}, '… and comes again');
	my $wait = wait_of($id{$outcome});
	ok($wait > 2 && $wait <= 10, "… after a pause ($wait s)");
	like($row->{error}, qr/\S/, '… with the service\'s words') if $outcome ne 'x';
}
$row = row($id{blocked});
ok($row->{done_at} && !$row->{parked_at}, 'who refuses and has no e-mail: nobody is there to tell');
like($row->{error}, qr/no e-mail address/, 'and a note says so');
ok(!row($future)->{attempts}, 'what is not due is left alone');
is(row($foreign)->{claimed_by}, 'other:1:x', 'and so is what another has');
$row = row($orphan);
ok($row->{done_at} && $row->{attempts} == 2, 'what a dead worker left is done');
$row = row($nowhere);
is($row->{error_class}, 'alarm', 'a kind without a channel is an alarm');
cmp_ok(wait_of($nowhere), '>', 200, 'and waits longer');
ok(row($nobody)->{parked_at}, 'a message about nothing is parked');

# again: the same key, and the pause doubles
make_due(@id{qw(busy dropped lost)});
work_off($config);
my $wait = wait_of($id{busy});
ok($wait > 8 && $wait <= 20, "the second pause is longer ($wait s)");
my $key = row($id{lost})->{idempotency_key};
is(scalar(grep { $_->[0] eq message_id($key) } $service->said), 2, 'a repetition has the same client_msg_id');
db_do('UPDATE outbox SET attempts = 79, due_at = UTC_TIMESTAMP(3) WHERE id = ?', $id{busy});
work_off($config);
ok(row($id{busy})->{parked_at}, 'after eighty attempts it is parked');

# a worker that is told to end finishes what it has
my $pid = start_worker($config, 60);
sleep 1;
kill TERM => $pid;
waitpid $pid, 0;
is($?, 0, 'TERM ends a worker in peace');
my $soon = promised('done');
$pid = start_worker($config, 60);
my $done;
for (1 .. 30) { select undef, undef, undef, 0.1; last if $done = row($soon)->{done_at} }
my $late = promised('done');
for (1 .. 40) { select undef, undef, undef, 0.1; last if row($late)->{done_at} }
my $took = db_value('SELECT TIMESTAMPDIFF(MICROSECOND, created_at, done_at) / 1e6 FROM outbox WHERE id = ?', $late);
ok(defined $took && $took < 2.5, 'what is promised while a worker runs is done within seconds (' . ($took // 'never') . ')');
kill TERM => $pid;
waitpid $pid, 0;

# what waits too long for us is told to the desk, unless it has moved on
sub escalated {
	my ($to) = @_;
	my $application = some_application(state => 'awaiting_review');
	db_do('INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
		VALUES (?, UTC_TIMESTAMP(6), "escalate", ?, ?, "cron", "t", "")', $application, $to, $to);
	return promise(application => $application, event => db_value('SELECT LAST_INSERT_ID()'), kind => 'escalated');
}
my ($waits, $moved) = (escalated('awaiting_review'), escalated('awaiting_identity_review'));
work_off(config_with(%{ $service->config }, desk_email => undef));
is(row($waits)->{error}, 'desk_email is not set', 'without a mailbox the desk cannot be told');
ok(row($moved)->{done_at}, 'and need not be, of what has moved on');
make_due($waits);
work_off(config_with(%{ $service->config }, desk_email => 'desk@yuanjian.example'));
ok(row($waits)->{done_at}, 'with one it is') or diag row($waits)->{error};

others_go_on();

# every effect of the flow has a way out
my @effects = map { $_->{e} } db_rows('SELECT DISTINCT effect AS e FROM flow_transition WHERE effect <> ""');
my $channels = slurp(top() . '/cron/outbox.c');
my @without = grep { my $file = tr/_/-/r; !-f top() . "/messages/$file.xml" && $channels !~ /\{ "$_", deliver_/ } @effects;
is("@without", '', 'each effect of the flow has a template or a channel');

# which account may add which kind
my %part = map { $_ => part_db($_) } qw(apply cron);
sub add {
	my ($part, $kind, $key) = @_;
	my $call = $part{$part}->prepare('CALL outbox_add(?, NULL, ?, NULL)');
	return eval { $call->execute($kind, $key); my ($said) = $call->fetchrow_array; 1 while $call->more_results; $said }
		// ($@ =~ /not a kind of this account/ ? 'refused' : $@);
}
is(add('cron', 'reminder', "test-$$-r"), 'added', 'a job promises a reminder');
is(add('cron', 'reminder', "test-$$-r"), 'repeated', 'once');
is(add('apply', 'approved', "test-$$-a"), 'refused', 'an applicant\'s page promises no approval');
is(add('cron', 'approved', "test-$$-b"), 'refused', 'neither does a job');
db_do('UPDATE outbox SET parked_at = UTC_TIMESTAMP(), given_up_at = UTC_TIMESTAMP()
	WHERE idempotency_key LIKE ? AND done_at IS NULL', "test-$$-%");
done_testing();
