package Yj::Staff;

# Staff.pm: people of a test's own, so that a lock or a disabled account of one
# test disturbs no other test.
#
#     my $person = hire('clerk');              # {login, password, role, id}
#     my $browser = sign_in($person);          # stands where the log-in led
#     my $browser = sign_in($person, 'wrong'); # the same with another password
#     staff_tool('', 'disable', $person->{login});

use strict;
use warnings;
use utf8;
use Exporter 'import';
use Yj ();

our @EXPORT = qw(hire sign_in staff_tool);

my $hired = 0;

# yuanjian-staff with that on standard input: (exit status, output, errors).
sub staff_tool {
	my ($input, @arguments) = @_;
	require IPC::Open3;
	require Symbol;
	local $ENV{YJ_CONFIG} = Yj::env('YJ_CONFIG');
	my $err = Symbol::gensym();
	my $pid = IPC::Open3::open3(my $in, my $out, $err, Yj::built('bin/yuanjian-staff'), @arguments);
	print {$in} $input;
	close $in;
	my ($said, $complained) = map { local $/; <$_> // '' } $out, $err;
	waitpid $pid, 0;
	return ($? >> 8, $said, $complained);
}

sub hire {
	my ($role) = @_;
	my %person = (
		login    => sprintf('t%d-%d', $$, ++$hired),
		password => join('', map { chr(97 + int rand 26) } 1 .. 14),
		role     => $role,
		name     => "试用$hired",
	);
	my ($status, undef, $err) = staff_tool($person{password}, 'add', @person{qw(login role name)});
	$status == 0 or die "yuanjian-staff add: $err";
	$person{id} = Yj::db_value('SELECT id FROM staff WHERE login = ?', $person{login});
	return \%person;
}

sub sign_in {
	my ($person, $password) = @_;
	my $browser = Yj::new_browser(requests_redirectable => [ 'GET', 'POST' ]);
	$browser->get(Yj::intranet('/clerk/login'));
	$browser->submit_form(with_fields => {
		login    => $person->{login},
		password => $password // $person->{password},
	});
	return $browser;
}

1;
