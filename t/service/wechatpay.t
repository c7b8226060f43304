# WeChat Pay's client against the sim: good days and bad ones, and the money
# to the fen.
use lib 't/lib';
use Yj;
use Yj::Pay;
use POSIX qw(strftime);

need_instance();
my @interfaces = qw(prepay query close refund refund-query bill bill-file certificates notification refund-outcome);
pay_faults($_, 'none') for @interfaces;
pay_sim('/mode?certificates=off');
pay_receiver();
my $openid = openid();

sub prepay {
	my ($kind, $number, $fen, @more) = @_;
	return pay_call('prepay', $kind, $number, $fen, $kind eq 'h5' ? '127.0.0.1' : $openid, @more);
}

# A new order that is paid: its number.
sub paid {
	my ($fen) = @_;
	my $number = pay_number();
	my $ticket = (prepay('native', $number, $fen))[3];
	is pay_press($ticket, 'pay'), '支付成功', "$number is paid";
	return $number;
}

my $before = pay_state();

# -- an order of each kind --

my $number = pay_number();
my ($result, $reason, $detail, $ticket) = prepay('jsapi', $number, 20000);
is "$result $reason", 'ok none', 'JSAPI: an order';
like $ticket, qr/^wx\d+$/, 'its prepay id';
my ($again) = (prepay('jsapi', $number, 20000))[3];
isnt $again, $ticket, 'the same order again: a fresh one';
is join(' ', (prepay('jsapi', $number, 20001))[0, 1]), 'permanent out_trade_no_used', 'other parameters are refused';
is join(' ', (prepay('native', $number, 20000))[0, 1]), 'permanent out_trade_no_used', 'so is another kind';
is join(' ', (pay_call('query', $number))[0, 1, 3, 4, 6]), 'ok none NOTPAY 20000 ', 'nobody has paid';

for my $kind (qw(h5 native)) {
	my $n = pay_number();
	my ($r, undef, undef, $url) = prepay($kind, $n, 1);
	is $r, 'ok', "$kind: an order";
	my $page = new_browser();
	$page->get($url . '&redirect_url=' . public('/apply/mine'));
	is $page->status, 200, 'its cashier';
	like $page->content, qr/0\.01/, 'one fen is shown as yuan';
	like $page->content, qr/$_/, "with $_" for qw(付款 取消 关闭订单);
	is pay_press($url, 'cancel'), '已取消，没有付款', 'cancelled';
	is((pay_call('query', $n))[3], 'NOTPAY', '... nothing is paid');
	$page->submit_form(button => 'act');
	is((pay_call('query', $n))[3], 'SUCCESS', 'the first button pays');
	ok $page->find_link(url => public('/apply/mine')), 'a way back to the merchant';
	like pay_press($url, 'pay'), qr/已经付过款/, 'nobody pays twice';
}
pay_received(2);

# -- the page's signature --

my @page = split /\n/, (pay_call('page', $ticket))[0];
my %page = map { split /=/, $_, 2 } @page;
is $page{package}, "prepay_id=$ticket", 'the package names the ticket';
my ($status, $said) = pay_sim('/bridge', \%page);
is $status, 200, 'the bridge takes what we signed' or diag $said;
for my $key (sort keys %page) {
	($status) = pay_sim('/bridge', { %page, $key => $page{$key} . 'x' });
	is $status, 400, "$key altered is refused";
}

# -- paid, and told --

is pay_press($again, 'pay'), '支付成功', 'paid with the second ticket';
my ($notification, @more) = pay_received(1);
is scalar @more, 0, 'one notification';
is "$notification->{verdict} $notification->{read} $notification->{event}", 'verified ok TRANSACTION.SUCCESS', '... verified and read';
is "$notification->{path} $notification->{number} $notification->{fen} $notification->{currency}", "/push/wechatpay $number 20000 CNY", '... of this order';
my @query = pay_call('query', $number);
is join(' ', @query[0, 3, 4, 5, 7]), 'ok SUCCESS 20000 CNY JSAPI', 'a query says the same';
like $query[6], qr/^42\d+$/, 'with its transaction id';
is join(' ', (prepay('jsapi', $number, 20000))[0, 1]), 'permanent order_paid', 'a paid order gives no ticket';
is join(' ', (pay_call('close', $number))[0, 1]), 'permanent order_paid', 'nor can it be closed';
is join(' ', (pay_call('query', pay_number()))[0, 1]), 'permanent order_not_exist', 'an order that never was';

# -- closed and expired --

$number = pay_number();
my $h5 = (prepay('h5', $number, 100))[3];
is join(' ', (pay_call('close', $number))[0, 1]), 'ok none', 'an open order is closed, by an answer without a body';
is((pay_call('query', $number))[3], 'CLOSED', 'and says so');
is join(' ', (prepay('h5', $number, 100))[0, 1]), 'permanent order_closed', 'it gives no ticket any more';
like pay_press($h5, 'pay'), qr/已关闭/, 'nor takes money';
is join(' ', (pay_call('close', pay_number()))[0, 1]), 'permanent order_not_exist', 'nothing to close';
my $soon = strftime('%Y-%m-%dT%H:%M:%S+08:00', gmtime(time + 8 * 3600 + 30));
is join(' ', (prepay('native', pay_number(), 1, $soon))[0, 1]), 'permanent bad_parameter', 'half a minute is too short';
$soon = strftime('%Y-%m-%dT%H:%M:%S+08:00', gmtime(time + 8 * 3600 + 3600));
$number = pay_number();
is((prepay('native', $number, 1, $soon))[0], 'ok', 'an hour is not');
is((prepay('native', $number, 1, $soon))[0], 'ok', '... and is the same the second time');
for (['no number', 'query', 'abc'], ['a slash', 'query', 'abcdef/g'], ['a day', 'bill', '2026-1-1'],
	['no number', 'refund-query', ''], ['more than the order', 'refund', 'abcdef', 'r', 2, 1],
	['nothing', 'refund', 'abcdef', 'r', 0, 1], ['no amount', 'prepay', 'native', 'abcdefg', 0, 'x']) {
	my ($what, @call) = @$_;
	like join(' ', (pay_call(@call))[0 .. 2]), qr/^permanent bad_parameter not sent/, "$call[0]: $what is not even sent";
}
for my $n ("a|b*c_-Z$$" . time, substr '*' . time . "-$$" . '|' x 32, 0, 32) {
	is join(' ', (prepay('native', $n, 1))[0, 1]), 'ok none', "a number of odd characters: $n";
	is((pay_call('query', $n))[3], 'NOTPAY', '... is found again');
	is((pay_call('close', $n))[0], 'ok', '... and closed');
}

# -- refunds --

$number = paid(10000);
pay_received(1);
my $refund = pay_number();
my @refund = pay_call('refund', $number, $refund, 3000, 10000);
is join(' ', @refund[0, 1, 3, 4, 5]), 'ok none PROCESSING 3000 10000', 'a refund is accepted';
($notification) = pay_received(1);
is "$notification->{verdict} $notification->{event} $notification->{number} $notification->{fen}", "verified REFUND.SUCCESS $refund 3000", 'and its end is told';
is join(' ', (pay_call('refund-query', $refund))[0, 3, 4]), 'ok SUCCESS 3000', 'a query says the same';
@refund = pay_call('refund', $number, $refund, 3000, 10000);
is join(' ', @refund[0, 3]), 'ok SUCCESS', 'the same number refunds once';
is join(' ', (pay_call('refund', $number, $refund, 2000, 10000))[0, 1]), 'permanent refund_mismatch', 'with another amount it is refused';
is join(' ', (pay_call('refund', $number, pay_number(), 7001, 10000))[0, 1]), 'permanent refund_mismatch', 'more than is left is refused';
is join(' ', (pay_call('refund', $number, pay_number(), 1, 10001))[0, 1]), 'permanent refund_mismatch', 'so is another total';
is((pay_call('refund', $number, pay_number(), 7000, 10000))[0], 'ok', 'what is left is not');
pay_received(1);
is join(' ', (pay_call('query', $number))[0, 3, 4]), 'ok REFUND 10000', 'the order says that it was refunded';
is join(' ', (pay_call('refund-query', pay_number()))[0, 1]), 'permanent refund_not_exist', 'a refund that never was';
is join(' ', (pay_call('refund', pay_number(), pay_number(), 1, 1))[0, 1]), 'permanent order_not_exist', 'of an order that never was';

for (['abnormal', 'ABNORMAL'], ['closed', 'CLOSED']) {
	my ($word, $end) = @$_;
	my ($n, $r) = (paid(500), pay_number());
	pay_faults('refund-outcome', $word);
	is((pay_call('refund', $n, $r, 500, 500))[3], 'PROCESSING', "a refund that ends $end");
	is((pay_call('refund-query', $r))[3], $end, '... has ended so');
	my ($told) = grep { $_->{event} eq "REFUND.$end" } pay_received(2, 3);
	ok $told, '... and is told';
	my $second = join ' ', (pay_call('refund', $n, pay_number(), 500, 500))[0, 1];
	is $second, $end eq 'CLOSED' ? 'ok none' : 'permanent refund_mismatch', '... and whether the money is still there';
}
my ($slow_order, $slow) = (paid(700), pay_number());
pay_faults('refund-outcome', 'processing');
is((pay_call('refund', $slow_order, $slow, 700, 700))[3], 'PROCESSING', 'a refund that takes its time');
is((pay_call('refund-query', $slow))[3], 'PROCESSING', '... is not done yet');

# Ten at once for the same money: one gets it.
$number = paid(900);
my @ten = map { my $n = pay_number(); open my $out, '-|', 'env', 'YJ_CONFIG=' . pay_config(),
	built('t/service/wechatpay-call'), 'refund', $number, $n, 900, 900 or die $!; $out } 1 .. 10;
my @ends = map { my $line = <$_>; close $_; $line =~ /^(\w+)/ ? $1 : '' } @ten;
is scalar(grep { $_ eq 'ok' } @ends), 1, 'of ten at once one refund is accepted' or diag "@ends";
is pay_state()->{orders}{$number}{refunded_fen}, 900, '... and refunds once';
pay_received(0, 1);

# -- bad days: each fault, what it means, and whether the call was repeated --

for (
	[ down => 'unknown unverified' ],
	[ garbage => 'unknown unverified' ],
	[ unsigned => 'unknown unverified' ],
	[ forged => 'unknown unverified' ],
	[ stale => 'unknown unverified' ],
	[ stranger => 'unknown unverified' ],
	[ lost => 'unknown unverified' ],
	[ probe => 'ok none' ],
	[ SYSTEM_ERROR => 'unknown system' ],
	[ FREQUENCY_LIMITED => 'retry_later too_often' ],
	[ SIGN_ERROR => 'alarm credential' ],
) {
	my ($word, $expected) = @$_;
	for my $on (qw(prepay query close refund refund-query)) {
		my $n = $on =~ /refund/ ? paid(10) : pay_number();
		my $r = pay_number();
		prepay('native', $n, 10) if $on =~ /query|close/ && $on !~ /refund/;
		pay_call('refund', $n, $r, 10, 10) if $on eq 'refund-query';
		pay_faults($on, $word);
		my @call = $on eq 'prepay' ? ('prepay', 'native', $n, 10, 'x') : $on =~ /^refund$/ ? ('refund', $n, $r, 10, 10) :
			$on eq 'refund-query' ? ($on, $r) : ($on, $n);
		my @first = pay_call(@call);
		is "@first[0, 1]", $expected, "$on, $word" or diag $first[2];
		unlike $first[2], qr/$n|$r|\Q$openid\E/, '... without numbers or names' if $first[2];
		is((pay_call(@call))[0], 'ok', '... and the same call again is good') if $word ne 'probe';
		my $state = pay_state()->{orders}{$n};
		is $state->{refunded_fen}, 10, '... and refunded once' if $on eq 'refund';
	}
}
pay_faults('query', 'probe', 2);
is join(' ', (pay_call('query', $number))[0, 1]), 'unknown unverified', 'a probe is repeated once, not for ever';
pay_faults('query', 'slow');
my $start = time;
is join(' ', (pay_call('query', $number))[0 .. 2]), 'unknown no_answer http=timeout', 'no answer in time';
cmp_ok time - $start, '<=', 12, '... after ten seconds';
pay_faults('refund', 'NOT_ENOUGH');
is join(' ', (pay_call('refund', $slow_order, $slow, 700, 700))[0, 1]), 'retry_later not_enough', 'no balance for a refund';
pay_received(0, 2);

# -- notifications that are not what they seem --

for (
	[ never => [] ],
	[ twice => [qw(verified verified)] ],
	[ forged => ['forged'] ],
	[ stale => ['stale'] ],
	[ stranger => ['unknown_serial'] ],
	[ unsigned => ['unsigned'] ],
	[ probe => ['probe'] ],
	[ 'wrong-amount' => ['verified'], 4999, 'CNY' ],
	[ currency => ['verified'], 5000, 'USD' ],
	[ late => ['verified'] ],
) {
	my ($word, $verdicts, $fen, $currency) = @$_;
	pay_faults('notification', $word);
	my $n = paid(5000);
	is scalar(pay_received(1, 2)), 0, 'late: not at once' if $word eq 'late';
	my @came = grep { $_->{number} eq $n }
		pay_received(scalar @$verdicts, $word eq 'late' ? 8 : $word eq 'never' ? 1 : 5);
	is "@{[map { $_->{verdict} } @came]}", "@$verdicts", "a notification, $word";
	is $came[0]{id}, $came[1]{id}, '... under the same id' if $word eq 'twice';
	is "$came[0]{fen} $came[0]{currency}", "$fen $currency", '... says what is not so' if $fen;
	pay_sim("/resend?out_trade_no=$n");
	@came = pay_received(1);
	is "$came[0]{verdict} $came[0]{number} $came[0]{fen}", "verified $n 5000", '... and a good one on request';
}
pay_receiver(refuse => 1);
$number = paid(50);
pay_received(1);
is pay_state()->{orders}{$number}{notifications}[0]{status}, 500, 'a notification that was refused is known as such';
pay_receiver();
pay_sim("/resend?out_trade_no=$number");
is pay_state()->{orders}{$number}{notifications}[0]{attempts}, 2, '... and sent again';
pay_call('refund', $number, pay_number(), 50, 50);
pay_received(2);
pay_sim("/resend?out_trade_no=$number&order=reverse");
is join(' ', map { $_->{event} } pay_received(2)), 'REFUND.SUCCESS TRANSACTION.SUCCESS', 'out of order on request';

# -- the bill --

my $day = strftime('%Y-%m-%d', gmtime(time + 8 * 3600 - 700 * 86400));
is join(' ', (pay_call('bill', $day))[0, 1]), 'ok no_statement', 'a day without trade';
$number = paid(12345);
my $back = pay_number();
pay_call('refund', $number, $back, 2345, 12345);
pay_received(2);
pay_sim("/age?out_trade_no=$number&days=" . (700 + $$ % 200));
$day = strftime('%Y-%m-%d', gmtime(time + 8 * 3600 - (700 + $$ % 200) * 86400));
my @bill = pay_call('bill', $day);
is join(' ', @bill[0, 1, 3]), 'ok none ok', 'a bill, read';
my $bill = join '|', @bill;
like $bill, qr/^$number\|\|0\|12345\|0\|74$/m, '... with the payment';
like $bill, qr/^$number\|$back\|1\|0\|2345\|-14$/m, '... and the refund';
for (['bill', 'STATEMENT_CREATING', 'retry_later bill_not_ready'], ['bill', 'forged', 'unknown unverified'],
	['bill-file', 'wrong-hash', 'unknown unverified'], ['bill-file', 'garbage', 'unknown unverified'],
	['bill-file', 'down', 'unknown unverified'], ['bill-file', 'SIGN_ERROR', 'alarm credential']) {
	my ($on, $word, $expected) = @$_;
	pay_faults($on, $word);
	my @call = pay_call('bill', $day);
	is "@call[0, 1]", $expected, "$on, $word";
	is $call[3], '0', '... and no bill';
}

# -- certificates --

my $certificates = env('YJ_VAR') . '/wechatpay-certificates';
sub tool {
	local $ENV{YJ_CONFIG} = env('YJ_CONFIG');
	my $said = `@{[built('bin/yuanjian-wechatpay')]} @_ 2>&1`;
	return ($? >> 8, $said);
}
($status, $said) = tool('certificates');
is $status, 1, 'a merchant without certificates gets none' or diag $said;
pay_sim('/mode?certificates=on');
pay_faults('certificates', 'forged');
is +(tool('certificates'))[0], 1, 'a forged answer stores none';
is scalar(() = glob "$certificates/*.pem"), 0, '... really none';
my $old = File::Temp->new; # a merchant who has no public key
print {$old} slurp(env('YJ_CONFIG')) =~ s/^wechatpay_public_key.*\n//mgr;
close $old;
{
	local $ENV{YJ_CONFIG} = $old->filename;
	$said = `@{[built('bin/yuanjian-wechatpay')]} certificates 2>&1`;
	$status = $? >> 8;
}
is $status, 0, 'the first download, verified by what it brings' or diag $said;
is +(tool('certificates'))[0], 0, 'once more, verified by the public key';
my ($serial) = $said =~ /^([0-9A-F]{40}) until \d{4}-/m;
ok -s "$certificates/$serial.pem", 'stored under its serial number';
$number = paid(1);
($notification) = pay_received(1);
is $notification->{verdict}, 'verified', 'a notification signed by the certificate';
is((pay_call('query', $number))[0], 'ok', 'an answer signed by the key, meanwhile');
unlink "$certificates/$serial.pem";
pay_sim("/resend?out_trade_no=$number");
($notification) = pay_received(1);
is $notification->{verdict}, 'unknown_serial', 'without it nobody knows that serial number';
pay_sim('/mode?certificates=off');

# -- the tool --

is +(tool('check'))[0], 0, 'check: all is right';
($status, $said) = tool('query', $number);
like $said, qr/^$number SUCCESS 0\.01 CNY 42\d+ \d{4}-/m, 'query tells what became of it';
is +(tool('nonsense'))[0], 2, 'anything else: usage';
is +(tool('query'))[0], 2, 'a query of nothing too';
for (['wechatpay_serial = .*', 'wechatpay_serial = ABCDEF', qr/must be of one merchant, .*alarm credential/],
	['wechatpay_mchid = .*', 'wechatpay_mchid = 1900000002', qr/must be of one merchant, .*alarm credential/],
	['wechatpay_public_key_id = .*', 'wechatpay_public_key_id = PUB_KEY_ID_1',
		qr/not signed by a key that is known here: .*answer=unknown_serial/],
	['wechatpay_mchid = .*', '', qr/: wechatpay_mchid is not given$/],
	['wechatpay_api_url = .*', 'wechatpay_api_url = http://127.0.0.1:1',
		qr/no answer from wechatpay_api_url: does the firewall/],
	['wechatpay_key_file = .*', 'wechatpay_key_file = /nowhere', qr/cannot open/]) {
	my ($from, $to, $expected) = @$_;
	my $file = File::Temp->new;
	print {$file} slurp(env('YJ_CONFIG')) =~ s/^$from/$to/mr;
	close $file;
	local $ENV{YJ_CONFIG} = $file->filename;
	my $complaint = `@{[built('bin/yuanjian-wechatpay')]} check 2>&1`;
	is $? >> 8, 1, "check with $to";
	like $complaint, $expected, '... says what is wrong';
}

# -- an unsigned or altered call is refused by the sim itself --

($status, $said) = pay_sim("/v3/pay/transactions/out-trade-no/$number?mchid=1900000001");
is $status, 401, 'a call without signature';
like $said, qr/SIGN_ERROR/, '... is told why';

# -- the money --

my ($captured, $refunded) = (0, 0);
my $after = pay_state();
for my $n (keys %{ $after->{orders} }) {
	$captured += $after->{orders}{$n}{captured_fen};
	$refunded += $after->{orders}{$n}{refunded_fen};
	cmp_ok $after->{orders}{$n}{refunded_fen}, '<=', $after->{orders}{$n}{captured_fen}, 'no more goes back than came'
		if $after->{orders}{$n}{refunded_fen} > $after->{orders}{$n}{captured_fen};
}
is $after->{captured_fen}, $captured, 'what was captured, to the fen';
is $after->{refunded_fen}, $refunded, 'what was refunded, to the fen';
cmp_ok $after->{captured_fen}, '>', $before->{captured_fen}, 'and it is more than before';

done_testing;
