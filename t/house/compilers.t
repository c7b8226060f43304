# gcc and clang both build the whole tree without a warning, and the unit tests
# pass under the address and undefined-behaviour sanitizers.
use lib 't/lib';
use Yj;

chdir top();
-x 'configure' or plan skip_all => 'no configure: autoreconf -i';
local $ENV{MAKEFLAGS} = '';
local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';
my %with = (
	gcc   => ['--disable-sanitizers --enable-db-tls', 'all check-programs'],
	clang => ['', 'all check-programs check'],
);
for my $cc (sort keys %with) {
	my ($options, $targets) = @{ $with{$cc} };
	my $folder = build_dir() . "-$cc";
	mkdir $folder;
	my $said = -f "$folder/Makefile" ? `true` :
		`cd '$folder' && '${\top()}/configure' -q --enable-developer $options CC=$cc CFLAGS='-O1 -g' 2>&1`;
	is $?, 0, "$cc: configure" or diag $said;
	for my $target (split ' ', $targets) {
		$said = `make -s -j2 -C '$folder' $target 2>&1`;
		is $?, 0, "$cc: make $target" or diag substr $said, -4000;
	}
}
done_testing;
