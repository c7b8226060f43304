package Yj::Node;

# Node.pm: hands a test over to a Node.js script beside it, which speaks TAP.

use strict;
use warnings;
use utf8;
use Exporter 'import';
use Yj ();

our @EXPORT = qw(node_test);

my @settings = qw(YJ_PUBLIC_URL YJ_INTRANET_URL YJ_TOP YJ_VAR YJ_BUILD YJ_CONFIG YJ_DB_SOCKET
	YJ_DB_SUPER YJ_CLERK1_LOGIN YJ_CLERK1_PASSWORD YJ_CLERK2_LOGIN YJ_CLERK2_PASSWORD);

sub node_test {
	my ($script) = @_;
	Yj::need_instance();
	for (@settings) {
		my $value = Yj::env($_);
		$ENV{$_} = $value if defined $value;
	}
	$ENV{YJ_FROM_DEV} = 1;
	exec 'node', Yj::top() . "/t/browser/$script" or die "node: $!\n";
}

1;
