#!/usr/bin/perl
# migrate.t: yuanjian-migrate on a database of its own: fresh, again, changed,
# interrupted, twice at once.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Scratch;
use File::Temp qw(tempdir);
use File::Copy qw(copy);
use Time::HiRes qw(sleep);

need_database();

my $folder = tempdir(CLEANUP => 1);
my $one = Yj::Scratch->new('migrate', schema => $folder);
my $name = $one->name;

sub write_file {
	my ($path, $text) = @_;
	open my $file, '>:raw', $path or die "$path: $!";
	utf8::encode($text) if utf8::is_utf8($text);
	print {$file} $text;
	close $file or die "$path: $!";
}

# A schema that this test may change.
mkdir "$folder/migrations" or die $!;
copy($_, "$folder/migrations/") or die "$_: $!" for glob top() . '/schema/migrations/*.sql';
mkdir "$folder/routines" or die $!;
copy($_, "$folder/routines/") or die "$_: $!" for glob top() . '/schema/routines/*.sql';
copy(top() . "/schema/$_", "$folder/") or die "$_: $!" for qw(flow.sql grants.sql);
my $last = () = glob "$folder/migrations/*.sql";

sub tool { return $one->tool(@_) }
sub value { my $sql = shift; $sql =~ s/\bDB\b/$name/g; return db_value($sql, @_) }

# What a dump of the structure would show.
sub shape {
	return join "\n", map { join ' ', map { $_ // '' } @$_ } @{ db()->selectall_arrayref(
		'SELECT table_name, column_name, column_type, is_nullable FROM information_schema.columns
		WHERE table_schema = ? ORDER BY 1, ordinal_position', undef, $name) };
}

# ---- fresh

my ($status, $out, $err) = tool('status');
is($status, 1, 'status of an empty database is a failure');
like($out, qr/^0001-house\.sql\s+missing$/m, 'and says what is missing');
like($out, qr/^0006-money\.sql\s+missing; stop httpd and the scheduled jobs first$/m,
	'and what takes from the tables what programs of the release before use');
like($out, qr/^0007-identity\.sql\s+missing$/m, 'and only that');
like($out, qr/^\d+-staff-session\.sql\s+missing; stop httpd and the scheduled jobs first$/m, 'or ends what they wrote');
is((tool('verify'))[0], 1, 'verify too');

($status, $out, $err) = tool('up');
is("$status$err", '0', 'up on an empty database');
like($out, qr/^0001-house\.sql applied\n.*flow\.sql applied\nroutines applied\ngrants\.sql applied\n\z/s,
	'applies everything in order');
is((tool('accounts'))[0], 0, 'accounts');
($status, $out, $err) = tool('verify');
is("$status$err", '0', 'verify is content');
is((tool('status'))[0], 0, 'so is status');
is(value('SELECT COUNT(*) FROM DB.flow_transition'), db_value('SELECT COUNT(*) FROM flow_transition'),
	'the state machine is there');
my $shape = shape();

# ---- again

is(join('', tool('up')), '0', 'a second up does nothing and says nothing');

# ---- what changed

write_file("$folder/flow.sql", slurp("$folder/flow.sql") . "\n-- another word\n");
($status, $out) = tool('status');
is($status, 1, 'a changed flow.sql is to be applied');
($status, $out, $err) = tool('up');
is("$status$out$err", "0flow.sql applied\nroutines applied\ngrants.sql applied\n",
	'and is, with what stands on it');

write_file("$folder/routines/outbox.sql", slurp("$folder/routines/outbox.sql") . "\n-- another word\n");
is((tool('status'))[0], 1, 'a changed file of routines/ is to be applied');
($status, $out, $err) = tool('up');
is("$status$out$err", "0routines applied\ngrants.sql applied\n", 'and is, with all the routines');
my $outbox = slurp("$folder/routines/outbox.sql");
write_file("$folder/routines/outbox.sql", "$outbox\nCREATE TRIGGER nothing\n;;\n");
($status, $out, $err) = tool('up');
is($status, 1, 'a routine that the server refuses stops the run');
like($err, qr{^\Q$folder\E/routines/outbox\.sql:@{[ 2 + ($outbox =~ tr/\n//) ]}: }m, 'and is named by file and line');
unlink "$folder/routines/outbox.sql";
($status, $out, $err) = tool('up');
like("$status$err", qr{^1\Q$folder\E/routines/outbox\.sql: No such file}, 'a file of routines/ that is not there is named');
write_file("$folder/routines/outbox.sql", $outbox);
is((tool('up'))[0], 0, 'and when it is back, all is well');

my $house = slurp("$folder/migrations/0001-house.sql");
write_file("$folder/migrations/0001-house.sql", "$house-- \n");
($status, $out, $err) = tool('up');
is($status, 1, 'a migration that was changed after it was applied is refused');
like($err, qr/^0001-house\.sql: the checksum differs/m, 'by name');
is((tool('verify'))[0], 1, 'verify finds it');
write_file("$folder/migrations/0001-house.sql", $house);

my $next = sprintf '%04d', $last + 1;
my $after = sprintf '%04d', $last + 2;
write_file("$folder/migrations/$after-later.sql", "CREATE TABLE later (id INT PRIMARY KEY);\n");
($status, $out, $err) = tool('up');
is($status, 1, 'a gap in the numbers is refused');
like($err, qr/number @{[ $last + 1 ]} is missing/, 'by number');
is(value('SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = "DB" AND table_name = "later"'),
	0, 'and nothing behind it is applied');
unlink "$folder/migrations/$after-later.sql";

# ---- an error half way, and on from there

my $extra = "$folder/migrations/$next-extra.sql";
my @good = ("CREATE TABLE extra (id INT PRIMARY KEY, n INT NOT NULL)",
	"INSERT INTO extra VALUES (1, 1)", "UPDATE extra SET n = n + 1",
	"ALTER TABLE extra ADD m INT NOT NULL DEFAULT 5", "INSERT INTO extra VALUES (2, 10, 0)",
	"UPDATE extra SET n = n * 2");
write_file($extra, join ";\n", @good[0 .. 2], "INSERT INTO no_such_table VALUES (1)", '');
($status, $out, $err) = tool('up');
is($status, 1, 'a statement that fails stops the run');
like($err, qr/\Q$extra\E:4: .*no_such_table/, 'and is named by file and line');
is(value("SELECT statements FROM DB.schema_migration WHERE number = $next"), 3, 'what went before is marked');
like((tool('status'))[1], qr/^$next-extra\.sql\s+half applied$/m, 'status knows');
is((tool('verify'))[0], 1, 'verify knows');
write_file($extra, join ";\n", @good, '');
($status, $out, $err) = tool('up');
is($status, 1, 'another text is not put on top of half of this one');

# As an interruption leaves it: same text, some statements done.
for my $done (0 .. @good) {
	for my $unmarked (0, 1) { # killed between a statement and its mark
		my $sum = value("SELECT sha256 FROM DB.schema_migration WHERE number = 1") && do {
			require Digest::SHA;
			Digest::SHA::sha256_hex(slurp($extra));
		};
		my $ran = $done + $unmarked;
		next if $ran > @good || ($unmarked && $good[$done] !~ /^(CREATE|ALTER)/);
		db_do("DROP TABLE IF EXISTS $name.extra");
		for my $statement (@good[0 .. $ran - 1]) {
			(my $sql = $statement) =~ s/\bextra\b/$name.extra/;
			db_do($sql);
		}
		db_do("REPLACE INTO $name.schema_migration VALUES (?, ?, ?, ?, NULL)", $next,
			"$next-extra.sql", $sum, $done);
		($status, $out, $err) = tool('up');
		is($status, 0, "interrupted after $done marks and $ran statements: up goes on") or diag $err;
		is(join(' ', map { join ',', @$_ } @{ db()->selectall_arrayref(
			"SELECT id, n, m FROM $name.extra ORDER BY id") }), '1,4,5 2,20,0', 'every statement was done once');
	}
}

# ---- really killed, at any moment

db_do("DROP TABLE $name.extra");
db_do("DELETE FROM $name.schema_migration WHERE number = ?", $next);
write_file($extra, join ";\n", 'CREATE TABLE extra (id INT PRIMARY KEY, n INT NOT NULL)',
	'INSERT INTO extra VALUES (1, 0)', ('UPDATE extra SET n = n + 1') x 100, '');
my $kills = 0;
for (1 .. 200) {
	my $pid = $one->begin('killed', 'up');
	sleep 0.002 + rand 0.008;
	kill KILL => $pid;
	waitpid $pid, 0;
	$kills++ if $? & 127;
	last if $? == 0;
}
is((tool('up'))[0], 0, "killed $kills times, up ends");
is(value('SELECT n FROM DB.extra'), 100, 'and each of 100 updates was done once');

# ---- two at once

unlink $extra;
db_do("DROP DATABASE $name");
db_do("CREATE DATABASE $name CHARACTER SET utf8mb4");
my @pids = map { $one->begin($_, 'up') } 1 .. 4;
my @ends = map { waitpid $_, 0; $? } @pids;
is("@ends", '0 0 0 0', 'four at once all end well') or diag map { ($one->output($_))[1] } 1 .. 4;
my @applied = grep { ($one->output($_))[0] =~ /^0001-house\.sql applied$/m } 1 .. 4;
is(scalar @applied, 1, 'and one of them did the work');
is(shape(), $shape, 'which is the same as before');

# ---- rows

write_file("$folder/bad.tsv", "110000\t\tA\t1\t0\n1100\tbroken\n");
($status, $out, $err) = tool('regions', "$folder/bad.tsv");
is($status, 1, 'a broken region file is refused');
like($err, qr/bad\.tsv:2: /, 'by line');
is(value('SELECT COUNT(*) FROM DB.region'), 0, 'and nothing of it is kept');
write_file("$folder/one.tsv", "# comment\n110000\t\t北京市\t1\t0\n110101\t110000\t东城区\t3\t1\n");
is((tool('regions', "$folder/one.tsv"))[0], 0, 'a good one is loaded');
write_file("$folder/two.tsv", "110000\t\t北京市\t1\t0\n");
tool('regions', "$folder/two.tsv");
is(value('SELECT GROUP_CONCAT(code, valid ORDER BY code) FROM DB.region'), '1100001,1101010',
	'a region that is gone stays, and can no longer be chosen');
write_file("$folder/rows.sql", "INSERT INTO region (code, parent, name, level, leaf)\n\tVALUES ('120000', '', '天津市', 1, FALSE)"
	. "\n\tON DUPLICATE KEY UPDATE name = VALUES(name);\n");
is((tool('load', "$folder/rows.sql"))[0], 0, 'a file of rows is loaded');
is(join('', tool('load', "$folder/rows.sql")), '0', 'and loaded again');
is(value("SELECT COUNT(*) FROM DB.region WHERE code = '120000'"), 1, 'without doubles');
write_file("$folder/half.sql", "INSERT INTO region (code, name, level, leaf) VALUES ('130000', '河北省', 1, FALSE);\n"
	. "INSERT INTO no_such_table VALUES (1);\n");
($status, $out, $err) = tool('load', "$folder/half.sql");
is($status, 1, 'a file with a wrong row is refused');
like($err, qr/half\.sql:2: /, 'by line');
is(value("SELECT COUNT(*) FROM DB.region WHERE code = '130000'"), 0, 'and nothing of it is kept');
is(value('SELECT COUNT(*) FROM DB.reason_text WHERE type IN ("scan", "field", "any")'), 15,
	'a new installation has the reasons of a refusal');
is((tool('nonsense'))[0], 2, 'an unknown command is told what there is');

my $makefile = slurp(top() . '/schema/local.mk');
like($makefile, qr{\bschema/$_(?!\S)}, "$_ is in schema/local.mk")
	for map { m{((?:migrations|routines)/[^/]+)$} } glob top() . '/schema/{migrations,routines}/*.sql';
my ($order) = slurp(top() . '/schema/applied.c') =~ /routines\[\] = \{(.*?)\};/s or die 'no order';
like($order, qr/"$_"/, "routines/$_.sql is applied") for map { m{([^/]+)\.sql$} } glob top() . '/schema/routines/*.sql';

# ---- what a migration may do: a column, a table or a name is taken one release
# after the last program that uses it, by a migration that does nothing else and
# says so in its name, NNNN-drop-what.sql. Those up to FREE were made before this rule.

use constant FREE => 19;
for my $path (glob top() . '/schema/migrations/*.sql') {
	my ($number, $what) = $path =~ m{/(\d+)-([\w-]+)\.sql$};
	next if $number <= FREE;
	(my $sql = slurp($path)) =~ s/^--.*$//mg;
	my @statements = grep { /\S/ } split /;\s*$/m, $sql;
	my @drops = grep { /^\s*(?:DROP|RENAME)\s+TABLE/i || /^\s*ALTER\s+TABLE\b.*\b(?:CHANGE|(?:DROP|RENAME)\s+(?!INDEX|KEY|FOREIGN|PRIMARY|CONSTRAINT|CHECK|DEFAULT))/is }
		@statements;
	is(scalar @drops, $what =~ /^drop-/ ? scalar @statements : 0, "$number-$what.sql takes nothing away"
		. ($what =~ /^drop-/ ? ' but what its name says, and does nothing else' : ''));
}

done_testing();
