# clang builds the whole tree without a warning, and the unit tests pass under the
# address and undefined-behaviour sanitizers. Programs that no unit test runs are read
# for their warnings only, but for the full counts (YJ_FULL).
use lib 't/lib';
use Yj;
use Yj::Build;

need_instance();
local $ENV{ASAN_OPTIONS} = 'detect_leaks=0';
my $read = "CC='clang -fsyntax-only' CCLD=true AR=true RANLIB=true";
build_with('clang', '', 'check-programs', 'check-local', $ENV{YJ_FULL} ? 'all' : "$read all");
done_testing;
