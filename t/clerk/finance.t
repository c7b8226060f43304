# The accountant's pages: two persons for a refund, one effect for two presses,
# no effect from an old page; invoices by hand; differences with a reason.
use lib 't/lib';
use Yj;
use Yj::Billing;
use Yj::Outbox;
use Yj::Pay;

need_instance();
stop_cron();
others_wait();

my ($one, $two) = (staff('accountant1'), staff('accountant2'));
my $list = intranet('/clerk/refunds');

# The form of a row on a page, pressed: the answer.
sub press {
	my ($browser, $page, $path, $row, $act, %more) = @_;
	$browser->get(intranet("/clerk/$page")) if $page;
	my ($form) = grep { $_->action =~ m{/clerk/$path$} && ($_->value('row') // '') eq $row } $browser->forms;
	ok($form, "$path: a form for $row") or return;
	my %field = map { $_->name => $_->value } grep { $_->name && ($_->type // '') =~ /hidden|text/ } $form->inputs;
	return $browser->post($form->action, { %field, act => $act, %more });
}
sub state_of { return db_value('SELECT state FROM refund WHERE id = ?', $_[0]) }

my $odd = paid(odd => 19999);
$one->get($list);
like($one->content, qr/200\.00 元.*199\.99 元/s, 'amounts asked and paid, in yuan');
is(press($one, 'refunds', 'refund-request', $odd->{payment}, 'request')->code, 200, 'an accountant asks for a refund');
my $refund = db_value('SELECT id FROM refund WHERE payment = ? AND live = 1', $odd->{payment});
is(db_value('SELECT CONCAT(cause, state, amount_fen) FROM refund WHERE id = ?', $refund), 'deskrequested19999', 'of what was paid');
$one->get($list);
ok(!(grep { ($_->value('row') // '') eq $refund } grep { $_->action =~ /refund-decide/ } $one->forms), 'who asked has no button');
my ($csrf) = $one->content =~ /name="csrf" value="(\w+)"/;
is($one->post(intranet('/clerk/refund-decide'), { csrf => $csrf, key => 'a' x 26, row => $refund, seen => 0, act => 'confirm' })->code,
	403, 'and cannot confirm without one');
is(state_of($refund), 'requested', 'nothing happened');
is(press($two, 'refunds', 'refund-decide', $refund, 'decline')->code, 422, 'to decline, a reason is needed');
is(press($two, 'refunds', 'refund-decide', $refund, 'decline', note => '金额待查')->code, 200, 'another declines');
is(state_of($refund), 'declined', 'it is declined');
press($two, 'refunds', 'refund-request', $odd->{payment}, 'request');
my $again = db_value('SELECT id FROM refund WHERE payment = ? AND live = 1', $odd->{payment});
ok($again && $again != $refund, 'and may be asked for again');

$one->get($list);
my $stale = staff('accountant1');
$stale->get($list);
is(press($one, undef, 'refund-decide', $again, 'confirm')->code, 200, 'the first one confirms');
is(press($stale, undef, 'refund-decide', $again, 'decline', note => '旧页面')->code, 409, 'an old page decides nothing');
is(state_of($again), 'confirmed', 'it stands');
$one->get($list);
is(db_value('SELECT COUNT(*) FROM outbox WHERE kind = "refund_send" AND payload = ?', qq({"refund":$again})), 1, 'it is promised once');

# one that found no way; the button pressed twice
db_do('UPDATE refund SET state = "abnormal" WHERE id = ?', $again);
db_do('UPDATE outbox SET done_at = UTC_TIMESTAMP(3) WHERE payload = ?', qq({"refund":$again}));
$two->get($list);
my ($form) = grep { $_->action =~ /refund-decide/ && $_->value('row') eq $again } $two->forms;
my %field = map { $_->name => $_->value } grep { $_->name && $_->type =~ /hidden|text/ } $form->inputs;
is($two->post($form->action, { %field, act => 'again' })->code, 403, 'who asked for it does not decide here either');
$one->get($list);
($form) = grep { $_->action =~ /refund-decide/ && $_->value('row') eq $again } $one->forms;
%field = map { $_->name => $_->value } grep { $_->name && $_->type =~ /hidden|text/ } $form->inputs;
is($one->post($form->action, { %field, act => 'again' })->code, 200, 'once more') for 1 .. 2;
is(db_value('SELECT COUNT(*) FROM act WHERE subject_kind = "refund" AND subject = ? AND act = "again"', $again), 1, 'pressed twice, done once');
db_do('UPDATE refund SET state = "abnormal" WHERE id = ?', $again);
is($one->post($form->action, { %field, key => 'b' x 26, act => 'by_hand', note => '旧页面' })->code, 409, 'a page from before the retry is old');
is(state_of($again), 'abnormal', 'and changes nothing');
is(press($one, 'refunds', 'refund-decide', $again, 'by_hand')->code, 422, 'by hand: how?');
is(press($one, 'refunds', 'refund-decide', $again, 'by_hand', note => '对公转账')->code, 200, 'by hand, with a note');
is(state_of($again), 'by_hand', 'it is settled');

# settled by hand, the application moves on with the upkeep
my $fee = paid();
my $ended = end_paid($fee);
db_do('UPDATE refund SET state = "confirmed" WHERE id = ?', $ended);
db_do('UPDATE refund SET state = "abnormal" WHERE id = ?', $ended);
press($one, 'refunds', 'refund-decide', $ended, 'by_hand', note => '现金退回');
is(state_of($ended), 'by_hand', 'a fee is settled by hand');

# an invoice by hand
my $sold = paid();
my $manual = config_with(invoice_provider => 'manual');
promise(kind => 'invoice', application => $sold->{application}, payload => qq({"payment":$sold->{payment}}));
work_off($manual);
my $blue = invoice_of($sold->{payment});
is("$blue->{state} $blue->{provider}", 'due manual', 'without a provider it waits for an accountant');
$one->get(intranet('/clerk/invoices'));
like($one->content, qr/invoice-enter\?invoice=$blue->{id}"/, 'who sees it');
my $number = sprintf '2636%08d%08d', time % 1e8, $$;
my $pdf = File::Temp->new(SUFFIX => '.pdf');
print {$pdf} "%PDF-1.4\nan invoice\n";
$pdf->flush;
my $text = File::Temp->new(SUFFIX => '.pdf');
print {$text} "hello";
$text->flush;
sub enter {
	my ($number, $day, $file) = @_;
	$one->get(intranet("/clerk/invoice-enter?invoice=$blue->{id}"));
	my ($form) = grep { $_->find_input('number') } $one->forms;
	return $one->post($form->action, Content_Type => 'form-data', Content => [
		csrf => $form->value('csrf'), key => $form->value('key'), row => $blue->{id},
		number => $number, issued_on => $day, act => 'enter', $file ? (pdf => [$file->filename]) : () ])->code;
}
is(enter('123', '2026-01-31', $pdf), 422, 'a short number');
is(enter($number, '2026-02-30', $pdf), 422, 'a day that is none');
is(enter($number, '2099-01-01', $pdf), 422, 'a day that is not yet');
is(enter($number, '2026-01-31'), 422, 'no file');
is(enter($number, '2026-01-31', $text), 422, 'a file that is no PDF');
is(invoice_of($sold->{payment})->{state}, 'due', 'none of it was taken');
is(enter($number, '2026-01-31', $pdf), 200, 'all good');
is(join(' ', @{ invoice_of($sold->{payment}) }{qw(state number)}), "issued $number", 'it is issued');
$one->get(intranet("/clerk/invoice-pdf?invoice=$blue->{id}"));
is($one->content, "%PDF-1.4\nan invoice\n", 'its file is there');
unlike(db_value('SELECT sealed FROM invoice_pdf WHERE invoice = ?', $blue->{id}), qr/PDF/, 'sealed in the table');
is(db_value('SELECT COUNT(*) FROM outbox WHERE idempotency_key = ?', "invoice-mail-$blue->{id}"), 1, 'and is mailed');

# its refund waits for the red one, which an accountant enters
my $back = end_paid($sold);
press($two, 'refunds', 'refund-decide', $back, 'confirm');
work_off($manual);
my $red = invoice_of($sold->{payment}, 'red');
is("$red->{state} $red->{amount_fen}", 'due -20000', 'the red one is due');
is(state_of($back), 'confirmed', 'the money waits');
$blue = $red;
is(enter($number, '2026-01-31', $pdf), 409, 'the same number again is refused');
is(enter(sprintf('2637%08d%08d', time % 1e8, $$), '2026-01-31', $pdf), 200, 'another is taken');
work_off($manual);
like(state_of($back), qr/^(?:sent|done)$/, 'and the money goes');

# differences
my $day = '2026-02-03';
db_do('INSERT IGNORE INTO bill_day (day, state, ask_at) VALUES (?, "read", UTC_TIMESTAMP())', $day);
db_do('INSERT INTO difference (day, kind, number, ours_fen, theirs_fen, found_at)
	VALUES (?, "amount", ?, 20000, 19900, UTC_TIMESTAMP())', $day, "T-$$-" . time);
my $difference = db_value('SELECT LAST_INSERT_ID()');
is(press($one, 'differences', 'difference-clear', $difference, 'clear')->code, 422, 'without a reason it is not cleared');
$two->get(intranet('/clerk/differences'));
is(press($one, 'differences', 'difference-clear', $difference, 'clear', note => '手续费')->code, 200, 'with one it is');
is(press($two, undef, 'difference-clear', $difference, 'clear', note => '重复')->code, 409, 'once');
is(db_value('SELECT CONCAT(s.login, " ", t.reason) FROM act t JOIN staff s ON s.id = t.staff
	WHERE t.subject_kind = "difference" AND t.subject = ?', $difference), 'accountant1 手续费', 'and who did it is kept');

my $clerk = staff('clerk1');
$clerk->get($list);
is($clerk->status, 403, 'a clerk sees none of it');
others_go_on();
done_testing;
