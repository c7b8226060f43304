# admin/outbox: what is stuck is seen by admins and auditors; admins decide.
use Yj;
use Yj::Outbox;
use Yj::Staff;

need_instance();
stop_cron();
my $application = some_application();
my $public = db_value('SELECT public_id FROM application WHERE id = ?', $application);
my $openid = db_value('SELECT openid FROM applicant p JOIN application a ON a.applicant = p.id WHERE a.id = ?',
	$application);

sub stuck {
	my $id = promise(application => $application, attempts => 3, @_);
	db_do('UPDATE outbox SET created_at = created_at - INTERVAL 125 MINUTE,
		due_at = due_at + INTERVAL 1 DAY WHERE id = ?', $id);
	return $id;
}
my $parked = stuck(kind => 'approved', error_class => 'permanent', error => 'errcode=47003 rid=1-2',
	parked_at => '2026-01-01');
my $late = stuck(kind => 'shipped', error_class => 'retry_later', error => 'http=refused');
my $held = stuck(kind => 'produced', claimed_by => 'a:1:b');
my $fresh = promise(application => $application, kind => 'paid', due_at => '2999-01-01');

my $person = hire('admin');
my $admin = sign_in($person);
is($admin->uri->path, '/admin/outbox', 'an admin comes here after the log-in');

sub line {
	my ($browser, $id) = @_;
	my ($form) = grep { ($_->value('row') // '') eq $id } grep { $_->find_input('row') } $browser->forms;
	return $form;
}
sub figure {
	my ($name) = @_;
	return $admin->content =~ /data-yj-figure="$name">([^<]*)</ ? $1 : die "no figure $name";
}
$admin->get(intranet('/admin/outbox'));
like($admin->content, qr/errcode=47003 rid=1-2/, 'the service\'s words are shown');
like($admin->content, qr/对方拒绝/, 'and what they mean');
like($admin->content, qr/\Q$public\E/, 'and which application it is');
like($admin->content, qr/2 小时/, 'and for how long');
unlike($admin->content, qr/\Q$openid\E/, 'but not whose');
ok(line($admin, $parked) && line($admin, $late), 'a parked and a late row can be decided');
ok(!line($admin, $held), 'one in a worker\'s hands cannot');
ok(!line($admin, $fresh), 'and one that is in time is not there');
cmp_ok(figure('parked'), '>=', 1, 'parked rows are counted');
cmp_ok(figure('late'), '>=', 2, 'late ones too');
cmp_ok(figure('waiting'), '>=', 3, 'and what waits');
like(figure('oldest'), qr/^\d+ (小时|天)$/, 'the oldest is told');

sub decide {
	my ($browser, $id, $act, $reason) = @_;
	$browser->get(intranet('/admin/outbox'));
	my $form = line($browser, $id) or die "no form for row $id";
	$form->value(reason => $reason);
	my ($button) = grep { $_->type eq 'submit' && $_->value eq $act } $form->inputs;
	return $browser->request($button->click($form, 1, 1));
}
my $auditor = sign_in(hire('auditor'));
is($auditor->uri->path, '/admin/outbox', 'an auditor looks');
like($auditor->content, qr/errcode=47003/, 'and sees the same');
ok(!line($auditor, $parked), 'but has no buttons');
my ($token) = $auditor->content =~ /name="csrf" value="(\w+)"/;
$auditor->post(intranet('/admin/outbox-decide'), { csrf => $token, row => $parked, act => 'retry' });
is($auditor->status, 403, 'and is refused without them');

decide($admin, $parked, 'give_up', ' ');
is($admin->status, 422, 'giving up needs a reason');
ok(!row($parked)->{given_up_at}, 'nothing has happened');
decide($admin, $parked, 'retry', '');
is($admin->uri->path, '/admin/outbox', 'a retry leads back');
like($admin->content, qr/已安排重试/, 'and says so');
my $row = row($parked);
ok(!$row->{parked_at} && !$row->{attempts}, 'the row begins again');
cmp_ok(db_value('SELECT due_at <= UTC_TIMESTAMP(3) FROM outbox WHERE id = ?', $parked), '==', 1, 'at once');
db_do('UPDATE outbox SET due_at = due_at + INTERVAL 1 DAY WHERE id = ?', $parked);
decide($admin, $late, 'give_up', '申请人已电话告知');
like($admin->content, qr/已放弃/, 'giving up says so');
ok(row($late)->{given_up_at}, 'it is given up');
ok(!line($admin, $late), 'and gone from the list');
is(join('|', map { "$_->{act} $_->{staff} $_->{role} $_->{state_before} $_->{state_after} $_->{reason}" }
	db_rows('SELECT * FROM act WHERE subject_kind = "outbox" AND subject IN (?, ?) ORDER BY id', $parked, $late)),
	"retry $person->{id} admin parked due |give_up $person->{id} admin due given_up 申请人已电话告知",
	'who decided what, and why, is kept');
$admin->back;
my $again = line($admin, $late);
$again->value(reason => '又一次');
my ($button) = grep { $_->type eq 'submit' && $_->value eq 'give_up' } $again->inputs;
$admin->request($button->click($again, 1, 1));
is(db_value('SELECT COUNT(*) FROM act WHERE subject_kind = "outbox" AND subject = ?', $late), 1, 'the same form twice is one decision');
$admin->get(intranet('/admin/outbox'));
($token) = $admin->content =~ /name="csrf" value="(\w+)"/;
for ([$held, 409], [0, 409], ['x', 409], [$late, 409]) {
	$admin->post(intranet('/admin/outbox-decide'), { csrf => $token, row => $_->[0], act => 'give_up',
		reason => 'x', key => lc substr('0123456789abcdefghjkmnpqrs' . rand, 0, 26) });
	is($admin->status, $_->[1], "row $_->[0] is not open");
}
$admin->post(intranet('/admin/outbox-decide'), { csrf => $token, row => $parked, act => 'burn' });
is($admin->status, 422, 'an unknown act is refused');

db_do('UPDATE outbox SET given_up_at = UTC_TIMESTAMP(), parked_at = UTC_TIMESTAMP() WHERE id IN (?, ?, ?, ?)',
	$parked, $late, $held, $fresh);
done_testing();
