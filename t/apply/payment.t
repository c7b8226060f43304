# apply/payment: the bill and the ways to pay it, by browser; buttons pressed twice,
# fields tampered with, and a service that fails.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Outbox;
use Yj::Wechatpay;

need_instance();
stop_cron();
pay_calm();

my $browser = applicant();
my $trip = payable($browser);
my $price = sprintf '%.2f 元', $trip->{price_fen} / 100;

# -- the bill --

open_page($browser, 'apply/payment', $trip->{application});
is $browser->status, 200, 'the bill';
like $browser->content, qr/<strong>\Q$price\E<\/strong>/, 'has the confirmed price';
like $browser->content, qr/付款期限.*?<dd>20\d\d-\d\d-\d\d \d\d:\d\d（北京时间）<\/dd>/s, 'the deadline';
like $browser->content, qr/电子发票/, 'and says that an invoice comes';
is scalar(payments($trip)), 0, 'looking makes no order';

sub ways { return join ' ', map { $_->find_input('way') ? $_->value('way') : () } $_[0]->forms }
is ways($browser), 'jsapi native', 'inside WeChat: its own call, or a code for another phone';
my $phone = phone_browser($browser);
is ways(open_page($phone, 'apply/payment', $trip->{application})), 'h5 native', 'on a phone: a visit to WeChat, or a code';
my $desk = desk_browser($browser);
is ways(open_page($desk, 'apply/payment', $trip->{application})), 'native', 'on a desk: a code';

# -- who may --

my $stranger = applicant();
open_page($stranger, 'apply/payment', $trip->{application});
is $stranger->status, 404, 'somebody else does not find it';
my $form = page_form(open_page($browser, 'apply/payment', $trip->{application}), 'apply/payment');
my $request = $form->click;
my $theirs = $request->clone;
$stranger->request($theirs);
is $stranger->status, 403, 'nor pays it with a foreign token';
my $early = to_company($browser);
open_page($browser, 'apply/payment', $early->{application});
is $browser->uri->path, '/apply/company', 'an application that is not so far goes where it stands';

# -- the order --

$browser->request($request->clone);
is $browser->uri->path, '/apply/payment', 'pressed: comes to the way that was chosen';
my ($one) = payments($trip);
is "$one->{product} $one->{state} $one->{amount_fen}", "jsapi open $trip->{price_fen}", 'an order for the price';
is sim_order($one->{out_trade_no})->{asked}{amount}{total}, $trip->{price_fen}, 'known to the service';
is sim_order($one->{out_trade_no})->{asked}{payer}{openid}, $browser->{yj_openid}, 'for this person';
$browser->request($request->clone) for 1 .. 3;
is scalar(payments($trip)), 1, 'pressed again: one order';
begin_payment($browser, $trip, 'jsapi');
is scalar(payments($trip)), 1, 'and from the page anew: the same';
is db_value('SELECT COUNT(*) FROM event WHERE application = ? AND event = "pay"', $trip->{id}), 2,
	'two presses of the button are two events';
like $browser->content, qr/data-package="prepay_id=wx\d+"/, 'the fields of the bridge are in the page';
unlike $browser->content, qr/<script[^>]*>[^<]/, 'and no script is';
my $ticket = $browser->uri;
$browser->get($ticket);
like $browser->content, qr/data-pay-sign="[\w+\/=]+"/, 'the page may be loaded again';
is scalar(keys %{ sim_order($one->{out_trade_no})->{tickets} }), 5, 'without asking the service anew';

# A ticket is of one application and one way.
$browser->get($ticket =~ s/ticket=(.{40})./"ticket=$1" . 'g'/er);
like $browser->content, qr/付款链接已经过期/, 'an altered ticket is none';
$browser->get($ticket =~ s/(ticket=.{60})./$1 . '0'/er =~ s/ticket=01/ticket=02/r);
like $browser->content, qr/付款链接已经过期/, 'nor one with another key';
$desk->get($ticket =~ s/way=jsapi/way=native/r);
like $desk->content, qr/付款链接已经过期/, 'nor one of another way';
my $other = payable($browser);
$browser->get($ticket =~ s/application=\w+/application=$other->{application}/r);
like $browser->content, qr/付款链接已经过期/, 'nor one of another application';

# -- prices cannot be tampered with --

my %fields = $form->form;
for my $name (qw(price price_fen amount total total_fen)) {
	my $tried = $form->click;
	$tried->content($tried->content . "&$name=1");
	$tried->header('Content-Length' => length $tried->content);
	$browser->request($tried);
}
is join(' ', map { $_->{amount_fen} } payments($trip)), $trip->{price_fen}, 'no field changes the price';
for (
	[ 'an order for one fen', 'INSERT INTO payment (application, out_trade_no, product, appid, mchid, amount_fen,
		created_at, expires_at) VALUES (?, "yjonefen", "jsapi", "a", "m", 1, UTC_TIMESTAMP(), UTC_TIMESTAMP())' ],
	[ 'another price in the order', 'UPDATE `order` SET price_fen = 1 WHERE application = ?' ],
	[ 'another amount in an order that is made', 'UPDATE payment SET amount_fen = 1 WHERE application = ?' ],
) {
	my ($what, $sql) = @$_;
	ok !eval { db_do($sql, $trip->{id}); 1 }, "$what: refused by the database itself";
}

# -- WeChat's own call --

pay_jsapi($browser, $trip, 'cancel');
is state_of($trip), 'awaiting_payment', 'cancelled: the application stays where it is';
like $browser->content, qr/正在确认付款结果/, 'the page looks for itself';
like $browser->res->header('Refresh'), qr{^\d+;url=/apply/payment\?application=\w+&way=jsapi&after=cancel&n=1$}, 'and again';
ok +(grep { $_->value('way') eq 'jsapi' } grep { $_->find_input('way') } $browser->forms), '重新付款';
ok $browser->find_link(text => '已经付款'), '已经付款';
ok $browser->find_link(text => '换一种方式'), '换一种方式';
$browser->get(public("/apply/payment?application=$trip->{application}&way=jsapi&after=ok"));
poll();
is state_of($trip), 'awaiting_payment', 'a browser that says it paid is not believed';
$browser->get(public("/apply/payment?application=$trip->{application}&way=jsapi&after=%0d%0aX:y&n=-5"));
unlike $browser->res->header('Refresh'), qr/X:y/, 'and its words go nowhere';
$browser->get(public("/apply/payment?application=$trip->{application}&way=jsapi&after=ok&n=60"));
is $browser->res->header('Refresh'), undef, 'it does not look for ever';
like $browser->content, qr/还没有收到付款结果/, 'and says so';
pay_jsapi($browser, $trip);
like $browser->content, qr/正在确认付款结果/, 'paid: waits for the ledger';
poll();
$browser->get(public(($browser->res->header('Refresh') =~ /url=(.*)/)[0]));
is $browser->uri->path, '/apply/status', 'which leads on';
is state_of($trip), 'awaiting_review', 'to the review';
$browser->request($request->clone);
is scalar(payments($trip)), 1, 'a late press makes no order';
isnt $browser->status, 500, 'and is answered';

# -- the other ways --

$trip = payable($browser);
$desk = pay_native($browser, $trip);
like $desk->res->header('Refresh'), qr{^\d+;url=/apply/payment\?.*ticket=[0-9a-f]+&n=1$}, 'the code looks for itself';
poll();
$desk->get(public(($desk->res->header('Refresh') =~ /url=(.*)/)[0]));
is $desk->uri->path, '/apply/status', 'a code that was scanned leads on';

$trip = payable($browser);
begin_payment(phone_browser($browser), $trip, 'h5');
my $asked = sim_order(order_of($trip))->{asked}{scene_info};
is "$asked->{payer_client_ip} $asked->{h5_info}{type}", '127.0.0.1 Android', 'address and kind of phone are told';
$phone = pay_h5($browser, $trip);
is $phone->uri->path, '/apply/payment', 'back from WeChat';
like $phone->uri->query, qr/after=back/, 'to the wait';
poll();
is state_of($trip), 'awaiting_review', 'paid';

# -- the service on a bad day --

$trip = payable($browser);
for my $what (qw(down garbage unsigned forged FREQUENCY_LIMITED SYSTEM_ERROR)) {
	pay_faults('prepay', $what);
	begin_payment($browser, $trip, 'jsapi');
	is $browser->status, 503, "prepay $what: try again";
	like $browser->content, qr/没有扣款.*再点一次/, "prepay $what: says what to do";
}
pay_faults('prepay', 'lost', 1);
begin_payment($browser, $trip, 'jsapi');
is $browser->status, 503, 'an answer that was lost';
pay_calm();
$browser->request($_->click) for grep { $_->find_input('way') && $_->value('way') eq 'jsapi' } $browser->forms;
is $browser->status, 200, 'pressed again';
is scalar(payments($trip)), 1, 'all this was one order';
for my $what (qw(SIGN_ERROR INVALID_REQUEST)) {
	pay_faults('prepay', $what);
	begin_payment($browser, $trip, 'jsapi');
	is $browser->status, 502, "prepay $what: ours to mend";
	like $browser->content, qr/客服电话/, "prepay $what: who helps";
}
pay_calm();

# A number that the service takes no more.
my $number = order_of($trip);
cashier((keys %{ sim_order($number)->{tickets} })[0], 'close');
begin_payment($browser, $trip, 'jsapi');
is $browser->status, 200, 'an order that was closed there: goes on';
isnt order_of($trip), $number, 'under a new number';
poll();
is join(' ', map { $_->{state} } payments($trip)), 'closed open', 'and the old one is closed here';
$number = order_of($trip);
db_do('UPDATE package SET title = CONCAT(title, "·") WHERE id = (SELECT package FROM `order` WHERE application = ?)', $trip->{id});
begin_payment($browser, $trip, 'jsapi');
is $browser->status, 200, 'a number that was used with other words: goes on';
isnt order_of($trip), $number, 'under a new number';
begin_payment($browser, $trip, 'jsapi');
is scalar(payments($trip)), 3, 'which stays';
db_do('UPDATE package SET title = TRIM(TRAILING "·" FROM title)');

# Paid, and the page does not know.
lose_notifications();
cashier((keys %{ sim_order(order_of($trip))->{tickets} })[0], 'pay');
begin_payment($browser, $trip, 'jsapi');
like $browser->uri->query // '', qr/after=paid/, 'an order that is paid already: to the wait';
poll();
is state_of($trip), 'awaiting_review', 'where it is found';
pay_calm();

# -- around it --

$trip = payable($browser);
open_page($browser, 'apply/status', $trip->{application});
ok $browser->find_link(text => '去付款', url_regex => qr{^/apply/payment\?}), 'apply/status leads here';
$browser->get(public('/apply/mine'));
ok $browser->find_link(text => '去付款'), 'apply/mine too';
open_page($browser, 'apply/company', $trip->{application});
is $browser->uri->path, '/apply/payment', 'and an earlier page';
pay_native($browser, $trip);
poll();
open_page($browser, 'apply/cancel', $trip->{application});
like $browser->content, qr/款项会原路退回/, 'who cancels reads that money comes back';
submit_page($browser, {});
is state_of($trip), 'awaiting_refund', 'cancelled after paying';
as_cron('CALL refund_request(?, "ended", NULL, ?)', (payments($trip))[0]{id}, "yjr-pay-$$");
my %words = (requested => '等待财务确认', confirmed => '财务已确认', sent => '正在退回', done => '已原路退回',
	abnormal => '工作人员正在处理', by_hand => '另行退回');
for my $state (qw(requested confirmed sent abnormal by_hand done)) {
	# what is settled stays so: each state is of a refund of its own
	db_do('DELETE FROM refund WHERE out_refund_no = ?', "yjr-pay-$$");
	as_cron('CALL refund_request(?, "ended", NULL, ?)', (payments($trip))[0]{id}, "yjr-pay-$$");
	db_do('UPDATE refund SET state = ? WHERE out_refund_no = ?', $state, "yjr-pay-$$");
	open_page($browser, 'apply/status', $trip->{application});
	like $browser->content, qr/<h2[^>]*>退款<\/h2>.*\Q$price\E.*$words{$state}/s, "a refund that is $state";
}

# The identity check is before it.
$trip = payable($browser, 'awaiting_identity');
pass_identity($trip);
open_page($browser, 'apply/status', $trip->{application});
ok $browser->find_link(text => '去付款'), 'after the identity check one pays';

# Not set up.
my $token;
$browser->cookie_jar->scan(sub { $token = $_[2] if $_[1] eq 'yj' });
my ($csrf) = open_page($browser, 'apply/payment', $trip->{application})->content =~ /name="csrf" value="(\w+)"/;
my $body = "csrf=$csrf&key=0" . 'a' x 25 . '&way=jsapi';
my ($exit, $text) = run_program('cgi-bin/apply/payment', { GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'POST',
	HTTP_COOKIE => "yj=$token", QUERY_STRING => "application=$trip->{application}", CONTENT_LENGTH => length $body,
	CONTENT_TYPE => 'application/x-www-form-urlencoded', HTTP_USER_AGENT => 'MicroMessenger', YJ_CONFIG =>
	config_with(map { $_ => undef } qw(wechatpay_mchid wechatpay_serial wechatpay_key_file wechatpay_public_key_file
	wechatpay_public_key_id wechatpay_certificate_dir wechatpay_api_url)) }, $body);
like $text, qr/^Status: 503/, 'without a merchant there is an answer, not a fault';
is scalar(payments($trip)), 0, 'and no order';

done_testing();
