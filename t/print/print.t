# apply/print: the forms to print, read back by tools that are not ours.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Seed;
use Yj::Print;
use File::Temp;

need_instance();
need_print_tools();
my %title = ('application-form' => '数字证书业务申请表', 'user-agreement' => '数字证书用户协议书');
my %sign = ('application-form' => 'AF', 'user-agreement' => 'UA');
my $browser = applicant();
my $trip = seed(state => 'awaiting_order', browser => $browser);
my $project = uc db_value('SELECT j.code FROM application a JOIN project j ON j.id = a.project WHERE a.public_id = ?',
	$trip->{application});

sub download {
	my ($who, $application, $document) = @_;
	return $who->clone->get(public("/apply/print?application=$application&document=$document"));
}

# Words without the blanks that lay them out.
sub packed { return $_[0] =~ s/\s+//gr }

my %text;
for my $document (sort keys %title) {
	my $answer = download($browser, $trip->{application}, $document);
	is $answer->code, 200, "$document comes";
	is $answer->content_type, 'application/pdf', 'as PDF';
	like $answer->header('Content-Disposition'), qr/attachment; filename="$document\.pdf"; filename\*=UTF-8''%E6/,
		'under a Chinese name';
	like $answer->header('Cache-Control'), qr/no-store/, 'and nobody keeps it';
	my $pdf = print_file($answer->content);
	cmp_ok -s $pdf, '<', 200_000, 'small enough for a mail';
	my %info = pdf_info($pdf);
	like $info{Title}, qr/\Q$title{$document}\E/, 'its title is in the file';
	like $info{'Page size'}, qr/A4/, 'A4';
	is pdf_fonts($pdf, 'no'), 0, 'every font is embedded';
	cmp_ok pdf_fonts($pdf, 'yes'), '>', 0, 'there are fonts';
	my @pages = pdf_pages($pdf);
	is scalar @pages, $info{Pages}, 'all pages are drawn';
	$text{$document} = packed(pdf_text($pdf));
	for my $n (1 .. @pages) {
		my ($code, @more) = codes($pages[ $n - 1 ]);
		my $pages = @pages;
		like $code, qr{^YJ1:$project:$sign{$document}:\U$trip->{application}\E:[\w.-]+:$n/$pages:[0-9A-F]{4}$},
			"page $n says what it is";
		is @more, 0, 'once';
		like $text{$document}, qr/第${n}页共${pages}页/, "page $n is numbered";
	}
	like $text{$document}, qr/\Q$_\E/, "$document says $_"
		for $title{$document}, '赣州市公积金管理中心CA项目', '法定代表人（签名）', '经办人（签名）',
		'加盖公章', '年月日', packed($trip->{company}{name});
}

# The forms' own labels and values, in their order.
my $form = $text{'application-form'};
my @order = ('企业信息', '企业名称', $trip->{company}{name}, '企业地区', '江西省', '章贡区', '企业唯一编号',
	$trip->{company}{uscc}, '法人代表信息', '法人代表名称', $trip->{legal_rep}{name}, $trip->{legal_rep}{id_number},
	$trip->{legal_rep}{mobile}, '经办人信息', $trip->{agent}{name}, $trip->{agent}{id_number},
	$trip->{agent}{mobile}, $trip->{agent}{landline}, '快递邮寄地址', $trip->{address}{address_recipient},
	'选择套餐', '机构数字证书1年', '200.00元', '申请单位声明');
my $at = 0;
for my $words (@order) {
	my $found = index $form, packed($words), $at;
	cmp_ok $found, '>=', $at, "in its place: " . ($words =~ /\d{6}/ ? 'a number' : $words);
	$at = $found if $found >= 0;
}
unlike $form, qr/营业执照原件|收票邮箱/, 'what is not for print is not on it';
my ($body) = db_rows('SELECT body FROM agreement_text t JOIN agreement a ON a.agreement_text = t.id
	JOIN application p ON p.id = a.application WHERE p.public_id = ?', $trip->{application});
(my $whole = $text{'user-agreement'}) =~ s/第\d页共\d页.*?申请编号：\w{26}//gs;
my @paragraph = map { packed(s/^#\s*//r) } grep { length } split /\n/, $body->{body};
is scalar(grep { index($whole, $_) < 0 } @paragraph), 0, 'the agreement is whole, to the last word';

# Not everything is there yet.
my $early = to_company($browser);
my $empty = download($browser, $early->{application}, 'application-form');
is $empty->code, 200, 'a form with nothing filled in comes too';
like packed(pdf_text(print_file($empty->content))), qr/企业名称企业地区/, 'with empty rows';

# The house's own fonts lack rare characters; those come from the system's.
my $rare = begin_application($browser);
agree($browser, $rare);
$rare->{company} = { %{ company_data() }, name => '赣州喆䶮科技有限公司' };
fill_company($browser, $rare);
like packed(pdf_text(print_file(download($browser, $rare->{application}, 'application-form')->content))),
	qr/企业名称赣州喆䶮科技有限公司/, 'rare characters are printed';

# With either kind of fonts a page looks the same.
my $request = HTTP::Request->new(GET => public('/apply/start'));
$browser->cookie_jar->add_cookie_header($request);
my $without = File::Temp->new;
print {$without} slurp(env('YJ_CONFIG')) =~ s/^print_fonts = .*/print_fonts = \/nowhere/mr;
$without->flush;
chmod 0600, $without->filename;

sub pictures {
	my ($config, $application) = @_;
	my (undef, $out) = run_program('cgi-bin/apply/print', { YJ_CONFIG => $config,
		GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'GET', REMOTE_ADDR => '127.0.0.1',
		HTTP_HOST => $request->uri->host_port, HTTP_COOKIE => $request->header('Cookie'),
		QUERY_STRING => "application=$application&document=application-form" });
	return map { slurp($_) } pdf_pages(print_file($out =~ s/\A.*?\r\n\r\n//sr));
}
for my $one ($trip, $rare) {
	my @ours = pictures(env('YJ_CONFIG'), $one->{application});
	my @theirs = pictures($without->filename, $one->{application});
	ok @ours && join('', @ours) eq join('', @theirs), 'the same picture with the fonts of the system';
}

is download($browser, $trip->{application}, 'other')->code, 404, 'an unknown document';
is download(applicant(), $trip->{application}, 'application-form')->code, 404, 'not for somebody else';
isnt download(new_browser(), $trip->{application}, 'application-form')->content_type, 'application/pdf',
	'nor for nobody';
done_testing;
