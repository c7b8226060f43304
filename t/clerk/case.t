# The case page: what a clerk sees, what is hidden, what is decided.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Seed;
use Yj::Staff;
use Encode ();

need_instance();

my $browser = applicant();
my $trip = seed(state => 'awaiting_review', browser => $browser);
my $public = $trip->{application};
my $id = db_value('SELECT id FROM application WHERE public_id = ?', $public);
my $clerk = hire('clerk');
my $desk = sign_in($clerk);

sub events {
	my ($event, $of) = @_;
	return db_rows('SELECT actor, detail, to_state FROM event WHERE application = ? AND event = ?',
		$of // $id, $event);
}
sub reasons { return db_rows('SELECT * FROM reason WHERE application = ? ORDER BY id', $_[0] // $id) }

# A POST as the case page would send it, with these fields besides.
sub post_as {
	my ($b, $page, $fields, $application) = @_;
	$application //= $public;
	$b->get(intranet("/clerk/case?application=$application"));
	my ($csrf) = $b->content =~ /name="csrf" value="(\w+)"/;
	my ($key) = $b->content =~ /name="key" value="(\w+)"/;
	my ($seen) = $b->content =~ /name="seen" value="(\w+)"/;
	$b->post(intranet("/clerk/$page?application=$application"),
		Content_Type => 'form-data', Content => [ csrf => $csrf, key => $key, seen => $seen // 0,
			map { Encode::encode('UTF-8', $_) } %$fields ]);
	return $b;
}

# what is shown
open_page($desk, 'clerk/case', $public);
is($desk->status, 200, 'the case opens');
my $text = $desk->text;
for ([ $trip->{company}{name}, 'company name' ], [ $trip->{company}{uscc}, 'credit code' ],
	[ $trip->{legal_rep}{name}, 'name of the legal rep' ], [ $trip->{agent}{name}, 'name of the agent' ],
	[ '江西省 赣州市 章贡区', 'region in words' ], [ '待审核', 'state' ], [ '2026-1', 'agreement version' ],
	[ '确认订单并提交', 'history' ]) {
	ok(index($text, $_->[0]) >= 0, "$_->[1] is shown");
}
my @secrets = ($trip->{legal_rep}{id_number}, $trip->{legal_rep}{mobile}, $trip->{agent}{id_number},
	$trip->{agent}{mobile}, $trip->{agent}{landline}, $trip->{address}{address_mobile},
	$trip->{address}{address_recipient}, $trip->{address}{address_street});
ok(index($desk->content, $_) < 0, 'a personal value is not in the page') for @secrets;
my $masked = $trip->{agent}{id_number} =~ s/^(...).*(....)$/$1***********$2/r;
ok(index($text, $masked) >= 0, 'an ID number shows 3 and 4 digits');

# scans
my @scans = map { $_->{public_id} } db_rows(
	'SELECT public_id FROM scan WHERE application = ? AND removed_at IS NULL ORDER BY id', $id);
cmp_ok(scalar @scans, '>=', 8, 'there are scans');
is(scalar(grep { index($desk->content, "scan=$_") < 0 } @scans), 0, 'and each is in the page');
my $image = "/clerk/image?application=$public&scan=$scans[0]";
$desk->get(intranet($image));
is($desk->response->header('Content-Type'), 'image/jpeg', 'a scan is a picture');
is(substr($desk->response->content, 0, 2), "\xff\xd8", 'a JPEG');
my $full = length $desk->response->content;
$desk->get(intranet("$image&size=thumb"));
cmp_ok(length $desk->response->content, '<', $full / 2, 'its thumbnail is smaller');
like($desk->response->header('Cache-Control'), qr/no-store/, 'and is kept nowhere');
my $other = to_company(my $stranger = applicant());
$desk->get(intranet("/clerk/image?application=$other->{application}&scan=$scans[0]"));
is($desk->status, 404, 'not under another application');
$desk->get(intranet("/clerk/image?application=$public&scan=" . ('0' x 26)));
is($desk->status, 404, 'nor one that does not exist');
my $nobody = new_browser();
$nobody->get(intranet($image));
is($nobody->uri->path, '/clerk/login', 'and not for who is not logged in');
my $producer = sign_in(hire('producer'));
$producer->get(intranet($image));
is($producer->status, 403, 'nor for other roles');

# reveal
is(scalar(events('reveal')), 0, 'nothing was revealed yet');
post_as($desk, 'reveal', { reveal => 'agent.id_number', 'why.agent.id_number' => 'compare' });
is($desk->status, 200, 'asked with a reason');
ok(index($desk->content, $trip->{agent}{id_number}) >= 0, 'the ID number is shown in full');
ok(index($desk->content, $trip->{legal_rep}{id_number}) < 0, 'and no other');
ok(index($desk->content, $trip->{agent}{mobile}) < 0, 'nor the mobile');
my @revealed = events('reveal');
is(scalar @revealed, 1, 'it left an event');
is($revealed[0]{actor}, $clerk->{id}, 'by this clerk');
is($revealed[0]{detail}, '{"form":"agent","field":"id_number","reason":"compare"}', 'with field and reason');
is(state_of($trip), 'awaiting_review', 'the state is the same');
open_page($desk, 'clerk/case', $public);
ok(index($desk->content, $trip->{agent}{id_number}) < 0, 'the next time it is masked again');
like($desk->text, qr/查看完整信息：经办人信息 · 经办人身份证/, 'the history tells');
post_as($desk, 'reveal', { reveal => 'agent.address', 'why.agent.address' => 'contact' });
ok(index($desk->content, $trip->{address}{address_street}) >= 0, 'an address is shown in full too');
my $again = post_as($desk, 'reveal', { reveal => 'agent.mobile', 'why.agent.mobile' => 'compare' })->response->request;
$desk->request($again);
is($desk->status, 409, 'the same request once more');
ok(index($desk->content, $trip->{agent}{mobile}) < 0, 'shows nothing');
is(scalar(events('reveal')), 3, 'and leaves no event');
for ({ reveal => 'agent.id_number' }, { reveal => 'agent.id_number', 'why.agent.id_number' => 'fun' },
	{ reveal => 'agent.name', 'why.agent.name' => 'compare' }, { reveal => 'x.id_number', 'why.x.id_number' => 'compare' },
	{ reveal => 'agent.号码', 'why.agent.号码' => 'compare' }, { 'why.agent.id_number' => 'compare' }) {
	post_as($desk, 'reveal', $_);
	is($desk->status, 422, 'refused: ' . join ' ', %$_);
	is(scalar(grep { index($desk->content, $_) >= 0 } @secrets), 0, 'shows nothing');
}
is(scalar(events('reveal')), 3, 'and leaves no event');

# a number is asked for in the middle of choosing reasons: they stay, and the
# page that was left open decides nothing more
post_as($desk, 'reveal', { reveal => 'agent.mobile', 'why.agent.mobile' => 'contact',
	'reason.company.uscc' => 'other', 'note.company.uscc' => '与执照不一致' });
ok(index($desk->content, $trip->{agent}{mobile}) >= 0, 'the number is shown');
my ($chosen) = $desk->content =~ m{<select[^>]* name="reason\.company\.uscc"[^>]*>(.*?)</select>}s;
like($chosen, qr/value="other" selected/, 'the reason is still chosen');
like($desk->content, qr{name="note\.company\.uscc"[^>]*>与执照不一致<}, 'the note still there');
is(scalar(events('reveal')), 4, 'one more event');
my @buttons = $desk->content =~ /(<button[^>]* name="reveal"[^>]*>)/g;
cmp_ok(scalar @buttons, '>=', 5, 'a button for each number');
is(scalar(grep { !/ form="refuse"/ || !m{ formaction="/clerk/reveal\?application=$public"} } @buttons), 0,
	'and all belong to the form that holds the reasons');

# refuse: what is not accepted
my ($licence) = map { $_->{public_id} } db_rows('SELECT public_id FROM scan WHERE application = ?'
	. " AND form = 'company' AND removed_at IS NULL", $id);
my $their_scan = do {
	my $t = to_legal_rep(applicant());
	db_value('SELECT s.public_id FROM scan s JOIN application a ON a.id = s.application WHERE a.public_id = ?',
		$t->{application});
};
for (
	[ {}, qr/先在有问题的项目里选择原因/, 'no reason' ],
	[ { "reason.company.licence.$licence" => '' }, qr/先在有问题的项目里选择原因/, 'only empty ones' ],
	[ { 'reason.company.nonsense' => 'other' }, qr/项目不存在/, 'unknown field' ],
	[ { 'reason.nonsense.name' => 'other' }, qr/项目不存在/, 'unknown form' ],
	[ { 'reason.' => 'other' }, qr/项目不存在/, 'no place at all' ],
	[ { 'reason.company.licence.x.y' => 'other' }, qr/项目不存在|不在这份申请/, 'a place of four parts' ],
	[ { "reason.company.name.$licence" => 'other' }, qr/项目不存在/, 'a scan at a field that has none' ],
	[ { "reason.company.licence.$their_scan" => 'blurred' }, qr/不在这份申请里/, 'a scan of another application' ],
	[ { "reason.agent.id_front.$licence" => 'blurred' }, qr/不在这份申请里/, 'a scan of another field' ],
	[ { 'reason.company.name' => 'nonsense' }, qr/原因不能用/, 'unknown reason' ],
	[ { 'reason.company.name' => '原因' }, qr/原因不能用/, 'a reason that is no word' ],
	[ { 'reason.company.name' => 'blurred' }, qr/原因不能用/, 'a reason for scans at a field' ],
	[ { 'reason.company.name' => 'other', 'note.company.name' => '某' x 501 }, qr/最多 500 个字/, '501 characters' ],
	[ { 'reason.company.name' => 'other', 'note.company.name' => "a\x{202e}b" }, qr/无法识别/, 'a control character' ],
	[ { 'reason.company.name' => 'other', 'note.company.uscc' => '写在这里' }, qr/也要选一个原因/, 'a note without a reason' ],
) {
	my ($fields, $expected, $what) = @$_;
	post_as($desk, 'refuse', $fields);
	is($desk->status, 422, "refuse with $what is refused");
	like($desk->text, $expected, 'and said why');
}
is(scalar(reasons()), 0, 'no reason was kept');
is(state_of($trip), 'awaiting_review', 'nothing moved');
like($desk->content, qr/写在这里/, 'what was typed is kept');

# a reason or note that is filled in is never dropped by another decision
for my $page (qw(approve reject)) {
	for ([ { "reason.company.licence.$licence" => 'blurred' }, '企业信息 · 营业执照原件', qr/value="blurred" selected/, 'a reason at a scan' ],
		[ { 'reason.agent.mobile' => 'other' }, '经办人信息 · 经办人手机号码', qr/value="other" selected/, 'a reason at a field' ],
		[ { 'note.company.name' => '少了“有限”' }, '企业信息 · 企业名称', qr/少了“有限”</, 'a note' ],
		[ { 'reason.company.nonsense' => 'other' }, '某一项', qr/某一项/, 'a reason at no place' ]) {
		my ($fields, $place, $kept, $what) = @$_;
		post_as($desk, $page, $fields);
		is($desk->status, 422, "$page with $what is asked about");
		like($desk->text, qr/\Q$place\E.*没有执行/s, 'which names the place');
		like($desk->content, $kept, 'and keeps it');
		is(state_of($trip), 'awaiting_review', 'nothing moved');
	}
}
is(scalar(events('approve')), 0, 'nothing was approved');
{
	# plain HTML: whatever button is pressed sends what was chosen
	open_page($desk, 'clerk/case', $public);
	my ($form) = $desk->content =~ m{<form[^>]* id="refuse".*?</form>}sg;
	is(join(' ', sort map { m{/clerk/(\w+)} } $form =~ /<button[^>]*formaction="([^"]+)"/g), 'approve reject',
		'the buttons that decide stand in the form of the reasons');
	my @loose = grep { !/ form="refuse"/ } $desk->content =~ /(<(?:select|textarea)[^>]* name="(?:reason|note)\.[^>]*>)/g;
	is(scalar @loose, 0, 'to which each reason belongs');
	is(scalar(() = $desk->content =~ m{<form[^>]*action="/clerk/(?!logout)}g), 1, 'and there is no other form to decide with');
	submit_page($desk, {}, undef, 'clerk/reject');
	is($desk->uri->path, '/clerk/reject', 'with nothing chosen one comes to the final refusal');
	is($desk->status, 200, 'which asks for its own reason');
}

# refuse
my $note = '四角没有拍全 <b>"重拍"</b> ' . '某' x 480;
post_as($desk, 'refuse', { "reason.company.licence.$licence" => 'cut-off',
	"note.company.licence.$licence" => substr($note, 0, 500),
	'reason.agent.mobile' => 'unreachable' });
is($desk->uri->path, '/clerk/queue', 'refused: on to the queue');
like($desk->text, qr/已退回申请人修改/, 'which says so');
is(state_of($trip), 'awaiting_correction', 'back to the applicant');
my @pinned = reasons();
is_deeply([ map { [ $_->{form}, $_->{field}, $_->{code}, defined $_->{scan} ? 1 : 0, $_->{staff} ] }
	sort { $a->{form} cmp $b->{form} } @pinned ],
	[ [ 'agent', 'mobile', 'unreachable', 0, $clerk->{id} ], [ 'company', 'licence', 'cut-off', 1, $clerk->{id} ] ],
	'with both reasons');
is((grep { $_->{field} eq 'licence' } @pinned)[0]{note}, substr($note, 0, 500), 'and the note, to the last of 500 characters');

# in correction nothing is decided or revealed
open_page($desk, 'clerk/case', $public);
is($desk->status, 200, 'the case can still be read');
unlike($desk->content, qr{clerk/(approve|refuse|reveal)}, 'but offers no decision');
like($desk->content, qr/&lt;b&gt;&quot;重拍/, 'the note is text');
post_as($desk, 'approve', {});
is($desk->status, 409, 'nor is one accepted');

# mended
mend($browser, $trip, 'company', licence => sample('licence'));
mend($browser, $trip, 'agent', mobile => any_mobile());
resubmit($browser, $trip);
is(state_of($trip), 'awaiting_review', 'resubmitted');
open_page($desk, 'clerk/case', $public);
is(() = $desk->content =~ /yj-changed/g, 2, 'what was changed is marked, and nothing else')
	or diag join "\n", $desk->content =~ /(.{200}yj-changed)/sg;
like($desk->text, qr/审核意见.*经办人手机号码.*已修改/s, 'the earlier reasons are shown as mended');

# approve, once
my $rival = sign_in(my $second = hire('clerk'));
my @requests = map {
	my $b = $_;
	open_page($b, 'clerk/case', $public);
	[ $b, page_form($b, 'clerk/approve')->click ];
} $desk, $rival;
$desk->request($requests[0][1]);
is($desk->uri->path, '/clerk/queue', 'approved: on to the queue');
like($desk->text, qr/已审核通过/, 'which says so');
is(state_of($trip), 'awaiting_production', 'and the application goes on');
$rival->request($requests[1][1]);
is($rival->status, 409, 'the second clerk comes too late');
like($rival->text, qr/已由他人处理.*\Q$clerk->{name}\E.*审核通过/s, 'and is told who decided');
my $repeat = $requests[0][1]->clone;
$desk->request($repeat);
is($desk->uri->path, '/clerk/queue', 'the same press twice is answered as the first');
is(scalar(events('approve')), 1, 'and counted once');
$rival->get(intranet("/clerk/case?application=$public"));
$rival->post(intranet("/clerk/refuse?application=$public"), [ 'reason.company.name' => 'other',
	csrf => ($rival->content =~ /name="csrf" value="(\w+)"/)[0], key => '0' x 26 ]);
is($rival->status, 409, 'a refusal comes too late as well');
is(scalar(reasons()), 2, 'and leaves no reason');

# a page shown before somebody else decided decides nothing, whatever came since
{
	my $round = seed(state => 'awaiting_review', browser => my $owner = applicant());
	open_page($desk, 'clerk/case', $round->{application});
	my $old = page_form($desk, 'clerk/approve')->click;
	my $old_refusal = page_form($desk, 'clerk/refuse');
	$old_refusal->push_input('hidden', { name => 'reason.company.name', value => 'other' });
	refuse($rival, $round, 'company.name', '请核对');
	mend($owner, $round, 'company', name => any_company());
	resubmit($owner, $round);
	is(state_of($round), 'awaiting_review', 'refused, mended and handed in again meanwhile');
	$desk->request($old);
	is($desk->status, 409, 'what nobody has read is not approved');
	like($desk->text, qr/已由他人处理/, 'and it is said');
	$desk->request($old_refusal->click);
	is($desk->status, 409, 'nor refused');
	is(state_of($round), 'awaiting_review', 'nothing moved');
	# the key that a look used up is not taken for a decision
	open_page($desk, 'clerk/case', $round->{application});
	my $decide = page_form($desk, 'clerk/approve')->click;
	my $ask = page_form($desk, 'clerk/refuse');
	$ask->push_input('hidden', { name => 'reveal', value => 'agent.mobile' });
	$ask->push_input('hidden', { name => 'why.agent.mobile', value => 'compare' });
	$ask->action(intranet("/clerk/reveal?application=$round->{application}"));
	$desk->request($ask->click);
	is($desk->status, 200, 'a number was looked at');
	$desk->request($decide);
	is($desk->uri->path, '/clerk/queue', 'back, and approved');
	is(state_of($round), 'awaiting_production', 'which is done, not only said');
}

# who else
for my $page (qw(case approve refuse reveal return)) {
	my $b = new_browser();
	$b->post(intranet("/clerk/$page?application=$public"), [ key => '0' x 26 ]);
	isnt($b->status, 200, "$page is not for anonymous");
	is($producer->get(intranet("/clerk/$page?application=$public"))->code, $page eq 'case' ? 403 : 405,
		"$page is not for producers");
}
$desk->get(intranet('/clerk/case?application=' . '0' x 26));
is($desk->status, 404, 'an application that does not exist');

my $log = slurp(env('YJ_VAR') . '/log/error.log') . slurp(env('YJ_VAR') . '/log/access.log');
ok(index($log, Encode::encode('UTF-8', $_)) < 0, 'no personal value in the logs') for @secrets;

done_testing;
