package Yj::Build;

# Build.pm: builds of the tree beside the one under test, in folders of their own.

use strict;
use warnings;
use Exporter 'import';
use Test::More;
use Yj ();

our @EXPORT = qw(build_with);

# build_with(compiler, options, targets...): each step is a test. At low priority:
# other tests look at the clock meanwhile.
sub build_with {
	my ($cc, $options, @targets) = @_;
	my $folder = Yj::build_dir() . "-$cc";
	my $top = Yj::top();
	-x "$top/configure" or plan skip_all => 'no configure: autoreconf -i';
	local $ENV{MAKEFLAGS} = '';
	mkdir $folder;
	my $said = -f "$folder/Makefile" ? `true` :
		`cd '$folder' && '$top/configure' -q --enable-developer $options CC=$cc CFLAGS='-O1 -g' 2>&1`;
	is $?, 0, "$cc: configure" or diag $said;
	for my $target (@targets) {
		$said = `nice -n 10 make -s -j2 -C '$folder' $target 2>&1`;
		is $?, 0, "$cc: make $target" or diag substr $said, -4000;
	}
	return;
}

1;
