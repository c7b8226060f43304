# Rules that the database enforces against every program and account: the confirmed
# price, received money, and the second person.
use Yj;
use Yj::Account;
use Yj::Ledger;

need_database();
my %part = map { $_ => part_db($_) } qw(apply clerk cron);
my ($id, $other) = to_be_paid(2);
my $hand = Yj::Ledger->new;
my @merchant = ('wx-test', '1900000001', 'CNY');
my ($first, $second) = accountant_ids();
my $serial = 0;

sub refused {
	my ($dbh, $word, $name, $sql, @bound) = @_;
	eval { $dbh->do($sql, undef, @bound) };
	like $@, qr/\b$word\b/, $name;
}

# The price.
my ($fen) = db_value('SELECT price_fen FROM `order` WHERE application = ?', $id);
refused($part{apply}, 'form_is_closed', 'a confirmed order is closed to the page',
	'UPDATE `order` SET price_fen = 1 WHERE application = ?', $id);
my $insert = 'INSERT INTO payment (application, out_trade_no, product, appid, mchid, amount_fen, created_at,
	expires_at) VALUES (?, ?, "jsapi", "a", "m", ?, UTC_TIMESTAMP(), UTC_TIMESTAMP())';
refused($part{apply}, 'not_the_price', "an order for $_ fen", $insert, $id, "n$$-$_", $_)
	for 1, $fen - 1, $fen + 1, 0, -$fen;
refused($part{apply}, 'denied', 'nor one that is paid from the start', 'INSERT INTO payment (application,
	out_trade_no, product, appid, mchid, amount_fen, created_at, expires_at, state) VALUES (?, "x", "jsapi",
	"a", "m", ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(), "paid")', $id, $fen);
my ($word, $number, $asked) = $hand->play('order', $id, 'jsapi');
is "$word $asked", "taken $fen", 'for the price it is taken';
is +($hand->play('order', $id, 'jsapi'))[1], $number, 'once';
isnt +($hand->play('order', $id, 'native'))[1], $number, 'another product has another number';
is_deeply [$hand->play('order', 0, 'jsapi')], ['not-open', '', 0], 'no application, no order';

# Money that came in.
my $paid = $fen;
is +($hand->play('paid', $number, "tx$$", @merchant, $paid))[0], 'fee', 'the fee';
is_deeply [$hand->play('order', $id, 'h5')], ['is-paid', '', 0], 'nothing more to pay';
for my $change ('paid_fen = 1', 'state = "open"', 'booked_as = "excess"', 'transaction_id = "x"', 'currency = "USD"',
	'amount_fen = 1', "application = $other", 'out_trade_no = "y"', 'mchid = "y"') {
	refused(db(), 'money_is_fixed', "not even the owner: $change",
		"UPDATE payment SET $change WHERE out_trade_no = ?", $number);
}
my ($again) = ($hand->play('order', $other, 'jsapi'))[1];
is +($hand->play('paid', $again, "tx$$", @merchant, $fen))[0], 'odd', 'one transaction does not pay two orders';
is db_value('SELECT state FROM application WHERE id = ?', $other), 'awaiting_payment', 'and moves nothing';
is db_value('SELECT COUNT(*) FROM refund r JOIN payment p ON p.id = r.payment WHERE p.out_trade_no = ?', $again),
	0, 'nor does it give back what came once';

# The second person.
my $payment = db_value('SELECT id FROM payment WHERE out_trade_no = ?', $number);

sub call {
	my ($dbh, $sql, @bound) = @_;
	my $call = $dbh->prepare($sql);
	$call->execute(@bound);
	my ($result) = $call->fetchrow_array;
	1 while $call->more_results;
	return $result;
}

sub decide {
	my ($refund, $who, $act, $key) = @_;
	return call($part{clerk}, 'CALL refund_decide(?, ?, ?, "", ?)', $refund, token_of(accountant => $who), $act,
		$key // 'd' . ++$serial . "-$$");
}
my $clerk = db_value('SELECT id FROM staff WHERE login = "clerk1"');
is call($part{clerk}, 'CALL refund_request(?, "desk", ?, ?)', $payment, token_of(clerk => $clerk), "r$$-0"), 'not_allowed',
	'a clerk asks for no refund';
is call($part{clerk}, 'CALL refund_request(?, "excess", ?, ?)', $payment, token_of(accountant => $first), "r$$-0"), 'not_allowed',
	'nor an accountant in the name of the rule';
is call($part{clerk}, 'CALL refund_request(?, "desk", ?, ?)', $payment, token_of(accountant => $first), "r$$-1"), 'requested',
	'an accountant does';
is call($part{clerk}, 'CALL refund_request(?, "desk", ?, ?)', $payment, token_of(accountant => $second), "r$$-2"), 'repeated', 'once';
my $refund = db_value('SELECT id FROM refund WHERE payment = ?', $payment);
is decide($refund, $first, 'confirm'), 'own_request', 'who asked does not confirm';
is decide($refund, $first, 'decline'), 'own_request', 'nor decline';
is decide($refund, $clerk, 'confirm'), 'not_allowed', 'nor does a clerk';
is decide($refund, $second, 'by_hand'), 'not_open', 'what was not tried is not settled by hand';
is decide($refund, $second, 'confirm', "c$$"), 'decided', 'another accountant confirms';
is decide($refund, $second, 'confirm', "c$$"), 'repeated', 'once';
is decide($refund, $second, 'decline'), 'not_open', 'and that is that';
is db_value('SELECT COUNT(*) FROM outbox WHERE kind = "refund_send" AND application = ?', $id), 1,
	'it is promised to the outside once';
db_do('UPDATE staff SET is_active = FALSE WHERE id IN (?, ?)', $first, $second);
is decide($refund, $second, 'confirm'), 'not_allowed', 'who has left decides nothing';
done_testing();
