# clang builds the whole tree without a warning, and the unit tests pass under the
# address and undefined-behaviour sanitizers. Programs that no unit test runs are
# compiled and not linked, but for the full counts (YJ_FULL).
use lib 't/lib';
use Yj;
use Yj::Build;

need_instance();
local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';
my $link = $ENV{YJ_FULL} ? '' : 'CCLD=true ';
build_with('clang', '', "${link}all", 'check-programs', 'check-local');
done_testing;
