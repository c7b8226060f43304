package Yj::Build;

# Build.pm: builds of the tree beside the one under test, in folders of their own.

use strict;
use warnings;
use Exporter 'import';
use Test::More;
use Yj ();

our @EXPORT = qw(build_with);

# The errors in what make says, with the lines around them; without one, its end.
sub why {
	my ($said) = @_;
	my @lines = grep { !/^\s+(?:CC|CCLD|AR|GEN)\s/ } split /^/, $said;
	my @at = grep { $lines[$_] =~ /error|warning|\bError\b|undefined|No such file/ } 0 .. $#lines;
	return substr $said, -4000 if !@at;
	my %show = map { $_ => 1 } map { $_ .. $_ + 3 } @at;
	return substr join('', map { $_ // '' } @lines[sort { $a <=> $b } keys %show]), 0, 4000;
}

# build_with(compiler, options, targets...): each step is a test. At low priority:
# other tests look at the clock meanwhile.
sub build_with {
	my ($cc, $options, @targets) = @_;
	my $folder = Yj::build_dir() . "-$cc";
	my $top = Yj::top();
	-x "$top/configure" or plan skip_all => 'no configure: autoreconf -i';
	local $ENV{MAKEFLAGS} = '';
	mkdir $folder;
	# what runs at low priority already would starve at a lower one
	my $nice = getpriority(0, 0) ? '' : 'nice -n 10';
	my $said = -f "$folder/Makefile" ? `true` :
		`cd '$folder' && '$top/configure' -q --enable-developer $options CC=$cc CFLAGS='-O0 -g1' 2>&1`;
	is $?, 0, "$cc: configure" or diag $said;
	for my $target (@targets) {
		$said = `$nice make -s -j2 -C '$folder' $target 2>&1`;
		is $?, 0, "$cc: make $target" or diag why($said);
	}
	return;
}

1;
