package Yj::Lanes;

# Lanes.pm: how `./dev check` runs many tests at once.
#
#     prove --harness Yj::Lanes -j 5 --merge TEST...
#
# A lane is an instance that one test at a time has for itself; $YJ_LANES names
# their folders, and `env` in each says the variables of that instance. The rest
# of the jobs are fillers: they run tests that need no instance, at low priority,
# so that they take what the lanes leave of the processors. t/lanes.tsv says which
# test is of which sort and how long it takes; the longest come first. At the end
# stand the slowest tests and the last lines of those that failed, then prove's
# own summary.

use strict;
use warnings;
use parent 'TAP::Harness';
use File::Temp ();

use constant { SLOWEST_COUNT => 10, LAST_LINES => 25, NICE => 4 };

my %row;      # test => { sort, seconds }
my %place_of; # running test => lane's folder, '' for a filler
my %said;     # running or failed test => its last lines

sub new {
	my ($class, $args) = @_;
	$args->{scheduler_class} = 'Yj::Lanes::Scheduler';
	$args->{merge} = 1;
	$args->{exec} = sub { return command($_[1]) };
	%row = read_table("$ENV{YJ_TOP}/t/lanes.tsv");
	my $self = $class->SUPER::new($args);
	$self->callback(made_parser => sub { watch(@_) });
	return $self;
}

sub read_table {
	my ($path) = @_;
	open my $in, '<', $path or die "$path: $!\n";
	my @rows = map { [split /\t/] } grep { !/^#/ } <$in>;
	return map { ($_->[0] => { sort => $_->[1], seconds => $_->[2] + 0 }) } @rows;
}

# The row of a test; of the unit tests by their name in the build. A test without a
# row needs an instance and is short.
sub row {
	my ($test) = @_;
	$test =~ s{^\Q$ENV{YJ_BUILD}\E/}{} if defined $ENV{YJ_BUILD};
	return $row{$test} || { sort => 'instance', seconds => 3 };
}

# The command that runs a test in the place that the scheduler gave it.
sub command {
	my ($test) = @_;
	my $place = $place_of{$test};
	my @run = $test =~ /\.t$/ ? ($^X, '-I', 't/lib', $test) : ($test);
	return ['nice', '-n', NICE, @run] if !length $place;
	return ['sh', '-c', '. "$0/env" && exec "$@"', $place, @run];
}

sub watch {
	my ($parser, $job) = @_;
	my $lines = $said{ $job->[0] } = [];
	$parser->callback(ALL => sub {
		push @$lines, $_[0]->raw;
		shift @$lines if @$lines > LAST_LINES;
	});
	return;
}

sub summary {
	my ($self, $aggregate, @rest) = @_;
	my %seconds = map { ($_->[0] => $_->[1]->end_time - $_->[1]->start_time) }
		map { [$_, $aggregate->parsers($_)] } $aggregate->descriptions;
	my @slowest = sort { $seconds{$b} <=> $seconds{$a} } keys %seconds;
	save(\%seconds);
	print "\nThe slowest:\n";
	printf "  %6.1f s  %s\n", $seconds{$_}, $_ for grep { defined } @slowest[0 .. SLOWEST_COUNT - 1];
	for my $test (grep { ($aggregate->parsers($_))[0]->has_problems } $aggregate->descriptions) {
		print "\nThe last lines of $test:\n", map { "  $_\n" } @{ $said{$test} || [] };
	}
	print "\n";
	return $self->SUPER::summary($aggregate, @rest);
}

# What each test took, for the next table.
sub save {
	my ($seconds) = @_;
	open my $out, '>', "$ENV{YJ_VAR}/times.tsv" or return;
	printf {$out} "%s\t%s\t%.0f\n", $_ =~ s{^\Q$ENV{YJ_BUILD}\E/}{}r, row($_)->{sort}, $seconds->{$_}
		for sort { $seconds->{$b} <=> $seconds->{$a} } keys %$seconds;
	return;
}

package Yj::Lanes::Scheduler;

use parent 'TAP::Parser::Scheduler';
use TAP::Parser::Scheduler::Job;
use TAP::Parser::Scheduler::Spinner;

sub new {
	my ($class, %args) = @_;
	my @lanes = grep { length } split /\n/, $ENV{YJ_LANES} // '';
	my %wait = (instance => [], none => [], alone => []);
	my @jobs = map { TAP::Parser::Scheduler::Job->new(@$_) } @{ $args{tests} };
	my %row = map { ($_->filename => Yj::Lanes::row($_->filename)) } @jobs;
	for my $name (keys %row) {
		die "t/lanes.tsv: $name: $row{$name}{sort} is no sort\n" if !$wait{ $row{$name}{sort} };
	}
	push @{ $wait{ $row{ $_->filename }{sort} } }, $_
		for sort { $row{ $b->filename }{seconds} <=> $row{ $a->filename }{seconds} } @jobs;
	die "a test needs an instance, and there is none\n" if @{ $wait{instance} } && !@lanes;
	return bless { wait => \%wait, lanes => \@lanes, fillers => $ENV{YJ_FILLERS} // 1,
		running => 0, alone => 0 }, $class;
}

sub get_all {
	my ($self) = @_;
	return map { @$_ } values %{ $self->{wait} };
}

# The next test that may run now. When no test waits for a lane any more, lanes
# that are free take what fillers would. Last come the tests that look at the clock
# (alone), one at a time, with nothing beside them.
sub get_job {
	my ($self) = @_;
	my ($wait, $lanes) = @$self{qw(wait lanes)};
	my ($instance, $none, $alone) = @$wait{qw(instance none alone)};
	my $quiet = $self->{alone} || (@$alone && !@$instance && !@$none);
	return $self->wait if $quiet && $self->{running};
	return $self->start(shift @$alone, shift @$lanes) if $quiet && !$self->{alone} && @$alone && @$lanes;
	return $self->start(shift @$instance, shift @$lanes) if @$instance && @$lanes;
	if (@$none && ($self->{fillers} || (!@$instance && @$lanes))) {
		return $self->start(shift @$none, '') if $self->{fillers};
		return $self->start(shift @$none, shift @$lanes);
	}
	return $self->wait;
}

sub wait {
	my ($self) = @_;
	return $self->get_all ? TAP::Parser::Scheduler::Spinner->new : ();
}

sub start {
	my ($self, $job, $place) = @_;
	$place_of{ $job->filename } = $place;
	length $place ? 0 : $self->{fillers}--;
	my $alone = Yj::Lanes::row($job->filename)->{sort} eq 'alone' ? 1 : 0;
	$self->{running}++;
	$self->{alone} += $alone;
	$job->on_finish(sub {
		$self->{alone} -= $alone;
		length $place ? unshift(@{ $self->{lanes} }, $place) : $self->{fillers}++;
		$self->{running}--;
	});
	return $job;
}

1;
