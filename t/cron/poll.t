# cron/poll: orders without a notification are asked about, orders that may not be paid
# any more are closed, and money is booked once by any number of workers.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Outbox;
use Yj::Wechatpay;

need_instance();
stop_cron();
pay_calm();
# what other tests left to be asked stays out of the way
db_do('UPDATE payment SET ask_at = NULL WHERE state = "open"');

my $browser = applicant();

sub states { return join ' ', map { "$_->{product}:$_->{state}" } payments($_[0]) }
sub known { return sim_order($_[0])->{state} }

# As if so many minutes had passed for an order.
sub older {
	my ($trip, $minutes) = @_;
	db_do('UPDATE payment SET created_at = created_at - INTERVAL ? MINUTE, ask_at = UTC_TIMESTAMP(3)
		WHERE application = ?', $minutes, $trip->{id});
}

# The payer was quicker than the applicant, and no notification has come so far.
sub paid_and_cancelled {
	my $trip = payable($browser);
	lose_notifications();
	pay_native($browser, $trip);
	db_do('UPDATE payment SET ask_at = NULL WHERE application = ?', $trip->{id});
	open_page($browser, 'apply/cancel', $trip->{application});
	submit_page($browser, {});
	older($trip, 6);
	return $trip;
}

# -- lost notifications --

lose_notifications();
my %way = (native => \&pay_native, h5 => \&pay_h5, jsapi => \&pay_jsapi);
for my $way (sort keys %way) {
	my $trip = payable($browser);
	$way{$way}->($browser, $trip);
	if ($way eq 'native') {
		poll();
		is state_of($trip), 'awaiting_payment', "$way: the notification was lost, and the time to ask has not come";
	}
	ask_all_now($trip);
	poll();
	is state_of($trip), 'awaiting_review', "$way: found by asking";
	is states($trip), "$way:paid", "$way: booked";
	is scalar(refunds($trip)), 0, "$way: nothing goes back";
}
pay_calm();

# -- closing --

my $trip = payable($browser);
begin_payment(desk_browser($browser), $trip, 'native');
ask_all_now($trip);
poll();
is states($trip), 'native:open', 'an order that waits for its payer is left open';
is known(order_of($trip)), 'NOTPAY', 'at the service too';
cmp_ok +(payments($trip))[0]{asks}, '>=', 1, 'it was asked about';
open_page($browser, 'apply/cancel', $trip->{application});
submit_page($browser, {});
is state_of($trip), 'cancelled', 'the applicant gives up';
ask_all_now($trip);
poll();
is states($trip), 'native:open', 'no order is closed in its first minutes';
older($trip, 6);
poll();
is known(order_of($trip)), 'CLOSED', 'then it is, at the service';
is states($trip), 'native:closed', 'and in the ledger';
is +(payments($trip))[0]{ask_at}, undef, 'and asked about no more';

# Paid in the moment before it is closed.
$trip = paid_and_cancelled();
poll();
is state_of($trip), 'awaiting_refund', 'money for a cancelled application is on its way back';
is states($trip), 'native:paid', 'booked as it came';
pay_calm();

# A service that says NOTPAY to the query and "paid" to the close.
$trip = paid_and_cancelled();
pay_faults('query', 'behind', 1);
poll();
is known(order_of($trip)), 'SUCCESS', 'an order that was paid is not closed';
is states($trip), 'native:paid', '... but asked about again, and booked';
is state_of($trip), 'awaiting_refund', '... and goes back';
pay_calm();

# Closed by the payer.
$trip = payable($browser);
begin_payment(desk_browser($browser), $trip, 'native');
my $number = order_of($trip);
open_page($browser, 'apply/cancel', $trip->{application});
submit_page($browser, {});
cashier((keys %{ sim_order($number)->{tickets} })[0], 'close');
older($trip, 6);
poll();
is states($trip), 'native:closed', 'one that the payer closed is closed';

# Money for an order that is closed in the ledger.
push_notification(sealed_notification('TRANSACTION.SUCCESS', trade($number, $trip->{price_fen})));
poll();
is states($trip), 'native:paid', 'money that comes after the close is booked';
is state_of($trip), 'awaiting_refund', 'and goes back';

# An order that never came to the service: a prepay may be on its way.
$trip = payable($browser);
pay_faults('prepay', 'down', 1);
begin_payment(desk_browser($browser), $trip, 'native');
is states($trip), 'native:open', 'a prepay that failed leaves an order';
older($trip, 30);
poll();
is states($trip), 'native:open', 'unknown at the service, and left open: the page may still send it';
db_do('UPDATE application SET deadline_at = UTC_TIMESTAMP() WHERE id = ?', $trip->{id});
open_page($browser, 'apply/cancel', $trip->{application});
submit_page($browser, {});
older($trip, 6);
poll();
is states($trip), 'native:open', 'even when nobody wants it any more';
# its end cannot be moved, only waited for: another one, which was made to end now
db_do('DELETE FROM payment WHERE application = ?', $trip->{id});
my $past = payable($browser);
db_do('INSERT INTO payment (application, out_trade_no, product, appid, mchid, amount_fen, created_at, expires_at,
	ask_at) VALUES (?, ?, "native", "a", "m", ?, UTC_TIMESTAMP() - INTERVAL 2 HOUR, UTC_TIMESTAMP() - INTERVAL 1 SECOND,
	UTC_TIMESTAMP(3))', $past->{id}, "yjpast$$", $past->{price_fen});
poll();
is states($past), 'native:closed', 'when its time is over it can no longer arrive: closed';

# -- twice --

$trip = payable($browser);
begin_payment($browser, $trip, 'jsapi');
my $first = order_of($trip, 'jsapi');
pay_native($browser, $trip);
my ($ticket) = keys %{ sim_order($first)->{tickets} };
cashier($ticket, 'pay');
poll();
is states($trip), 'jsapi:paid native:paid', 'an application that is paid twice';
is join(' ', sort map { $_->{booked_as} } payments($trip)), 'excess fee', 'has one fee';
is join(' ', map { "$_->{cause} $_->{state} $_->{amount_fen}" } refunds($trip)),
	"excess requested $trip->{price_fen}", 'the other goes back, when an accountant agrees';
is state_of($trip), 'awaiting_review', 'and it moves on once';

# -- several workers --

my @trips = map { payable($browser) } 1 .. 6;
begin_payment(desk_browser($browser), $_, 'native') for @trips;
pay_faults('notification', 'twice');
cashier((keys %{ sim_order(order_of($_))->{tickets} })[0], 'pay') for @trips;
pay_calm();
ask_all_now(@trips);
my @pids = map { start_poll(0) } 1 .. 4;
my $bad = 0;
for (@pids) { waitpid $_, 0; $bad += $? != 0 }
is $bad, 0, 'four workers at once end well';
is join(' ', map { state_of($_) } @trips), join(' ', ('awaiting_review') x @trips), 'and all is paid';
is db_value('SELECT COUNT(*) FROM event WHERE event = "paid" AND application IN ('
	. join(',', map { $_->{id} } @trips) . ')'), scalar(@trips), 'once each';
is db_value('SELECT COUNT(*) FROM refund WHERE application IN (' . join(',', map { $_->{id} } @trips) . ')'), 0,
	'with nothing to give back';
is db_value('SELECT COUNT(*) FROM wechatpay_notice WHERE done_at IS NULL'), 0, 'no notification is left';

# -- an unreadable notification does not hold up the rest --

my @stuck = map { sealed_notification('COUPON.USE', trade("yjstuck$_", 1), id => "EV-0-$$-$_") } 1, 2;
push_notification($_) for @stuck;
$trip = payable($browser);
pay_native($browser, $trip);
# and one whose worker died with it in its hands
db_do('UPDATE wechatpay_notice SET result = "taken", received_at = UTC_TIMESTAMP() - INTERVAL 1 MINUTE
	WHERE id = ?', "EV-0-$$-2");
poll();
is state_of($trip), 'awaiting_review', 'a good one behind two bad ones is booked';
is join(' ', map { notification_row($_)->{result} } @stuck), 'bad_value bad_value', 'the bad ones are marked';

# -- the service on a bad day --

$trip = payable($browser);
lose_notifications();
pay_native($browser, $trip);
for my $what (qw(down garbage unsigned forged probe stale stranger FREQUENCY_LIMITED SYSTEM_ERROR SIGN_ERROR)) {
	pay_faults('query', $what);
	ask_all_now($trip);
	is poll(), 0, "query $what: the job ends well";
	is states($trip), 'native:open', "query $what: nothing is believed";
	ok +(payments($trip))[0]{ask_at}, "query $what: and it is asked again later";
}
pay_calm();
ask_all_now($trip);
poll();
is state_of($trip), 'awaiting_review', 'on a good day it is found';

# An alarm is said once a run.
@trips = map { payable($browser) } 1 .. 3;
begin_payment(desk_browser($browser), $_, 'native') for @trips;
pay_faults('query', 'SIGN_ERROR');
ask_all_now(@trips);
my $log = env('YJ_VAR') . '/log/poll-test.log';
my $size = -s $log;
poll();
open my $file, '<', $log or die $!;
seek $file, $size, 0;
is scalar(grep { /event=poll.alarm/ } <$file>), 1, 'a key that is refused is an alarm, once a run';
pay_calm();

# Not set up: nothing to do, and nothing wrong.
is poll(config_with(map { $_ => undef } qw(wechatpay_mchid wechatpay_serial wechatpay_key_file
	wechatpay_public_key_file wechatpay_public_key_id wechatpay_certificate_dir wechatpay_api_url))), 0, 'without a merchant the job ends';
done_testing();
