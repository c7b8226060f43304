# How `./dev check` runs tests: each with an instance to itself or with none, all of
# them, and what it says at the end. The tests here are made up for it.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);
use List::Util qw(min);

chdir top();
my $folder = tempdir(CLEANUP => 1);
mkdir "$folder/$_" for qw(t lane-1 lane-2);
put("lane-$_/env", "export LANE=$_\n") for 1, 2;

sub put {
	my ($name, $text) = @_;
	open my $out, '>', "$folder/$name" or die "$name: $!";
	print {$out} $text;
	close $out or die $!;
	return;
}

# A test that notes when it began and ended, and where, and says `more`. The one that
# stands back takes longer, so that it meets others however late it comes to begin.
sub test {
	my ($name, $more) = @_;
	my $seconds = $name eq 'free' ? 1 : 0.3;
	put("$name.t", <<"END" . ($more // "print qq(1..1\\nok 1\\n);\n"));
use Time::HiRes qw(time sleep);
\$| = 1;
sub note { open my \$out, '>>', '$folder/notes'; syswrite \$out, join(' ', '$name', \$_[0], time, \$ENV{LANE} // 'none', getpriority(0, 0)) . "\\n" }
note('begin');
sleep $seconds;
END { note('end') }
END
	return;
}

# check(table, tests...): prove's verdict and output; the tests that ran are in notes.
my %at;
sub check {
	my ($table, $lanes, @tests) = @_;
	put('t/lanes.tsv', $table);
	unlink "$folder/notes";
	local %ENV = (PATH => $ENV{PATH}, PERL5LIB => top() . '/t/lib', YJ_TOP => $folder, YJ_BUILD => "$folder/build",
		YJ_VAR => $folder, YJ_LANES => join("\n", map { "$folder/lane-$_" } 1 .. $lanes), YJ_FILLERS => 1);
	my $jobs = $lanes + 1;
	my $said = `prove --harness Yj::Lanes -j $jobs @{[map { "$folder/$_.t" } @tests]} 2>&1 </dev/null`;
	my $good = $? == 0;
	%at = ();
	for (split /\n/, -e "$folder/notes" ? slurp("$folder/notes") : '') {
		my ($name, $what, $time, $lane, $nice) = split / /;
		$at{$name}{$what} = $time;
		@{ $at{$name} }{qw(lane nice)} = ($lane, $nice);
	}
	return ($good, $said);
}

sub overlap {
	my ($one, $two) = @at{@_};
	return $one->{begin} < $two->{end} && $two->{begin} < $one->{end};
}

my @short = map { "short$_" } 1 .. 4;
test($_) for @short, qw(long free alone unknown);
my $table = join '', map { "$folder/$_\n" } "long.t\tinstance\t100", "free.t\tnone\t1", "alone.t\talone\t50",
	map { "$_.t\tinstance\t2" } @short;
my @all = (@short, qw(free alone unknown long));
my ($good, $said) = check($table, 2, @all);
ok $good, 'all pass' or diag $said;
is join(' ', sort keys %at), join(' ', sort @all), 'each has run';
is_deeply [grep { !$at{$_}{end} } @all], [], 'to its end';
is_deeply [grep { $at{long}{begin} > $at{$_}{begin} + 0.2 } grep { !/free/ } @all], [], 'the longest begins first';
for my $one (grep { $_ ne 'free' } @all) {
	like $at{$one}{lane}, qr/^[12]$/, "$one had an instance";
	is join(' ', grep { $_ ne $one && $_ ne 'free' && $at{$_}{lane} eq $at{$one}{lane} && overlap($one, $_) } @all),
		'', '… to itself';
}
is $at{free}{lane}, 'none', 'a test that needs none has none';
is $at{free}{nice}, min(19, getpriority(0, 0) + 4), '… and stands back';
ok scalar(grep { $_ ne 'free' && overlap('free', $_) } @all), '… beside the others';
my @beside = sort { $at{$a}{begin} <=> $at{$b}{begin} } grep { $_ ne 'alone' && overlap('alone', $_) } @all;
is join(' ', map { overlap(@beside[$_ - 1, $_]) ? "@beside[$_ - 1, $_]" : () } 1 .. $#beside), '',
	'a test that looks at the clock has one other beside it at most';
like $said, qr/The slowest:\n(?:\s+[\d.]+ s  \S+\.t\n){8}\n/, 'the slowest stand at the end';
like $said, qr/All tests successful\.\nFiles=8, Tests=8,.*\nResult: PASS\n\z/, 'then prove says the sum';
my %slow = map { split /\t/, $_, 2 } split /\n/, slurp("$folder/times.tsv");
is scalar keys %slow, 8, 'times are kept for the table';

# What goes wrong is said, wherever it happened.
test('wrong', join "\n", 'print "1..40\n";', 'print "ok $_ - a line before\n" for 1 .. 38;',
	'print "not ok 39 - the sum\n#   got 3, wanted 4\nok 40 - the end\n";');
test('dies', 'print "ok 1\n"; print STDERR "the reason of death\n"; exit 3;');
test('empty', 'exit 0;');
($good, $said) = check($table, 2, @all, qw(wrong dies empty));
ok !$good, 'a failure is one of the whole';
like $said, qr/Result: FAIL\n\z/, 'as prove says last';
like $said, qr{The last lines of \Q$folder/wrong.t\E:\n(?:  .*\n)*  not ok 39 - the sum\n  #   got 3, wanted 4\n  ok 40}, 'with what failed';
unlike $said, qr/ok 1 - a line before/, 'and without all that went before';
like $said, qr{The last lines of \Q$folder/dies.t\E:\n(?:  .*\n)*  the reason of death\n}, 'with what was said on standard error';
like $said, qr{The last lines of \Q$folder/empty.t\E:}, 'a test that says nothing has failed';
is scalar(grep { $at{$_}{end} } @all), scalar @all, 'the others ran to their end';

# A table that is wrong makes no test vanish.
($good, $said) = check($table, 0, 'long');
ok !$good, 'without an instance for it a test does not pass';
like $said, qr/needs an instance/, '… and it says why';
($good, $said) = check("$folder/long.t\tnonsense\t1\n", 2, 'long');
ok !$good, 'nor with a word that means nothing';

# The table of this tree.
my @rows = map { [split /\t/] } grep { !/^#/ } split /\n/, slurp('t/lanes.tsv');
is join(' ', grep { !/-test$/ && !-f } map { $_->[0] } @rows), '', 'every row has its test';
is join(' ', grep { !/^(?:instance|none|alone)$/ } map { $_->[1] } @rows), '', 'and says of which sort it is';
my %seen;
is join(' ', grep { $seen{$_}++ } map { $_->[0] } @rows), '', 'none stands there twice';
done_testing;
