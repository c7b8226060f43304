#!/usr/bin/perl
# company.t: 企业信息 filled in well, badly and twice.
use FindBin;
use lib "$FindBin::Bin/../lib";
use Yj;
use Yj::Fields;
use Yj::Journey;
use Encode qw(encode);

need_instance();

my $browser = applicant();
my $trip = to_company($browser);
my $id = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});

sub stored {
	my ($row) = db_rows('SELECT * FROM company WHERE application = ?', $id);
	return $row || {};
}

sub again { open_page($browser, 'apply/company', $trip->{application}) }

# Nothing typed.
again();
is $browser->status, 200, 'the page opens';
like $browser->title, qr/企业信息.*远程证书业务/, 'its title';
submit_page($browser, {});
is $browser->status, 422, 'an empty form is answered as an error';
is_deeply [errors_of($browser)],
	[qw(请填写企业名称 请选择企业地区 请填写企业唯一编号 请上传营业执照原件)],
	'each required field is named at the top';
is error_at($browser, $_->[0]), $_->[1], "the same words at $_->[0]"
	for [ name => '请填写企业名称' ], [ region => '请选择企业地区' ],
		[ uscc => '请填写企业唯一编号' ], [ licence => '请上传营业执照原件' ];
ok summary_leads($browser), 'every line of the summary leads to its control';
like $browser->title, qr/^错误：/, 'the title says so';
is state_of($trip), 'awaiting_company', 'nothing advanced';

# One bad field at a time: an answer at the field, the rest kept.
my $uscc = any_uscc();
my $name = any_company();
(my $wrong = $uscc) =~ s/(.)$/$1 eq '1' ? '2' : '1'/e;
my @bad = (
	[ uscc => $wrong, qr/校验位不对，请对照营业执照逐位核对/, $wrong ],
	[ uscc => substr($uscc, 0, 17), qr/应为 18 位/, substr($uscc, 0, 17) ],
	[ uscc => "${uscc}0", qr/应为 18 位/, "${uscc}0" ],
	[ uscc => '<script>alert(1)</script>', qr/统一社会信用代码/, '<script>alert(1)</script>' ],
	[ uscc => "' OR 1=1 -- ", qr/统一社会信用代码/, "' OR 1=1 --" ],
	[ uscc => "\x{20BB7}" x 18, qr/统一社会信用代码/, "\x{20BB7}" x 18 ],
	[ name => '企' x 101, qr/最多 100 个字，现在有 101 个/, '企' x 101 ],
	[ name => "企业\x{0}名", qr/有无法识别的字符/, '' ],
	[ name => "企业\x{7}名", qr/看不见的控制字符/, '企业名' ],
	[ name => "企业\x{202E}名", qr/看不见的控制字符/, '企业名' ],
);
for my $case (@bad) {
	my ($field, $typed, $message, $shown) = @$case;
	again();
	my %typed = (name => encode('UTF-8', $name), uscc => $uscc, region => '360702');
	post_bytes($browser, %typed, $field => encode('UTF-8', $typed));
	my $what = sprintf '%s = %.20s', $field, $typed =~ s/[^ -~]/?/gr;
	if (!$message) {
		is $browser->status, 400, "$what: refused as a whole";
		next;
	}
	is $browser->status, 422, "$what: answered as an error";
	like error_at($browser, $field), $message, "$what: said at the field";
	is value_of($browser, $field), $shown, "$what: what was typed stands there";
	is value_of($browser, 'region'), '360702', "$what: the region is kept";
	my $other = $field eq 'name' ? 'uscc' : 'name';
	is value_of($browser, $other), $typed{$other} eq $uscc ? $uscc : $name,
		"$what: the other field is kept";
}
is stored()->{name}, $name, 'what was valid is stored';
is stored()->{uscc}, $uscc, 'and so is the code, from the page where it was right';
is stored()->{complete}, 0, 'without the licence it is not complete';
is state_of($trip), 'awaiting_company', 'nothing advanced';

# Bytes that are not UTF-8.
for my $bytes ("\xED\xA0\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xF4\x90\x80\x80", "\xFF", "abc\x80") {
	my $what = join ' ', map { sprintf '%02x', ord } split //, $bytes;
	again();
	post_bytes($browser, name => $bytes);
	is error_at($browser, 'name'), '企业名称有无法识别的字符，请重新输入', "$what: said at the field";
	is value_of($browser, 'uscc'), $uscc, "$what: the code is kept";
	is stored()->{name}, $name, "$what: the stored name stays";
}

# Text is text: markup, SQL and rare characters come back as they were typed.
for my $odd ('<b onclick="x">\'&amp;</b>', "x'); DROP TABLE company; -- ", "\x{20BB7}\x{1F600}公司",
		'%00%s{{7*7}}${x}', '=HYPERLINK("x")') {
	again();
	post_bytes($browser, name => encode('UTF-8', $odd));
	(my $kept = $odd) =~ s/\s+$//;
	is stored()->{name}, $kept, "stored as typed: $kept";
	again();
	is value_of($browser, 'name'), $kept, "shown as typed: $kept";
	unlike $browser->content, qr/<b onclick/, 'and not as markup';
}
again();
post_bytes($browser, name => encode('UTF-8', "　（中心）　ＡＢＣ  有限公司 "));
is stored()->{name}, '（中心） ＡＢＣ 有限公司', 'the name stays as it was typed, blanks apart';

# The region without script.
my @region = (
	[ 没有这地方 => qr/没有找到“没有这地方”/, undef ],
	[ 鼓楼区 => qr/有多个地区符合“鼓楼区”/, undef ],
	[ 赣州市章贡区 => '', '360702' ],
	[ '江西省 赣州市 南康' => '', '360703' ],
	[ 北京市东城区 => '', '110101' ],
	[ 东莞 => '', '441900' ],
);
for my $case (@region) {
	my ($typed, $error, $code) = @$case;
	again();
	my $before = stored()->{region};
	submit_page($browser, { region_search => $typed }, [ find => 'region' ]);
	ref $error ? like error_at($browser, 'region'), $error, "$typed: says what it found"
		: is error_at($browser, 'region'), '', "$typed: found";
	is stored()->{region}, $code // $before, "$typed: " . ($code ? 'stored' : 'nothing stored');
}
again();
submit_page($browser, { region_search => '赣州市' }, [ find => 'region' ]);
my ($select) = map { $_->find_input('region') // () } $browser->forms;
my @codes = grep { $_ } $select->possible_values;
cmp_ok scalar @codes, '>=', 18, 'a city lists its counties';
is_deeply [grep { !/^3607/ } grep { $_ ne '441900' } @codes], [], 'and no others';
submit_page($browser, { region => '360722' });
is stored()->{region}, '360722', 'one of them can be chosen';
for my $code (qw(360700 360000 999999 36072x), '360722 OR 1') {
	again();
	post_bytes($browser, region => $code);
	is error_at($browser, 'region'), '这个地区不能选择，请重新选择', "$code cannot be chosen";
	is stored()->{region}, '360722', 'what was stored stays';
}

# A scan comes and goes; what is typed stays.
again();
submit_page($browser, { name => '正在填写的企业', licence => sample('licence') },
	[ upload => 'licence' ]);
is $browser->status, 200, 'uploaded';
is thumbs($browser, 'licence'), 1, 'the picture is shown';
is value_of($browser, 'name'), '正在填写的企业', 'the name is kept';
is stored()->{complete}, 1, 'now the form is complete';
is state_of($trip), 'awaiting_company', 'uploading hands nothing in';
my ($button) = $browser->content =~ /name="remove_scan" value="(\w+)"/;
submit_page($browser, { name => '又改了名的企业' }, [ remove_scan => $button ]);
is thumbs($browser, 'licence'), 0, 'deleted';
is value_of($browser, 'name'), '又改了名的企业', 'the name is kept';
is stored()->{complete}, 0, 'no longer complete';

# Two tabs: the older one does not overwrite unseen.
again();
my ($version) = $browser->content =~ /name="version" value="(\d+)"/;
post_bytes($browser, name => encode('UTF-8', '第一个窗口'));
is stored()->{name}, '第一个窗口', 'the first tab is stored';
again();
post_bytes($browser, name => encode('UTF-8', '第二个窗口'), version => $version);
is $browser->status, 409, 'the second tab is told';
is stored()->{name}, '第一个窗口', 'and changed nothing';
is value_of($browser, 'name'), '第二个窗口', 'what was typed stands there';
submit_page($browser, {});
is stored()->{name}, '第二个窗口', 'sent once more it counts';

# Handed in, twice.
fill_company($browser, $trip);
is state_of($trip), 'awaiting_legal_rep', 'handed in';
is stored()->{complete}, 1, 'complete';
is stored()->{uscc}, $trip->{company}{uscc}, 'with the code';
sub traces {
	return [ stored()->{version},
		db_value('SELECT COUNT(*) FROM event WHERE application = ?', $id),
		db_value('SELECT COUNT(*) FROM scan WHERE application = ?', $id) ];
}
my $before = traces();
my $post = $browser->res->previous->request;
is $post->method, 'POST', 'the request that handed it in';
$browser->request($post->clone);
is $browser->uri->path, '/apply/legal-rep', 'sent once more, it leads to the same place';
is_deeply traces(), $before, 'and changes nothing: row, events, scans';

# Handed in four times at once.
my $eager = applicant();
my $eager_trip = to_company($eager);
open_page($eager, 'apply/company', $eager_trip->{application});
submit_page($eager, { licence => sample('licence') }, [ upload => 'licence' ]);
my ($form) = grep { $_->action->path eq '/apply/company' } $eager->forms;
my $data = company_data();
$form->value($_ => $data->{$_}) for keys %$data;
my $once = $form->click;
my @children = map {
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		my $answer = $eager->simple_request($once);
		my $to = $answer->header('Location') // '';
		require POSIX;
		POSIX::_exit($answer->code == 303 && $to =~ m{/apply/legal-rep} ? 0 : 1);
	}
	$pid;
} 1 .. 4;
my $led = 0;
waitpid($_, 0), $led += !$? for @children;
is $led, 4, 'four equal posts at once all lead to the next page';
is db_value('SELECT COUNT(*) FROM event e JOIN application a ON a.id = e.application'
	. " WHERE a.public_id = ? AND e.event = 'submit'", $eager_trip->{application}), 1,
	'and are one move';
is db_value('SELECT c.name FROM company c JOIN application a ON a.id = c.application'
	. ' WHERE a.public_id = ?', $eager_trip->{application}), $data->{name}, 'that is stored';

# Somebody else's.
my $stranger = applicant();
open_page($stranger, 'apply/company', $trip->{application});
isnt $stranger->status, 200, 'another applicant does not see it';
unlike $stranger->content, qr/\Q$trip->{company}{uscc}\E/, 'nor what is in it';

done_testing();
