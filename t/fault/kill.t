#!/usr/bin/perl
# kill -9 of programs at random moments of the journey: acknowledged changes are
# stored, none is half stored, and the same step repeated succeeds once.
#
# YJ_KILLS sets how many kills (16; ./dev fault takes 200); a seed in YJ_SEED repeats a run.
use Yj;
use Yj::Journey;
use Yj::Killer;
use Time::HiRes qw(sleep);

need_instance();
my $kills = $ENV{YJ_KILLS} // 16;
my $seed = $ENV{YJ_SEED} // time;
srand $seed;
note "YJ_SEED=$seed";

my %form_of = (company => 'company', 'legal-rep' => 'legal_rep', agent => 'agent', order => 'order');

# Everything that may never be seen half done, of one application.
sub half_states {
	my ($public_id) = @_;
	my ($a) = db_rows('SELECT id, state, flow_version FROM application WHERE public_id = ?', $public_id)
		or return ('the application is gone');
	my @wrong;
	my $at = '';
	for my $event (db_rows('SELECT * FROM event WHERE application = ? ORDER BY id', $a->{id})) {
		push @wrong, "event $event->{event} leaves $event->{from_state}, not $at"
			if $event->{from_state} ne $at;
		$at = $event->{to_state};
		my $effect = db_value('SELECT MAX(effect) FROM flow_transition WHERE flow_version = ? AND from_state = ?'
			. ' AND event = ? AND role = ? AND to_state = ?',
			$a->{flow_version}, @$event{qw(from_state event role to_state)}) // '';
		my $promised = db_value('SELECT COUNT(*) FROM outbox WHERE event = ?', $event->{id});
		push @wrong, "event $event->{event} promised $promised rows, not " . ($effect ne '' ? 1 : 0)
			if $promised != ($effect ne '' ? 1 : 0);
	}
	push @wrong, "state $a->{state}, but the last event led to $at" if $a->{state} ne $at;
	for my $form (sort keys %form_of) {
		my $table = $form_of{$form};
		my $submitted = db_value('SELECT COUNT(*) FROM event e JOIN flow_form f ON f.flow_version = ? AND f.form = ?
			AND f.state = e.from_state AND f.event = e.event WHERE e.application = ?', $a->{flow_version}, $form, $a->{id});
		my $complete = db_value("SELECT complete FROM `$table` WHERE application = ?", $a->{id}) // 0;
		my $known = db_value('SELECT complete FROM application_form WHERE application = ? AND form = ?', $a->{id}, $form) // 0;
		push @wrong, "$form is complete: $complete, by application_form: $known" if $complete != $known;
		push @wrong, "$form was handed in, but is not complete" if $submitted && !$complete;
	}
	my %page;
	for my $scan (db_rows('SELECT * FROM scan WHERE application = ? AND live = 1 ORDER BY form, field, page',
			$a->{id})) {
		push @wrong, "scan $scan->{form}.$scan->{field} is page $scan->{page}"
			if $scan->{page} != ++$page{"$scan->{form}.$scan->{field}"};
		my $images = db_value('SELECT COUNT(*) FROM scan_image WHERE scan = ?', $scan->{id});
		push @wrong, "scan $scan->{form}.$scan->{field} has $images pictures" if $images != 2;
	}
	push @wrong, 'a picture without its scan' if db_value('SELECT COUNT(*) FROM scan_image i'
		. ' LEFT JOIN scan s ON s.id = i.scan WHERE s.id IS NULL');
	return @wrong;
}

# What the applicant sees as stored, to be compared before and after.
sub picture_of {
	my ($public_id) = @_;
	my ($a) = db_rows('SELECT id, state FROM application WHERE public_id = ?', $public_id);
	my @parts = $a->{state};
	for my $table (values %form_of) {
		my ($row) = db_rows("SELECT * FROM `$table` WHERE application = ?", $a->{id});
		push @parts, join ',', map { "$_=" . ($row->{$_} // '-') }
			sort grep { !/updated_at/ } keys %{ $row || {} };
	}
	push @parts, map { "$_->{form}.$_->{field}.$_->{page}=$_->{public_id}" } db_rows(
		'SELECT * FROM scan WHERE application = ? AND live = 1 ORDER BY form, field, page', $a->{id});
	return join "\n", @parts;
}

# The journey as steps: each is a name, how to do it, and the states in which
# it is done. A step whose outcome is unknown may be repeated.
my @journey = (
	[ agree => \&agree, 'awaiting_company' ],
	[ company => \&fill_company, 'awaiting_legal_rep' ],
	[ legal_rep => \&fill_legal_rep, 'awaiting_agent' ],
	[ agent => \&fill_agent, 'awaiting_order' ],
	[ order => \&fill_order, 'awaiting_order' ],
	[ confirm => \&confirm_order, 'awaiting_review' ],
	[ refuse => sub { refuse($_[2], $_[1], 'company.licence', '四角没有拍全') }, 'awaiting_correction' ],
	[ mend => sub { mend($_[0], $_[1], 'company', licence => sample('licence-again')) }, 'awaiting_correction' ],
	[ resubmit => \&resubmit, 'awaiting_review' ],
	[ approve => sub { approve($_[2], $_[1]) }, 'awaiting_production' ],
);

my (%killed, %lost, %learned, @half, @stuck);
my ($acknowledged, $done_unsaid, $shots) = (0, 0, 0);

# Kills the next POST somewhere between its start and a little behind its end;
# no kind of request gets more than an eighth of the kills.
sub anywhere {
	my ($what, $usual) = @_;
	return undef unless $what =~ /^POST/ && ($killed{$what} // 0) < $kills / 8;
	return rand 1.15 * ($usual // 0.05);
}

sub travel {
	my ($browser, $clerk, $killer, $clerk_killer, $armed) = @_;
	my $trip = begin_application($browser);
	for my $step (@journey) {
		my ($name, $do, $state) = @$step;
		my $who = $name =~ /^(?:refuse|approve)$/ ? $clerk_killer : $killer;
		my $tries = 0;
		while (1) {
			my $before = picture_of($trip->{application});
			# in the end a step is left in peace: a busy machine would starve it
			my $aim = $armed && $shots < $kills && $tries < 8 && rand() < 0.75;
			$who->aim($aim ? \&anywhere : undef);
			my $came_through = eval { $do->($browser, $trip, $clerk); 1 };
			my $why = $@;
			my $shot = $who->shot;
			$who->aim(undef);
			if ($shot && $shot->{killed}) {
				$shots++;
				$killed{ $shot->{what} }++;
				push @half, map { "$name after a kill of $shot->{what}: $_" }
					half_states($trip->{application});
				my $changed = picture_of($trip->{application}) ne $before;
				# a complete answer of a killed program is an acknowledgement
				$lost{$name}++ if $shot->{code} == 303 && !$changed && $name ne 'order';
				$acknowledged++ if $shot->{code} == 303;
				$done_unsaid++ if $shot->{code} != 303 && $changed;
			}
			my $now = state_of($trip);
			last if $came_through && $now eq $state;
			# the step worked although its answer never came
			last if $shot && $shot->{killed} && $now eq $state && $name !~ /^(?:order|mend|agent)$/;
			if (++$tries > 12) {
				push @stuck, "$name in $now: $why";
				return;
			}
		}
	}
	push @half, half_states($trip->{application});
	return;
}

for (1 .. 1000) {
	my $browser = applicant();
	my $clerk = staff('clerk1');
	my ($killer, $clerk_killer) = map { Yj::Killer->new($_, \%learned) } $browser, $clerk;
	# the first journey is left in peace, to learn how long each program takes
	travel($browser, $clerk, $killer, $clerk_killer, $_ > 1);
	last if $shots >= $kills || @stuck;
}

ok $shots >= $kills, "$shots programs killed";
is_deeply \@half, [], 'no half state was ever seen';
is_deeply \%lost, {}, "nothing acknowledged was lost ($acknowledged answers were out before the kill)";
is_deeply \@stuck, [], "every step done again came through ($done_unsaid were done, but never said)";
ok keys %killed >= 8, 'in ' . keys(%killed) . ' kinds of requests';
ok $done_unsaid > 0, 'some kills came between the commit and the answer';
note "$_: $killed{$_}" for sort keys %killed;

# The picture programs of killed pages end by themselves.
my $normaliser = built('lib/scan/scan-normalise');
sub orphans {
	return grep { (readlink("$_/exe") // '') eq $normaliser } glob '/proc/[0-9]*';
}
for (1 .. 50) {
	last unless orphans();
	sleep 0.1;
}
is scalar(orphans()), 0, 'no picture program is left behind';

done_testing();
