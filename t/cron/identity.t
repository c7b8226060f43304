# cron/identity: recordings become clip and frames for a clerk, a bad recording costs
# no try, late attempts lapse, several workers share the queue.
use Yj;
use Yj::Journey;
use Yj::Identity;
use File::Temp;

need_instance();

sub material {
	my ($trip) = @_;
	return db_rows('SELECT m.kind, m.ord, m.action, m.at_ms, m.media_type, m.size FROM face_material m
		JOIN identity_attempt i ON i.id = m.attempt WHERE i.application = ? ORDER BY m.kind, m.ord', $trip->{id});
}
sub evidence {
	my ($trip) = @_;
	return (db_rows('SELECT e.* FROM identity_evidence e JOIN identity_attempt i ON i.id = e.attempt
		WHERE i.application = ? ORDER BY i.id DESC LIMIT 1', $trip->{id}))[0];
}
sub handed_in {
	my ($recording, $prepare) = @_;
	my $browser = applicant();
	my $trip = to_identity($browser);
	choose($browser, $trip, 'recorded', 1);
	show_steps($browser, $trip);
	$prepare->($trip) if $prepare;
	hand_in($browser, $recording);
	is $browser->uri->path, '/apply/identity-return', 'handed in' or diag $browser->content;
	return ($browser, $trip);
}

# -- a good one: to a clerk ------------------------------------------------------

for my $name (qw(good webm silent)) {
	my ($browser, $trip) = handed_in(recording($name));
	my $log = run_worker();
	is state_of($trip), 'awaiting_identity_review', "$name: a clerk looks at it";
	is +(attempts($trip))[0]{state}, 'review', '... the attempt waits for that';
	my ($event, $detail) = last_event($trip);
	is "$event $detail->{method} $detail->{outcome} $detail->{try}", 'identity_unsure recorded review 1', '... an event';
	is $detail->{actions}, challenge($trip)->{actions}, '... with what was shown';
	is $detail->{verdict} // '', $name eq 'silent' ? 'no_sound' : '', '... and whether it can be heard';
	my @kinds = map { $_->{kind} } material($trip);
	is scalar(grep { $_ eq 'raw' } @kinds), 0, '... the upload is gone';
	is scalar(grep { $_ eq 'clip' } @kinds), 1, '... there is a clip';
	cmp_ok scalar(grep { $_ eq 'frame' } @kinds), '>=', 4, '... and frames';
	is evidence($trip)->{provider}, 'recorded', '... by the built-in provider';
	is evidence($trip)->{ask_at}, undef, '... nothing more to do';
	unlike $log, qr/\Q$trip->{agent}{name}\E|\Q$trip->{agent}{id_number}\E/, '... and nobody in the log';
	unlike "$detail", qr/\Q$trip->{agent}{name}\E/, '... or the event';
	open_page($browser, 'apply/identity-return', $trip->{application});
	is $browser->uri->path, '/apply/status', '... the page goes on';
}

# -- with our script the steps have their places in the recording -----------------------

{
	my $browser = applicant();
	my $trip = to_identity($browser);
	choose($browser, $trip, 'recorded', 1);
	show_steps($browser, $trip);
	my $attempt = challenge($trip)->{attempt};
	# the server's times, two seconds apart
	db_do('UPDATE identity_step s JOIN (SELECT revealed_at FROM identity_step WHERE attempt = ? AND ord = 0) f
		SET s.revealed_at = f.revealed_at + INTERVAL 2 * s.ord SECOND WHERE s.attempt = ?', $attempt, $attempt);
	my $form = page_form($browser, 'apply/record-upload');
	$browser->post($form->action, Content_Type => 'form-data', 'X-Yj-Fragment' => 1, Content => [
		(map { $_ => $form->value($_) } qw(csrf key nonce)), offset_ms => 1500, recording => [recording('good')] ]);
	like $browser->content, qr{data-yj-next}, 'the script is told where to go';
	is_deeply [map { $_->{at_ms} } db_rows('SELECT at_ms FROM identity_step WHERE attempt = ? ORDER BY ord', $attempt)],
		[1500, 3500, 5500, 7500], 'the steps are placed by the clock of the server';
	run_worker();
	my @frames = grep { $_->{kind} eq 'frame' } material($trip);
	my %of;
	$of{ $_->{action} // 'none' }++ for @frames;
	ok $of{$_}, "frames of $_" for split(/,/, challenge($trip)->{actions}), 'digits', 'none';
	ok !(grep { ($_->{action} // '') eq 'digits' && $_->{at_ms} < 7500 } @frames), '... none before it was shown';
}

# -- bad ones: the applicant is told, no try is lost --------------------------------

sub bytes_of {
	my ($bytes) = @_;
	my $file = File::Temp->new(SUFFIX => '.mp4');
	binmode $file;
	print {$file} $bytes;
	close $file;
	return $file;
}
my $good = slurp(recording('good'));
my $hostile = substr($good, 0, 40) . pack('N a4', 0x7fffffff, 'moov') . pack('N a4', 8, 'moov') x 2000 . substr $good, 400;
my %bad = (
	'a second'         => [recording('short'), 'too-short'],
	'ten minutes'      => [recording('long'), 'too-long'],
	'half of one'      => [bytes_of(substr $good, 0, length($good) / 2), 'broken'],
	'a hostile one'    => [bytes_of($hostile), undef],
);
for my $what (sort keys %bad) {
	my ($recording, $verdict) = @{ $bad{$what} };
	my ($browser, $trip) = handed_in("$recording");
	run_worker();
	is state_of($trip), 'awaiting_identity', "$what: the application stays";
	is +(attempts($trip))[0]{state}, 'repeat', '... to be repeated';
	my ($event, $detail) = last_event($trip);
	is "$event $detail->{outcome}", 'identity_failed repeat', '... an event';
	is $detail->{verdict}, $verdict, '... says why' if $verdict;
	is scalar(material($trip)), 0, '... nothing is kept';
	open_page($browser, 'apply/identity-return', $trip->{application});
	is $browser->uri->path, '/apply/identity', '... the page goes back to the choice';
	my ($words) = $browser->content =~ /class="yj-warning"[^>]*>([^<]+)/;
	like $words, qr/请/, "... which says: $words";
	like $browser->content, qr/还剩 3 次/, '... and no try is lost';
}

# -- late ------------------------------------------------------------------------------

{
	my $browser = applicant();
	my $trip = to_identity($browser);
	choose($browser, $trip, 'recorded', 1);
	run_worker();
	is +(attempts($trip))[0]{state}, 'begun', 'what was not begun in earnest stays';
	show_steps($browser, $trip, 1);
	db_do('UPDATE identity_challenge SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 890 SECOND WHERE attempt = ?',
		challenge($trip)->{attempt});
	run_worker();
	is +(attempts($trip))[0]{state}, 'begun', 'within the grace it stays';
	db_do('UPDATE identity_challenge SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 901 SECOND WHERE attempt = ?',
		challenge($trip)->{attempt});
	run_worker();
	is +(attempts($trip))[0]{state}, 'lapsed', 'after it, it has lapsed';
	my ($event, $detail) = last_event($trip);
	is "$event $detail->{outcome} $detail->{verdict}", 'identity_failed lapsed too_late', '... an event';
	open_page($browser, 'apply/identity', $trip->{application});
	like $browser->content, qr/没有在规定时间内完成.*还剩 2 次/s, '... and it counts';
}

# -- the application has gone on meanwhile ------------------------------------------------

{
	my ($browser, $trip) = handed_in(recording('good'));
	open_page($browser, 'apply/cancel', $trip->{application});
	submit_page($browser, {});
	is state_of($trip), 'cancelled', 'cancelled while the recording waits';
	run_worker();
	is state_of($trip), 'cancelled', '... stays so';
	is +(attempts($trip))[0]{state}, 'lapsed', '... the attempt has ended';
	is scalar(material($trip)), 0, '... the recording is gone';
	is evidence($trip)->{ask_at}, undef, '... nothing more to do' or run_worker();
}

# -- several workers, and one that dies ------------------------------------------------------

{
	my @trips = map { (handed_in(recording('webm')))[1] } 1 .. 3;
	my @pids;
	for (1 .. 3) {
		defined(my $pid = fork) or die "fork: $!";
		if (!$pid) {
			open STDERR, '>', '/dev/null';
			exec built('cron/identity'), 0 or die $!;
		}
		push @pids, $pid;
	}
	waitpid $_, 0 for @pids;
	is state_of($_), 'awaiting_identity_review', 'three workers, three recordings' for @trips;
	is db_value('SELECT COUNT(*) FROM event WHERE application = ? AND event = "identity_unsure"', $_->{id}), 1,
		'... each booked once' for @trips;

	my (undef, $trip) = handed_in(recording('good'));
	defined(my $pid = fork) or die "fork: $!";
	if (!$pid) {
		open STDERR, '>', '/dev/null';
		exec built('cron/identity'), 0 or die $!;
	}
	select undef, undef, undef, 0.4;
	kill KILL => $pid;
	waitpid $pid, 0;
	if (state_of($trip) eq 'awaiting_identity') {
		is +(attempts($trip))[0]{state}, 'handed_in', 'a worker died: the recording waits';
		db_do('UPDATE identity_evidence SET ask_at = UTC_TIMESTAMP(3) WHERE ask_at IS NOT NULL');
		run_worker();
	}
	is state_of($trip), 'awaiting_identity_review', 'another one does it';
}

# -- the face service: its answer decides, not the way back ----------------------------

face_calm();

{
	my $browser = applicant();
	my $trip = to_identity($browser);
	face_faults(detect => 'busy');
	choose($browser, $trip, 'cloud', 1);
	is $browser->status, 503, 'the service is away: it says so';
	like $browser->content, qr/没有占用次数/, '... and what it costs';
	is join(' ', map { $_->{state} } attempts($trip)), 'begun', '... the attempt is kept';
	face_faults(detect => 'none');
	ok at_service($browser, $trip, 'quit'), 'the next time it opens';
	is scalar(attempts($trip)), 1, '... for the same attempt';
	is +(attempts($trip))[0]{state}, 'handed_in', '... which waits';
	my ($event, $detail) = last_event($trip);
	is "$event $detail->{method} $detail->{outcome}", 'hand_in_identity cloud handed_in', 'coming back is an event';
	my $events = db_value('SELECT COUNT(*) FROM event WHERE application = ?', $trip->{id});
	open_page($browser, 'apply/identity-return', $trip->{application});
	is db_value('SELECT COUNT(*) FROM event WHERE application = ?', $trip->{id}), $events, '... once';
	like $browser->content, qr/正在确认结果/, '... and nothing is believed';
	fetch_now($trip);
	is +(attempts($trip))[0]{state}, 'handed_in', 'not finished: it is asked again';
	ok evidence($trip)->{ask_at}, '... later';
	db_do('UPDATE identity_evidence SET give_up_at = UTC_TIMESTAMP(3) WHERE attempt = ?', (attempts($trip))[0]{id});
	fetch_now($trip);
	is +(attempts($trip))[0]{state}, 'lapsed', '... until its page is closed';
	is state_of($trip), 'awaiting_identity', 'the application stays';

	ok at_service($browser, $trip, 'fail'), 'a new attempt';
	fetch_now($trip);
	is join(' ', map { $_->{state} } attempts($trip)), 'lapsed failed', 'the service says no';
	($event, $detail) = last_event($trip);
	is "$event $detail->{outcome} $detail->{try}", 'identity_failed failed 2', '... an event';
	ok exists $detail->{codes}{code}, '... with the codes of the service';

	ok at_service($browser, $trip, 'pass'), 'the last try';
	my $log = do { fetch_now($trip); slurp(env('YJ_VAR') . '/log/error.log') };
	is state_of($trip), 'awaiting_payment', 'the service says yes: on to the payment';
	is +(attempts($trip))[2]{state}, 'passed', '... passed';
	my $evidence = evidence($trip);
	is "$evidence->{provider} $evidence->{outcome}", 'tencent passed', 'the evidence';
	cmp_ok $evidence->{similarity}, '>', 0, '... with the similarity';
	ok length $evidence->{text} > 33 && index($evidence->{text}, 'ErrCode') < 0, '... what it said is sealed';
	unlike $evidence->{token}, qr/^[\x20-\x7e]+$/, '... and so is the token';
	is join(' ', map { "$_->{kind} $_->{media_type}" } material($trip)), 'best_frame image/jpeg', '... and its picture kept';
	($event, $detail) = last_event($trip);
	is "$event $detail->{outcome}", 'identity_passed passed', '... an event';
	unlike $log, qr/\Q$trip->{agent}{id_number}\E/, 'no ID number in the log';
}
{
	my $browser = applicant();
	my $trip = to_identity($browser);
	ok at_service($browser, $trip, 'pass'), 'passed at the service';
	face_faults(info => 'other', 1);
	fetch_now($trip);
	is state_of($trip), 'awaiting_identity_review', "... but another's name: a clerk decides";
	is evidence($trip)->{verdict}, 'person', '... and is told why';
}
face_calm();

done_testing();
