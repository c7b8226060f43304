# marks.t: which photographs are asked for again. Prints how often each mark is
# right and wrong; a false alarm counts more than a miss.
#
# YJ_MARKED says how many photographs of each kind (2; ./dev check --full takes 5).
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Scan qw(need_scan_tools sample take);

need_scan_tools();
my $each = $ENV{YJ_MARKED} || 2;

my %bit = (blurred => 1, dark => 2, small => 4, 'cut-off' => 8, glare => 16);
my %spoil = (
	good      => [],
	blurred   => [ blur => 14 ],
	dark      => [ light => 0.2, noise => 12 ],
	small     => [ long => 850, short => 640 ],
	'cut-off' => [ cut => 0.3 ],
	glare     => [ glare => 1 ],
	# not perfect, but readable
	soft      => [ blur => 3 ],
	noisy     => [ noise => 14 ],
	dim       => [ light => 0.6 ],
	bright    => [ light => 1.3 ],
	tilted    => [ tilt => 6 ],
	near      => [ fill => 1.05, tilt => 0.5 ],
	flat      => [ flat => 1, long => 2480, short => 1754 ],
);
my @document = qw(licence id-front application-form user-agreement);
my (@path, @kind);
for my $kind (sort keys %spoil) {
	for my $i (1 .. $each) {
		push @path, sample($document[ $i % @document ], "$kind$i.jpg", long => 2400,
			short => 1800, seed => 100 + $i, tilt => $i % 5 - 2, noise => 2 + $i % 4,
			scaled(@{ $spoil{$kind} }));
		push @kind, $kind;
	}
}

# Blur is given for 12 megapixels; these are smaller.
sub scaled {
	my (%setting) = @_;
	$setting{blur} = int($setting{blur} * 2400 / 4032 + 0.5) if $setting{blur};
	return %setting;
}

my ($result) = take(\@path);
my (%table, $alarms, $good);
for my $i (0 .. $#path) {
	my $marks = $result->[$i]{marks};
	$table{ $kind[$i] }{$_} += $marks & $bit{$_} ? 1 : 0 for keys %bit;
	next if $bit{ $kind[$i] };
	$good++;
	$alarms++ if $marks;
}
my @mark = sort keys %bit;
diag sprintf '%-10s' . '%9s' x @mark, '', @mark;
diag sprintf '%-10s' . '%9d' x @mark, $_, @{ $table{$_} }{@mark} for sort keys %table;
is(scalar(grep { $_->{result} ne 'taken' } @$result), 0, 'all are taken');
for my $mark (@mark) {
	cmp_ok($table{$mark}{$mark}, '>=', 0.8 * $each, "$mark: $table{$mark}{$mark} of $each seen");
}
cmp_ok(($alarms // 0) / $good, '<=', 0.02, ($alarms // 0) . " false alarms in $good readable pictures");
done_testing;
