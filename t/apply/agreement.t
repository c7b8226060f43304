# The agreement: what is shown is what is stored, consents one by one.
use lib 't/lib';
use Yj;
use Yj::Content;
use Yj::Journey;

need_instance();

my $count = 0;

sub publish {
	my ($code, $version, $body, $when) = @_;
	db_do('INSERT INTO agreement_text (project, version, title, body, sha256, published_at)
		SELECT id, ?, ?, ?, UNHEX(SHA2(?, 256)), UTC_TIMESTAMP() - INTERVAL ? MINUTE
		FROM project WHERE code = ?', $version, '用户协议', $body, $body, $when, $code);
}

sub project {
	my $code = sprintf 'agree%d-%d', $$, ++$count;
	db_do('INSERT INTO project (code, name, flow_version, identity_check, payment, second_review)
		VALUES (?, ?, 1, 0, 0, 0)', $code, "测试项目 $code");
	publish($code, '1', "# 第一条\n第一段\n\n<script>alert(1)</script>\n", 60);
	return $code;
}

# A new application, standing on its agreement.
sub begin {
	my ($browser, $code) = @_;
	$browser->get(public("/apply/start?project=$code"));
	$browser->request(page_form($browser)->click);
	return { $browser->uri->query_form }->{application};
}

sub state { state_of({ application => $_[0] }) }
sub stored {
	my ($row) = db_rows('SELECT g.*, HEX(g.sha256) AS hash, t.version,
		TIMESTAMPDIFF(SECOND, g.accepted_at, UTC_TIMESTAMP(3)) AS age
		FROM agreement g JOIN application a ON a.id = g.application
		JOIN agreement_text t ON t.id = g.agreement_text WHERE a.public_id = ?', $_[0]);
	return $row;
}

my $code = project();
my $browser = applicant();
my $id = begin($browser, $code);

# shown
is $browser->status, 200, 'the agreement is shown';
matches($browser, qr{<h2>第一条</h2>}, 'heading');
matches($browser, qr{<p>第一段</p>}, 'paragraph');
lacks($browser, '<script>alert');
contains($browser, '&lt;script&gt;alert');
my $form = page_form($browser);
for my $name (qw(consent_identity consent_third_party consent_face)) {
	ok !defined $form->value($name), "$name is not ticked beforehand";
}

# not ticked
submit_page($browser, {});
is $browser->status, 422, 'without consents it goes no further';
is scalar(errors_of($browser)), 2, 'both required ones are named';
matches($browser, qr{<a href="#consent_identity">}, 'with a link to the box');
is state($id), 'awaiting_agreement', 'the state stays';
ok !stored($id), 'nothing is stored';
submit_page($browser, { consent_identity => 1, consent_face => 1 });
is $browser->status, 422, 'one of two is not enough';
is_deeply [ map { page_form($browser)->value($_) } qw(consent_identity consent_third_party
	consent_face) ], [ 'yes', undef, 'yes' ], 'what was ticked stays ticked';
ok !stored($id), 'nothing is stored';

# agreed
submit_page($browser, { consent_third_party => 1, consent_face => undef });
is $browser->uri->path, '/apply/company', 'then the first form comes';
is state($id), 'awaiting_company', 'the state moves';
my $row = stored($id);
is $row->{version}, '1', 'the version is stored';
is lc $row->{hash}, db_value('SELECT SHA2(body, 256) FROM agreement_text WHERE id = ?',
	$row->{agreement_text}), 'with the hash of the text';
cmp_ok $row->{age}, '<', 60, 'and the time';
is_deeply [ @$row{qw(consent_identity consent_third_party consent_face)} ], [ 1, 1, 0 ],
	'and each consent';
is db_value('SELECT COUNT(*) FROM event e JOIN application a ON a.id = e.application
	WHERE a.public_id = ? AND e.event = ?', $id, 'accept_agreement'), 1, 'one event';

# again, by the back button
$browser->request($form->click);
is $browser->status, 200, 'the old page sent once more is no error';
open_page($browser, 'apply/agreement', $id);
isnt $browser->uri->path, '/apply/agreement', 'an accepted agreement is not asked for again';

# the same page sent twice
my $double = begin($browser, $code);
my $sent = page_form($browser);
$sent->find_input($_)->check for qw(consent_identity consent_third_party);
my $request = $sent->click;
$browser->request($request);
is $browser->uri->path, '/apply/company', 'the first';
$browser->request($request);
is $browser->uri->path, '/apply/company', 'and the second come to the same page';
is db_value('SELECT COUNT(*) FROM event e JOIN application a ON a.id = e.application
	WHERE a.public_id = ? AND e.event = ?', $double, 'accept_agreement'), 1, 'by one event';

# a new version while one reads
my $slow = begin($browser, $code);
publish($code, '2', "# 新的第一条\n新的段落\n", 1);
submit_page($browser, { consent_identity => 1, consent_third_party => 1 });
is $browser->status, 409, 'a text that is out of date is not agreed to';
contains($browser, '协议刚刚更新了');
contains($browser, '新的第一条');
ok !defined page_form($browser)->value('consent_identity'), 'to be ticked anew';
is state($slow), 'awaiting_agreement', 'nothing moved';
ok !stored($slow), 'nothing is stored';
submit_page($browser, { consent_identity => 1, consent_third_party => 1, consent_face => 1 });
is state($slow), 'awaiting_company', 'the new one is agreed to';
is stored($slow)->{version}, '2', 'and stored';
is stored($slow)->{consent_face}, 1, 'with the free consent';
is stored($id)->{version}, '1', 'who agreed before keeps the old one';

# not yet in force; forged; somebody else's
publish($code, '3', "# 将来\n", -60);
my $now = begin($browser, $code);
lacks($browser, '将来');
my $forged = page_form($browser);
$forged->find_input($_)->check for qw(consent_identity consent_third_party);
$forged->find_input('text')->readonly(0);
$forged->value(text => db_value('SELECT id FROM agreement_text WHERE version = ? AND project =
	(SELECT id FROM project WHERE code = ?)', '3', $code));
$browser->request($forged->click);
is $browser->status, 409, 'nor agreed to';
is state($now), 'awaiting_agreement', 'nothing moved';
my $other = applicant();
open_page($other, 'apply/agreement', $now);
is $other->status, 404, 'nobody else opens it';

done_testing();
