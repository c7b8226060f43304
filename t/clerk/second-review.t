# Where the project's policy asks for it, two different clerks approve.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Staff;

need_instance();

# An application of a project of our own, waiting for review.
my $code = "t-second-$$-" . time;
db_do('INSERT INTO project (code, name, flow_version, identity_check, payment, second_review)'
	. ' VALUES (?, ?, 1, FALSE, FALSE, TRUE)', $code, "复核 $$");
my $openid = openid();
db_do("INSERT INTO applicant (appid, openid, created_at) VALUES ('t', ?, UTC_TIMESTAMP(3))", $openid);
my $count = 0;

sub waiting {
	my $public = sprintf '1%015d%010d', $$, ++$count;
	db_do("INSERT INTO application (public_id, project, applicant, flow_version, state, state_since, created_at, start_key)"
		. " SELECT ?, id, ?, 1, 'awaiting_review', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), ? FROM project WHERE code = ?",
		$public, applicant_by_openid($openid), "t$count", $code);
	return { application => $public };
}

# Presses a button of the case page; stands on the answer.
sub press {
	my ($desk, $trip, $page, %fields) = @_;
	open_page($desk, 'clerk/case', $trip->{application});
	my $form = page_form($desk, $page);
	for (sort keys %fields) {
		$form->push_input('text', { name => $_ });
		$form->find_input($_)->value($fields{$_});
	}
	$desk->request($form->click);
	return $desk;
}

my ($first, $second) = (hire('clerk'), hire('clerk'));
my ($one, $two) = (sign_in($first), sign_in($second));

my $trip = waiting();
press($one, $trip, 'clerk/approve');
is($one->uri->path, '/clerk/queue', 'the first clerk approves');
is(state_of($trip), 'awaiting_second_review', 'and the application waits for another');
press($one, $trip, 'clerk/approve');
is($one->status, 409, 'the same clerk cannot confirm');
like($one->text, qr/复核要由另一位审核员来做/, 'and is told why');
is(state_of($trip), 'awaiting_second_review', 'nothing moved');
open_page($two, 'clerk/case', $trip->{application});
like($two->text, qr/复核通过/, 'the button says what it does');
press($two, $trip, 'clerk/approve');
is($two->uri->path, '/clerk/queue', 'the second clerk confirms');
is(state_of($trip), 'awaiting_production', 'and the application goes on');
is(join(' ', map { "$_->{event}/$_->{actor}" } db_rows('SELECT event, actor FROM event WHERE application ='
	. ' (SELECT id FROM application WHERE public_id = ?) ORDER BY id', $trip->{application})),
	"approve/$first->{id} confirm_approval/$second->{id}", 'with both names in the history');

# the second may send it back to the first review
$trip = waiting();
press($one, $trip, 'clerk/approve');
press($two, $trip, 'clerk/return');
is($two->uri->path, '/clerk/queue', 'the second clerk sends it back');
like($two->text, qr/已退回重新审核/, 'which the queue says');
is(state_of($trip), 'awaiting_review', 'to the review');
open_page($two, 'clerk/case', $trip->{application});
unlike($two->content, qr{clerk/return}, 'from where nothing can be sent back');

# with a reason filled in neither is done
$trip = waiting();
press($one, $trip, 'clerk/approve');
for my $page (qw(approve return reject)) {
	press($two, $trip, "clerk/$page", 'reason.company.name' => 'not-company', 'note.company.name' => '少了“有限公司”');
	is($two->status, 422, "$page with a reason at a field is asked about");
	like($two->text, qr/“企业信息 · 企业名称”.*没有执行/s, 'which names the field');
	like($two->content, qr/value="not-company" selected/, 'and keeps the reason');
	is(state_of($trip), 'awaiting_second_review', 'nothing moved');
}

# two read the same page: the second press is not taken for the second review
$trip = waiting();
open_page($two, 'clerk/case', $trip->{application});
my $late = page_form($two, 'clerk/approve')->click;
press($one, $trip, 'clerk/approve');
$two->request($late);
is($two->status, 409, 'who meant to review does not confirm');
is(state_of($trip), 'awaiting_second_review', 'a second review is still to come');

# the second may refuse as well
$trip = waiting();
press($one, $trip, 'clerk/approve');
press($two, $trip, 'clerk/refuse', 'reason.company.name' => 'not-company', 'note.company.name' => '少了“有限公司”');
is($two->uri->path, '/clerk/queue', 'the second clerk refuses');
is(state_of($trip), 'awaiting_correction', 'and the application goes back');

# two at once, many times: one decision each, whoever wins
my @outcomes;
for my $round (1 .. 5) {
	my $contested = waiting();
	my $id = db_value('SELECT id FROM application WHERE public_id = ?', $contested->{application});
	my @children;
	for my $desk ($one, $two) {
		open_page($desk, 'clerk/case', $contested->{application});
		my $form = page_form($desk, $desk == $one ? 'clerk/approve' : 'clerk/refuse');
		if ($desk == $two) {
			$form->push_input('text', { name => 'reason.company.name' });
			$form->find_input('reason.company.name')->value('other');
		}
		my $request = $form->click;
		my $pid = fork // die;
		if (!$pid) {
			eval { $desk->request($request) };
			require POSIX;
			POSIX::_exit($desk->status == 200 ? 0 : $desk->status == 409 ? 1 : 2);
		}
		push @children, $pid;
	}
	my @status = map { waitpid $_, 0; $? >> 8 } @children;
	my $reasons = db_value('SELECT COUNT(*) FROM reason WHERE application = ?', $id);
	my $state = state_of($contested);
	push @outcomes, $status[0] + $status[1] == 1 && db_value('SELECT COUNT(*) FROM event WHERE application = ?', $id) == 1
		&& ($status[0] == 0 ? $state eq 'awaiting_second_review' && $reasons == 0
			: $state eq 'awaiting_correction' && $reasons == 1) ? 'one' : "@status $state $reasons";
}
# a refusal from awaiting_second_review is allowed, so both may win in that order
is(scalar(grep { $_ ne 'one' && $_ !~ /^0 0 awaiting_correction 1$/ } @outcomes), 0,
	'approve against refuse: never half of each') or diag join ' | ', @outcomes;

done_testing;
