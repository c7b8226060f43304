# The tables of base/unicode.c against Perl's copy of the Unicode database.
use Yj;
use Unicode::Normalize qw(NFKC);

my %ours = map { my ($c, $kinds, $to) = /^(\w+) (\w*) (\w+)$/; hex $c => [ $kinds, hex $to ] } split /\n/, `${\ built('t/base/unicode')}`;
is($?, 0, 'the program runs');
cmp_ok(scalar keys %ours, '>', 4000, 'and says something');

# Signs that are typed for a dash; waves mean a range.
my %dash = map { $_ => 1 } 0x2043, 0x2212, 0x2500;
my %wave = map { $_ => 1 } 0x301c, 0x3030;
my @wrong;
for my $c (1 .. 0x10ffff) {
	next if $c >= 0xd800 && $c <= 0xdfff;
	my $char = chr $c;
	my $kinds = join '', $char =~ /\p{Default_Ignorable_Code_Point}/ ? 'i' : (), $char =~ /\p{Zs}/ ? 'b' : (),
		$dash{$c} || $char =~ /\p{Pd}/ && !$wave{$c} ? 'd' : ();
	my $to = $char =~ /[\x{2e80}-\x{2fdf}]/ ? ord NFKC($char) : $c;
	my ($got, $ideograph) = @{ $ours{$c} // [ '', $c ] };
	push @wrong, sprintf 'U+%04X: %s %x, not %s %x', $c, $got, $ideograph, $kinds, $to if $got ne $kinds || $ideograph != $to;
}
is(scalar @wrong, 0, 'each character is what Unicode says') or diag join "\n", splice @wrong, 0, 20;
done_testing;
