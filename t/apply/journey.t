#!/usr/bin/perl
# The whole journey without script: from the QR address through every page to
# the review, refused on one scan, only that mended, approved, seen.
use Yj;
use Yj::Journey;

need_instance();

my $browser = applicant();
like $browser->content, qr/请先准备好/, 'the way in says what to have ready';

my $trip = to_review($browser);
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

done_testing();
