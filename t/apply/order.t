#!/usr/bin/perl
# order.t: 选择套餐: packages, courier, address, invoice, way of identity check.
use FindBin;
use lib "$FindBin::Bin/../lib";
use Yj;
use Yj::Fields;
use Yj::Journey;
use Yj::Seed;

need_instance();

my $browser = applicant();
my $trip = seed(state => 'awaiting_order', browser => $browser);
my ($application) = db_rows('SELECT * FROM application WHERE public_id = ?', $trip->{application});
my $id = $application->{id};

sub stored {
	my ($row) = db_rows('SELECT * FROM `order` WHERE application = ?', $id);
	return $row || {};
}

sub again { open_page($browser, 'apply/order', $trip->{application}) }

# What is offered before anything is stored.
again();
is value_of($browser, 'invoice_title'), $trip->{company}{name}, 'the title is that of the company';
is value_of($browser, 'invoice_tax_number'), $trip->{company}{uscc}, 'and so is the tax number';
my $agents = db_value('SELECT address FROM agent WHERE application = ?', $id);
is value_of($browser, 'address'), $agents, "the address is the agent's";
is value_of($browser, 'courier'), 'sf', 'the only courier is chosen';
is value_of($browser, 'identity_method'), undef, 'no way of identity check is chosen for one';
is value_of($browser, 'package'), undef, 'nor a package';
like $browser->content, qr/只开具电子发票/, 'only e-invoices';
my $other = db_value('SELECT other_channel FROM project WHERE id = ?', $application->{project});
like $browser->content, qr/到此为止，改用其他渠道：\Q$other\E/, 'and where else to go';
unlike $browser->content, qr/\Q$trip->{address}{address_mobile}\E/, 'the address is masked';

# Prices in yuan, from fen.
for my $package (db_rows('SELECT * FROM package_offer WHERE project = ? AND on_sale',
		$application->{project})) {
	my $price = sprintf '%d.%02d 元', $package->{price_fen} / 100, $package->{price_fen} % 100;
	like $browser->content, qr/\Q$package->{title}\E.*?\Q$price\E/s, "$package->{code} costs $price";
}

submit_page($browser, {});
my %missing = (package => '请选择套餐信息', invoice_email => '请填写收票邮箱',
	identity_method => '请选择验证方式');
is error_at($browser, $_), $missing{$_}, "$_: $missing{$_}" for sort keys %missing;
is scalar(errors_of($browser)), 3, 'and nothing else is missing';
ok summary_leads($browser), 'every line of the summary leads to its control';
is stored()->{invoice_title}, $trip->{company}{name}, 'what was offered is stored';
is stored()->{complete}, 0, 'not complete';

# What the page does not offer.
my $foreign = db_value('SELECT MAX(id) + 1 FROM package');
my %refused = (
	package         => { $foreign => qr/已经下架/, '0' => qr/下架/, '1 OR 1=1' => qr/没有这个套餐/,
		'-1' => qr/没有这个套餐/, '9' x 30 => qr/没有这个套餐/ },
	courier         => { yto => qr/没有这个选项/ },
	identity_method => { none => qr/没有这个选项/, cloud => qr/没有这个选项/, face => qr/没有这个选项/ },
	address         => { 0 => qr/没有找到这个地址/ },
	invoice_email   => { 'a@' => qr/格式不对/, 'a b@c.cn' => qr/格式不对/,
		"a\@b.cn\r\nBcc: x\@y.cn" => qr/控制字符/ },
	invoice_tax_number => { '123' => qr/15、17、18 或 20 位/ },
);
for my $field (sort keys %refused) {
	for my $typed (sort keys %{ $refused{$field} }) {
		again();
		my $before = stored()->{$field};
		post_bytes($browser, $field => $typed);
		(my $what = "$field = $typed") =~ s/[\r\n]/?/g;
		like error_at($browser, $field), $refused{$field}{$typed}, "$what: refused";
		is stored()->{$field}, $before, "$what: nothing stored";
	}
}
db_do('INSERT INTO package (project, code, title, years, on_sale)'
	. ' VALUES (?, ?, ?, 1, FALSE)', $application->{project}, "off-$$-$id", '停售套餐');
my $off = db_value('SELECT id FROM package WHERE code = ?', "off-$$-$id");
again();
unlike $browser->content, qr/停售套餐/, 'what is not on sale is not shown';
post_bytes($browser, package => $off);
like error_at($browser, 'package'), qr/已经下架/, 'nor taken';
db_do('DELETE FROM package WHERE id = ?', $off);

# The project's ways of identity check, not by face alone, and no others.
again();
my ($input) = map { $_->find_input('identity_method') // () } $browser->forms;
is_deeply [sort grep { defined } $input->possible_values], ['counter', 'recorded'], 'the ways of the project';
my ($package) = grep { defined } map { $_->find_input('package')->possible_values }
	grep { $_->find_input('package') } $browser->forms;
submit_page($browser, { package => $package, invoice_email => 'Cai.Wu@Example.COM',
	identity_method => 'counter' });
is $browser->uri->path, '/apply/confirm', 'on to the confirmation';
my $row = stored();
is $row->{package}, $package, 'the package is stored';
is $row->{courier}, 'sf', 'the courier';
is $row->{address}, $agents, 'the address';
is $row->{invoice_email}, 'Cai.Wu@example.com', 'the mail address, its domain lower-cased';
is $row->{identity_method}, 'counter', 'the way without a face';
is $row->{complete}, 1, 'complete';

# The company's name is offered once; what was typed instead stays.
again();
submit_page($browser, { invoice_title => '赣州市某某中心' });
again();
is value_of($browser, 'invoice_title'), '赣州市某某中心', 'a typed title stays';
submit_page($browser, { %{ address_data() }, address_street => '新的街道 5 号' });
isnt stored()->{address}, $agents, 'another address can be typed here';
is db_value('SELECT address FROM agent WHERE application = ?', $id), $agents,
	"the agent's stays";

done_testing();
