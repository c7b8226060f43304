#!/usr/bin/perl
# The whole journey without script: from the QR address through every page to
# the review, refused on one scan, only that mended, approved, received; by every
# version of the flow.
use Yj;
use Yj::Account;
use Yj::Content;
use Yj::Journey;

need_instance();

sub walk {
	my ($version, $project) = @_;

	my $browser = applicant();
	like $browser->content, qr/请先准备好/, 'the way in says what to have ready';

	my $trip = to_review($browser, $project);
	is state_of($trip), 'awaiting_review', 'everything is handed in';
	my $id = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});

	my $stored = (db_rows('SELECT * FROM company WHERE application = ?', $id))[0];
	is $stored->{name}, $trip->{company}{name}, 'the company is stored as typed';
	is $stored->{uscc}, $trip->{company}{uscc}, 'with its number';
	is $stored->{region}, '360702', 'and its region, found by name';
	is_deeply [map { "$_->{form}.$_->{field} $_->{pages}" } db_rows(
		'SELECT form, field, COUNT(*) AS pages FROM scan WHERE application = ? AND live = 1'
		. ' GROUP BY form, field ORDER BY form, field', $id)], [
		'agent.application_form 1', 'agent.id_back 1', 'agent.id_front 1', 'agent.user_agreement 2',
		'company.licence 1', 'legal-rep.id_back 1', 'legal-rep.id_front 1',
	], 'every scan is there, two pages of the agreement';
	my $sealed = db_value('SELECT id_number FROM agent WHERE application = ?', $id);
	unlike $sealed, qr/\Q$trip->{agent}{id_number}\E/, 'the ID number is not readable in the database';
	is db_value('SELECT COUNT(*) FROM agreement WHERE application = ? AND sha256 = (SELECT sha256'
		. ' FROM agreement_text t WHERE t.id = agreement_text)', $id), 1, 'the agreement is stored with its hash';

	my $clerk = staff('clerk1');
	open_page($clerk, 'clerk/case', $trip->{application});
	like $clerk->content, qr/\Q$trip->{company}{name}\E/, 'the clerk sees what was typed';
	unlike $clerk->content, qr/\Q$trip->{agent}{id_number}\E/, 'but not the whole ID number';
	refuse($clerk, $trip, 'company.licence', '右下角没有拍全');
	is state_of($trip), 'awaiting_correction', 'refused';

	open_page($browser, 'apply/status', $trip->{application});
	like $browser->content, qr/右下角没有拍全/, 'the applicant reads the note';
	unlike $browser->content, qr{action="/apply/resubmit}, 'and finds no button to hand it in unmended';
	open_page($browser, 'apply/company', $trip->{application});
	my $form = page_form($browser);
	$browser->post(public("/apply/resubmit?application=$trip->{application}"),
		{ csrf => $form->value('csrf'), key => $form->value('key') });
	ok !$browser->success, 'a browser that sends it all the same is refused';
	is state_of($trip), 'awaiting_correction', 'nothing mended, nothing handed in';
	open_page($browser, 'apply/company', $trip->{application});
	$form = page_form($browser);
	is_deeply [sort grep { defined } map { $_->type =~ /hidden|submit/ ? undef : $_->name } $form->inputs],
		['licence'], 'nothing but the refused scan can be changed';
	my $old = db_value('SELECT public_id FROM scan WHERE application = ? AND form = ? AND live = 1', $id, 'company');
	mend($browser, $trip, 'company', licence => sample('licence-again'));
	isnt db_value('SELECT public_id FROM scan WHERE application = ? AND form = ? AND live = 1', $id, 'company'),
		$old, 'another picture is there';
	resubmit($browser, $trip);
	is state_of($trip), 'awaiting_review', 'handed in again';

	approve($clerk, $trip);
	is state_of($trip), 'awaiting_production', 'approved';
	open_page($browser, 'apply/status', $trip->{application});
	like $browser->content, qr/审核通过/, 'the applicant sees it';
	open_page($browser, 'apply/mine');
	like $browser->content, qr/\Q$trip->{company}{name}\E/, 'and finds it among the own applications';

	# on to the end, by the producer and the applicant
	my $applicant = db_value('SELECT applicant FROM application WHERE id = ?', $id);
	my $producer = db_value('SELECT MIN(id) FROM staff WHERE role = "producer" AND is_active');
	is((flow_advance(part_db('clerk'), $id, 'producer', $producer, $_, "walk-$_"))[0], 'moved', $_) for qw(produce ship);
	open_page($browser, 'apply/status', $trip->{application});
	submit_page($browser, {}, undef, 'apply/receipt');
	is state_of($trip), 'completed', 'and received';
	contains $browser, qw(填完企业信息 填完法人代表信息 填完经办人信息 审核后退回修改 修改后重新提交 您已确认收货);
	open_page($clerk, 'clerk/case', $trip->{application});
	contains $clerk, qw(填完企业信息 填完法人代表信息 填完经办人信息 确认订单并提交 修改后重新提交 确认收货);
	is db_value('SELECT flow_version FROM application WHERE id = ?', $id), $version, 'by the flow that it began with';
	return;
}

for my $version (map { $_->{flow_version} } db_rows('SELECT flow_version FROM flow ORDER BY flow_version')) {
	subtest "flow version $version" => sub { walk($version, flow_project($version)) };
}

done_testing();
