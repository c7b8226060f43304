# gcc builds the whole tree without a warning; sanitizers.t does the same with clang.
# What is linked is that build's; here, but for the full counts (YJ_FULL), programs
# are compiled alone. One target after the other: two makes in one folder would meet.
use lib 't/lib';
use Yj;
use Yj::Build;

my $link = $ENV{YJ_FULL} ? '' : 'CCLD=true ';
build_with('gcc', '--disable-sanitizers --enable-db-tls', "${link}all", "${link}check-programs");
done_testing;
