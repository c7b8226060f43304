# What must be on the machine to build, to run and to develop: etc/packages*.txt.
use lib 't/lib';
use Yj;

chdir top();

# list FILE: names of packages.
sub list { return grep { /^[^#]/ } split /\n/, slurp("etc/$_[0].txt") }

my %dev = map { $_ => 1 } list('packages');
is join(' ', grep { !$dev{$_} } list('packages-build')), '', './dev installs what a build needs';
for my $name (map { m{^etc/(.*)\.txt$} } glob 'etc/packages*.txt') {
	my @names = list($name);
	is "@names", join(' ', sort @names), "$name.txt is in order";
}

# The shared libraries of the programs, by package of this machine; 64-bit time renamed some.
my %run = map { $_ => 1 } list('packages-run');
my %library;
for my $program (grep { -f && -x && m{/[^.]*$} } map { glob build_dir() . "/$_/*" } qw(bin cron sim cgi-bin/* lib/* lib/*/*)) {
	$library{$_} //= $program for `objdump -p $program 2>/dev/null` =~ /NEEDED\s+(\S+)/g;
}
cmp_ok scalar(keys %library), '>', 5, 'programs load shared libraries';
my %owner = map { /^([^:]+):\S* \S*\/([^\/]+)$/ ? ($2 => $1) : () } map { split /\n/ } `dpkg-query -S '*/lib*.so.*'`;
is join(' ', grep { my $package = $owner{$_} // "(no package of $_)"; $package =~ s/t64$//; !$run{$package} && !m{^lib[cm]\.so\.6$} }
	sort keys %library), '', 'packages-run has them all';
my $readme = slurp('README');
like $readme, qr{apt-get install [^\n]*etc/\Q$_\E\.txt}, "README names $_.txt" for qw(packages-build packages-run);
done_testing;
