# make distcheck: the archive builds, is checked, installed and uninstalled as
# a stranger would do it.
use lib 't/lib';
use Yj;

-f build_dir() . '/Makefile' or plan skip_all => 'nothing is built';
-e top() . '/.git' or plan skip_all => 'not a working tree';
local $ENV{MAKEFLAGS} = '';
my $said = `make -s -C '${\build_dir()}' distcheck AM_DISTCHECK_CONFIGURE_FLAGS= 2>&1`;
is $?, 0, 'make distcheck' or diag substr $said, -4000;
like $said, qr/archives ready for distribution/, 'and says that the archive is ready';
done_testing;
