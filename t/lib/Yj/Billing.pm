package Yj::Billing;

# Billing.pm: applications that were paid for at the sim, in earnest.
#
#     my $fee = paid();          # { application, payment, trade_no, email }
#     work_until(sub { invoice_of($fee->{payment}) })   # cron/outbox, until it is so

use strict;
use warnings;
use Exporter 'import';
use Yj ();
use Yj::Outbox;
use Yj::Pay ();

our @EXPORT = qw(paid put_in_state end_paid invoice_of work_until issue);

my $count = 0;

# With the event that the trigger wants.
sub put_in_state {
	my ($id, $to) = @_;
	my ($from) = Yj::db_value('SELECT state FROM application WHERE id = ?', $id);
	return if $from eq $to;
	Yj::db_do('INSERT INTO event (application, at, event, from_state, to_state, role, actor, idempotency_key, leaf)
		VALUES (?, UTC_TIMESTAMP(6), "test", ?, ?, "cron", 0, ?, "")', $id, $from, $to, "billing-$$-" . ++$count);
	Yj::db_do('UPDATE application SET last_event = LAST_INSERT_ID(), state = ? WHERE id = ?', $to, $id);
	return;
}

# `odd`: the ledger holds another amount than the order asked for.
sub paid {
	my (%how) = @_;
	my $id = some_application(state => 'awaiting_company');
	my $number = Yj::Pay::pay_number();
	my $email = sprintf 'billing-%d-%d-%d@example.com', time, $$, ++$count;
	my ($offer) = Yj::db_rows('SELECT k.id, k.price, k.price_fen FROM package_offer k
		JOIN project j ON j.id = k.project WHERE k.code = "org-1y" AND j.code = "gzgjj"');
	my $price = $offer->{price_fen};
	put_in_state($id, 'awaiting_order');
	Yj::db_do('INSERT INTO `order` (application, package, invoice_title, invoice_tax_number, invoice_email,
		complete, updated_at) VALUES (?, ?, ?, "91350100M000100Y43", ?, TRUE, UTC_TIMESTAMP())',
		$id, $offer->{id}, "Billing $count", $email);
	Yj::db_do('UPDATE `order` SET price = ?, price_fen = ?, confirmed_at = UTC_TIMESTAMP() WHERE application = ?',
		$offer->{price}, $price, $id);
	put_in_state($id, 'awaiting_payment');
	Yj::db_do('INSERT INTO payment (application, out_trade_no, product, appid, mchid, amount_fen, created_at,
		expires_at) VALUES (?, ?, "native", "wxdemo0000000000", "1900000001", ?, UTC_TIMESTAMP(3),
		UTC_TIMESTAMP() + INTERVAL 1 HOUR)', $id, $number, $price);
	my $payment = Yj::db_value('SELECT LAST_INSERT_ID()');
	my @prepaid = Yj::Pay::pay_call('prepay', 'jsapi', $number, $price, 'oBilling');
	Yj::Pay::pay_press($prepaid[-1], 'pay');
	my @query = Yj::Pay::pay_call('query', $number);
	my ($transaction) = grep { /^4\d{20,}$/ } @query;
	die "not paid: @prepaid / @query" unless $transaction;
	Yj::db_do('UPDATE payment SET state = ?, booked_as = ?, transaction_id = ?, paid_fen = ?, currency = "CNY",
		paid_at = UTC_TIMESTAMP(), booked_at = UTC_TIMESTAMP(3) WHERE id = ?',
		$how{odd} ? ('odd', undef) : ('paid', 'fee'), $transaction, $how{odd} // $price, $payment);
	put_in_state($id, 'awaiting_review');
	Yj::db_do('UPDATE application SET deadline_at = UTC_TIMESTAMP() + INTERVAL 30 DAY WHERE id = ?', $id);
	return { application => $id, payment => $payment, trade_no => $number, email => $email, fen => $price };
}

# It ends, so that the money is to go back: the refund's id.
sub end_paid {
	my ($fee) = @_;
	put_in_state($fee->{application}, 'awaiting_refund');
	promise(kind => 'refund', application => $fee->{application},
		event => Yj::db_value('SELECT last_event FROM application WHERE id = ?', $fee->{application}));
	work_off();
	return Yj::db_value('SELECT id FROM refund WHERE payment = ? AND live = 1', $fee->{payment});
}

# Works until the sim has made what it was asked for.
sub work_until {
	my ($done, $config, $rounds) = @_;
	for (1 .. $rounds // 30) {
		Yj::db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE done_at IS NULL AND parked_at IS NULL
			AND kind IN ("invoice", "refund_send", "refund", "invoice_mail", "invoice_red_mail", "differences")
			AND due_at < UTC_TIMESTAMP() + INTERVAL 800 DAY');
		work_off($config);
		return 1 if $done->();
		select undef, undef, undef, 0.5;
	}
	return 0;
}

# Until the invoice and its file are there.
sub issue {
	my ($fee) = @_;
	promise(kind => 'invoice', application => $fee->{application}, payload => qq({"payment":$fee->{payment}}));
	return work_until(sub { my $i = invoice_of($fee->{payment});
		$i && $i->{state} eq 'issued' && Yj::db_value('SELECT COUNT(*) FROM invoice_pdf WHERE invoice = ?', $i->{id}) });
}

sub invoice_of {
	my ($payment, $kind) = @_;
	return (Yj::db_rows('SELECT * FROM invoice WHERE payment = ? AND kind = ? ORDER BY id DESC LIMIT 1',
		$payment, $kind // 'blue'))[0];
}

1;
