# clerk/reject: the end of an application: why, what happens to the money, once.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Journey;
use Yj::Seed;
use Yj::Staff;
use Yj::Wechatpay;

need_instance();

my $clerk = hire('clerk');
my $desk = sign_in($clerk);
my $trip = seed(state => 'awaiting_review', browser => my $browser = applicant());
$trip->{id} = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});

sub choose_reason {
	my ($b, $t, $code) = @_;
	open_page($b, 'clerk/reject', $t->{application});
	my $form = page_form($b, 'clerk/reject');
	$form->value(reason => $code);
	$b->request($form->make_request);
	return page_form($b, 'clerk/reject');
}
sub press {
	my ($b, $form, $go) = @_;
	my ($button) = grep { $_->type eq 'submit' && ($_->value // '') eq $go } $form->inputs;
	$b->request($button->click($form));
}

open_page($desk, 'clerk/case', $trip->{application});
submit_page($desk, {}, undef, 'clerk/reject');
is $desk->uri->path . ' ' . $desk->status, '/clerk/reject 200', 'the case leads there';
my @offered = page_form($desk, 'clerk/reject')->find_input('reason')->possible_values;
cmp_ok scalar(@offered), '>=', 5, 'reasons to choose from';
ok !(grep { /^(?:blurred|face-other)$/ } @offered), 'and none of another kind';
my $form = page_form($desk, 'clerk/reject');
$desk->request($form->make_request);
is $desk->status, 422, 'without a reason nothing';
$desk->post($form->action, [ (map { $_ => $form->value($_) } qw(csrf key seen)), reason => 'face-other', go => 'confirm' ]);
is $desk->status, 422, 'nor with one of another kind';
is state_of($trip), 'awaiting_review', 'nothing moved';

# the second look
my $confirm = choose_reason($desk, $trip, 'company-closed');
like $desk->text, qr/单位已经注销.*没有付过款/s, 'what it means, and that no money is concerned';
is state_of($trip), 'awaiting_review', 'still nothing';
press($desk, $confirm, 'back');
like $desk->content, qr/value="company-closed" selected/, 'back: the reason is still chosen';

# a page that has become old
my $rival = sign_in(hire('clerk'));
my $old = choose_reason($rival, $trip, 'not-eligible');
my $again = choose_reason($desk, $trip, 'company-closed');
my ($button) = grep { $_->type eq 'submit' && ($_->value // '') eq 'confirm' } $again->inputs;
my $request = $button->click($again);
$desk->request($request->clone);
is $desk->uri->path, '/clerk/queue', 'rejected';
is state_of($trip), 'rejected', 'the end';
$desk->request($request->clone);
is $desk->uri->path, '/clerk/queue', 'twice is once';
is scalar db_rows("SELECT 1 FROM event WHERE application = ? AND event = 'reject'", $trip->{id}), 1, 'one event';
is db_value("SELECT detail FROM event WHERE application = ? AND event = 'reject'", $trip->{id}),
	'{"reason":"company-closed"}', 'with the code and nothing else';
press($rival, $old, 'confirm');
is $rival->status, 409, 'an old page rejects nothing';
$rival->get(intranet("/clerk/reject?application=$trip->{application}"));
is $rival->uri->path, '/clerk/case', 'and the page has closed';

# the applicant
open_page($browser, 'apply/status', $trip->{application});
like $browser->text, qr/未通过.*单位已经注销/s, 'the applicant reads why';
is db_value("SELECT kind FROM outbox WHERE application = ? ORDER BY id DESC LIMIT 1", $trip->{id}), 'rejected', 'and is told';

# what was paid goes back
my $payer = applicant();
my $paid = payable($payer);
pay_native($payer, $paid);
poll();
is state_of($paid), 'awaiting_review', 'an application that was paid for';
my $yuan = sprintf '%.2f', db_value('SELECT paid_fen FROM payment WHERE application = ? AND state = "paid"', $paid->{id}) / 100;
my $back = choose_reason($desk, $paid, 'false-material');
like $desk->text, qr/已付 \Q$yuan\E 元.*原路退回/s, 'the clerk reads what happens to the money';
press($desk, $back, 'confirm');
is state_of($paid), 'awaiting_refund', 'which goes back first';
open_page($payer, 'apply/status', $paid->{application});
like $payer->text, qr/提交的材料与核实的情况不符/, 'the applicant reads why at once';

# nobody else, and not from elsewhere
for my $role (qw(producer admin auditor accountant)) {
	my $s = sign_in(hire($role));
	$s->get(intranet("/clerk/reject?application=$paid->{application}"));
	is $s->status, 403, "not for a $role";
}
done_testing;
