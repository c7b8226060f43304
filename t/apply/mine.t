# The list of one's own applications.
use lib 't/lib';
use Yj;
use Yj::Content;
use Yj::Journey;

need_instance();

my $browser = applicant();
$browser->get(public('/apply/mine'));
is $browser->status, 200, 'the list';
contains($browser, '还没有申请');

my $trip = to_company($browser);
$browser->get(public('/apply/mine'));
contains($browser, $_) for '赣州市公积金管理中心 CA 项目', '填写企业信息', '未填企业名称';
ok $browser->find_link(text => '继续填写', url => "/apply/company?application=$trip->{application}"),
	'goes on where one was';
ok $browser->find_link(text => '查看进度', url => "/apply/status?application=$trip->{application}"),
	'or to the status';

# somebody else's
my $other = applicant();
$other->get(public('/apply/mine'));
contains($other, '还没有申请');
lacks($other, $trip->{application});
$other->get(public("/apply/mine?before=$trip->{application}"));
lacks($other, $trip->{application});

# more than a page: newest first, each once
my $first = $trip->{application};
for (1 .. 19) {
	begin_application($browser);
}
sub ids { return $browser->content =~ m{/apply/status\?application=([0-9a-z]{26})}g }
$browser->get(public('/apply/mine'));
my @page = ids();
is scalar @page, 20, 'twenty on a page';
ok !$browser->find_link(text => '更早的申请'), 'and no second page';
submit_page(open_page($browser, 'apply/cancel', $first), {});
begin_application($browser);
$browser->get(public('/apply/mine'));
@page = ids();
is scalar @page, 20, 'twenty of twenty-one';
$browser->follow_link(text => '更早的申请');
is_deeply [ ids() ], [$first], 'the oldest on the next page';
contains($browser, '已取消');
my @newest = map { $_->{public_id} } db_rows('SELECT public_id FROM application WHERE applicant = ?
	ORDER BY id DESC LIMIT 20', applicant_by_openid($browser->{yj_openid}));
is_deeply \@page, \@newest, 'newest first';

for my $bad ('x', "' OR 1=1", '0' x 26, '%FF') {
	$browser->get(public('/apply/mine?before=' . URI::Escape::uri_escape($bad)));
	is $browser->status, 200, 'a number that is none shows the first page';
	is scalar(my @shown = ids()), 20, 'of twenty';
}

done_testing();
