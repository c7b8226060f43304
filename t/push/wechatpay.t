# push/wechatpay as WeChat Pay calls it, and as WeChat Pay never would; and what
# the ledger makes of what was kept.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Outbox;
use Yj::Wechatpay;
use Time::HiRes qw(time);

need_instance();
stop_cron();
pay_calm();

my $browser = applicant();

# An order that waits to be paid, known to the service.
sub waiting {
	my $trip = payable($browser);
	begin_payment(desk_browser($browser), $trip, 'native');
	$trip->{number} = order_of($trip);
	return $trip;
}

sub kept { return db_value('SELECT COUNT(*) FROM wechatpay_notice') }

sub paid_notification {
	my ($trip, %other) = @_;
	return sealed_notification('TRANSACTION.SUCCESS', trade($trip->{number}, $trip->{price_fen}, %other));
}

# -- one as it should be --

my $trip = waiting();
my $body = paid_notification($trip);
my $before = kept();
my $began = time;
my ($status, $said) = push_notification($body);
cmp_ok time - $began, '<', 5, 'answered within five seconds';
is "$status $said", '204 ', 'a notification is taken, with nothing to say';
is kept(), $before + 1, 'and kept';
is notification_row($body)->{body}, $body, 'as it came';
is notification_row($body)->{event_type}, 'TRANSACTION.SUCCESS', 'with its event';
is state_of($trip), 'awaiting_payment', 'nothing is booked by the push';
is +(push_notification($body))[0], 204, 'the same once more is a success';
is +(push_notification($body, headers => { 'Wechatpay-Signature-Type' => undef }))[0], 204, 'and over another route';
is kept(), $before + 1, 'and kept once';
poll();
is state_of($trip), 'awaiting_review', 'cron/poll enters it into the ledger';
is notification_row($body)->{result}, 'fee', 'says so';
ok notification_row($body)->{done_at}, 'and is done with it';
my ($payment) = payments($trip);
is "$payment->{state} $payment->{booked_as} $payment->{paid_fen} $payment->{currency}",
	"paid fee $trip->{price_fen} CNY", 'the payment is a fee';
my $outbox = db_value('SELECT COUNT(*) FROM outbox WHERE application = ? AND kind IN ("paid", "invoice")', $trip->{id});
is $outbox, 2, 'the applicant is told and an invoice promised, once each';
push_notification($body =~ s/"id":"/"id":"again-/r);
poll();
is scalar(refunds($trip)), 0, 'the same money under another notification is not more money';
is db_value('SELECT COUNT(*) FROM outbox WHERE application = ? AND kind IN ("paid", "invoice")', $trip->{id}), 2,
	'and promises nothing new';

# -- refused --

$trip = waiting();
$body = paid_notification($trip);
$before = kept();

sub refused {
	my ($what, $wanted, $status, $said, $type) = @_;
	is $status, $wanted, "$what: $wanted";
	like $said, qr/\A\{"code":"FAIL","message":"[\w ]+"\}\z/, "$what: in the service's words" if $wanted != 413;
}
my $other_key = env('YJ_VAR') . '/run/wechatpay-other.key';
system("openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out '$other_key' 2>/dev/null") == 0 or die;
refused('signed by somebody else', 403, push_notification($body, key => $other_key));
refused('signed by the merchant', 403, push_notification($body, key => env('YJ_VAR') . '/wechatpay-key.pem'));
unlink $other_key;
refused('another body under the signature', 403, push_notification($body, signed => $body . ' '));
refused('the same JSON written anew', 403, push_notification(JSON->new->utf8->pretty->encode(JSON->new->utf8->decode($body)),
	signed => $body));
refused('cut off', 403, push_notification(substr($body, 0, -1), signed => $body));
refused('another time in the header', 403, push_notification($body, headers => { 'Wechatpay-Timestamp' => int(time) - 1 }));
refused('another nonce in the header', 403, push_notification($body, headers => { 'Wechatpay-Nonce' => 'n' x 32 }));
refused('310 s old', 403, push_notification($body, timestamp => int(time) - 310));
refused('310 s ahead', 403, push_notification($body, timestamp => int(time) + 310));
refused('no number for a time', 403, push_notification($body, timestamp => '1e9'));
refused('a serial that nobody knows', 403, push_notification($body, serial => 'PUB_KEY_ID_999'));
refused('a serial with a path in it', 403, push_notification($body, serial => '../../etc/passwd'));
refused("no $_", 403, push_notification($body, headers => { "Wechatpay-$_" => undef }))
	for qw(Timestamp Nonce Serial Signature);
refused('an empty signature', 403, push_notification($body, headers => { 'Wechatpay-Signature' => '' }));
refused('no Base64', 403, push_notification($body, headers => { 'Wechatpay-Signature' => '!' x 344 }));
my $log = env('YJ_VAR') . '/log/error.log';
my $size = -s $log;
refused('a probe', 403, push_notification($body, prefix => 'WECHATPAY/SIGNTEST/'));
open my $file, '<', $log or die $!;
seek $file, $size, 0;
my @probe = grep { /reason=probe/ } <$file>;
is scalar(@probe), 1, 'a probe is logged';
like $probe[0], qr/ level=info program/, 'and is no alarm';

# Signed well, and not to be read.
refused('a bit of the cipher text flipped', 400, push_notification(sealed_notification('TRANSACTION.SUCCESS',
	trade($trip->{number}, $trip->{price_fen}), damage => sub { ($_[0] =~ /^A/ ? 'B' : 'A') . substr $_[0], 1 })));
refused('15 bytes of cipher text', 400, push_notification(sealed_notification('TRANSACTION.SUCCESS', '{}',
	damage => sub { substr 'QUFBQUFBQUFBQUFBQUFB', 0, 20 })));
refused('no Base64 inside', 400, push_notification(sealed_notification('TRANSACTION.SUCCESS', '{}', damage => sub { '!!!!' })));
refused('no JSON', 400, push_notification('hello'));
is +(push_notification(''))[0], 411, 'no body at all: 411';
refused('a list', 400, push_notification('[]'));
refused('a key twice', 400, push_notification($body =~ s/\{/{"id":"EV-1","id":"EV-2",/r));
refused('no number of its own', 400, push_notification($body =~ s/"id":"[^"]*",//r));
refused('a number with blanks', 400, push_notification($body =~ s/"id":"[^"]*"/"id":"a b"/r));
refused('a body one over the ceiling', 413, push_notification($body . ' ' x (20_001 - length $body)));
is kept(), $before, 'nothing of all this is kept';
poll();
is state_of($trip), 'awaiting_payment', 'and nothing is booked';
my $get = new_browser();
is $get->get(public('/push/wechatpay'))->code, 405, 'there is nothing to get';
is +(push_notification($body . ' ' x (20_000 - length $body)))[0], 204, 'a body at the ceiling is taken';
poll();
is state_of($trip), 'awaiting_review', 'and booked';

# -- taken, kept, and not believed --

sub result_of {
	my ($body) = @_;
	is +(push_notification($body))[0], 204, 'taken';
	poll();
	return notification_row($body)->{result} // 'not done';
}
$trip = waiting();
is result_of(sealed_notification('TRANSACTION.SUCCESS', trade('yjnobodysorder', 20_000))), 'unknown', 'an order of nobody';
is result_of(sealed_notification('TRANSACTION.SUCCESS', trade($trip->{number}, -1))), 'too_long', 'less than nothing';
is result_of(paid_notification($trip, amount => { total => '20000' })), 'bad_type', 'text for an amount';
is result_of(paid_notification($trip, amount => { total => 200.5 })), 'bad_type', 'half a fen';
is result_of(paid_notification($trip, trade_state => 'NOTPAY')), 'bad_value', 'not paid after all';
is result_of(sealed_notification('TRANSACTION.SUCCESS', '{"out_trade_no":"x"')), 'no_json', 'cut off inside';
is result_of(sealed_notification('COUPON.USE', trade($trip->{number}, $trip->{price_fen}))), 'bad_value', 'an event of another kind';
is state_of($trip), 'awaiting_payment', 'none of them pays';
is join(' ', map { $_->{state} } payments($trip)), 'open', 'the order is open';
is result_of(paid_notification($trip)), 'fee', 'one that is right still does';

# Money, but not what was asked for: an operator looks, and it goes back.
for my $case (
	[ 'one fen less', sub { trade($_[0]{number}, $_[0]{price_fen} - 1) }, 1 ],
	[ 'one fen more', sub { trade($_[0]{number}, $_[0]{price_fen} + 1) }, 1 ],
	[ 'nothing', sub { trade($_[0]{number}, 0) }, 0 ],
	[ 'dollars', sub { trade($_[0]{number}, $_[0]{price_fen}, amount => { currency => 'USD' }) }, 0 ],
	[ 'a currency that nobody has', sub { trade($_[0]{number}, $_[0]{price_fen}, amount => { currency => 'CNYCNYCNYCNY' }) }, 0 ],
	[ 'another merchant', sub { trade($_[0]{number}, $_[0]{price_fen}, mchid => '1900000009') }, 0 ],
	[ 'another appid', sub { trade($_[0]{number}, $_[0]{price_fen}, appid => 'wxother000000000') }, 0 ],
) {
	my ($what, $make, $back) = @$case;
	my $odd = waiting();
	is result_of(sealed_notification('TRANSACTION.SUCCESS', $make->($odd))), 'odd', "$what is odd";
	is join(' ', map { $_->{state} } payments($odd)), 'odd', "$what: booked so";
	is state_of($odd), 'awaiting_payment', "$what: pays nothing";
	is join(' ', map { "$_->{cause} $_->{state}" } refunds($odd)), $back ? 'odd requested' : '',
		"$what: " . ($back ? 'goes back' : 'nothing of ours to give back');
}

# Two orders for one transaction of the service: the money came once.
my ($one, $two) = (waiting(), waiting());
my $same = trade($one->{number}, $one->{price_fen});
is result_of(sealed_notification('TRANSACTION.SUCCESS', $same)), 'fee', 'a transaction';
is result_of(sealed_notification('TRANSACTION.SUCCESS', { %$same, out_trade_no => $two->{number} })), 'odd',
	'the same for another order';
is state_of($two), 'awaiting_payment', 'does not pay that';

# -- refunds --

my ($due) = payments($one);
as_cron('CALL refund_request(?, "excess", NULL, ?)', $due->{id}, "yjr-test-$$");
db_do('UPDATE refund SET state = "sent" WHERE out_refund_no = ?', "yjr-test-$$");
my @news = ("yjr-test-$$", $due->{out_trade_no}, $due->{transaction_id}, $due->{paid_fen});
is result_of(sealed_notification('REFUND.SUCCESS', refund_news('yjr-nobodys', @news[1 .. 3], 'SUCCESS'))), 'unknown',
	'a refund of nobody';
is result_of(sealed_notification('REFUND.SUCCESS', refund_news(@news[0 .. 2], $news[3] - 1, 'SUCCESS'))), 'unknown',
	'another amount';
is result_of(sealed_notification('REFUND.SUCCESS', { %{ refund_news(@news, 'SUCCESS') }, mchid => '1900000009' })), 'unknown',
	'another merchant';
is result_of(sealed_notification('REFUND.SUCCESS', refund_news(@news, 'ABNORMAL'))), 'bad_value', 'a status that says otherwise';
is join(' ', map { $_->{state} } refunds($one)), 'sent', 'nothing came back so far';
is result_of(sealed_notification('REFUND.ABNORMAL', refund_news(@news, 'ABNORMAL'))), 'booked', 'no way for the money';
is join(' ', map { $_->{state} } refunds($one)), 'abnormal', 'is abnormal';
is result_of(sealed_notification('REFUND.SUCCESS', refund_news(@news, 'SUCCESS'))), 'booked', 'and came back in the end';
is result_of(sealed_notification('REFUND.ABNORMAL', refund_news(@news, 'ABNORMAL'))), 'before', 'older news change nothing';
is join(' ', map { $_->{state} } refunds($one)), 'done', 'it is done';

# -- without its keys the address is closed --

for my $without ([ 'wechatpay_mchid','wechatpay_public_key_file', 'wechatpay_public_key_id', 'wechatpay_certificate_dir']) {
	my ($exit, $text) = run_program('cgi-bin/push/wechatpay', {
		GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'POST', CONTENT_LENGTH => length $body,
		CONTENT_TYPE => 'application/json', YJ_CONFIG => config_with(map { $_ => undef } @$without) }, $body);
	like $text, qr/^Status: 503.*\{"code":"FAIL"/s, 'no key: closed, not open to everybody';
}

done_testing();
