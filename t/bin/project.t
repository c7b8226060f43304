#!/usr/bin/perl
# A project from its XML file: made, changed, shown, refused; what people have
# bought and agreed to stays; an applicant gets from its address to an order.
use lib 't/lib';
use Yj;
use Yj::Journey;
use DBI;
use Encode qw(decode_utf8 encode_utf8);
use File::Temp qw(tempdir);
use POSIX ();
use Time::HiRes qw(sleep);

need_instance();
my $folder = tempdir(CLEANUP => 1);
my $demo = top() . '/schema/projects/gzgjj.xml';
my $grammar = top() . '/schema/projects/project.rng';
my $run = substr time() . sprintf('%05d', $$), -10;
my $code = "pj-$run";

# (exit status, standard output, standard error)
sub tool {
	my ($arguments, $input) = @_;
	open my $in, '>', "$folder/in" or die $!;
	print {$in} $input // '';
	close $in;
	local $ENV{YJ_CONFIG} = env('YJ_CONFIG');
	local $ENV{YJ_SCHEMA} = top() . '/schema';
	my $program = built('bin/yuanjian-project');
	my $status = system "$program $arguments <$folder/in >$folder/out 2>$folder/err";
	my ($out, $err) = map { decode_utf8(slurp("$folder/$_")) } qw(out err);
	$err =~ s/^.*\bproject\.changed\b.*\n//gm;
	return ($status >> 8, $out, $err);
}

# The file of a project, with some things changed by name; its path.
my %plain = (
	code => $code, name => '测试项目', 'identity-check' => 'no', payment => 'no', 'second-review' => 'no',
	'help-phone' => '0797-1234567', 'other-channel' => '服务大厅三号窗口',
	packages => [ [ 'org-1y', 1, '200.00', '一年' ], [ 'org-2y', 2, '360.00', '二年' ] ],
	version => '2026-1', agreement => '<heading>一、总则</heading><p>第一条</p><p>第二条</p>',
);

sub xml {
	my %p = (%plain, @_);
	my $xml = qq(<?xml version="1.0" encoding="UTF-8"?>\n<project code="$p{code}">\n);
	for my $name (qw(name flow-version identity-check identity-methods identity-subject identity-attempts-max
		face-keep-days in-person-place payment second-review help-phone other-channel))
	{
		$xml .= "<$name>$p{$name}</$name>\n" if defined $p{$name};
	}
	for (@{ $p{packages} }) {
		my ($package, $years, $price, $title, $from) = @$_;
		$from = defined $from ? qq( price-from="$from") : '';
		$xml .= qq(<package code="$package" years="$years" price="$price"$from>\n<title>$title</title>\n</package>\n);
	}
	my $published = $p{published} ? qq( published="$p{published}") : '';
	return $xml . qq(<agreement version="$p{version}"$published>\n<title>协议</title>\n$p{agreement}\n</agreement>\n</project>\n);
}

my $files = 0;

sub write_xml {
	my ($text) = @_;
	my $path = "$folder/p" . ++$files . '.xml';
	open my $out, '>:encoding(UTF-8)', $path or die $!;
	print {$out} $text;
	close $out;
	return $path;
}

sub apply { return tool('apply ' . write_xml(xml(@_))) }

sub prices {
	my ($package, $of) = @_;
	return join ' ', map { $_->{price_fen} } db_rows('SELECT q.price_fen FROM package_price q
		JOIN package k ON k.id = q.package JOIN project p ON p.id = k.project
		WHERE p.code = ? AND k.code = ? ORDER BY q.valid_from', $of // $code, $package);
}

sub china { # a time so many seconds from now, as a file says it
	my ($seconds) = @_;
	return POSIX::strftime('%Y-%m-%dT%H:%M:%S+08:00', gmtime(time() + 8 * 3600 + $seconds));
}

sub start_page {
	my ($of) = @_;
	my $browser = new_browser();
	$browser->get(public("/apply/start?project=$of"));
	return $browser;
}

# ---- the demo's own file

my ($status, $out, $err) = tool("check $demo");
is $status, 0, 'the file of the demo is in order' or diag $err;
($status, $out, $err) = tool("apply $demo");
is "$status$out$err", '0', 'the demo is as its file says: nothing to change';
is system("xmllint --noout --relaxng $grammar $demo 2>/dev/null"), 0, 'another reader of the grammar agrees';

# ---- make

is start_page($code)->status, 404, 'before: no project, no page';
($status, $out, $err) = apply();
is $status, 0, 'a project is made' or diag $err;
like $out, qr/^project $code: made, open$/m, '... and says so';
like $out, qr/^name: - → 测试项目$/m, 'its settings';
like $out, qr/^package org-2y price: - → 360\.00$/m, 'its prices';
like $out, qr/^agreement version: - → 2026-1$/m, 'its agreement';
my $project = db_value('SELECT id FROM project WHERE code = ?', $code);
is db_value('SELECT body FROM agreement_text WHERE project = ?', $project), "# 一、总则\n第一条\n第二条",
	'the text stands as the pages want it';
is db_value('SELECT sha256 = UNHEX(SHA2(body, 256)) FROM agreement_text WHERE project = ?', $project), 1,
	'with its hash';
is start_page($code)->status, 200, 'the address in the QR code answers a page';
my $browser = applicant();
my $trip = begin_application($browser, $code);
agree($browser, $trip);
fill_company($browser, $trip);
fill_legal_rep($browser, $trip);
fill_agent($browser, $trip);
open_page($browser, 'apply/order', $trip->{application});
like $browser->content, qr/二年.*360\.00|360\.00.*二年/s, 'the page of packages has them, with prices';
fill_order($browser, $trip);
confirm_order($browser, $trip);
is state_of($trip), 'awaiting_review', 'an application is handed in';
my $ordered = (db_rows('SELECT o.* FROM `order` o JOIN application a ON a.id = o.application
	WHERE a.public_id = ?', $trip->{application}))[0];

# ---- change

is join('', apply()), '0', 'applied again: nothing to change';
($status, $out, $err) = apply(name => '新的名称', packages => [ [ 'org-1y', 1, '210.00', '一年期' ] ]);
is $status, 0, 'changed' or diag $err;
is $out, "name: 测试项目 → 新的名称\npackage org-1y title: 一年 → 一年期\n"
	. "package org-1y price: 200.00 → 210.00\npackage org-2y sale: open → closed\n", 'each change, old and new';
is prices('org-1y'), '20000 21000', 'the new price stands beside the old one';
is db_value('SELECT price_fen FROM package_offer WHERE project = ? AND code = "org-1y"', $project), 21000,
	'and holds';
is db_value('SELECT COUNT(*) FROM package WHERE project = ?', $project), 2,
	'the package that is gone from the file is not gone';
is_deeply +(db_rows('SELECT * FROM `order` WHERE application = ?', $ordered->{application}))[0], $ordered,
	'what was ordered is as it was';
my $second = applicant();
my $other = begin_application($second, $code);
agree($second, $other);
fill_company($second, $other);
fill_legal_rep($second, $other);
fill_agent($second, $other);
open_page($second, 'apply/order', $other->{application});
like $second->content, qr/210\.00/, 'the next one is offered the new price';
unlike $second->content, qr/二年/, 'and not the package that is closed';
($status, $out, $err) = apply(name => '新的名称', packages => [ [ 'org-1y', 1, '211.00', '一年期' ] ]);
($status, $out, $err) = apply(name => '新的名称', packages => [ [ 'org-1y', 1, '212.00', '一年期' ] ]);
is prices('org-1y'), '20000 21000 21100 21200', 'two prices within a second are two prices';
($status, $out, $err) = apply();
is $status, 0, 'back to the first file' or diag $err;
like $out, qr/^package org-2y sale: closed → open$/m, 'what was closed is on sale again';
is prices('org-2y'), '36000', 'at the price it had';
is prices('org-1y'), '20000 21000 21100 21200 20000', 'the old price is one more price';

# ---- a price and a text of the future

my $then = china(86400);
my @later = (packages => [ [ 'org-1y', 1, '180.00', '一年', $then ], [ 'org-2y', 2, '360.00', '二年' ] ]);
($status, $out, $err) = apply(@later);
is $out, "package org-1y price: 200.00 → 180.00 from $then\n", 'a price can be announced' or diag $err;
is db_value('SELECT price_fen FROM package_offer WHERE project = ? AND code = "org-1y"', $project), 20000,
	'until then the old one holds';
is join('', apply(@later)), '0', 'applied again: nothing to change';
($status, $out, $err) = tool("show $code");
like $out, qr/price="180\.00" price-from="\Q$then\E"/, 'it is shown with its time';
($status, $out, $err) = apply();
is $status, 1, 'what is announced stays';
like $err, qr/^\S+p\d+\.xml:\d+: element package: the price 180\.00 from \Q$then\E is announced and stays/,
	'... and says so';
($status, $out, $err) = apply(@later, version => '2026-2', agreement => '<p>新条款</p>', published => $then);
is $out, "agreement version: 2026-1 → 2026-2 from $then\n", 'and so can an agreement' or diag $err;
is join('', apply(@later, version => '2026-2', agreement => '<p>新条款</p>')), '0', 'which then is the one of the file';
$second->get(public("/apply/start?project=$code"));
like $second->content, qr/测试项目/, 'the pages go on';
($status, $out, $err) = apply(@later, version => '2026-3', agreement => '<p>又改</p>');
like $err, qr/version 2026-2 is announced for a later time/, 'none comes before it';
db_do('UPDATE agreement_text SET published_at = UTC_TIMESTAMP() WHERE project = ? AND version = "2026-2"', $project);
($status, $out, $err) = apply(@later, version => '2026-2', agreement => '<p>偷偷改</p>');
is $status, 1, 'a text that is published is not changed';
like $err, qr/element agreement: version 2026-2 has another text, which stays: give the changed one a new version/,
	'... but given a new version';
($status, $out, $err) = apply(@later, version => '2026-1');
like $err, qr/version 2026-1 is an old one, 2026-2 came after it/, 'nor does an old one come back';
is db_value('SELECT GROUP_CONCAT(version ORDER BY id) FROM agreement_text WHERE project = ?', $project),
	'2026-1,2026-2', 'no refused one is kept';
sleep 1;
($status, $out, $err) = apply(@later, version => '2026-3', agreement => '<p>正式修改</p>');
is $out, "agreement version: 2026-2 → 2026-3\n", 'a new version is added' or diag $err;

# ---- show and check

my $all = "$code-all";
my %every = (code => $all, 'flow-version' => 1, 'identity-check' => 'yes', 'identity-methods' => 'in-person  cloud in-person',
	'identity-subject' => 'legal_rep', 'identity-attempts-max' => 5, 'face-keep-days' => 7,
	'in-person-place' => "三楼\n  二号窗口 room\n  B", payment => 'yes', 'second-review' => 'yes',
	name => '带 &lt;尖&gt; 与 &amp; 的名称');
is +(apply(%every))[0], 0, 'a project with every setting';
my $row = (db_rows('SELECT * FROM project WHERE code = ?', $all))[0];
is_deeply { map { $_ => $row->{$_} } grep { !/^(id|code|help_phone|other_channel)$/ } keys %$row }, {
	name => '带 <尖> 与 & 的名称', flow_version => 1, identity_check => 1, payment => 1, second_review => 1,
	identity_methods => 'cloud,counter', identity_subject => 'legal_rep', identity_attempts_max => 5,
	face_keep_days => 7, counter_place => '三楼二号窗口 room B', is_open => 1,
}, 'is as it says';
my $rng = slurp($grammar);
my %called = (counter_place => 'in-person-place');
is join(' ', grep { my $name = $called{$_} // tr/_/-/r; $rng !~ /<element name="\Q$name\E">/ } grep { !/^(id|code|is_open)$/ } sort keys %$row), '',
	'the grammar knows every column of the table';
for my $shown ($code, $all, 'gzgjj') {
	($status, my $xml) = tool("show $shown");
	is $status, 0, "$shown is shown";
	my $path = write_xml($xml);
	is system("xmllint --noout --relaxng $grammar $path 2>/dev/null"), 0, '... by the grammar';
	is +(tool('check -', encode_utf8($xml)))[0], 0, '... in order';
	is join('', tool("apply $path")), '0', '... and applied changes nothing';
	is +(tool("show $shown"))[1], $xml, '... and is shown again the same';
}
is +(tool("show $code-none"))[0], 1, 'no such project is shown';

# ---- open and close

($status, $out) = tool("close $code");
is "$status $out", "0 project $code: open → closed\n", 'closed';
is start_page($code)->status, 410, '... and the page says so';
is +(apply(@later, version => '2026-3', agreement => '<p>正式修改</p>'))[1], '', 'a file does not open it';
like +(tool('list'))[1], qr/^$code\s+closed\s+2 on sale/m, 'the list knows';
($status, $out) = tool("open $code");
is "$status $out", "0 project $code: closed → open\n", 'opened';
is +(tool("close $code-none"))[0], 1, 'no such project is closed';
is +(tool('nonsense'))[0], 2, 'an unknown command is told what there is';

# ---- bad files: line, element and what to do, and nothing is kept

my $bad = "$code-bad";
my $good = xml(code => $bad, 'identity-check' => 'yes', 'identity-methods' => 'cloud in-person', 'in-person-place' => '大厅',
	payment => 'yes');
my @bad = (
	# what, from, to, line of, what is said
	['no XML at all', qr/<\?xml.*/s, 'rubbish', 1, qr/not well-formed XML/],
	['an element that does not end', qr{</name>}, '', undef, qr/not well-formed XML: .*name/],
	['a document type', qr/\?>\n/, "?>\n<!DOCTYPE project [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>\n", 1, qr/document type/],
	['an unknown element', qr{<payment>yes</payment>}, '<paiment>yes</paiment>', 'paiment',
		qr/element paiment: Did not expect element paiment there; a project takes code=.* in this order: name,/],
	['an element that is missing', qr{<payment>yes</payment>\n}, '', 'second-review', qr/Did not expect.*payment, second-review/],
	['an unknown attribute', qr/<package code="org-2y"/, '<package colour="red" code="org-2y"', 'org-2y',
		qr/element package: Invalid attribute colour .*; a package takes code=/],
	['an attribute that is missing', qr/ years="2"/, '', 'org-2y', qr/a package takes code=.*years=/],
	['a code that is none', qr/code="org-2y"/, 'code="Org 2y"', 'Org 2y', qr/a package takes code="\.\.\." \(a-z/],
	['a flag that is none', qr/<payment>yes/, '<payment>maybe', 'maybe', qr/payment is yes .* or no/],
	['a method that is none', qr/cloud in-person/, 'clowd in-person', 'clowd', qr/some of cloud, recorded and in-person/],
	['a face as the only way', qr/cloud in-person/, 'cloud', 'identity-methods', qr/write in-person too/],
	['a check in person nowhere', qr{<in-person-place>.*\n}, '', 'identity-methods', qr/write in-person-place/],
	['a price in half fen', qr/"360\.00"/, '"360.005"', '360.005', qr/yuan with two decimals: 200\.00/],
	['a price without fen', qr/"360\.00"/, '"360"', '"360"', qr/yuan with two decimals: 200\.00/],
	['a price below nothing', qr/"360\.00"/, '"-3.00"', '-3.00', qr/yuan with two decimals/],
	['nothing to pay', qr/"360\.00"/, '"0.00"', '"0.00"', qr/nothing can be paid at 0\.00: write a price, or payment no/],
	['two packages of one code', qr/"org-2y"/, '"org-1y"', 'years="2"', qr/another package has this code/],
	['no package', qr{<package.*</package>\n}s, '', 'agreement', qr/one or more of\s+package/],
	['no agreement', qr{<agreement.*</agreement>\n}s, '', 'project code', qr/agreement/],
	['an agreement without text', qr{<heading>.*</p>\n}, '', '<agreement', qr/one or more of heading and p/],
	['a paragraph with nothing in it', qr{<p>第二条</p>}, '<p> </p>', '<p> </p>', qr/element p: .*; p is a paragraph of text/],
	['an element in the text', qr{第二条}, '第<b>二</b>条', '第<b>', qr/p is a paragraph of text, without elements/],
	['a heading made by hand', qr{<p>第二条}, '<p># 第二条', '# 第二条', qr/begins with #/],
	['a name that is too long', qr/测试项目/, '长' x 101, '长', qr/name is .* at most 100 characters/],
	['an invisible character', qr/测试项目/, "测\x{202e}试", '<name>', qr/invisible character/],
	['a day that is none', qr/version="2026-1"/, 'version="2026-1" published="2027-02-30T00:00:00+08:00"', 'published',
		qr/no such day/],
	['a time without its zone', qr/version="2026-1"/, 'version="2026-1" published="2027-02-03T00:00:00"', 'published',
		qr/2027-01-01T00:00:00\+08:00/],
	['a flow that is none', qr/<identity-check>/, "<flow-version>9</flow-version>\n<identity-check>", '<flow-version>',
		qr/no flow of version 9/],
);
is +(tool('check -', encode_utf8($good)))[0], 0, 'what the bad ones are made of is in order';
for (@bad) {
	my ($what, $from, $to, $mark, $words) = @$_;
	my $text = $good;
	$text =~ s/$from/$to/ or die "$what: no $from";
	my $path = write_xml($text);
	my $line = $mark;
	if (defined $mark && $mark !~ /^\d+$/) {
		($line) = grep { (split /\n/, $text)[ $_ - 1 ] =~ /\Q$mark\E/ } 1 .. ($text =~ tr/\n//);
	}
	($status, $out, $err) = tool("apply $path");
	is "$status$out", '1', "$what: refused";
	like $err, defined $line ? qr/^\Q$path\E:$line: / : qr/^\Q$path\E:\d+: /, '... file and line';
	like $err, $words, '... and what to do';
}
is db_value('SELECT COUNT(*) FROM project WHERE code = ?', $bad), 0, 'of none of them anything is there';
($status, $out, $err) = apply(packages => [ [ 'org-1y', 3, '180.00', '一年', $then ] ], version => '2026-3',
	agreement => '<p>正式修改</p>');
like $err, qr/element package: this package is one of 1 years.*a code of its own/, 'the years of a package stay';
($status, $out, $err) = tool("apply $folder/none.xml");
like $err, qr/none\.xml: No such file/, 'a file that is not there';
is +(tool('check -', '<!-- ' . 'x' x 1100000 . ' -->'))[2], "-: File too large\n", 'a file that is too large';
is db_value('SELECT COUNT(*) FROM package WHERE project = ? AND NOT on_sale', $project), 0,
	'what is refused in part is refused as a whole';

# ---- killed in the middle: it has changed name, price and packages and waits to
# add its text, since another transaction has one of that version

my $half = "$code-half";
is +(apply(code => $half))[0], 0, 'a project to be changed';
my $path = write_xml(xml(code => $half, name => '改到一半', packages => [ [ 'org-1y', 1, '201.00', '一年' ] ],
	version => '2026-9', agreement => '<p>新条款</p>'));
my $lock = DBI->connect('DBI:MariaDB:database=yuanjian;mariadb_socket=' . env('YJ_DB_SOCKET'), 'yj_owner',
	slurp(env('YJ_VAR') . '/secrets.conf') =~ /^db_password_owner = (\S+)$/m, { RaiseError => 1, PrintError => 0, AutoInactiveDestroy => 1 });
$lock->do('SET SESSION foreign_key_checks = 0'); # or it would lock the project's row too
$lock->begin_work;
$lock->do('INSERT INTO agreement_text (project, version, title, body, sha256, published_at)
	VALUES (?, "2026-9", "", "", "", UTC_TIMESTAMP())', undef, db_value('SELECT id FROM project WHERE code = ?', $half));

sub start { # apply, in the background
	my ($file, $said) = @_;
	my $pid = fork // die $!;
	return $pid if $pid;
	$ENV{YJ_CONFIG} = env('YJ_CONFIG');
	$ENV{YJ_SCHEMA} = top() . '/schema';
	open STDOUT, '>', $said;
	open STDERR, '>', "$said.err";
	{ exec { built('bin/yuanjian-project') } 'yuanjian-project', 'apply', $file }
	POSIX::_exit(127);
}

sub in_transaction {
	my ($like) = @_;
	return db_value('SELECT COUNT(*) FROM information_schema.innodb_trx t JOIN information_schema.processlist p
		ON p.id = t.trx_mysql_thread_id WHERE p.user = "yj_admin" AND COALESCE(p.info, "") LIKE ?', $like);
}

my $child = start($path, "$folder/half");
my $waits;
for (1 .. 100) {
	last if $waits = in_transaction('INSERT INTO agreement_text%');
	sleep 0.1;
}
is $waits, 1, 'it is in the middle';
kill KILL => $child;
waitpid $child, 0;
is $? & 127, 9, 'and killed there';
$lock->rollback;
$lock->disconnect;
for (1 .. 100) {
	last unless in_transaction('%');
	sleep 0.1;
}
($status, $out) = tool("show $half");
like $out, qr/测试项目/, 'its name is the old one';
is prices('org-1y', $half), '20000', 'its price';
like $out, qr/org-2y/, 'its packages';
is +(tool("apply $path"))[0], 0, 'and the next apply changes it';
is prices('org-1y', $half), '20000 20100', 'as a whole';

# ---- many at once, of a project that is not there yet

my $many = "$code-many";
my @child;
for my $i (1 .. 8) {
	my $file = write_xml(xml(code => $many, packages => [ [ 'org-1y', 1, sprintf('%d.00', 200 + $i % 2), '一年' ] ]));
	my $pid = start($file, "$folder/many.$i");
	push @child, $pid;
}
my @failed;
for my $i (1 .. 8) {
	waitpid $child[ $i - 1 ], 0;
	push @failed, $i if $?;
}
is "@failed", '', 'eight at once all end well' or diag map { slurp("$folder/many.$_.err") } @failed;
is scalar(grep { slurp("$folder/many.$_") =~ /made/ } 1 .. 8), 1, 'one of them has made it';
is db_value('SELECT COUNT(*) FROM package k JOIN project p ON p.id = k.project WHERE p.code = ?', $many), 1, 'once';
my @was = split ' ', prices('org-1y', $many);
is scalar(grep { $was[$_] == $was[ $_ - 1 ] } 1 .. $#was), 0, 'each price differs from the one before';

tool("close $_") for $code, $all, $half, $many;
done_testing;
