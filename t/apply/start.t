# The entry: what an applicant and a stranger see, applications begun and found again.
use lib 't/lib';
use Yj;
use Yj::Content;
use Yj::Journey;
use File::Temp qw(tempdir);

need_instance();

my $count = 0;

# A project of this test's own.
sub project {
	my (%with) = @_;
	my $code = sprintf 'start%d-%d', $$, ++$count;
	db_do('INSERT INTO project (code, name, flow_version, identity_check, payment, second_review,
		is_open) VALUES (?, ?, 1, 0, 0, 0, ?)', $code, $with{name} // "测试项目 $code", $with{is_open} // 1);
	db_do('INSERT INTO agreement_text (project, version, title, body, sha256, published_at)
		SELECT id, ?, ?, ?, UNHEX(SHA2(?, 256)), UTC_TIMESTAMP() - INTERVAL 1 DAY
		FROM project WHERE code = ?', '1', '用户协议', '# 一', '# 一', $code);
	return $code;
}

# not in WeChat: the QR code, and for the demo a way on
my $desk = new_browser();
$desk->agent('Mozilla/5.0 (X11; Linux x86_64)');
$desk->get(public('/apply/start?project=gzgjj'));
is $desk->status, 200, 'a browser at a desk gets a page';
contains($desk, '请用微信扫码');
my $link = $desk->find_link(text => '用此浏览器继续（演示）');
is $link && $link->url, '/apply/login?project=gzgjj', 'the demo lets it on';
is decoded($desk->content), public('/apply/start?project=gzgjj'), 'the QR code leads here';

# the longest name is shown whole; one letter in front lets no round number of
# bytes end between two characters
my $long = 'A' . '某' x 99;
$desk->get(public('/apply/start?project=' . project(name => $long)));
is $desk->title, "$long · 远程证书业务", 'a project\'s name of 100 characters';

# The QR code as a reader sees it: the path is painted and read by zbarimg.
sub decoded {
	my ($html) = @_;
	my ($side) = $html =~ /viewBox="-4 -4 (\d+) \1"/ or return;
	my ($path) = $html =~ /<path d="([^"]+)"/ or return;
	my @row = map { [ (255) x $side ] } 1 .. $side;
	while ($path =~ /M(\d+) (\d+)h(\d+)v1h-\3z/g) {
		$row[ $2 + 4 ][ $1 + 4 + $_ ] = 0 for 0 .. $3 - 1;
	}
	my $scale = 6;
	my $dir = tempdir(CLEANUP => 1);
	open my $file, '>:raw', "$dir/qr.pgm" or die $!;
	printf $file "P5\n%d %d\n255\n", $side * $scale, $side * $scale;
	for my $r (@row) {
		my $line = join '', map { chr($_) x $scale } @$r;
		print $file $line x $scale;
	}
	close $file;
	my $text = `zbarimg -q --nodbus --raw $dir/qr.pgm`;
	chomp $text;
	return $text;
}

# projects that cannot be entered
my $wechat = new_browser();
for my $bad ('nothing', "' OR 1=1", '<b>', 'x' x 500, '%FF', '赣州') {
	$wechat->get(public('/apply/start?project=' . URI::Escape::uri_escape_utf8($bad)));
	is $wechat->status, 404, 'an unknown project: ' . substr $bad, 0, 10;
	contains($wechat, '没有找到这个项目');
}
$wechat->get(public('/apply/start'));
is $wechat->status, 404, 'no project at all';
contains($wechat, '请先扫描项目二维码');
$wechat->get(public('/apply/start?project=' . project(is_open => 0)));
is $wechat->status, 410, 'a closed project';
contains($wechat, '停止受理');

# logged in
my $code = project();
my $browser = applicant();
$browser->get(public("/apply/start?project=$code"));
is $browser->status, 200, 'the entry of a project';
contains $browser, "测试项目 $code", '营业执照原件',
	'机构（企业）数字证书业务申请表，签名加盖公章', '《GDCA 数字证书用户协议书》，签名加盖公章',
	'经办人身份证正反面复印件，加盖公章', '确认开始';
lacks($browser, '继续填写');
ok $browser->find_link(text => '我的业务'), 'a link to what there is';

my $applicant = applicant_by_openid($browser->{yj_openid});
sub begun { db_value('SELECT COUNT(*) FROM application WHERE applicant = ?', $applicant) }
my $form = page_form($browser);
$browser->request($form->click);
is $browser->uri->path, '/apply/agreement', 'it begins with the agreement';
my %query = $browser->uri->query_form;
is db_value('SELECT state FROM application WHERE public_id = ?', $query{application}),
	'awaiting_agreement', 'of a new application';
is begun(), 1, 'one';
$browser->request($form->click);
is $browser->uri->path, '/apply/agreement', 'the same button once more';
is { $browser->uri->query_form }->{application}, $query{application}, 'gives the same one';
is begun(), 1, 'still one';

# and at once
my $eager = applicant();
$eager->get(public("/apply/start?project=$code"));
my $click = page_form($eager)->click;
my @children = map {
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		$eager->request($click);
		require POSIX;
		POSIX::_exit(0);
	}
	$pid;
} 1 .. 5;
waitpid $_, 0 for @children;
is db_value('SELECT COUNT(*) FROM application WHERE applicant = ?',
	applicant_by_openid($eager->{yj_openid})), 1, 'five presses at once make one application';

# drafts
$browser->get(public('/apply/start'));
is $browser->status, 200, 'the project is known from the last visit';
contains($browser, '继续填写');
contains($browser, '未填企业名称');
my $draft = $browser->find_link(url_regex => qr/\Q$query{application}\E/);
is $draft->url, "/apply/agreement?application=$query{application}", 'leads to where one was';
agree($browser, { application => $query{application} });
$browser->get(public("/apply/start?project=$code"));
is $browser->find_link(url_regex => qr/\Q$query{application}\E/)->url,
	"/apply/company?application=$query{application}", 'one step on';
my $other = applicant();
$other->get(public("/apply/start?project=$code"));
lacks($other, $query{application});

# another device of the same person
my $tablet = applicant($browser->{yj_openid});
$tablet->get(public("/apply/start?project=$code"));
contains($tablet, $query{application});

# not without a session
my $fresh = new_browser(requests_redirectable => []);
$fresh->max_redirect(0);
$fresh->post(public('/apply/start'), { project => $code, key => '0' x 26, csrf => 'x' });
is $fresh->status, 303, 'who is not logged in';
is $fresh->res->header('Location'), "/apply/start?project=$code", 'comes to the entry';

# at most DRAFTS_MAX unfinished ones
my ($max) = slurp(top() . '/lib/base/ceilings.h') =~ /DRAFTS_MAX (\d+)/;
for (2 .. $max) {
	$browser->get(public("/apply/start?project=$code"));
	$browser->request(page_form($browser)->click);
}
is begun(), $max, "$max unfinished applications are allowed";
$browser->get(public("/apply/start?project=$code"));
$browser->request(page_form($browser)->click);
is $browser->status, 409, 'one more is not';
contains($browser, '没有填完的申请太多了');
is begun(), $max, 'and nothing is made';

done_testing();
