# make distcheck in a clean clone: the archive builds, is checked, installed and
# uninstalled as a stranger would do it.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);

-e top() . '/.git' or plan skip_all => 'not a working tree';
local $ENV{MAKEFLAGS} = '';
my $clone = tempdir(CLEANUP => 1) . '/yuanjian';

sub in_clone {
	my ($what, $command) = @_;
	my $said = `cd '$clone' && $command 2>&1`;
	is $?, 0, $what or diag(substr $said, -4000) or BAIL_OUT($what);
	return $said;
}

is system('git', 'clone', '-q', top(), $clone), 0, 'a clean clone';
in_clone('autoreconf', 'autoreconf -i');
in_clone('configure', './configure -q');
like in_clone('make distcheck', 'make -s distcheck AM_DISTCHECK_CONFIGURE_FLAGS='),
	qr/archives ready for distribution/, 'the archive is ready';
done_testing;
