# sandbox.t: attempts of a taken-over decoder, all refused.
#
# Each attempt is first made without the seal, so that one which could never
# succeed does not count as refused.
use strict;
use warnings;
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);

my $probe = built('t/scan/probe');
plan skip_all => "$probe is not built" unless -x $probe;
$ENV{TMPDIR} = tempdir(CLEANUP => 1);

use constant SIGSYS => 31;

# (what it said last, signal, exit status)
sub attempt {
	my ($how, $name) = @_;
	open my $out, '-|', $probe, $how, $name or die "probe: $!";
	my @said = <$out>;
	close $out;
	my $status = $?;
	chomp @said;
	return ($said[0] // '', $said[-1] // '', $status & 127, $status >> 8);
}

my @names = split /\n/, `$probe list`;
cmp_ok(scalar @names, '>=', 30, scalar(@names) . ' probes');

my ($real, $killed) = (0, 0);
for my $name (@names) {
	my (undef, $free, $free_signal) = attempt(open => $name);
	$real++ if $free eq 'got through' || $name =~ /^exec/;
	my ($ready, $said, $signal, $status) = attempt(sealed => $name);
	my $refused = $ready eq 'ready' && ($signal == SIGSYS || $said eq 'refused: nothing there');
	$killed++ if $signal == SIGSYS;
	ok($refused && $free_signal != SIGSYS, "$name: "
		. ($signal ? "killed by signal $signal" : $said) . " (unsealed: $free)");
}
cmp_ok($real, '>=', 30, "$real of the attempts succeed without the seal");
is($killed, @names - 3, 'all but three questions about files end the process');
done_testing;
