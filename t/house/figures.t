# ./dev figures: it runs, counts a tree whose figures are known, and counts
# functions as clang does.
use lib 't/lib';
use Yj;
use File::Path qw(make_path);
use File::Temp qw(tempdir);

chdir top();

# figures(folder): name => number.
sub figures {
	my ($folder) = @_;
	my $said = $folder ? `perl etc/dev/figures.pl '$folder' 2>&1` : `./dev figures 2>&1`;
	is $?, 0, 'it runs' or diag $said;
	return map { /^(\S.*?) {2,}([\d.]+)/ ? ($1 => $2) : () } split /\n/, $said;
}

sub put {
	my ($path, $text) = @_;
	make_path($path =~ s{/[^/]*$}{}r);
	open my $out, '>:raw', $path or die "$path: $!";
	print {$out} $text;
	close $out or die $!;
	return;
}

# A tree whose figures anybody can count.
my $folder = tempdir(CLEANUP => 1);
put("$folder/lib/one/one.c", <<'END');
/* one.c: ten lines, of which two are comment. */
static const int table[] = {
	1, /* beside code: a line of code */
};
/* A quote in a string: "/* no comment */
static const char *text(void)
{
	return "/* not a comment */" + table[0];
}
#define END_OF_FILE
END
put("$folder/lib/one/two.c", <<'END');
struct db *two(struct db *db, int a,
	       int b)
{
	/*
	 * Three lines of comment.
	 */
	db_select(db, "SELECT 1", DB_NO_ARGS);

	return a + b ? db : NULL;
}

static struct
one *three(void)
{
	return db_int_at(NULL, 3) + db_text_at(NULL, 0);
}
END
put("$folder/cgi-bin/apply/page.c", "int main(void)\n{\n\tdb_exec(db, \"x\");\n\treturn 0;\n}\n");
put("$folder/lib/one/one.h", "/* one.h: all\n * comment */\nint one(void); /* code */\nint two;\n");
put("$folder/t/one/one.t", "is 1, 1;\n" x 17);
put("$folder/t/samples/big.txt", "no test\n" x 100);
put("$folder/docs/no.c", "int no(void)\n{\n}\n");
my %known = (
	'C files' => 3, 'lines of C and headers' => 10 + 16 + 5 + 4, 'functions' => 4,
	'function, median' => 5, 'function, longest' => 10, 'C file, median' => 10, 'C file, longest' => 16,
	'comment lines in .c' => sprintf('%.1f', 100 * (2 + 3) / 31), 'comment lines in .h' => '50.0',
	'test lines per code line' => sprintf('%.2f', 17 / 35), 'reads of a row by position' => 2,
	'statements to the database' => 2, 'those of them in programs' => 1,
);
my %counted = figures($folder);
is $counted{$_}, $known{$_}, "$_ in a known tree" for sort keys %known;

# This one.
my %house = figures();
is_deeply [sort keys %house], [sort keys %counted], 'all figures of the house';
my @c = grep { -f } split /\n/, `find lib cgi-bin cron bin sim schema etc -name '*.c'`;
is $house{'C files'}, scalar @c, 'all C files are counted';
cmp_ok $house{functions}, '>', $house{'C files'}, 'and several functions in each';
cmp_ok $house{'function, median'}, '<=', 25, 'functions are short';
cmp_ok $house{'function, nine in ten'}, '<=', 70, '… nine in ten of them';
cmp_ok $house{'function, median'}, '<', $house{'function, nine in ten'}, '… in this order';
cmp_ok $house{'function, nine in ten'}, '<=', $house{'function, longest'}, '…';
cmp_ok $house{'C file, longest'}, '<=', 600, 'no file is longer than lint.t allows';
cmp_ok $house{'comment lines in .h'}, '>', 20, 'headers hold the contracts';
cmp_ok $house{'test lines per code line'}, '>', 0.5, 'tests are half as long as the code, or more';

# Clang's count, of four folders.
my $build = build_dir();
SKIP: {
	-f "$build/Makefile" or skip 'nothing is built', 1;
	my %make = map { /^(\w+) = (.*)/ ? ($1 => $2) : () } split /\n/, slurp("$build/Makefile");
	my @flags = (qw(-std=gnu11 -I. -Ilib), map({ "-I$build$_" } '', '/lib', '/forms'),
		map({ "-D$_=\"\"" } qw(SYSCONFDIR LIBEXECDIR DATADIR)),
		map { split ' ', $make{"${_}_CFLAGS"} // '' } qw(XML DB CRYPTO CURL JSON QR PANGO));
	# clang sees the functions that this configuration compiles, and not empty ones
	my @hard = grep { !/icu-stub/ && slurp($_) !~ /^#\s*if|^\{\n\}$/m } map { glob } 'lib/base/*.c', 'lib/db/*.c', 'lib/form/*.c', 'cron/*.c';
	my $known = tempdir(CLEANUP => 1);
	put("$known/$_", slurp($_)) for @hard;
	open my $tidy, '-|', 'sh', '-c', 'exec "$@" 2>/dev/null', 'sh', qw(clang-tidy --quiet),
		'--checks=-*,readability-function-size', '--warnings-as-errors=-*',
		'--config={CheckOptions: [{key: readability-function-size.LineThreshold, value: 0}]}',
		@hard, '--', @flags or die $!;
	my %seen;
	while (<$tidy>) {
		$seen{$1} = 1 if m{^(\S+\.c:\d+):\d+: \w+: function '};
	}
	close $tidy;
	cmp_ok scalar(keys %seen), '>', 100, 'clang finds functions';
	my %of_these = figures($known);
	is $of_these{functions}, scalar(keys %seen), '… as many as are counted';
}
done_testing;
