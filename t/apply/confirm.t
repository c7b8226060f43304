# The order on one page, and the button that hands it in.
use lib 't/lib';
use Yj;
use Yj::Content;
use Yj::Journey;

need_instance();

my $browser = applicant();
my $trip = to_confirm($browser);
my $id = $trip->{application};
my $number = db_value('SELECT id FROM application WHERE public_id = ?', $id);

open_page($browser, 'apply/confirm', $id);
is $browser->status, 200, 'the order is shown';
contains($browser, $_) for $trip->{company}{name}, $trip->{company}{uscc},
	$trip->{legal_rep}{name}, $trip->{legal_rep}{id_number}, $trip->{agent}{name},
	$trip->{agent}{mobile}, $trip->{order}{invoice_email}, '顺丰快递', '江西省';
matches($browser, qr/\d+\.\d\d 元/, 'with the price');
for my $form (qw(company legal-rep agent order)) {
	ok $browser->find_link(url => "/apply/$form?application=$id", text_regex => qr/修改/),
		"$form can be changed";
}
ok $browser->find_link(text => '返回修改'), 'a way back';

# something is missing after all
db_do('UPDATE legal_rep SET complete = 0 WHERE application = ?', $number);
my $early = page_form($browser);
open_page($browser, 'apply/confirm', $id);
contains($browser, '还有内容没有填完');
matches($browser, qr{<a href="/apply/legal-rep\?application=$id">去填写法人代表信息},
	'what is missing is named');
ok !eval { page_form($browser) }, 'and there is no button';
$browser->request($early->click);
is $browser->status, 422, 'an old button does not help';
is state_of($trip), 'awaiting_order', 'nothing moved';
db_do('UPDATE legal_rep SET complete = 1 WHERE application = ?', $number);

# confirmed, twice
open_page($browser, 'apply/confirm', $id);
my $request = page_form($browser)->click;
$browser->request($request);
is $browser->uri->path, '/apply/status', 'confirmed';
contains($browser, '订单已确认');
is state_of($trip), 'awaiting_review', 'on to the review';
$browser->request($request);
is $browser->uri->path, '/apply/status', 'confirmed twice comes to the same page';
is db_value('SELECT COUNT(*) FROM event e JOIN application a ON a.id = e.application
	WHERE a.public_id = ? AND e.event = ?', $id, 'confirm_order'), 1, 'by one event';
is db_value('SELECT COUNT(*) FROM outbox o JOIN application a ON a.id = o.application
	WHERE a.public_id = ? AND o.kind = ?', $id, 'order_confirmed'), 1, 'and one promise';
open_page($browser, 'apply/confirm', $id);
is $browser->uri->path, '/apply/status', 'there is nothing to confirm any more';

my $other = applicant();
open_page($other, 'apply/confirm', $id);
is $other->status, 404, 'nobody else sees it';
ok index($other->content, $trip->{company}{name}) < 0, 'not a word of it';

done_testing();
