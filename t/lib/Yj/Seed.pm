package Yj::Seed;

# Seed.pm: applications in a given state, made by t/seed/seed without the pages.
#
#     use Yj; use Yj::Seed;
#     my $trip = seed(state => 'awaiting_review');              # of the plain project
#     my $trip = seed(state => 'awaiting_payment', project => 'gzgjj', browser => $browser);
#     my @trips = seed(state => 'awaiting_review', count => 20);
#     my $browser = applicant($trip->{openid});                 # logged in as its applicant
#     my @ids = seed_copies(100, $trip->{id}, ...);             # in bulk
#     my $fault = seed_look(@ids);                              # what does not open, or ''
#
# A trip has what Journey's has: {application} (public id), {company}, {legal_rep} and
# {agent} with what was filled in, {browser} if one was given; also {id}, {applicant}
# and {openid}. `via` names a state to come through. What an application promised on
# its way counts as delivered; what a test does with it afterwards is delivered indeed.

use strict;
use warnings;
use utf8;
use Encode ();
use Exporter 'import';
use Yj ();

our @EXPORT = qw(seed seed_copies seed_look);

# One application of the program's answer, its dotted names taken apart.
sub trip {
	my ($text, $browser) = @_;
	my %trip = (browser => $browser);
	for (split /\n/, $text) {
		my ($name, $value) = split /\t/, $_, 2;
		my ($form, $field) = split /\./, $name;
		$field ? ($trip{$form}{$field} = $value) : ($trip{$form} = $value);
	}
	$trip{application} = delete $trip{public_id};
	return \%trip;
}

sub seeder {
	my ($input, @options) = @_;
	return Yj::run_program('t/seed/seed', {}, $input, Yj::top() . '/t/seed/pictures', @options);
}

# Their ids, of `count` copies of these applications; other options behind a hash.
sub seed_copies {
	my ($count, @models) = @_;
	my %more = ref $models[-1] ? %{ pop @models } : ();
	my ($status, $out, $err) = seeder('', '--copy', join(',', @models), '--count', $count, %more);
	$status == 0 or die "t/seed/seed --copy: $err";
	return $out + 0 .. $out + $count - 1;
}

sub seed_look {
	my (@ids) = @_;
	my ($status, $out, $err) = seeder(join('', map { "$_\n" } @ids), '--look');
	return $status == 0 && $out eq @ids . " are sound\n" ? '' : "$out$err";
}

sub seed {
	my (%how) = @_;
	my $browser = delete $how{browser};
	$how{project} //= Yj::plain_project();
	$how{openid} //= $browser->{yj_openid} if $browser;
	my @options = map { ("--$_", $how{$_}) } grep { defined $how{$_} } sort keys %how;
	my ($status, $out, $err) = seeder('', @options);
	$status == 0 or die "t/seed/seed @options: $err";
	my @trips = map { trip($_, $browser) } split /\n\n/, Encode::decode('UTF-8', $out);
	return wantarray ? @trips : $trips[0];
}

1;
