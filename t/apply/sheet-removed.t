# A sheet of a printed document that is taken out again, with our script and
# without: the form is whole no longer, and an order made from it is refused.
use lib 't/lib';
use Yj;
use Yj::Content;
use Yj::Journey;
use Yj::Print;

need_instance();
need_print_tools();

my $browser = applicant();
my $trip = to_confirm($browser);

sub complete {
	return db_value('SELECT g.complete FROM agent g JOIN application a ON a.id = g.application
		WHERE a.public_id = ?', $trip->{application});
}

# Public id of the scan that is this sheet of a field; undef when there is none.
sub scan {
	my ($field, $sheet) = @_;
	return db_value('SELECT s.public_id FROM scan s JOIN application a ON a.id = s.application
		WHERE a.public_id = ? AND s.form = "agent" AND s.field = ? AND s.sheet = ? AND s.removed_at IS NULL',
		$trip->{application}, $field, $sheet);
}

sub with_script {
	my ($field, @content) = @_;
	open_page($browser, 'apply/agent', $trip->{application});
	my $page = page_form($browser);
	return $browser->clone->post(
		public("/apply/scan?application=$trip->{application}&form=agent&field=$field"),
		'Content_Type' => 'form-data', 'X-Yj-Fragment' => 1, 'Origin' => public(),
		Content => [ csrf => $page->value('csrf'), key => $page->value('key'), @content ]);
}

sub without_script {
	my ($scan) = @_;
	open_page($browser, 'apply/agent', $trip->{application});
	return submit_page($browser, {}, [ remove_scan => $scan ]);
}

# The button of a page that was opened while all was there.
sub confirm {
	my ($page) = @_;
	$page->request(page_form($page)->click);
	return state_of($trip);
}

is complete(), 1, 'all sheets are there: the form is whole';
my @agreement = printed($browser, $trip, 'user-agreement');
cmp_ok scalar @agreement, '>=', 2, 'the agreement has several';

for my $way ([ 'with script', sub { with_script('user_agreement', remove => $_[0]) } ],
		[ 'without script', \&without_script ]) {
	my ($name, $remove) = @$way;
	open_page($browser, 'apply/confirm', $trip->{application});
	my $before = $browser->clone;
	$before->request(HTTP::Request->new(GET => $browser->uri));
	my $scan = scan('user_agreement', 1);
	ok $scan, "$name: the first sheet is there";
	$remove->($scan);
	is scan('user_agreement', 1), undef, '... and gone';
	is complete(), 0, '... the form is whole no longer';
	is confirm($before), 'awaiting_order', '... an order made of it is refused';
	open_page($browser, 'apply/agent', $trip->{application});
	contains($browser, '还缺第 1 页');
	is with_script('user_agreement', file => [ $agreement[0] ])->code, 200, '... taken once more';
	is complete(), 1, '... all is there again';
}

# Its last picture of all, and a field that may stay empty.
without_script(scan('application_form', 1));
is complete(), 0, 'nor is it whole without any page of a form';
is with_script('application_form', file => [ (printed($browser, $trip, 'application-form'))[0] ])->code, 200,
	'which is taken once more';

# What is saved afterwards does not make it whole either.
with_script('user_agreement', remove => scan('user_agreement', 2));
open_page($browser, 'apply/agent', $trip->{application});
submit_page($browser, { landline => '0797-8111111' });
is complete(), 0, 'nor does saving another field hide it';
open_page($browser, 'apply/agent', $trip->{application});
is page_form($browser)->value('landline'), '0797-8111111', 'which was saved';
is with_script('user_agreement', file => [ $agreement[1] ])->code, 200, 'the last one';
open_page($browser, 'apply/confirm', $trip->{application});
isnt confirm($browser), 'awaiting_order', 'and the order goes through';
done_testing;
