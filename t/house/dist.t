# make dist: the archive holds all that the tree holds, what autotools make
# beside, and no more. t/full/distcheck.t builds, checks and installs from it.
use lib 't/lib';
use Yj;
use File::Find;
use File::Temp qw(tempdir);

my $build = build_dir();
-f "$build/Makefile" or plan skip_all => 'nothing is built';
-e top() . '/.git' or plan skip_all => 'not a working tree';
local $ENV{MAKEFLAGS} = '';
my $said = `make -s -C '$build' dist-xz 2>&1`;
is $?, 0, 'make dist-xz' or diag substr $said, -4000;
my ($archive) = glob "$build/yuanjian-*.tar.xz";
ok $archive, 'an archive is there' or BAIL_OUT($said);
my $folder = tempdir(CLEANUP => 1);
is system('tar', '-xf', $archive, '-C', $folder, '--strip-components=1'), 0, 'it unpacks';
unlink $archive;

my %has;
find({ no_chdir => 1, wanted => sub { $has{ substr $_, length "$folder/" } = 1 unless -d } }, $folder);
chdir top();
my @tracked = grep { -f } split /\n/, `git ls-files`;
is join(' ', grep { !$has{$_} } @tracked), '', 'it holds every file of the tree';
is join(' ', grep { -f "$folder/$_" && slurp($_) ne slurp("$folder/$_") } @tracked), '', 'as it stands there';
my %of_the_tree = map { $_ => 1 } @tracked;
my @made = grep { !$of_the_tree{$_} && !m{^build-aux/|^m4/} } sort keys %has;
is join(' ', grep { !/^(?:configure|aclocal\.m4|Makefile\.in|build\.h\.in|INSTALL)$/ } @made), '',
	'and beside them what autotools make';
is join(' ', grep { /^(?:configure|Makefile\.in|build\.h\.in)$/ } @made), 'Makefile.in build.h.in configure',
	'so that nobody needs autotools to build from it';
done_testing;
