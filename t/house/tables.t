# Whose a table is: docs/architecture.md has a row for each room of lib/ with its
# tables and those that it may read. Programs have no SQL.
use lib 't/lib';
use Yj;

chdir top();
-e '.git' or plan skip_all => 'not a working tree';
my @files = grep { -f } split /\n/, `git ls-files -co --exclude-standard lib cgi-bin bin cron schema docs`;
my %text = map { my $t = slurp($_); utf8::decode($t); $_ => $t } grep { /\.(?:c|h|sql|md)$/ } @files;

# The tables and views that there are, as the migrations and routines leave them.
my %table;
for my $file (sort grep { m{^schema/.*\.sql$} } keys %text) {
	(my $sql = $text{$file}) =~ s/--.*//g;
	die "$file renames a table, which this test cannot follow\n" if $sql =~ /\bRENAME\s+(?:TABLE|TO)\b/;
	while ($sql =~ /\b(CREATE|DROP)\s+(?:OR\s+REPLACE\s+)?(?:SQL\s+SECURITY\s+\w+\s+)?(?:TABLE|VIEW)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?`?(\w+)/g) {
		$1 eq 'CREATE' ? $table{$2} = 1 : delete $table{$2};
	}
}
cmp_ok scalar keys %table, '>', 50, 'the tables of the schema are read';

# The rows of the page.
my ($rows) = $text{'docs/architecture.md'} =~ /^## Whose a table is\n(.*?)^## /ms or die 'no table of tables';
my (%owner, %reads, @twice);
for ($rows =~ /^\| (.*) \|$/mg) {
	my ($room, $own, $also) = map { s/^\s+|\s+$|`//gr } split /\|/, "$_ ", -1;
	next if $room =~ /^(?:room|-+)/;
	for my $name (split ' ', $own) {
		push @twice, $name if $owner{$name};
		$owner{$name} = $room;
	}
	$reads{$room}{$_} = 0 for split ' ', $also // '';
}
is "@twice", '', 'no table has two rooms';
is join(' ', grep { !/\(\)$/ && !$table{$_} } sort keys %owner), '', 'each table of the page is there';
is join(' ', grep { !$owner{$_} } sort keys %table), '', 'each table has a room';
is join(' ', grep { $_ ne 'none' && !-d "lib/$_" } sort keys %{ { map { $_ => 1 } values %owner, keys %reads } }), '',
	'each room is there';

# What the strings of a C file say: neighbouring literals and names of macros are one.
# Macros with SQL in them count where they are defined, which is their tables' room.
sub statements {
	my ($code) = @_;
	my @found;
	$code =~ s{/\*.*?\*/}{ }gs;
	while ($code =~ /((?:"(?:[^"\\]|\\.)*"|\b[A-Z][A-Z_0-9]+\b|[\s\\()])*"(?:[^"\\]|\\.)*")/gs) {
		push @found, join '', $1 =~ /"((?:[^"\\]|\\.)*)"/g;
	}
	return grep { /\b(?:SELECT|INSERT|REPLACE|UPDATE|DELETE|CALL|TRUNCATE|LOCK TABLES)\b/
		|| /\b(?:FROM|JOIN|INTO)\s+`?[a-z_]+/ } @found;
}

# tables(statement): each table or routine() that it names, with whether it is written.
sub tables {
	my ($sql) = @_;
	my %found;
	$found{$_} ||= 0 for grep { $table{$_} } $sql =~ /\b(?:FROM|JOIN|INTO|UPDATE)\s+`?(\w+)/g;
	$found{$_} = 1 for grep { $table{$_} }
		$sql =~ /\b(?:INSERT(?:\s+IGNORE)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE(?:\s+\w+)?\s+FROM|TRUNCATE(?:\s+TABLE)?)\s+`?(\w+)/g;
	$found{"$_()"} = 1 for $sql =~ /\bCALL\s+(\w+)/g;
	return \%found;
}

my @outside;
for my $file (sort grep { m{^lib/.*\.[ch]$} && !m{^lib/db/} } keys %text) {
	my ($room) = $file =~ m{^lib/([\w-]+)/};
	for my $sql (statements($text{$file})) {
		my $named = tables($sql);
		for my $name (sort keys %$named) {
			next if ($owner{$name} // '') eq $room;
			my $may = exists $reads{$room}{$name};
			$reads{$room}{$name} = 1 if $may;
			push @outside, "$file " . ($named->{$name} ? 'writes' : 'reads') . " $name of "
				. ($owner{$name} // 'no room') if !$may || $named->{$name};
		}
	}
}
is scalar @outside, 0, 'SQL about a table stands in its room' or diag join "\n", @outside;
my @idle = map { my $room = $_; map { "$room $_" } grep { !$reads{$room}{$_} } sort keys %{ $reads{$room} } } sort keys %reads;
is "@idle", '', 'and no room may read what it does not';

my @programs = grep { statements($text{$_}) } grep { m{^(?:cgi-bin|cron|bin)/.*\.[ch]$} } sort keys %text;
is "@programs", '', 'programs have no SQL';
done_testing;
