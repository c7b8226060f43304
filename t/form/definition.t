#!/usr/bin/perl
# definition.t: the forms keep to their grammar, and the grammar refuses what
# would break them; the tables in C are those of the XML.
use FindBin;
use lib "$FindBin::Bin/../lib";
use Yj;
use Encode ();
use File::Temp qw(tempdir);

my $top = top();
my $dir = tempdir(CLEANUP => 1);
my @names = map { m{([^/]+)\.xml$} } glob "$top/forms/*.xml";
ok @names >= 4, 'there are forms';

sub write_file {
	my ($path, $text) = @_;
	open my $file, '>:encoding(UTF-8)', $path or die "$path: $!";
	print {$file} $text;
	close $file;
	return $path;
}

sub valid {
	my ($path) = @_;
	return system("xmllint --noout --nonet --relaxng '$top/forms/forms.rng' '$path' 2>/dev/null")
		== 0;
}

my ($header, $all, $headings) = map { slurp(build_dir() . "/forms/$_") } qw(forms.h all.c headings.h);
my $makefile = slurp("$top/forms/local.mk");

for my $name (@names) {
	my $xml = "$top/forms/$name.xml";
	(my $symbol = "form_$name") =~ tr/-/_/;
	ok valid($xml), "$name keeps to the grammar";
	my $made = `xsltproc --nonet '$top/forms/form-to-c.xsl' '$xml'`;
	my $built = build_dir() . "/forms/$name.c";
	ok $made eq slurp($built), "$name.c is up to date" if -e $built;
	like $header, qr/extern const struct form \Q$symbol\E;/, "$name is in forms.h";
	like $all, qr/&\Q$symbol\E,/, "$name is in all.c";
	my ($title, $step) = map { `xmllint --xpath 'string(/form/\@$_)' '$xml'` =~ s/\n//r } qw(title step);
	like $headings, qr/\{ "\Q$name\E", "\Q$title\E", $step \}/, "$name has its heading";
	like $makefile, qr{\bforms/\Q$name\E\.c\b}, "$name is in local.mk";
	my %seen;
	$seen{$_}++ for `xmllint --xpath '/form/*/\@name' '$xml'` =~ /name="(\w+)"/g;
	is_deeply [grep { $seen{$_} > 1 } sort keys %seen], [], "$name: no field twice";
	for my $example (`xmllint --xpath '//\@example' '$xml' 2>/dev/null` =~ /"([^"]+)"/g) {
		ok -s "$top/htdocs/examples/$example.jpg", "$name: the example $example is there";
	}
}

# A grammar that takes everything would pass the above.
my $good = Encode::decode('UTF-8', slurp("$top/forms/company.xml"));
ok valid(write_file("$dir/good.xml", $good)), 'the untouched copy is valid';
my %broken = (
	'an unknown type'         => sub { s/<uscc /<unknown / },
	'no label'                => sub { s/label="企业名称"// },
	'no name'                 => sub { s/<region name="region"/<region/ },
	'a name with a capital'   => sub { s/name="uscc"/name="Uscc"/ },
	'a name with a quote'     => sub { s/name="uscc"/name="us`cc"/ },
	'a quote in a label'      => sub { s/label="企业名称"/label='a"b'/ },
	'a backslash in a hint'   => sub { s/hint="与/hint="\\x/ },
	'required="no"'           => sub { s/required="yes"/required="no"/ },
	'a scan of no pages'      => sub { s/pages="1"/pages="0"/ },
	'a scan of 21 pages'      => sub { s/pages="1"/pages="21"/ },
	'a scan without pages'    => sub { s/pages="1"// },
	'pages at a text'         => sub { s/max="100"/max="100" pages="2"/ },
	'a text without max'      => sub { s/max="100"// },
	'a wrong autocomplete'    => sub { s/"organization"/"off"/ },
	'an example with a path'  => sub { s/example="licence"/example="..\/licence"/ },
	'step 4'                  => sub { s/step="1"/step="4"/ },
	'no step'                 => sub { s/step="1"// },
	'no fields'               => sub { s{<form([^>]*)>.*</form>}{<form$1></form>}s },
);
for my $what (sort keys %broken) {
	local $_ = $good;
	$broken{$what}->();
	isnt $_, $good, "$what: the copy is changed";
	ok !valid(write_file("$dir/broken.xml", $_)), "$what: refused";
}

# The grammar and the table of types name the same elements.
my $types = slurp("$top/lib/form/type.c");
my %row = map { $_ => 1 } $types =~ /\.element = "([a-z-]+)"/g;
my $rng = slurp("$top/forms/forms.rng");
my %element = map { $_ => 1 } $rng =~ /<element name="([a-z-]+)"/g, $rng =~ /<name>([a-z-]+)</g;
delete @element{qw(form option)};
is_deeply [sort keys %element], [sort keys %row], 'the grammar knows the types of type.c';

# The labels people know from the real service.
my %label = (
	company     => [qw(企业名称 企业地区 企业唯一编号 营业执照原件)],
	'legal-rep' => [qw(法人代表名称 法人代表证件号码 法人代表手机号 身份证复印件)],
	agent       => [qw(经办人姓名 经办人身份证 经办人手机号码 固定电话 业务申请表 用户协议书 快递邮寄地址)],
	order       => [qw(套餐信息 快递公司 收货信息 验证方式)],
);
for my $name (sort keys %label) {
	my $text = Encode::decode('UTF-8', slurp("$top/forms/$name.xml"));
	like $text, qr/label="[^"]*\Q$_\E/, "$name has $_" for @{ $label{$name} };
}
my $ways = Encode::decode('UTF-8', slurp("$top/lib/check/identity-method.c"));
my %face = $ways =~ /\{ "(\w+)",(?:[^{}]*?)(true|false) \}/gs;
is_deeply \%face, { cloud => 'true', recorded => 'true', 'counter' => 'false' },
	'a face is not the only way to prove who one is';

done_testing();
