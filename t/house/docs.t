# README, CHANGES and docs/: every path, program, function, setting and command that
# they name is there; the tables that people rely on are whole.
use lib 't/lib';
use Yj;

chdir top();
-e '.git' or plan skip_all => 'not a working tree';
my @files = grep { -f } split /\n/, `git ls-files -co --exclude-standard`;
my %is_file = map { $_ => 1 } @files;
my %is_folder;
for (@files) {
	my $folder = $_;
	$is_folder{$folder} = 1 while $folder =~ s{/[^/]*$}{};
}
my %named = map { m{([^/]+)$}; $1 => 1 } @files;
my @pages = ('README', 'CHANGES', grep { m{^docs/.*\.md$} } @files);
cmp_ok scalar @pages, '>=', 6, 'there are pages';
my %text = map { my $t = slurp($_); utf8::decode($t); $_ => $t } @pages;
my @manuals = grep { m{^docs/man/} } @files;

# Words of everything that is no document, for names of tables, keys and functions.
my %word;
for my $file (grep { !m{^docs/|^(?:README|CHANGES|package-lock\.json)$|\.(?:jpg|png|tsv)$|^t/(?:.*/corpus/|house/docs\.t)} } @files) {
	$word{$_} = 1 for slurp($file) =~ /([A-Za-z_][\w-]*)/g;
}

# -- what there is --------------------------------------------------------------

my %command = map { $_ => 1 } `./dev help` =~ /^\.\/dev (\w+)/mg;
cmp_ok scalar keys %command, '>', 10, './dev has commands';
my %tool = map { m{^(?:bin|schema)/} ? map { m{/(yuanjian-\w+)$} ? ($1 => 1) : () } split ' ', slurp($_) : () }
	qw(bin/local.mk schema/local.mk);
cmp_ok scalar keys %tool, '>=', 6, 'there are tools';

# What stands for any name.
my $any = qr/(?<![A-Za-z])(?:NAME|PART|ROOM|NNNN)(?![A-Za-z])/;

# A path of the tree; capitals stand for any name. Rooms are named without lib/, and
# what the build makes and the server answers has its source.
sub is_path {
	my ($path) = @_;
	$path =~ s{/$}{};
	if ($path =~ /\*|$any/) {
		my $glob = $path =~ s/$any/*/gr;
		return scalar grep { -e } map { glob } $glob, "lib/$glob";
	}
	return 1 if $is_file{$path} || $is_folder{$path} || $is_file{"lib/$path"} || $is_folder{"lib/$path"};
	return 1 if $path =~ m{^/(?:static/)(.*)} && $is_file{"htdocs/$1"};
	return 1 if $path =~ m{^/([a-z]+(?:/[\w-]+)?)$} && ($is_file{"cgi-bin/$1.c"} || $is_folder{"cgi-bin/$1"});
	return $is_file{"$path.c"};
}

# What is wrong with a word in backquotes, '' for nothing.
sub fault {
	my ($code) = @_;
	if ($code =~ /^\.\/dev(?: (\w+))?/) {
		return !defined $1 || $command{$1} ? '' : "no command of ./dev: $1";
	}
	return $tool{$1} ? '' : "no tool: $1" if $code =~ /^(yuanjian-\w+)(?= |$)/;
	return $word{$1} ? '' : "no function: $1" if $code =~ /^(\w+)\(\)$/;
	return $word{$2} ? '' : "no $1: $2" if $code =~ /^(struct|enum|const struct) (\w+)$/;
	return $word{$1} ? '' : "no table: $1" if $code =~ /^(\w+)\[\]$/;
	return is_path($code) ? '' : "no path: $code" if $code =~ m{^[\w.*/-]+$} && $code =~ m{/};
	if ($code =~ /^[\w.-]+$/ && $code =~ /$any/ && $code =~ /[a-z]/) {
		my $like = join '[\w-]+', map { quotemeta } split /$any/, $code, -1;
		return (grep { /^$like$/ } keys %word, keys %named) ? '' : "nothing like $code";
	}
	return $named{$code} || is_path($code) ? '' : "no file: $code" if $code =~ /^[\w.-]+\.(?:c|h|t|sql|md|mk|xml|xsl|rng|tsv|txt|conf|5|8|1)$/;
	return $word{$code} ? '' : "no such word: $code" if $code =~ /^[A-Za-z][\w-]*$/;
	return '';
}

# It finds what is wrong, and takes what is right.
is join(' ', map { fault($_) ? 1 : 0 } './dev nonsense', 'lib/none', 'lib/none/', 'page_rum()', 'struct page_spic',
	'none.c', 'yuanjian-none', 't/none/NAME.t', '/apply/none', 'no_such_word_at_all', './dev check', 'lib/page/page.h',
	'page_run()', 'struct page_spec', 'cgi-bin/PART/NAME.c', 'db_user_PART', 'NNNN-house.sql', 'NNNN-none.sql', 't/none-NAME.t', '/apply/company', 'apply/company', 'flow.sql'),
	'1 1 1 1 1 1 1 1 1 1 0 0 0 0 0 0 0 1 1 0 1 0', 'this test tells right from wrong';

# -- pages in Markdown ------------------------------------------------------------

for my $page (grep { /\.md$/ } @pages) {
	my $text = $text{$page};
	my @fenced = $text =~ /^```\n(.*?)^```$/msg;
	$text =~ s/^```.*?^```$//msg;
	# words that are gone are not there; t/house/words.t knows what stays of them
	$text =~ s/^\| .*? \|(.*\|)[^|]*\|$/|$1/mg if $page =~ /glossary/ && $text =~ s/^(.*)^## Words that are gone\n//ms;
	my @wrong = grep { $_ } map { fault($_) } $text =~ /`([^`\n]+)`/g;
	push @wrong, map { $command{$_} ? () : "no command of ./dev: $_" } map { /\.\/dev (\w+)/g } @fenced;
	is join("\n", @wrong), '', "$page names what is there";
	is scalar(() = $text{$page} =~ /`/g) % 2, 0, "$page: each backquote has its other";
	my @links = grep { !m{^https?://} } $text =~ /\]\(([^)#]+)/g;
	is join(' ', grep { !-e "docs/$_" && !-e } @links), '', "$page links to what is there";
	like $text{README}, qr/\Q$page\E/, "README names $page";
}
is join("\n", grep { /[^\x00-\x7f]/ && length > 500 || length > 160 && !/^\|/ } map { split /\n/ } @text{grep { /\.md$/ } @pages}),
	'', 'no line is longer than a screen is wide';

# What a test is said to say, it says.
my @said = $text{'docs/adding.md'} =~ /`(t\/[\w\/.-]+)`: ("[^"|\n]+"(?:, "[^"|\n]+")*)/g;
cmp_ok scalar @said, '>', 30, 'docs/adding.md tells what tests say';
my @unsaid;
while (my ($test, $words) = splice @said, 0, 2) {
	my $source = slurp($test) =~ s/\s+/ /gr;
	push @unsaid, map { index($source, $_) < 0 ? "$test: $_" : () } $words =~ /"([^"]+)"/g;
}
is join("\n", @unsaid), '', 'and they do';

# -- README, CHANGES and the manual, which have no backquotes -----------------------

my $top = join '|', map { quotemeta } grep { !/[.]/ && !m{/} } sort keys %is_folder;
for my $page (qw(README CHANGES), @manuals) {
	my $text = $text{$page} // slurp($page);
	my @paths = map { s/[.,:;]+$//r } $text =~ m{(?<![\w/.\$-])((?:$top)/[\w./*-]+)}g;
	is join(' ', grep { !is_path($_) && !-e build_dir() . "/$_" && !/^bin\/yuanjian-\w+$/ } @paths), '', "$page names paths that are there";
	my @commands = map { split /, / } $text =~ m{^ {4}\./dev ((?:\w+, )*\w+)}mg;
	push @commands, $text =~ m{`?\./dev (\w+)}g;
	is join(' ', grep { !$command{$_} } @commands), '', "$page: commands of ./dev";
	my @tools = grep { !/^yuanjian-(?:cron|form|decode)$/ } $text =~ /(?<![\w\/-])(yuanjian-[a-z]+)(?![\w.-])/g;
	is join(' ', grep { !$tool{$_} } @tools), '', "$page: tools";
}
for my $reference (map { /\b([\w.-]+\(\d\))/g } values %text) {
	my ($name, $section) = $reference =~ /^(.*)\((\d)\)$/;
	next if $name !~ /^yuanjian/;
	ok $is_file{"docs/man/$name.$section"}, "there is a page $reference";
}
like $text{README}, qr/\A[^\n]*\p{Han}.*?^THE TWO COMMANDS\n/ms, 'README opens in Chinese, and then has its two commands';
like $text{README}, qr/^LICENCE\n/m, 'and says how it stands with the licence';
my @dates = $text{CHANGES} =~ /^(20\d\d-\d\d-\d\d)$/mg;
is "@dates", join(' ', sort { $b cmp $a } @dates), 'CHANGES has the newest first';

# -- tables ------------------------------------------------------------------------

# Words: one meaning a row; what is gone has a word that takes its place.
my ($words, $gone) = $text{'docs/glossary.md'} =~ /^## The words\n(.*)^## Words that are gone\n(.*)/ms;
sub rows { return map { [map { ($_ // '') =~ s/^\s+|\s+$//gr } (split /\|/)[1 .. 4]] } grep { /^\|/ && !/^\|[-|]+$/ } split /\n/, $_[0] }
my (undef, @words) = rows($words);
my (undef, @gone) = rows($gone);
my (%known, %twice);
for (@words) {
	$known{$_}++ && $twice{$_}++ for split /, /, $_->[0];
}
cmp_ok scalar @words, '>', 40, 'the glossary has words';
is join(' ', sort keys %twice), '', 'each of them once';
is join(' ', map { $_->[0] } grep { !length $_->[2] } @words), '', 'with a meaning';
cmp_ok scalar @gone, '>', 10, 'and words that are gone';
for my $row (@gone) {
	my ($old, $new, $sense) = @$row;
	like $old, qr/^`[a-z-]+`(?:, `[a-z-]+`)*$/, "$old can be read by a machine";
	is join(', ', grep { !$known{$_} } split /, /, $new), '', '… has another in its place';
	ok length $sense, '… and says in which sense';
}

# Parts: every account of the config has a row.
my ($parts) = $text{'docs/architecture.md'} =~ /^## Parts and accounts\n(.*?)^## /ms;
my %account = map { $_ => 1 } slurp('lib/base/config-keys.c') =~ /"(db_user_\w+)"/g;
is join(' ', sort $parts =~ /^\|[^|]*\|[^|]*\| `(\w+)` \|/mg), join(' ', sort keys %account),
	'the table of parts has every account';
my ($folders) = $text{'docs/architecture.md'} =~ /^## Folders\n(.*?)^## /ms;
my %listed = map { s{/.*}{}r => 1 } $folders =~ /^\| `([\w-]+\/[^`]*)`/mg;
is join(' ', grep { !$listed{$_} } grep { !m{/|^\.} } sort keys %is_folder), '', 'the table of folders has each at the top';
done_testing;
