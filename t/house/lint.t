# Rules of the source, and the complaints of the tools about it. Reads the tree
# as git knows it; the tools' settings are .clang-format, .clang-tidy and
# etc/cppcheck.txt.
use lib 't/lib';
use Yj;

my ($LATE, $LATEST) = (60, 12); # files that the slow tools read again

chdir top();
-e '.git' or plan skip_all => 'not a working tree';
my @files = split /\n/, `git ls-files -co --exclude-standard`;
@files = grep { -f } @files;
my @c = grep { /^(lib|cgi-bin|bin|cron|schema|sim)\/.*\.[ch]$/ } @files;
my %text = map { my $t = slurp($_); utf8::decode($t); $_ => $t } grep { !/\.(jpg|png)$|^t\/.*corpus/ } @files;

# forbid(what, pattern, files...): no line of the files may match.
sub forbid {
	my ($what, $pattern, @where) = @_;
	my @hits;
	for my $file (@where) {
		my $n = 0;
		for my $line (split /\n/, $text{$file}) {
			$n++;
			push @hits, "$file:$n: $line" if $line =~ $pattern;
		}
	}
	is scalar @hits, 0, $what or diag join "\n", @hits;
}

cmp_ok scalar @c, '>', 100, 'the source is there';

# One way out for each language. Apart stand: the page that is shown when all
# else failed, the other side of the wire, and the names of a form's columns.
my %apart = map { $_ => 1 } qw(lib/base/markup.c lib/page/say.c lib/form/sql.c);
forbid('markup is written by base/markup.h alone',
	qr/"[^"]*<\/?(?:a|p|div|span|form|input|button|h[1-6]|ul|li|table|html|body|script|img)\b[^"]*>/i,
	grep { !$apart{$_} && !m{^(bin|sim)/} } @c);
forbid('raw markup goes in at one place', qr/xmlTextWriterWriteRaw/, grep { $_ ne 'lib/base/markup.c' } @c);
forbid('no style attributes and no handlers', qr/"(?:style|on(?:click|load|submit|change|error))"\s*,/,
	grep { /^(lib|cgi-bin)/ } @c);
my @sql = grep { !$apart{$_} && !m{^(schema|lib/db)/} } @c;
forbid('SQL is never made by a format',
	qr/(?:printf|buffer_puts|xprintf)\s*\([^;]*"\s*(?:SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM|REPLACE INTO)\b/i, @sql);
forbid('the client library is called in lib/db alone', qr/\bmysql_\w+\s*\(/, grep { !m{^lib/db/} } @c);
forbid('columns are read by name (db/row.h), not by number',
	qr/\bdb_(?:is_null|int_at|text_at|bytes_at)\s*\(/,
	grep { /\.[ch]$/ && !m{^(?:lib/db/|t/db/db-test\.c$)} } @files);
# http.c speaks HTTP alone, smtp.c SMTP alone.
forbid('libcurl is called in two files of lib/service alone', qr/\bcurl_\w+\s*\(/,
	grep { !m{^lib/service/(?:http|smtp)\.c$} } @c);
forbid('pictures are decoded in the sandboxed program alone', qr/\bMagick\w+\s*\(/,
	grep { !m{^lib/scan/normalise/} } @c);

# Arrows point down only: docs/architecture.md says who may know whom.
my ($table) = $text{'docs/architecture.md'} =~ /^## Who may know whom\n(.*?)^## /ms or die 'no table of rooms';
my (%knows, %also, @order, @upward);
for ($table =~ /^\| (`.*)$/mg) {
	my ($room, $may) = map { s/^\s+|\s+$|`//gr } split /\|/;
	$room =~ m{/} ? $also{"lib/$room"} = [split ' ', $may] : push @order, $room;
	next if $room =~ m{/};
	push @upward, "$room knows $_" for grep { !$knows{$_} } split ' ', $may;
	$knows{$room} = [$room, split ' ', $may];
}
my %room = map { m{^lib/([\w-]+)/} ? ($1 => 1) : () } @c;
cmp_ok scalar @order, '>', 10, 'the table of rooms is read';
is "@upward", '', 'its rows know those above them alone';
is join(' ', sort @order), join(' ', sort keys %room), 'it has every room';
is join(' ', grep { !-f } sort keys %also), '', 'and exceptions for files that there are';
my (@arrows, %used);
for my $file (grep { m{^lib/} } @c) {
	my ($room) = $file =~ m{^lib/([\w-]+)/};
	my %may = map { $_ => 1 } @{ $knows{$room} || [] };
	my %too = map { $_ => 1 } @{ $also{$file} || [] };
	while ($text{$file} =~ /^#include "([\w-]+)\//mg) {
		$used{"$file $1"} = 1 if $too{$1};
		push @arrows, "$file includes $1/" unless $may{$1} || $too{$1};
	}
}
is scalar @arrows, 0, 'no room includes one above it' or diag join "\n", @arrows;
is join(' ', grep { !$used{$_} } map { my $file = $_; map { "$file $_" } @{ $also{$file} } } sort keys %also), '',
	'no exception that nobody needs';
my @programs;
for my $file (grep { m{^(cgi-bin|cron|bin|sim)/} } @c) {
	push @programs, $file if $text{$file} =~ m{#include "(?:cgi-bin|cron|bin|sim|apply|clerk)/};
}
is "@programs", '', 'no program includes another';
my @first = grep { $text{$_} !~ m{\A/\* \S.*?\*/\n}s || $text{$_} !~ m{^#(?:include [<"]|ifndef)}m
	|| $text{$_} =~ m{\A.*?^#include <[^>]*>.*^#include "base/base.h"}ms } @c;
is "@first", '', 'each file opens with what it is for, and headers of the house come first';

# What page_go() has the next page say is a word with a sentence in layout.c.
my ($sentences) = $text{'lib/page/layout.c'} =~ /\} flashes\[\] = \{\n(.*?)^\};/ms or die 'no sentences';
my %sentence = map { $_ => 1 } $sentences =~ /^\t\{ "([\w-]+)",/mg;
cmp_ok scalar keys %sentence, '>', 20, 'there are sentences for the next page';
my @unknown;
for my $file (grep { m{^(?:lib/page|cgi-bin)/} } @c) {
	for my $call ($text{$file} =~ /\bpage_go\(([^;]*)\);/g) {
		push @unknown, map { "$file: $_" } grep { !$sentence{$_} } $call =~ /"([a-z][a-z-]+)"/g;
	}
}
is join("\n", @unknown), '', 'words for the next page have their sentence';
(my $rest = join '', map { $text{$_} } grep { m{^(?:lib/page|cgi-bin)/} } @c) =~ s/\Q$sentences\E//;
is join(' ', grep { $rest !~ /"$_"|flash=$_\b/ } sort keys %sentence), '', '… and no sentence is never said';

# Things that were left behind.
my @ours = grep { !m{^(htdocs/vendor/|package-lock|schema/regions.tsv|t/house/lint\.t)} } keys %text;
forbid('nothing is left to do', qr/\b(?:TODO|FIXME|XXX|HACK)\b/, @ours);
# The bare Debian has a home of root, where a newcomer's clone lands.
forbid('no path of one machine', qr{/(?:work|root|home/\w+)/|/tmp/w\b}, grep { $_ ne 't/full/bare-debian.t' } @ours);
forbid('no code is commented out', qr{^\s*//\s*\w.*;\s*$|^#if 0}, @c);
forbid('no blank at a line\'s end', qr/[ \t]$/, grep { /\.(c|h|sh|mk|ac|am|t|pm|xml|sql|conf)$/ } @ours);
my @long = grep { ($text{$_} =~ tr/\n//) > 600 } @c;
is "@long", '', 'no file of more than 600 lines' or diag 'split it';

# Tools.
sub quiet {
	my ($what, $command) = @_;
	my $said = `$command 2>&1`;
	is $?, 0, $what or diag substr $said, 0, 4000;
}
quiet('shellcheck', 'shellcheck -x dev etc/dev/*.sh .ci/run');
my @all_c = grep { /\.[ch]$/ } @files;
quiet('clang-format', 'clang-format --dry-run -Werror ' . join ' ', @all_c);
my $build = build_dir();
my %make = map { /^(\w+) = (.*)/ ? ($1 => $2) : () } split /\n/, slurp("$build/Makefile");
my $system = join ' ', map { $make{"${_}_CFLAGS"} // '' }
	qw(XML DB CRYPTO MAGICK CURL JSON QR PANGO ZBAR SECCOMP CMOCKA);
my @sources = grep { /\.c$/ && !/icu-stub/ } @c;
# -D: db/row.h says what to take for the targets of a row; --force: every #if is read
# all the same.
quiet('cppcheck', 'cppcheck -q -j2 --std=c11 --enable=warning,performance,portability'
	. ' -D__cppcheck__ --force'
	. " --suppressions-list=etc/cppcheck.txt --error-exitcode=1 -Ilib -I$build @sources");
my $flags = "-std=gnu11 -I. -Ilib -I$build -I$build/lib -I$build/forms $system"
	. ' -DSYSCONFDIR=\"\" -DLIBEXECDIR=\"\" -DDATADIR=\"\"';
# tidy(what, checks, files...): clang-tidy on two processors.
sub tidy {
	my ($what, $checks, @where) = @_;
	open my $list, '|-',
		qq(xargs -r -P2 -n6 sh -c 'clang-tidy --quiet $checks "\$@" -- $flags 2>/dev/null || exit 1' tidy >$build/tidy.log)
		or die $!;
	print {$list} "$_\n" for @where;
	close $list;
	is $?, 0, $what or diag join "\n", grep { /error:/ } split /\n/, slurp("$build/tidy.log");
	return;
}

# clang-tidy looks at what is not committed and at the files that changed last, and at
# everything in the full counts. Its analyzer walks each path through each function,
# which takes twenty times as long as all else: it looks at a few of them.
my %source = map { $_ => 1 } @sources;
my %seen;
my @late = grep { $source{$_} && !$seen{$_}++ } split /\n/,
	`git diff --name-only HEAD; git ls-files -o --exclude-standard; git log -n 100 --name-only --format=`;
sub late { return $ENV{YJ_FULL} ? @sources : grep { defined } @late[0 .. $_[0] - 1] }
tidy('clang-tidy', '--checks=-clang-analyzer-*', late($LATE));
tidy('clang-tidy, every path', '', late($LATEST));
done_testing;
