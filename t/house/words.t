# Words that are gone: those of docs/glossary.md are not taken up again, in no file's
# name and in no line.
use lib 't/lib';
use Yj;

chdir top();
-e '.git' or plan skip_all => 'not a working tree';

# The table: [word, where, pattern of what stays, each of that] each.
my $glossary = slurp('docs/glossary.md');
utf8::decode($glossary);
my ($table) = $glossary =~ /^## Words that are gone\n(.*)/ms or die 'no table';
my @gone;
for my $row (map { [map { s/^\s+|\s+$//gr } (split /\|/, $_, -1)[1, 4, 5]] } grep { /^\| `/ } split /\n/, $table) {
	my ($words, $where, $stays) = map { [/`([^`]+)`/g] } @$row;
	my $stay = join '|', map { quotemeta } sort { length $b <=> length $a } @$stays;
	push @gone, map { [$_, $where, length $stay ? qr/$stay/ : undef, $stays] } @$words;
}

# The word of the row in a line, as a whole word or a part of a name; undef for none.
sub found {
	my ($row, $line) = @_;
	my ($word, undef, $stay) = @$row;
	$line =~ s/$stay/ /g if $stay;
	return $line =~ /(?<![A-Za-z])(\Q$word\E(?:s|es|ed)?)(?![A-Za-z])/i ? $1 : undef;
}

my ($notice) = grep { $_->[0] eq 'notice' } @gone;
is join(' ', map { found($notice, $_) // '-' } 'a notice', 'NOTICES_C', 'paid_notice(', '.yj-notice', 'notices/', 'unnoticed',
	'FROM wechatpay_notice w', 'wechatpay_notice_read()', '"poll.notice"', 'notify'),
	'notice NOTICES notice notice notices - - - - -', 'this test tells what is gone from what stays';
cmp_ok scalar @gone, '>', 12, 'the table is read';

# Not ours, or as it was: what others wrote, what was released, what was said then.
my @files = grep { -f && !-B _ || /\.(?:c|h|t|pm|sql|md|xml|html)$/ } grep {
	!m{^(?:htdocs/vendor/|package-lock\.json$|schema/migrations/|t/fuzz/corpus/|docs/glossary\.md$|CHANGES$|t/house/words\.t$)}
} split /\n/, `git ls-files -co --exclude-standard`;
cmp_ok scalar @files, '>', 700, 'the tree is there';
my %hits;
my @looked = map { [$_, @{ $_->[1] } ? '^(?:' . join('|', map { quotemeta } @{ $_->[1] }) . ')' : '^'] } @gone;
for my $file (grep { -f } @files) {
	my @rows = map { $_->[0] } grep { $file =~ /$_->[1]/ } @looked;
	my $any = join '|', map { quotemeta $_->[0] } @rows or next;
	my $n = 0;
	for my $line ($file, split /\n/, slurp($file)) {
		next if $n++, $line !~ /$any/i;
		for my $row (@rows) {
			my $word = found($row, $line);
			push @{ $hits{ $row->[0] } }, $n == 1 ? "$file: $word in its name" : "$file:" . ($n - 1) . ": $word: $line" if defined $word;
		}
	}
}
for my $row (@gone) {
	my $hits = $hits{ $row->[0] } // [];
	is scalar @$hits, 0, "no $row->[0] any more" or diag join "\n", @$hits[0 .. (@$hits > 20 ? 19 : $#$hits)];
}
is join(' ', grep { my $folder = $_; !-d $folder } map { @{ $_->[1] } } @gone), '', 'folders that are there';
my $all = join "\n", map { -f && !m{^docs/glossary} ? ($_, slurp($_)) : () } split /\n/, `git ls-files -co --exclude-standard`;
is join(' ', grep { index($all, $_) < 0 } map { @{ $_->[3] } } @gone), '', 'and exceptions that something needs';
done_testing;
