# Packages from npm run on Debian's own Node.js, and are pinned without an address.
use lib 't/lib';
use Yj;
use JSON;

chdir top();

# Debian 12 has Node.js 18.20.
my $node = [18, 20, 4];

sub compare {
	my ($left, $right) = @_;
	for my $i (0 .. 2) {
		my $order = ($left->[$i] // 0) <=> ($right->[$i] // 0);
		return $order if $order;
	}
	return 0;
}

# satisfies RANGE: ranges of engines, as far as there are such.
sub satisfies {
	my ($range) = @_;
	for my $way (split /\s*\|\|\s*/, $range) {
		my @parts = $way =~ /((?:>=|<|\^)?\s*v?\d+(?:\.\d+)*(?:\.[x*])?|\*)/g;
		(my $rest = $way) =~ s/((?:>=|<|\^)?\s*v?\d+(?:\.\d+)*(?:\.[x*])?|\*)//g;
		die "unknown range of versions: $range" if !@parts || $rest =~ /\S/;
		return 1 unless grep { !part_holds($_) } @parts;
	}
	return 0;
}

sub part_holds {
	my ($part) = @_;
	return 1 if $part eq '*';
	my ($sign, $numbers) = $part =~ /^(>=|<|\^)?\s*v?(\d+(?:\.\d+)*)(?:\.[x*])?$/ or die "unknown: $part";
	my $wanted = [split /\./, $numbers];
	return compare($node, $wanted) < 0 if ($sign // '') eq '<';
	return 0 if compare($node, $wanted) < 0;
	return ($sign // '') eq '>=' || $node->[0] == $wanted->[0];
}

ok satisfies($_), "$_ is understood" for '>=18', '>= 0.8', '^14.21.3 || >=16', '>=12 <20', '18.x', '>=v12.22.7';
ok !satisfies($_), "$_ too" for '>=20', '>=18.20.5', '^14.21.3 || >=20.0.0', '<18', '16.x';
my $lock = decode_json(slurp('package-lock.json'))->{packages};
cmp_ok scalar(keys %{$lock}), '>', 100, 'the lock file has packages';
is join(' ', grep { my $range = $lock->{$_}{engines}{node}; $range && !satisfies($range) } sort keys %{$lock}), '',
	'each runs on the Node.js of Debian 12';
is join(' ', grep { $_ && !$lock->{$_}{integrity} } sort keys %{$lock}), '', 'each has its checksum';
is join(' ', grep { $lock->{$_}{resolved} } sort keys %{$lock}), '', 'none an address';
done_testing;
