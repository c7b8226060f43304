package Yj::Wechatpay;

# Wechatpay.pm: paying in tests: applications that are to be paid, the payer's
# side of the sim, notifications of a test's own (signed with the sim's key,
# sealed by Node.js), and cron/poll run by hand.
#
#     my $trip = payable($browser);            # an application in awaiting_payment
#     pay_jsapi($browser, $trip);              # through the page and the cashier
#     poll();                                  # enters what is there into the ledger
#     push_notification(sealed_notification('TRANSACTION.SUCCESS', trade($order)));

use strict;
use warnings;
use utf8;
use Digest::SHA qw(sha256_hex);
use Exporter 'import';
use IPC::Open2 qw(open2);
use JSON ();
use LWP::UserAgent ();
use MIME::Base64 qw(encode_base64);
use POSIX ();
use Yj ();
use Yj::Journey qw(open_page page_form state_of);
use Yj::Wechat qw(setting);

our @EXPORT = qw(payable as_cron pass_identity phone_browser desk_browser
	begin_payment pay_native pay_h5 pay_jsapi cashier payments refunds
	trade refund_news sealed_notification signed_headers push_notification notification_row
	sim_pay pay_faults pay_calm lose_notifications order_of sim_order
	start_poll poll ask_all_now);

my $json = JSON->new->utf8->canonical;

# -- applications --

my $count = 0;
sub key { return '0' . substr sha256_hex("$$-" . ++$count . rand), 0, 25 }

sub move {
	my ($id, $from, $to) = @_;
	Yj::db_do('INSERT INTO event (application, at, event, from_state, to_state, role, actor, idempotency_key,
		leaf) VALUES (?, UTC_TIMESTAMP(6), "fixture", ?, ?, "", 0, ?, "")', $id, $from, $to, key());
	Yj::db_do('UPDATE application SET state = ?, last_event = LAST_INSERT_ID(), deadline_at =
		UTC_TIMESTAMP() + INTERVAL 3 DAY WHERE id = ?', $to, $id);
	return;
}

# An application of this browser's applicant whose order is confirmed.
sub payable {
	my ($browser, $state) = @_;
	my $public = key();
	Yj::db_do('INSERT INTO application (public_id, project, applicant, flow_version, state, state_since,
		created_at, start_key) SELECT ?, p.id, c.id, p.flow_version, "awaiting_order", UTC_TIMESTAMP(),
		UTC_TIMESTAMP(), ? FROM project p JOIN applicant c ON c.openid = ? WHERE p.code = "gzgjj"',
		$public, $public, $browser->{yj_openid});
	my $id = Yj::db_value('SELECT id FROM application WHERE public_id = ?', $public);
	Yj::db_do('INSERT INTO company (application, name, complete, updated_at)
		VALUES (?, "赣州付款测试有限公司", 1, UTC_TIMESTAMP())', $id);
	Yj::db_do('INSERT INTO `order` (application, package, invoice_title, invoice_tax_number, complete, updated_at)
		SELECT ?, MIN(k.id), "赣州付款测试有限公司", "91350100M000100Y43", 1, UTC_TIMESTAMP() FROM package_offer k
		JOIN project p ON p.id = k.project WHERE p.code = "gzgjj"', $id);
	Yj::db_do('UPDATE `order` o JOIN package_offer k ON k.id = o.package SET o.price = k.price,
		o.price_fen = k.price_fen, o.confirmed_at = UTC_TIMESTAMP(3) WHERE o.application = ?', $id);
	my $price = Yj::db_value('SELECT price_fen FROM `order` WHERE application = ?', $id);
	move($id, 'awaiting_order', $state // 'awaiting_payment');
	return { application => $public, id => $id, browser => $browser, price_fen => $price };
}

# The database as the jobs see it.
sub as_cron {
	my ($sql, @bound) = @_;
	require DBI;
	my $db = DBI->connect('DBI:MariaDB:database=yuanjian;mariadb_socket=' . Yj::env('YJ_DB_SOCKET'),
		'yj_cron', setting('db_password_cron'), { RaiseError => 1, PrintError => 0 });
	my @row = $db->selectrow_array($sql, undef, @bound);
	$db->disconnect;
	return wantarray ? @row : $row[0];
}

# As the service of the identity check says it.
sub pass_identity {
	my ($trip) = @_;
	my $id = Yj::db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});
	my $result = as_cron('CALL flow_advance(?, "cron", 0, "identity_passed", ?, NULL)', $id, key());
	die "identity: $result\n" unless $result eq 'moved';
	return;
}

sub payments { return Yj::db_rows('SELECT * FROM payment WHERE application = ? ORDER BY id', $_[0]{id}) }
sub refunds  { return Yj::db_rows('SELECT * FROM refund WHERE application = ? ORDER BY id', $_[0]{id}) }

# The newest order number of an application, of one product if named.
sub order_of {
	my ($trip, $product) = @_;
	return Yj::db_value('SELECT out_trade_no FROM payment WHERE application = ?
		AND (? IS NULL OR product = ?) ORDER BY id DESC LIMIT 1', $trip->{id}, $product, $product);
}

# -- the payer --

# The same session in another kind of browser.
sub with_agent {
	my ($browser, $agent) = @_;
	my $other = $browser->clone;
	$other->cookie_jar($browser->cookie_jar);
	$other->{yj_openid} = $browser->{yj_openid};
	$other->agent($agent);
	return $other;
}

sub phone_browser {
	return with_agent($_[0], 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36');
}

sub desk_browser { return with_agent($_[0], 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0') }

# Presses the page's button for a way ('jsapi', …); stands on the answer.
sub begin_payment {
	my ($browser, $trip, $way) = @_;
	open_page($browser, 'apply/payment', $trip->{application});
	my ($form) = grep { $_->find_input('way') && $_->value('way') eq $way } $browser->forms;
	die "no way $way on " . $browser->uri->path . ' (' . $browser->status . ")\n" unless $form;
	$browser->request($form->click);
	return $browser;
}

# What the payer does on the sim's cashier: pay, cancel or close.
sub cashier {
	my ($ticket, $act) = @_;
	my $answer = LWP::UserAgent->new(timeout => 30)->post(Yj::public('/sim/wechatpay/cashier'),
		{ prepay_id => $ticket, act => $act // 'pay' });
	die 'cashier: ' . $answer->code . "\n" unless $answer->is_success;
	return $answer->decoded_content;
}

# The order's file in the sim.
sub sim_order {
	my ($number) = @_;
	return $json->decode(Yj::slurp(Yj::env('YJ_VAR') . "/sim/wechatpay/order/$number.json"));
}

sub pay_native {
	my ($browser, $trip, $act) = @_;
	my $desk = desk_browser($browser);
	begin_payment($desk, $trip, 'native');
	die "no code to scan on " . $desk->uri->path . "\n" unless $desk->content =~ /class="yj-qr"/;
	my $tickets = sim_order(order_of($trip, 'native'))->{tickets};
	cashier((sort keys %$tickets)[-1], $act);
	return $desk;
}

sub pay_h5 {
	my ($browser, $trip, $act) = @_;
	my $phone = phone_browser($browser);
	begin_payment($phone, $trip, 'h5');
	$phone->follow_link(text => '打开微信付款') or die "no way to WeChat\n";
	$phone->form_number(1);
	$phone->click_button(value => $act // 'pay');
	$phone->follow_link(text => '返回商家') or die "no way back\n";
	return $phone;
}

sub pay_jsapi {
	my ($browser, $trip, $act) = @_;
	begin_payment($browser, $trip, 'jsapi');
	my ($tag) = $browser->content =~ /(<div[^>]* data-yj-pay=[^>]*>)/ or die "no bridge\n";
	my %data = $tag =~ /data-([\w-]+)="([^"]*)"/g;
	my %field = map { my $name = $_; $name =~ s/-(\w)/\U$1/g; $name => $data{$_} =~ s/&amp;/&/gr } keys %data;
	my $next = delete $field{yjPay};
	my $answer = LWP::UserAgent->new->post(Yj::public('/sim/wechatpay/bridge'), \%field);
	die 'bridge: ' . $answer->decoded_content . "\n" unless $answer->is_success;
	cashier($json->decode($answer->content)->{prepay_id}, $act);
	$browser->get(Yj::public($next . (($act // 'pay') eq 'pay' ? 'ok' : 'cancel')));
	return $browser;
}

# -- the service --

sub sim_pay {
	my ($path) = @_;
	my $answer = LWP::UserAgent->new(timeout => 30)->get(Yj::public("/sim/wechatpay/$path"));
	die "sim $path: " . $answer->code . "\n" unless $answer->is_success;
	return $answer->content;
}

sub pay_faults {
	my ($on, $what, $times) = @_;
	sim_pay("faults?on=$on&what=$what" . (defined $times ? "&times=$times" : ''));
	return;
}

# Notifications that never come: they come, and are refused.
sub lose_notifications { pay_faults('notification', 'forged'); return }

sub pay_calm {
	pay_faults($_, 'none') for qw(prepay query close refund refund-query notification refund-outcome);
	return;
}

# The plain text of a notification that an order of ours was paid.
sub trade {
	my ($number, $fen, %other) = @_;
	my %amount = (total => $fen, payer_total => $fen, currency => 'CNY', payer_currency => 'CNY',
		%{ delete $other{amount} // {} });
	return { mchid => setting('wechatpay_mchid'), appid => setting('wechat_appid'), out_trade_no => $number,
		transaction_id => '42' . substr(join('', map { ord() % 10 } split //, key()), 0, 26),
		trade_type => 'NATIVE', trade_state => 'SUCCESS', trade_state_desc => '支付成功', bank_type => 'OTHERS',
		attach => '', success_time => POSIX::strftime('%Y-%m-%dT%H:%M:%S+08:00', gmtime(time + 8 * 3600)),
		payer => { openid => 'oSomebody' }, %other, amount => \%amount };
}

# The same of a refund of ours.
sub refund_news {
	my ($number, $trade_no, $transaction, $fen, $status) = @_;
	return { mchid => setting('wechatpay_mchid'), out_trade_no => $trade_no, transaction_id => $transaction,
		out_refund_no => $number, refund_id => '50' . substr(join('', map { ord() % 10 } split //, key()), 0, 26),
		refund_status => $status, success_time => '2026-01-01T08:00:05+08:00', user_received_account => '零钱',
		amount => { total => $fen, refund => $fen, payer_total => $fen, payer_refund => $fen } };
}

my $seal_script = <<'END';
const c = require('crypto'); const q = JSON.parse(require('fs').readFileSync(0));
const s = c.createCipheriv('aes-256-gcm', q.key, q.nonce); s.setAAD(Buffer.from(q.aad));
process.stdout.write(Buffer.concat([s.update(Buffer.from(q.text)), s.final(), s.getAuthTag()]).toString('base64'));
END

sub seal {
	my ($text, $nonce, $aad) = @_;
	my $pid = open2(my $out, my $in, 'node', '-e', $seal_script);
	print {$in} JSON->new->ascii->encode({ key => setting('wechatpay_apiv3_key'), nonce => $nonce, aad => $aad,
		text => $text });
	close $in;
	my $base64 = do { local $/; <$out> };
	waitpid $pid, 0;
	die "node failed\n" if $? || !length $base64;
	return $base64;
}

# The body of a notification: JSON, or any text in its place. Options: id, event_type,
# damage (of the Base64).
sub sealed_notification {
	my ($event, $plain, %with) = @_;
	my $text = ref $plain ? JSON->new->canonical->encode($plain) : $plain;
	my $aad = $event =~ /^REFUND/ ? 'refund' : 'transaction';
	my $sealed = seal($text, 'abcdef012345', $aad);
	$sealed = $with{damage}->($sealed) if $with{damage};
	return $json->encode({ id => $with{id} // 'EV-' . key(), create_time => '2026-01-01T08:00:06+08:00',
		resource_type => 'encrypt-resource', event_type => $event, summary => '支付成功',
		resource => { original_type => $aad, algorithm => 'AEAD_AES_256_GCM', ciphertext => $sealed,
			associated_data => $aad, nonce => 'abcdef012345' } });
}

# The five headers over a body; any may be given.
sub signed_headers {
	my ($body, %with) = @_;
	my $timestamp = $with{timestamp} // time;
	my $nonce = $with{nonce} // key();
	my $pid = open2(my $out, my $in, 'openssl', 'dgst', '-sha256', '-sign',
		$with{key} // Yj::env('YJ_VAR') . '/sim/wechatpay-platform.key');
	binmode $_ for $in, $out;
	print {$in} "$timestamp\n$nonce\n" . ($with{signed} // $body) . "\n";
	close $in;
	my $signature = encode_base64(do { local $/; <$out> }, '');
	waitpid $pid, 0;
	die "openssl failed\n" if $?;
	return ('Wechatpay-Timestamp' => $timestamp, 'Wechatpay-Nonce' => $nonce,
		'Wechatpay-Serial' => $with{serial} // setting('wechatpay_public_key_id'),
		'Wechatpay-Signature' => ($with{prefix} // '') . $signature,
		'Wechatpay-Signature-Type' => 'WECHATPAY2-SHA256-RSA2048');
}

# Gives the status, the body and its type. Options as signed_headers, and
# headers => { name => value or undef }.
sub push_notification {
	my ($body, %with) = @_;
	my %header = (signed_headers($body, %with), %{ $with{headers} // {} });
	my $request = HTTP::Request->new(POST => Yj::public('/push/wechatpay'),
		[ 'Content-Type' => 'application/json', map { defined $header{$_} ? ($_ => $header{$_}) : () } sort keys %header ],
		$body);
	my $answer = LWP::UserAgent->new(timeout => 30)->request($request);
	return ($answer->code, $answer->content, $answer->content_type);
}

sub notification_row {
	my ($body) = @_;
	return (Yj::db_rows('SELECT * FROM wechatpay_notice WHERE id = ?', $json->decode($body)->{id}))[0];
}

# -- the job --

# Gives the process id; its log goes to a file in the instance.
sub start_poll {
	my ($seconds, $config) = @_;
	defined(my $pid = fork) or die "fork: $!";
	return $pid if $pid;
	open STDERR, '>>', Yj::env('YJ_VAR') . '/log/poll-test.log';
	%ENV = (PATH => '/usr/bin:/bin', YJ_CONFIG => $config // Yj::env('YJ_CONFIG'));
	exec { Yj::built('cron/poll') } 'poll', $seconds or POSIX::_exit(127);
}

# Until nothing is due. Gives the exit status.
sub poll {
	my ($config) = @_;
	waitpid start_poll(0, $config), 0;
	return $?;
}

# As if the time of every question about these had come.
sub ask_all_now {
	for my $trip (@_) {
		Yj::db_do("UPDATE $_ SET ask_at = UTC_TIMESTAMP(3) WHERE application = ? AND ask_at IS NOT NULL",
			$trip->{id}) for qw(payment refund);
	}
	return;
}

1;
