# A fee becomes an invoice and a mail; its refund takes the invoice back first;
# the money at the service is the money in the ledger; then the bill agrees, or
# says where it does not.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Billing;
use Yj::Mailbox;
use Yj::Outbox;
use Yj::Pay;

need_instance();
stop_cron();
others_wait();

sub nuonuo_faults {
	my ($on, $what, $times) = @_;
	my $browser = new_browser();
	$browser->get(public("/sim/nuonuo/faults?on=$on&what=$what&times=" . ($times // 1)));
	is($browser->status, 200, "fault: $on $what");
}

sub why { join '; ', map { "$_->{kind} $_->{error_class} $_->{error}" } db_rows('SELECT kind, COALESCE(error_class, "") error_class,
	COALESCE(error, "") error FROM outbox WHERE application = ?', $_[0]{application}) }

my $fee = paid();
ok(issue($fee), 'an invoice is issued') or diag why($fee);
my $blue = invoice_of($fee->{payment});
like($blue->{number} // '', qr/^\d{20}$/, 'under a number of twenty digits');
is("$blue->{amount_fen} $blue->{tax_fen} $blue->{net_fen}", '20000 1132 18868', 'net and tax to the fen');
my @mail = mails_to($fee->{email});
is(scalar @mail, 1, 'its buyer gets a mail');
my ($file) = @mail ? attachments($mail[0]) : ();
like($file ? $file->{bytes} : '', qr/^%PDF-/, 'with the file');
promise(kind => 'invoice', application => $fee->{application}, payload => qq({"payment":$fee->{payment}}));
work_off();
is(db_value('SELECT COUNT(*) FROM invoice WHERE payment = ?', $fee->{payment}), 1, 'promised again, it is still one');

# bad days of the provider
my $lost = paid();
nuonuo_faults('issue', 'lost');
ok(issue($lost), 'an answer that was lost: looked up') or diag why($lost);
is(db_value('SELECT COUNT(*) FROM invoice WHERE payment = ?', $lost->{payment}), 1, '… under the same number');

for (['issue', 'seal', 1, 'not sealed: the same number again'], ['issue', 'fail', 2, 'refused: a new number']) {
	my ($on, $what, $rows, $text) = @$_;
	my $bad = paid();
	nuonuo_faults($on, $what);
	ok(issue($bad), $text) or diag why($bad);
	is(db_value('SELECT COUNT(*) FROM invoice WHERE payment = ?', $bad->{payment}), $rows, "… in $rows rows");
}
my $never = paid();
nuonuo_faults('issue', 'fail', 3);
promise(kind => 'invoice', application => $never->{application}, payload => qq({"payment":$never->{payment}}));
ok(work_until(sub { ((invoice_of($never->{payment}) || {})->{state} // '') eq 'failed' }),
	'refused three times: an accountant looks') or diag why($never);

# the way back
my $refund = end_paid($fee);
ok($refund, 'when it ends, a refund is requested') or diag why($fee);
is(db_value('SELECT state FROM refund WHERE id = ?', $refund), 'requested', '… and waits for an accountant');
my $accountant = db_value('SELECT id FROM staff WHERE login = "accountant1"');
refund_decide($refund, $accountant, 'confirm', '', "billing-$$");
work_off();
is(db_value('SELECT state FROM refund WHERE id = ?', $refund), 'confirmed', 'the money waits for the red invoice');
my ($at_service) = pay_call('refund-query', db_value('SELECT out_refund_no FROM refund WHERE id = ?', $refund));
isnt($at_service, 'ok', '… and the service was asked for nothing yet');
pay_faults('refund', 'lost');
ok(work_until(sub { db_value('SELECT state FROM refund WHERE id = ?', $refund) =~ /^(?:sent|done)$/ }),
	'then it goes out, though an answer was lost') or diag why($fee);
my $red = invoice_of($fee->{payment}, 'red');
is("$red->{state} $red->{amount_fen} $red->{tax_fen} $red->{net_fen}", 'issued -20000 -1132 -18868', 'the red invoice takes all back');
my @back = pay_call('refund-query', db_value('SELECT out_refund_no FROM refund WHERE id = ?', $refund));
like("@back", qr/\b20000\b/, 'the service gave back what was paid, to the fen') or diag "@back";
is(db_value('SELECT COUNT(*) FROM refund WHERE payment = ?', $fee->{payment}), 1, 'once');

# refused for good: nobody waits for it in vain
my $refused = paid();
my $stuck = end_paid($refused);
pay_faults('refund', 'INVALID_REQUEST', 1);
refund_decide($stuck, $accountant, 'confirm', '', "billing-$$-stuck");
ok(work_until(sub { db_value('SELECT state FROM refund WHERE id = ?', $stuck) ne 'confirmed' }), 'a refund that is refused for good') or diag why($refused);
is(db_value('SELECT state FROM refund WHERE id = ?', $stuck), 'abnormal', '... is on the accountants\' list');
refund_decide($stuck, $accountant, 'again', '', "billing-$$-again");
ok(work_until(sub { db_value('SELECT state FROM refund WHERE id = ?', $stuck) =~ /^(?:sent|done)$/ }), '... and goes out when tried again')
	or diag why($refused);

# done, the answer lost, and refused when asked again: it is not paid twice
my $once = paid();
my $gone = end_paid($once);
pay_faults('refund', 'lost', 1);
refund_decide($gone, $accountant, 'confirm', '', "billing-$$-gone");
work_off();
is(db_value('SELECT state FROM refund WHERE id = ?', $gone), 'confirmed', 'done at the service, and nobody heard of it');
pay_faults('refund', 'INVALID_REQUEST', 1);
ok(work_until(sub { db_value('SELECT state FROM refund WHERE id = ?', $gone) ne 'confirmed' }), 'asked again and refused') or diag why($once);
like(db_value('SELECT state FROM refund WHERE id = ?', $gone), qr/^(?:sent|done)$/, '... it is what the service has, not an accountant\'s');

# an invoice that nobody began is not begun when the money goes back
my $early = paid();
my $goes = end_paid($early);
promise(kind => 'invoice', application => $early->{application}, payload => qq({"payment":$early->{payment}}));
work_off();
ok(!invoice_of($early->{payment}), 'no invoice while a refund is asked for');
refund_decide($goes, $accountant, 'decline', 'x', "billing-$$-no");
ok(work_until(sub { (invoice_of($early->{payment}) || {})->{state} }), 'declined: the invoice is made after all');

# the bill of a day that has gone
my $day = db_value('SELECT DATE(UTC_TIMESTAMP() + INTERVAL 8 HOUR) - INTERVAL 5 DAY');
my ($agree, $more, $ghost, $unseen) = map { paid() } 1 .. 4;
for my $one ($agree, $more, $ghost) {
	my ($status) = pay_sim("/age?out_trade_no=$one->{trade_no}&days=5");
	is($status, 200, 'it happened five days ago');
}
for my $one ($agree, $more, $ghost, $unseen) {
	db_do('UPDATE payment SET paid_at = paid_at - INTERVAL 5 DAY, created_at = created_at - INTERVAL 5 DAY
		WHERE id = ?', $one->{payment});
}
db_do('DELETE FROM bill_row WHERE day = ?', $day);
db_do('DELETE FROM difference WHERE day = ?', $day);
db_do('DELETE FROM bill_day WHERE day = ?', $day);
sub reconcile { return run_program('cron/reconcile', {}) }
# what the service knows and we do not, or otherwise
my ($unknown, $wrong) = (pay_number(), paid(odd => 19900));
my @other = pay_call('prepay', 'jsapi', $unknown, 700, 'oBilling');
pay_press($other[-1], 'pay');
pay_sim("/age?out_trade_no=$_&days=5") for $unknown, $wrong->{trade_no};

pay_faults('bill', 'STATEMENT_CREATING', 200);
my ($exit, undef, $log) = reconcile();
is($exit, 0, 'reconcile runs') or diag $log;
is(db_value('SELECT CONCAT(state, " ", failure) FROM bill_day WHERE day = ?', $day), 'due bill_not_ready', 'a bill that is not there yet');
pay_sim('/faults?on=bill&what=none');
pay_faults('bill-file', 'wrong-hash', 200);
db_do('UPDATE bill_day SET ask_at = UTC_TIMESTAMP(3) WHERE state = "due"');
reconcile();
is(db_value('SELECT state FROM bill_day WHERE day = ?', $day), 'due', 'a bill that is not what it was said to be is not believed');
is(db_value('SELECT COUNT(*) FROM outbox WHERE idempotency_key = ?', "bill-unread-$day"), 1, '… and the desk is told');
pay_sim('/faults?on=bill-file&what=none');
db_do('UPDATE bill_day SET ask_at = UTC_TIMESTAMP(3) WHERE state = "due"');
my @pids = map { my $pid = fork // die; if (!$pid) { %ENV = (PATH => '/usr/bin:/bin', YJ_CONFIG => env('YJ_CONFIG'));
	open STDERR, '>', '/dev/null'; exec built('cron/reconcile') or exit 127 } $pid } 1 .. 2;
waitpid $_, 0 for @pids;
is(db_value('SELECT state FROM bill_day WHERE day = ?', $day), 'read', 'two machines read it');
my @found = map { "$_->{kind} $_->{number}" } db_rows('SELECT kind, number FROM difference WHERE day = ? ORDER BY kind, number', $day);
my $ours = join '|', map { $_->{trade_no} } $agree, $more, $ghost, $unseen;
is(join(', ', grep { /(?:$ours)$/ } @found), "missing_there $unseen->{trade_no}", 'what the bill lacks is a difference, what it has is none')
	or diag "@found";
is(db_value('SELECT paid_fen FROM bill_day WHERE day = ?', $day), db_value('SELECT SUM(fen) FROM bill_row WHERE day = ? AND kind = "payment"', $day),
	'the sum of the day is that of its rows');
is(join(' ', map { "$_->{kind} $_->{o} $_->{t}" } db_rows('SELECT kind, COALESCE(ours_fen, "-") o, COALESCE(theirs_fen, "-") t
	FROM difference WHERE day = ? AND number IN (?, ?) ORDER BY kind', $day, $unknown, $wrong->{trade_no})),
	'missing_here - 700 amount 19900 20000', 'what we do not know, and what we have otherwise');
my $before = db_value('SELECT COUNT(*) FROM difference');
reconcile();
is(db_value('SELECT COUNT(*) FROM difference'), $before, 'once more changes nothing');

others_go_on();
done_testing;
