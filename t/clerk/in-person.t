# clerk/in-person: an agent who shows the ID card in person needs no face check.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Identity;
use Yj::Staff;

need_instance();

my $clerk = hire('clerk');
my $desk = sign_in($clerk);
my @ticks = qw(original in_person matches);

sub in_person {
	my ($b, $trip, $fields, $button) = @_;
	open_page($b, 'clerk/in-person', $trip->{application});
	my $form = page_form($b, 'clerk/in-person');
	for (keys %$fields) {
		my $input = $form->find_input($_);
		$input->type eq 'checkbox' ? $input->check : $input->value($fields->{$_});
	}
	my ($press) = $button ? $form->find_input($button, 'submit') : ();
	$b->request($press ? $press->click($form) : $form->make_request);
	return $b;
}
my %all = map { $_ => 1 } @ticks;

my $browser = applicant();
my $trip = to_identity($browser);

# -- the case is found by the person at the window
for my $search (substr($trip->{company}{name}, 0, 8), $trip->{company}{uscc}, lc $trip->{company}{uscc}) {
	my $url = URI->new(intranet('/clerk/queue'));
	$url->query_form(search => $search);
	$desk->get($url);
	ok $desk->find_link(url_regex => qr/\Q$trip->{application}\E/), 'found by what the card of the company says';
}
$desk->get(intranet('/clerk/queue?order=newest'));
ok !$desk->find_link(url_regex => qr/\Q$trip->{application}\E/), 'but it is not in the list of what waits for us';
$desk->get(intranet('/clerk/queue?order=newest&state=awaiting_identity'));
ok $desk->find_link(url_regex => qr/\Q$trip->{application}\E/), 'unless asked for';
open_page($desk, 'clerk/case', $trip->{application});
ok $desk->find_link(text => '窗口核验'), 'the case leads to the window';
my $producer = sign_in(hire('producer'));
$producer->get(intranet('/clerk/queue?state=awaiting_identity'));
unlike $producer->content, qr/\Q$trip->{company}{name}\E/, 'producers do not see it';

# -- what is shown
open_page($desk, 'clerk/in-person', $trip->{application});
like $desk->text, qr/\Q$trip->{agent}{name}\E/, 'the name';
ok index($desk->content, $trip->{agent}{id_number}) < 0, 'the number is masked';
in_person($desk, $trip, {}, 'reveal');
ok index($desk->content, $trip->{agent}{id_number}) >= 0, 'asked for: in full';
my ($event, $detail) = last_event($trip);
is_deeply [ $event, $detail ], [ 'reveal', { form => 'agent', field => 'id_number', reason => 'compare' } ], 'with its event';
open_page($desk, 'clerk/in-person', $trip->{application});
ok index($desk->content, $trip->{agent}{id_number}) < 0, 'once';

# -- what is not accepted
for my $missing (@ticks) {
	my %some = %all;
	delete $some{$missing};
	in_person($desk, $trip, \%some);
	is $desk->status, 422, "without $missing nobody passes";
	like $desk->text, qr/三项都看过/, '... said';
}
for ($trip->{agent}{id_number}, $trip->{agent}{mobile}, 'A 1', '单号', 'x' x 33, '"}') {
	my $form = do { open_page($desk, 'clerk/in-person', $trip->{application}); page_form($desk, 'clerk/in-person') };
	utf8::encode(my $text = $_);
	$desk->post($form->action, [ (map { $_ => $form->value($_) } qw(csrf key seen)), %all, reference => $text ]);
	is $desk->status, 422, 'no personal number and nothing odd in the reference';
}
is state_of($trip), 'awaiting_identity', 'nothing moved';
is scalar(attempts($trip)), 0, 'no attempt is left behind';

# -- passed, whatever was chosen before
choose($browser, $trip, 'recorded', 1);
my $rival = sign_in(hire('clerk'));
open_page($rival, 'clerk/in-person', $trip->{application});
in_person($desk, $trip, { %all, reference => 'A-0042' });
is $desk->uri->path, '/clerk/queue', 'confirmed';
is state_of($trip), 'awaiting_payment', 'on to the payment';
my ($attempt) = grep { $_->{method} eq 'counter' } attempts($trip);
is $attempt->{state}, 'passed', 'a passed attempt';
ok $attempt->{ended_at}, 'that has ended';
($event, $detail) = last_event($trip);
is_deeply [ $event, $detail ], [ 'confirm_at_counter',
	{ method => 'counter', seen => 'original,in_person,matches', reference => 'A-0042' } ], 'what was seen';
my $form = page_form($rival, 'clerk/in-person');
$form->find_input($_)->check for @ticks;
$rival->request($form->make_request);
is $rival->status, 409, 'an old page decides nothing';
is scalar(grep { $_->{method} eq 'counter' } attempts($trip)), 1, 'nor leaves an attempt';
$rival->get(intranet("/clerk/in-person?application=$trip->{application}"));
is $rival->uri->path, '/clerk/case', 'the page has closed';
open_page($browser, 'apply/status', $trip->{application});
like $browser->text, qr/窗口当面核验通过/, 'the applicant sees it';

# -- after all tries by face are used up
my $tired = to_identity(my $b = applicant());
db_do("INSERT INTO identity_attempt (public_id, application, method, subject, state, begun_at, ended_at)
	SELECT CONCAT('t', LPAD(?, 15, '0'), LPAD(n, 10, '0')), ?, 'recorded', 'agent', 'failed', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
	FROM (SELECT 1 AS n UNION SELECT 2 UNION SELECT 3) t", $tired->{id}, $tired->{id});
in_person($desk, $tired, \%all);
is state_of($tired), 'awaiting_payment', 'the window is open when faces failed';

# -- nobody else
for my $role (qw(producer admin auditor accountant)) {
	sign_in(my $p = hire($role))->get(intranet("/clerk/in-person?application=$trip->{application}"));
	my $s = sign_in($p);
	$s->get(intranet("/clerk/in-person?application=$trip->{application}"));
	is $s->status, 403, "not for a $role";
}
done_testing;
