# admin/poster: the sheet for the wall, whose code leads in and is counted.
use lib 't/lib';
use Yj;
use Yj::Print;
use Yj::Staff;

need_instance();
need_print_tools();
my $admin = sign_in(hire('admin'));
my $source = 't' . lc(substr sprintf('%x%x', time, $$), -12);

$admin->get(intranet('/admin/poster'));
is $admin->status, 200, 'the list is shown';
like $admin->content, qr/gzgjj/, 'with the project';

sub add {
	my ($word) = @_;
	$admin->get(intranet('/admin/poster'));
	$admin->submit_form(with_fields => { project => 'gzgjj', source => $word });
	return $admin->status;
}

is add($source), 200, 'a place is added';
like $admin->content, qr/\b\Q$source\E\b/, 'and listed';
is add($source), 422, 'not twice';
like $admin->content, qr/已有这个地点代号/, 'and it is said why';
is add($_), 422, "no place: $_" for 'Hall', 'a b', '大厅', 'x' x 21, "a'b";

my $poster = $admin->get(intranet("/admin/poster?project=gzgjj&source=$source"));
is $poster->code, 200, 'a poster is printed';
is $poster->content_type, 'application/pdf', 'as PDF';
my $pdf = print_file($poster->content);
my $text = pdf_text($pdf);
like $text, qr/$_/, "it says $_" for '赣州市公积金管理中心 CA 项目', '请用微信扫一扫', '请先准备好',
	'营业执照原件', '咨询电话：0797-0000000';
is pdf_fonts($pdf, 'no'), 0, 'every font is embedded';
my @pages = pdf_pages($pdf);
is scalar @pages, 1, 'one page';
my ($address) = codes($pages[0]);
is $address, public("/apply/start?project=gzgjj&source=$source"), 'the code leads in';

sub visits {
	return db_value('SELECT visits FROM entry_source WHERE source = ?', $source);
}

is visits(), 0, 'nobody came yet';
my $visitor = new_browser();
$visitor->get($address);
is visits(), 1, 'the first visit counts';
$visitor->get($address);
is visits(), 1, 'the second of the same browser does not';
new_browser()->get(public('/apply/start?project=gzgjj&source=nowhere-at-all'));
is db_value('SELECT COUNT(*) FROM entry_source WHERE source = ?', 'nowhere-at-all'), 0,
	'an unknown place makes no row';
new_browser()->get(public("/apply/start?project=gzgjj&source=$source%27"));
is visits(), 1, 'a word that is none is left alone';
$admin->get(intranet('/admin/poster'));
like $admin->content, qr{<td>\Q$source\E</td>\s*<td>1</td>}, 'the count is shown';

my $account = $admin->get(intranet("/admin/poster?project=gzgjj&source=$source&code=wechat"));
is $account->code, 200, 'a poster with the code of the official account';
my ($ticket) = codes((pdf_pages(print_file($account->content)))[0]);
is $ticket, db_value('SELECT url FROM wechat_qrcode WHERE source = ?', $source), 'which WeChat gave';

for my $query ('project=nothing', 'project=gzgjj&source=nowhere-at-all', "project=gzgjj&source=a'b",
	'project=%E5%85%AC') {
	is $admin->get(intranet("/admin/poster?$query"))->code, 404, "no such poster: $query";
}
my $clerk = sign_in(hire('clerk'));
isnt $clerk->get(intranet("/admin/poster?project=gzgjj"))->content_type, 'application/pdf', 'a clerk prints none';
done_testing;
