# cron/poll: money is booked from a notification only when the service signed it; for one
# without proof the service is asked, and the desk is told.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Journey;
use Yj::Mailbox;
use Yj::Outbox;
use Yj::Wechatpay;

need_instance();
stop_cron();
pay_calm();
db_do('UPDATE payment SET ask_at = NULL WHERE state IN ("open", "closed")');
db_do('DELETE FROM outbox WHERE kind = "notice_alarm"');

my $browser = applicant();
my $push = part_db('push');

sub states { return join ' ', map { $_->{state} } payments($_[0]) }
sub alarms { return db_value('SELECT COUNT(*) FROM outbox WHERE kind = "notice_alarm"') }

# An order that waits for its payer; nobody asks about it by itself.
sub waiting {
	my $trip = payable($browser);
	begin_payment(desk_browser($browser), $trip, 'native');
	$trip->{number} = order_of($trip);
	db_do('UPDATE payment SET ask_at = NULL WHERE application = ?', $trip->{id});
	return $trip;
}

sub paid_notification { return sealed_notification('TRANSACTION.SUCCESS', trade($_[0]{number}, $_[0]{price_fen})) }

# As the public side's account could write it. Options: hours (so long ago),
# headers => { … } as signed_headers gives them, undef for none.
sub put_row {
	my ($body, %with) = @_;
	my %header = map { my $name = $_; $name =~ s/^Wechatpay-//; $name => $with{headers}{$_} } keys %{ $with{headers} // {} };
	my $put = $push->prepare('INSERT INTO wechatpay_notice (body, id, event_type, signed_at, nonce, signature, serial,
		received_at) VALUES (?, ?, "TRANSACTION.SUCCESS", ?, ?, ?, ?, UTC_TIMESTAMP(3) - INTERVAL ? HOUR)');
	$put->bind_param(1, $body, DBI::SQL_BLOB()); # bytes
	my $n = 1;
	$put->bind_param(++$n, $_) for JSON->new->utf8->decode($body)->{id}, @header{qw(Timestamp Nonce Signature Serial)},
		$with{hours} // 0;
	$put->execute;
	return $body;
}

# -- nobody paid, and a row says so --

my $other_key = env('YJ_VAR') . '/run/wechatpay-other.key';
system("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out '$other_key' 2>/dev/null") == 0 or die;
my %forgery = (
	unsigned => [
		[ 'no signature at all' => sub { () } ],
		[ 'a time that is none' => sub { (signed_headers($_[0]), 'Wechatpay-Timestamp' => '1e9') } ],
		[ 'no serial' => sub { (signed_headers($_[0]), 'Wechatpay-Serial' => undef) } ],
	],
	forged => [
		[ 'signed with another key' => sub { signed_headers($_[0], key => $other_key) } ],
		[ 'signed by the merchant' => sub { signed_headers($_[0], key => env('YJ_VAR') . '/wechatpay-key.pem') } ],
		[ 'the signature of another notification' => sub { signed_headers($_[0], signed => paid_notification($_[1])) } ],
		[ 'another nonce' => sub { (signed_headers($_[0]), 'Wechatpay-Nonce' => 'n' x 32) } ],
	],
	unknown_serial => [ [ 'a key of nobody' => sub { signed_headers($_[0], key => $other_key, serial => 'PUB_KEY_ID_9') } ] ],
	stale => [ [ 'one from an hour before it came' => sub { signed_headers($_[0], timestamp => time - 3600) } ] ],
	probe => [ [ 'a probe' => sub { signed_headers($_[0], prefix => 'WECHATPAY/SIGNTEST/') } ] ],
);
for my $reason (sort keys %forgery) {
	for (@{ $forgery{$reason} }) {
		my ($what, $sign) = @$_;
		my $trip = waiting();
		my $body = paid_notification($trip);
		put_row($body, headers => { $sign->($body, $trip) });
		is poll(), 0, "$what: the job ends well";
		is states($trip), 'open', "$what: the payment is open";
		is state_of($trip), 'awaiting_payment', "$what: the application waits";
		is notification_row($body)->{result}, $reason, "$what: the row says why";
		ok notification_row($body)->{done_at}, "$what: and is put aside";
		cmp_ok +(payments($trip))[0]{asks}, '>=', 1, "$what: the service was asked";
	}
}
unlink $other_key;
is alarms(), 1, 'the desk is told, once a day';

# -- the same order, paid in fact --

# At the service; its notification is lost.
sub paid_there {
	my $trip = waiting();
	lose_notifications();
	cashier((keys %{ sim_order($trip->{number})->{tickets} })[0], 'pay');
	pay_calm();
	db_do('UPDATE payment SET ask_at = NULL WHERE application = ?', $trip->{id});
	return $trip;
}

my $trip = paid_there();
my $body = put_row(paid_notification($trip), headers => { signed_headers('something else') });
poll();
is notification_row($body)->{result}, 'forged', 'a forged notification of money that came';
is states($trip), 'paid', 'is booked from what the service says itself';
is state_of($trip), 'awaiting_review', 'and the application goes on';

$trip = paid_there();
$body = paid_notification($trip);
put_row($body, headers => { signed_headers($body, serial => 'PUB_KEY_ID_0100000000000000000001') });
poll();
is notification_row($body)->{result}, 'unknown_serial', 'a notification whose key was taken out since it came';
is states($trip), 'paid', '... is asked about, and booked';

# A real one cannot be kept out by its number.
$trip = paid_there();
$body = paid_notification($trip);
put_row($body =~ s/"create_time":"\d+/"create_time":"1999/r);
is +(push_notification($body))[0], 204, 'a real notification under a number that is taken';
poll();
is states($trip), 'paid', '... is money all the same';

# Closed in the ledger, and paid.
$trip = paid_there();
db_do('UPDATE payment SET state = "closed" WHERE application = ?', $trip->{id});
put_row(paid_notification($trip));
poll();
is states($trip), 'paid', 'an order that was closed here is asked about as well';
$trip = waiting();
db_do('UPDATE payment SET state = "closed", created_at = created_at - INTERVAL 1 DAY WHERE application = ?', $trip->{id});
db_do('UPDATE application SET deadline_at = NULL WHERE id = ?', $trip->{id});
open_page($browser, 'apply/cancel', $trip->{application});
submit_page($browser, {});
put_row(paid_notification($trip));
poll();
is states($trip), 'closed', 'one that nobody paid stays closed';
is +(payments($trip))[0]{ask_at}, undef, '... and is asked about once';

# -- signed by the service --

for my $hours (0, 7, 300) {
	$trip = waiting();
	$body = paid_notification($trip);
	put_row($body, hours => $hours, headers => { signed_headers($body, timestamp => time - 3600 * $hours) });
	poll();
	is notification_row($body)->{result}, 'fee', "a real notification that waited $hours hours is booked";
	is states($trip), 'paid', '... without a question' if $hours == 0;
}
$trip = waiting();
$body = paid_notification($trip);
push_notification($body);
my $row = notification_row($body);
ok $row->{$_}, "push/wechatpay keeps $_" for qw(signed_at nonce signature serial);
$trip->{forged} = put_row(sealed_notification('TRANSACTION.SUCCESS', trade(waiting()->{number}, 1)), hours => 1);
poll();
is state_of($trip), 'awaiting_review', 'one behind a forged one is booked';
is alarms(), 1, 'still one mail a day';

# -- kept before signatures were --

sub old_row {
	my ($body) = @_;
	put_row($body);
	db_do('UPDATE wechatpay_notice SET result = "ask" WHERE id = ?', notification_row($body)->{id});
	return $body;
}
db_do('DELETE FROM outbox WHERE kind = "notice_alarm"');
my @old = (waiting(), paid_there());
my @rows = map { old_row(paid_notification($_)) } @old;
poll();
is join(' ', map { states($_) } @old), 'open paid', 'of old rows the service is asked, and booked is what it says';
is join(' ', map { notification_row($_)->{result} } @rows), 'asked asked', 'the rows say so';
is alarms(), 0, 'which alarms nobody';
# its worker died with it in its hands
$trip = waiting();
$body = old_row(paid_notification($trip));
db_do('UPDATE wechatpay_notice SET result = "asking", received_at = UTC_TIMESTAMP() - INTERVAL 1 MINUTE WHERE id = ?',
	notification_row($body)->{id});
poll();
is notification_row($body)->{result} . ' ' . states($trip), 'asked open', 'and one that a worker left is asked about';

# -- refunds --

$trip = waiting();
push_notification(paid_notification($trip));
poll();
my ($paid) = payments($trip);
as_cron('CALL refund_request(?, "excess", NULL, ?)', $paid->{id}, "yjr-notification-$$");
db_do('UPDATE refund SET state = "sent", ask_at = NULL WHERE out_refund_no = ?', "yjr-notification-$$");
sub refund_notification {
	return sealed_notification("REFUND.$_[0]", refund_news("yjr-notification-$$", @{$paid}{qw(out_trade_no transaction_id paid_fen)}, $_[0]));
}
for my $status (qw(SUCCESS ABNORMAL CLOSED)) {
	$body = put_row(refund_notification($status), headers => { signed_headers('something else') });
	poll();
	is notification_row($body)->{result}, 'forged', "a forged notification: refund $status";
	is join(' ', map { $_->{state} } refunds($trip)), 'sent', '... changes nothing';
	ok +(refunds($trip))[0]{asks}, '... but the question';
	db_do('UPDATE refund SET asks = 0, ask_at = NULL WHERE out_refund_no = ?', "yjr-notification-$$");
}
$body = refund_notification('SUCCESS');
put_row($body, hours => 5, headers => { signed_headers($body, timestamp => time - 5 * 3600) });
poll();
is join(' ', map { $_->{state} } refunds($trip)), 'done', 'a real one is booked';

# -- the mail --

others_wait();
put_row(paid_notification(waiting()));
poll();
db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP(3) - INTERVAL 1 DAY WHERE kind = "notice_alarm"');
my $mailbox = any_email();
is work_off(config_with(desk_email => $mailbox)), 0, 'the worker ends well';
my ($mail) = mails_to($mailbox);
others_go_on();
like $mail->{text} // '', qr/没有据此入账.*没有签名：\d+ 条.*签名不对：\d+ 条/s, 'the desk reads what was wrong, and what became of it';
unlike $mail->{text} // '', qr/EV-|yj\w{20}/, 'and nothing that the rows say';
done_testing();
