#!/usr/bin/perl
# Three workers, a service that fails half of the time, and kill -9 all the
# while: every row is delivered, and twice only where the outcome was unknown.
#
# YJ_OUTBOX_ROWS sets how many rows (150; ./dev fault takes 1000), YJ_SEED
# repeats the choice of workers to kill.
use Yj;
use Yj::Outbox;
use Time::HiRes qw(sleep time);

need_instance();
stop_cron();
my $rows = $ENV{YJ_OUTBOX_ROWS} // 150;
my $every_s = $rows >= 1000 ? 1 : 0.25;
my $limit_s = 30 + $rows / 5;
my $seed = $ENV{YJ_SEED} // time;
srand $seed;
note "YJ_SEED=$seed";

# Half is done and told; the other half: refused, lost before, lost after.
my $service = Yj::Outbox::Service->new(sub {
	my $chance = rand;
	return $chance < 0.5 ? 'done' : $chance < 0.7 ? 'busy' : $chance < 0.8 ? 'nonsense'
		: $chance < 0.9 ? 'dropped' : 'lost';
}, 0.04);
my $config = config_with(%{ $service->config });
others_wait();
my $application = some_application();
my @ids = map { promise(application => $application) } 1 .. $rows;
my ($first, $last) = @ids[0, -1];
my $mine = "id BETWEEN $first AND $last AND done_at IS NULL";

my @workers = map { start_worker($config, 3600) } 1 .. 3;
my ($kills, $killed_with, $began, $next) = (0, 0, time, time + $every_s);
my $left = $rows;
while ($left && time - $began < $limit_s) {
	sleep 0.1;
	# pauses pass quickly here
	db_do("UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE $mine AND claimed_by IS NULL
		AND due_at > UTC_TIMESTAMP(3)");
	# … and so does a dead worker's lease; its last COMMIT may come after it
	$killed_with += db_do("UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE $mine
		AND due_at > UTC_TIMESTAMP(3) AND claimed_by NOT REGEXP ?", ':(' . join('|', @workers) . '):');
	$left = db_value("SELECT COUNT(*) FROM outbox WHERE $mine");
	next if time < $next || !$left;
	my $slot = int rand @workers;
	my $pid = $workers[$slot];
	kill KILL => $pid;
	waitpid $pid, 0;
	$kills++;
	$workers[$slot] = start_worker($config, 3600);
	$next = time + $every_s;
}
my $took = time - $began;
kill TERM => @workers;
waitpid $_, 0 for @workers;
others_go_on();

is($left, 0, "all $rows rows are done");
is(db_value("SELECT COUNT(*) FROM outbox WHERE id BETWEEN $first AND $last AND parked_at IS NOT NULL"), 0,
	'none was parked');
is(db_value("SELECT COUNT(*) FROM outbox WHERE id BETWEEN $first AND $last AND claimed_by IS NOT NULL"), 0,
	'none is in anybody\'s hands');
cmp_ok($kills, '>=', $rows >= 1000 ? 10 : 5, "$kills workers were killed, $killed_with with a row");

# What the service saw. A message that it took over may come again only when
# the worker could not know: it was not told, or it was killed.
my (%taken, %untold, %outcome);
for (map { @$_ } [$service->said]) {
	my ($id, $outcome) = @$_;
	$outcome{$outcome}++;
	my $done = $outcome =~ /^(done|lost|nonsense)$/;
	$taken{$id}++ if $done;
	$untold{$id}++ if $done && $outcome ne 'done';
}
my %key = map { message_id($_->{k}) => 1 } db_rows("SELECT idempotency_key AS k FROM outbox
	WHERE id BETWEEN $first AND $last");
is(scalar(grep { !$taken{$_} } keys %key), 0, 'the service has each of them');
is(scalar(grep { !$key{$_} } keys %taken), 0, 'and nothing else');
my ($again, $known) = (0, 0);
for my $id (keys %taken) {
	$again += $taken{$id} - 1;
	my $unavoidable = $untold{$id} // 0;
	$known += $taken{$id} - 1 - $unavoidable if $taken{$id} - 1 > $unavoidable;
}
cmp_ok($known, '<=', $killed_with, 'repeated though told: only what a killed worker had in hand');
is(db_value('SELECT COUNT(DISTINCT idempotency_key) FROM wechat_message WHERE idempotency_key LIKE ?',
	"test-$$-%"), $rows, 'each has its receipt');
diag sprintf "%d rows in %.1f s, %d kills (%d with a row in hand); the service saw %d messages: %s",
	$rows, $took, $kills, $killed_with, scalar @{ [$service->said] },
	join ', ', map { "$outcome{$_} $_" } sort keys %outcome;
diag sprintf '%d repeated, all with the same client_msg_id: %d after an answer that did not come, %d after a kill',
	$again, $again - $known, $known;
done_testing();
