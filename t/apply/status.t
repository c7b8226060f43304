# Where an application stands: history, reasons, what can be done.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Content;
use Yj::Journey;
use Yj::Seed;

need_instance();

my $browser = applicant();
my $trip = to_company($browser);
my $id = $trip->{application};
open_page($browser, 'apply/status', $id);
is $browser->status, 200, 'status of a draft';
contains $browser, '填写企业信息', '请填写企业信息并上传营业执照原件照片', '开始申请',
	'已同意用户协议', '北京时间';
ok $browser->find_link(text => '继续填写', url => "/apply/company?application=$id"), 'a way on';
ok $browser->find_link(text => '取消申请'), 'a way out';
my $deadline = db_value("SELECT DATE_FORMAT(deadline_at + INTERVAL 8 HOUR, '%Y-%m-%d %H:%i')
	FROM application WHERE public_id = ?", $id);
contains($browser, "请在 $deadline（北京时间）之前完成");

# the wizard's own steps
fill_company($browser, $trip);
open_page($browser, 'apply/status', $id);
contains $browser, '填完企业信息', $trip->{company}{name};
my $moves = () = $browser->content =~ /yj-timeline__item_done/g;
submit_page(open_page($browser, 'apply/company', $id), {});
open_page($browser, 'apply/status', $id);
is scalar(() = $browser->content =~ /yj-timeline__item_done/g), $moves, 'a form saved again is no step';

# given up
open_page($browser, 'apply/cancel', $id);
is $browser->status, 200, 'asked once more';
is state_of($trip), 'awaiting_legal_rep', 'nothing happened yet';
submit_page($browser, {});
is $browser->uri->path, '/apply/status', 'cancelled';
is state_of($trip), 'cancelled', 'in the database too';
contains $browser, '申请已取消', '您已取消申请';
ok !$browser->find_link(text => '取消申请'), 'not twice';
ok !$browser->find_link(text => '继续填写'), 'nor on';
open_page($browser, 'apply/cancel', $id);
is $browser->uri->path, '/apply/status', 'nothing left to cancel';

# refused, mended, handed in again
$trip = seed(state => 'awaiting_review', browser => $browser);
$id = $trip->{application};
open_page($browser, 'apply/status', $id);
contains $browser, '待审核', '已确认订单，资料已提交', '预计在';
my $clerk = staff('clerk1');
my ($note, $note2) = ('左下角没有拍到', '请写全称');
refuse($clerk, $trip, 'company.licence', $note);
open_page($browser, 'apply/status', $id);
is state_of($trip), 'awaiting_correction', 'refused';
contains $browser, '需要修改的内容', '企业信息 · 营业执照原件', $note, '去修改',
	'还有 1 处没有修改', '审核后退回修改';
ok $browser->find_link(url => "/apply/company?application=$id#field-licence"), 'a link to the field';
matches($browser, qr{<img[^>]+src="/apply/image\?application=$id&amp;scan=\w{26}&amp;size=thumb"},
	'with the scan');
my ($image) = $browser->content =~ m{src="(/apply/image[^"]+)"};
$image =~ s/&amp;/&/g;
$browser->get(public($image));
is $browser->res->content_type, 'image/jpeg', 'that can be seen';
open_page($browser, 'apply/status', $id);
ok !eval { page_form($browser, '/apply/resubmit') }, 'it cannot be handed in unchanged';

# by hand neither
my ($csrf) = open_page($browser, 'apply/cancel', $id)->content =~ /name="csrf" value="([0-9a-f]+)"/;
$browser->post(public("/apply/resubmit?application=$id"), { csrf => $csrf, key => '1' x 26 });
is $browser->status, 409, 'refused by the state machine';
is state_of($trip), 'awaiting_correction', 'nothing moved';

# saved without a change: not called saved, but what is left to do
submit_page(open_page($browser, 'apply/company', $id), {});
is $browser->uri->path, '/apply/status', 'back to the reasons';
contains $browser, '还有没改好的内容', '去修改', '还有 1 处没有修改';
lacks($browser, '已保存');

mend($browser, $trip, 'company', licence => sample('licence'));
contains $browser, '已保存';
open_page($browser, 'apply/status', $id);
contains($browser, '✓ 已修改');
lacks($browser, '处没有修改');
resubmit($browser, $trip);
is state_of($trip), 'awaiting_review', 'handed in again';
contains $browser, '已重新提交', '修改后重新提交';
lacks($browser, '需要修改的内容');

# a second round knows nothing of the first
refuse($clerk, $trip, 'agent.name', $note2);
open_page($browser, 'apply/status', $id);
contains $browser, '经办人信息 · 经办人姓名', $note2, '还有 1 处没有修改';
lacks($browser, $note);
lacks($browser, '企业信息 · 营业执照原件');
mend($browser, $trip, 'agent', name => any_name());
resubmit($browser, $trip);
is state_of($trip), 'awaiting_review', 'handed in once more';

# approved; parcel; receipt
approve($clerk, $trip);
open_page($browser, 'apply/status', $id);
contains $browser, '审核通过', '制证中';
lacks($browser, '取消申请');

my ($number, $producer) = (db_value('SELECT id FROM application WHERE public_id = ?', $id),
	db_value('SELECT id FROM staff WHERE login = ?', env('YJ_PRODUCER1_LOGIN')));
for my $event (qw(produce ship)) {
	is +(move($event))[0], 'moved', "the producer's $event";
}
open_page($browser, 'apply/status', $id);
contains $browser, '证书制作完成', '证书已寄出', '已寄出', '确认收货';
$browser->request(page_form($browser, 'apply/receipt')->click);
is state_of($trip), 'completed', 'received';
contains $browser, '已确认收货', '您已确认收货', '已完成';
lacks($browser, '之前完成');
ok !eval { page_form($browser, 'apply/receipt') }, 'once';

# What the producer's pages will do, by the account they will have.
sub move {
	my ($event) = @_;
	return flow_advance(part_db('clerk'), $number, 'producer', $producer, $event, "test-$event-$number");
}

# nobody else
my $other = applicant();
for my $page (qw(status cancel)) {
	open_page($other, "apply/$page", $id);
	is $other->status, 404, "nobody else opens $page";
	ok index($other->content, $trip->{company}{name}) < 0, 'nor reads a word';
}

done_testing();
