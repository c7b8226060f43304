# gcc builds the whole tree without a warning: the build under test was made with every
# warning an error. With all in full counts (YJ_FULL) gcc also builds what is optional,
# in a folder of its own; sanitizers.t does the same with clang.
use lib 't/lib';
use Yj;
use Yj::Build;

my $build = build_dir();
my %make = map { /^(\w+) = (.*)/ ? ($1 => $2) : () } split /\n/, slurp("$build/Makefile");
like $make{CC}, qr/\bgcc\b/, 'the build under test is gcc\'s';
like $make{WARN_CFLAGS}, qr/ -Werror$/, 'a warning is an error in it'
	or diag "configured before, or by hand: rm -r $build";
for my $flag (qw(-Wextra -Wshadow -Wformat=2 -Wmissing-prototypes -Wformat-signedness -Wlogical-op)) {
	like "$make{WARN_CFLAGS} ", qr/ \Q$flag\E /, "it has $flag";
}
is `make -s -C '$build' all 2>&1` =~ s/^make.*\n//mgr, '', 'and everything is made';
build_with('gcc', '--disable-sanitizers --enable-db-tls', 'all', 'check-programs') if $ENV{YJ_FULL};
done_testing;
