package Yj::Identity;

# Identity.pm: applications that wait for the identity check, and recordings for it.
#
#     use Yj; use Yj::Journey; use Yj::Identity;
#     my $trip = to_identity($browser);            # awaiting_identity, of gzgjj
#     choose($browser, $trip, 'recorded', 1);      # with the consent for faces
#     show_steps($browser, $trip);                 # all four, without script
#     hand_in($browser, recording('good'));
#     run_worker();                                # cron/identity until nothing is due
#     face_faults(info => 'other', 1);            # a bad day of the face service
#     at_service($browser, $trip, 'pass');         # there and back
#     fetch_now($trip);                            # and its answer, some seconds later

use strict;
use warnings;
use utf8;
use Exporter 'import';
use Fcntl qw(LOCK_EX);
use File::Path qw(make_path);
use Yj ();
use Yj::Account;
use Yj::Journey;

our @EXPORT = qw(to_identity choose show_steps hand_in recording run_worker attempts last_event challenge
	face_faults face_calm at_service fetch_now);

# The forms are typed in; what only photographs would complete is taken as
# complete, so that a test can have many of these; with $whole it is: a row for
# each photograph, for tests that go on to correct a form.
sub to_identity {
	my ($browser, $project, $agent, $whole) = @_;
	my $trip = begin_application($browser, $project // 'gzgjj');
	my $public = $trip->{application};
	agree($browser, $trip);
	$trip->{id} = Yj::db_value('SELECT id FROM application WHERE public_id = ?', $public);
	$trip->{company} = company_data();
	$trip->{legal_rep} = person_data();
	$trip->{agent} = { %{ $agent // person_data() }, landline => '0797-8123456' };
	my %typed = (company => $trip->{company}, 'legal-rep' => $trip->{legal_rep},
		agent => { %{ $trip->{agent} }, %{ address_data() } });
	for my $form (sort keys %typed) {
		open_page($browser, "apply/$form", $public);
		submit_page($browser, $typed{$form});
	}
	put_scans($trip) if $whole;
	Yj::db_do("UPDATE $_ SET complete = TRUE WHERE application = ?", $trip->{id})
		for qw(company legal_rep agent);
	my ($from) = Yj::db_rows('SELECT g.address, (SELECT MIN(k.id) FROM package k WHERE k.project = a.project)
		AS package FROM application a JOIN agent g ON g.application = a.id WHERE a.id = ?', $trip->{id});
	Yj::db_do('INSERT INTO `order` (application, package, courier, address, identity_method, complete, updated_at)
		VALUES (?, ?, "sf", ?, "recorded", TRUE, UTC_TIMESTAMP(3))', $trip->{id}, @$from{qw(package address)});
	my $actor = Yj::db_value('SELECT applicant FROM application WHERE id = ?', $trip->{id});
	my $apply = part_db('apply');
	my @steps = map { [ $_->{event}, $_->{form} ] } Yj::db_rows('SELECT f.form, f.event FROM application a
		JOIN flow_form f ON f.flow_version = a.flow_version AND f.form <> "order" WHERE a.id = ? ORDER BY f.ord', $trip->{id});
	for (@steps, ['confirm_order', 'order']) {
		my ($event, $form) = @$_;
		my ($result) = flow_advance($apply, $trip->{id}, 'applicant', $actor, $event, "test-$event-$form",
			qq({"form":"$form"}));
		die "$event $form: $result\n" unless $result eq 'moved';
	}
	die 'not in awaiting_identity but ' . state_of($trip) . "\n"
		unless state_of($trip) eq 'awaiting_identity';
	return $trip;
}

# One page of each scan that the forms ask for, without a picture.
sub put_scans {
	my ($trip) = @_;
	my %scans = (company => ['licence'], 'legal-rep' => [qw(id_front id_back)],
		agent => [qw(id_front id_back application_form user_agreement)]);
	my $applicant = Yj::db_value('SELECT applicant FROM application WHERE id = ?', $trip->{id});
	for my $form (sort keys %scans) {
		Yj::db_do('INSERT INTO scan (public_id, application, applicant, form, field, page, width_px, height_px,
			phash, marks, sha256, upload_key, created_at) VALUES (LEFT(SHA2(UUID(), 256), 26), ?, ?, ?, ?, 1, 1, 1,
			1, 0, "", UUID(), UTC_TIMESTAMP(3))', $trip->{id}, $applicant, $form, $_) for @{ $scans{$form} };
	}
	return;
}

sub choose {
	my ($browser, $trip, $method, $consent) = @_;
	open_page($browser, 'apply/identity', $trip->{application});
	my $form = page_form($browser, 'apply/identity-start');
	$form->value(method => $method) if defined $method;
	my $box = $form->find_input('consent');
	$box->check if $box && $consent;
	$browser->request($form->click);
	return $browser;
}

# From the page that explains to the one that takes the recording.
sub show_steps {
	my ($browser, $trip, $count) = @_;
	open_page($browser, 'apply/record', $trip->{application});
	submit_page($browser, {}, undef, 'apply/record-step') for 1 .. $count // 4;
	return $browser;
}

sub hand_in {
	my ($browser, $path) = @_;
	return submit_page($browser, { recording => $path }, undef, 'apply/record-upload');
}

sub attempts {
	my ($trip) = @_;
	return Yj::db_rows('SELECT * FROM identity_attempt WHERE application = ? ORDER BY id', $trip->{id});
}

sub challenge {
	my ($trip) = @_;
	return (Yj::db_rows('SELECT c.* FROM identity_challenge c JOIN identity_attempt i ON i.id = c.attempt
		WHERE i.application = ? ORDER BY i.id DESC LIMIT 1', $trip->{id}))[0];
}

# Name and detail of the newest event.
sub last_event {
	my ($trip) = @_;
	my ($row) = Yj::db_rows('SELECT event, detail FROM event WHERE application = ? ORDER BY id DESC LIMIT 1',
		$trip->{id});
	require JSON::PP;
	return ($row->{event}, JSON::PP::decode_json($row->{detail}));
}

my %recipe = (
	good   => ['mp4',  qw(-t 12 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac)],
	webm   => ['webm', qw(-t 12 -c:v libvpx -deadline realtime -cpu-used 8 -b:v 600k -c:a libopus)],
	silent => ['mp4',  qw(-t 12 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -an)],
	short  => ['mp4',  qw(-t 1 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac)],
	long   => ['mp4',  qw(-t 600 -r 2 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac -b:a 16k)],
);

# A recording by its recipe, made on first use; its path.
sub recording {
	my ($name) = @_;
	my ($suffix, @how) = @{ $recipe{$name} or die "no recording $name\n" };
	my $folder = Yj::build_dir() . '/samples/recordings';
	make_path($folder);
	open my $lock, '>', "$folder/.lock" or die "$folder/.lock: $!";
	flock $lock, LOCK_EX or die "flock: $!";
	my $path = "$folder/$name.$suffix";
	return $path if -s $path;
	system('ffmpeg', '-nostdin', '-v', 'error', '-y', '-f', 'lavfi', '-i', 'testsrc=size=360x480:rate=10',
		'-f', 'lavfi', '-i', 'sine=frequency=440', @how, $path) == 0 or die "ffmpeg: $?\n";
	return $path;
}

# Works until nothing is due; what it logged.
sub run_worker {
	open my $pipe, '-|', 'sh', '-c', 'exec "$0" 0 2>&1', Yj::built('cron/identity') or die $!;
	my $log = do { local $/; <$pipe> };
	close $pipe;
	die "cron/identity: $?\n$log" if $?;
	# the instance has a worker of its own, which may have been faster
	for (1 .. 300) {
		last unless Yj::db_value('SELECT COUNT(*) FROM identity_evidence e JOIN identity_attempt i
			ON i.id = e.attempt WHERE i.state = "handed_in" AND e.asks = 1 AND e.ask_at IS NOT NULL
			AND i.method = "recorded"');
		select undef, undef, undef, 0.2;
	}
	return $log;
}

# -- the face service --------------------------------------------------------------

# The next calls (all, if `times` is not given) of detect or info go wrong.
sub face_faults {
	my ($on, $what, $times) = @_;
	Yj::new_browser()->get(Yj::public("/sim/faceid/faults?on=$on&what=$what&times=" . ($times // -1)));
	return;
}

sub face_calm { face_faults($_ => 'none') for qw(detect info); return }

# To the page of the service and back, with that choice made there.
sub at_service {
	my ($browser, $trip, $choice) = @_;
	choose($browser, $trip, 'cloud', 1);
	my ($address) = ($browser->response->header('Refresh') // '') =~ /^0; url=(\S+)/ or return 0;
	$browser->get($address);
	my ($form) = grep { $_->find_input('ticket') } $browser->forms;
	my ($button) = grep { ($_->name // '') eq 'choice' && $_->value eq $choice } $form->inputs;
	$browser->request($button->click($form));
	return $browser->uri->path eq '/apply/identity-return';
}

# Some seconds later.
sub fetch_now {
	my ($trip) = @_;
	Yj::db_do('UPDATE identity_evidence e JOIN identity_attempt i ON i.id = e.attempt SET e.ask_at = UTC_TIMESTAMP(3)
		WHERE i.application = ? AND e.ask_at IS NOT NULL', $trip->{id});
	for (1 .. 50) {
		run_worker();
		last if !Yj::db_value('SELECT COUNT(*) FROM identity_evidence e JOIN identity_attempt i ON i.id = e.attempt
			WHERE i.application = ? AND e.ask_at <= UTC_TIMESTAMP(3) + INTERVAL 180 SECOND
			AND e.ask_at > UTC_TIMESTAMP(3) + INTERVAL 30 SECOND AND e.asks = 1', $trip->{id});
		select undef, undef, undef, 0.2;
	}
	return;
}

1;
