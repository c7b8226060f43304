# The applicant's side of the identity check: which ways, how often, with which
# consent, and what a recording's challenge is good for.
use Yj;
use Yj::Journey;
use Yj::Identity;
use File::Temp;
use Storable qw(dclone);

need_instance();

sub content { return $_[0]->content }
sub path { return $_[0]->uri->path }
sub consents { return db_rows('SELECT * FROM face_consent WHERE application = ? ORDER BY id', $_[0]{id}) }
sub events { return scalar db_value('SELECT COUNT(*) FROM event WHERE application = ?', $_[0]{id}) }
sub material { return scalar db_value('SELECT COUNT(*) FROM face_material m JOIN identity_attempt i
	ON i.id = m.attempt WHERE i.application = ?', $_[0]{id}) }

# What a refused upload may not change.
sub standing {
	my ($trip) = @_;
	return join ' ', state_of($trip), material($trip), map { "$_->{id}=$_->{state}" } attempts($trip);
}

my $browser = applicant();
my $trip = to_identity($browser);

# -- the choice ---------------------------------------------------------------

open_page($browser, 'apply/identity', $trip->{application});
like content($browser), qr/请选择验证方式/, 'a way is asked for';
like content($browser), qr/\Q$trip->{agent}{name}\E/, 'of the agent, by name';
my $form = page_form($browser, 'apply/identity-start');
is_deeply [sort grep { defined } $form->find_input('method')->possible_values], ['cloud', 'counter', 'recorded'],
	'the ways of the project';
is $form->value('method'), 'recorded', "what the order says is chosen beforehand";
like content($browser), qr/还剩 3 次/, 'tries left';
is $form->value('consent'), undef, 'the consent is not ticked beforehand';
my ($text) = db_rows('SELECT * FROM face_consent_text');
for (split /\n/, $text->{body}) { like content($browser), qr/\Q$_\E/, 'the text of the consent is there' }

choose($browser, $trip, 'recorded', 0);
is $browser->status, 422, 'no recording without the consent';
like content($browser), qr/请阅读后勾选单独同意/, '... and it says so';
is scalar(attempts($trip)), 0, '... no attempt';
is scalar(consents($trip)), 0, '... no consent';

db_do('UPDATE project SET identity_methods = "recorded,counter" WHERE code = "gzgjj"');
choose($browser, $trip, 'recorded', 0);
open_page($browser, 'apply/identity', $trip->{application});
unlike content($browser), qr/value="cloud"/, 'a way the project does not allow is not offered';
$browser->post(public("/apply/identity-start?application=$trip->{application}"),
	{ csrf => page_form($browser, 'apply/identity-start')->value('csrf'), method => 'cloud', consent => $text->{version} });
is $browser->status, 422, '... nor taken';
db_do('UPDATE project SET identity_methods = "cloud,recorded,counter" WHERE code = "gzgjj"');
open_page($browser, 'apply/identity', $trip->{application});
for my $bad (undef, '', 'face', "recorded'", 'recorded,counter') {
	$browser->post(public("/apply/identity-start?application=$trip->{application}"),
		{ csrf => page_form($browser, 'apply/identity-start')->value('csrf'), consent => $text->{version},
			defined $bad ? (method => $bad) : () });
	is $browser->status, 422, 'refused: ' . ($bad // 'nothing');
}
is scalar(attempts($trip)), 0, 'still no attempt';

# -- in person ----------------------------------------------------------------

choose($browser, $trip, 'counter', 0);
is path($browser), '/apply/identity', 'a check in person needs no consent';
like content($browser), qr/\Q@{[ db_value('SELECT counter_place FROM project WHERE code = "gzgjj"') ]}\E/,
	'it says where, when and with what';
my @attempt = attempts($trip);
is_deeply [@{ $attempt[0] }{qw(method state)}], ['counter', 'begun'], 'an attempt in person';
my ($event, $detail) = last_event($trip);
is $event, 'choose_counter', 'an event';
is_deeply [@$detail{qw(method try)}], ['counter', 1], '... with what was chosen';
is scalar(consents($trip)), 0, '... and no consent';

# -- the consent ------------------------------------------------------------------

$browser->get(public("/apply/identity?application=$trip->{application}"));
$browser->post(public("/apply/identity-start?application=$trip->{application}"),
	{ csrf => page_form($browser, 'apply/identity-start')->value('csrf'), method => 'recorded', consent => '1999-1' });
is $browser->status, 422, 'a consent to another text is none';
choose($browser, $trip, 'recorded', 1);
is path($browser), '/apply/record', 'with the consent the recording begins';
my ($consent) = consents($trip);
is $consent->{version}, $text->{version}, 'the consent has its version';
is $consent->{sha256}, $text->{sha256}, '... and the digest of its text';
ok $consent->{given_at}, '... and its time';
is db_value('SELECT LOWER(HEX(sha256)) = SHA2(body, 256) FROM face_consent_text'), 1, 'the digest is of the text';

# -- the challenge ------------------------------------------------------------------

my $challenge = challenge($trip);
is length $challenge->{nonce}, 16, 'a nonce of 128 bits';
my @actions = split /,/, $challenge->{actions};
is scalar(@actions), 3, 'three actions';
is scalar(keys %{{ map { $_ => 1 } @actions }}), 3, '... of which none twice';
is scalar(grep { !/^(blink|open_mouth|turn_left|turn_right|nod)$/ } @actions), 0, '... of the five';
like $challenge->{digits}, qr/^[0-9]{4}$/, 'four digits';
is $challenge->{expires_at}, undef, 'the time does not run before the first step';
unlike content($browser), qr/$challenge->{digits}|慢慢/, 'nothing is told beforehand';
like $browser->response->header('Permissions-Policy'), qr/camera=\(self\)/, 'the page may record';
like content($browser), qr/data-yj-record="4"/, 'our script may record';

choose($browser, $trip, 'recorded', 0);
is challenge($trip)->{attempt}, $challenge->{attempt}, 'going back and forth costs no attempt';

my %words = (blink => '眨', open_mouth => '张大嘴', turn_left => '向左', turn_right => '向右', nod => '点头');
for my $i (0 .. 3) {
	submit_page($browser, {}, undef, 'apply/record-step');
	is path($browser), '/apply/record', 'the step is shown on the page';
	my ($cue) = content($browser) =~ /class="yj-record__words">([^<]*)/;
	like $cue, qr/$words{$actions[$i]}/, "step $i says what was drawn" if $i < 3;
	is db_value('SELECT COUNT(*) FROM identity_step WHERE attempt = ?', $challenge->{attempt}), $i + 1,
		'... with the time of the server';
	unlike content($browser), qr/$challenge->{digits}/, '... and not what comes later' if $i < 3;
}
like content($browser), qr/$challenge->{digits}/, 'the digits come last';
like content($browser), qr/type="file"[^>]*accept="video\/mp4,video\/\*"[^>]*capture="user"/, "the phone's camera";
is db_value('SELECT TIMESTAMPDIFF(SECOND, s.revealed_at, c.expires_at) FROM identity_step s
	JOIN identity_challenge c ON c.attempt = s.attempt WHERE s.ord = 0 AND s.attempt = ?', $challenge->{attempt}), 120,
	'120 seconds from the first step';

# -- bad uploads: nothing changes, and it says what to do ------------------------------

sub file_of {
	my ($bytes) = @_;
	my $file = File::Temp->new(SUFFIX => '.mp4');
	binmode $file;
	print {$file} $bytes;
	close $file;
	return $file;
}
my %bad = (
	'0 bytes'     => [422, '', qr/请/],
	'a picture'   => [422, slurp(sample('licence')), qr/请/],
	'HTML'        => [422, '<script>alert(1)</script>' x 100, qr/请/],
	'random bytes' => [422, join('', map { chr int rand 256 } 1 .. 5000), qr/请/],
	'a recording of sound' => [422, pack('N a4 a4', 24, 'ftyp', 'M4A ') . "\0" x 12, qr/请/],
);
for my $what (sort keys %bad) {
	my ($status, $bytes, $words) = @{ $bad{$what} };
	my $before = standing($trip);
	my $file = file_of($bytes);
	open_page($browser, 'apply/record', $trip->{application});
	hand_in($browser, $file->filename);
	is $browser->status, $status, "$what: refused";
	my ($main) = content($browser) =~ /<main(.*?)<footer/s;
	like $main, $words, '... with what to do';
	is standing($trip), $before, '... and nothing has changed';
	is challenge($trip)->{used_at}, undef, '... the challenge is still good';
}

# 50 MB and one byte, and 200 MB, of which no byte needs to be sent.
{
	my $before = standing($trip);
	open_page($browser, 'apply/record', $trip->{application});
	my $upload = page_form($browser, 'apply/record-upload');
	my $boundary = 'limit';
	my $head = join '', map { "--$boundary\r\nContent-Disposition: form-data; name=\"$_\"\r\n\r\n" . $upload->value($_) . "\r\n" }
		qw(csrf key nonce);
	$head .= "--$boundary\r\nContent-Disposition: form-data; name=\"recording\"; filename=\"a.mp4\"\r\n\r\n";
	my $body = $head . pack('N a4 a4 N', 24, 'ftyp', 'isom', 0) . "\0" x (50 * 1024 * 1024 + 1 - 16) . "\r\n--$boundary--\r\n";
	my $cookie;
	$browser->cookie_jar->scan(sub { $cookie = $_[2] if $_[1] eq 'yj' });
	my @answer = raw_request(public(), "POST /apply/record-upload?application=$trip->{application} HTTP/1.1\r\nHost: x\r\n"
		. "Connection: close\r\nCookie: yj=$cookie\r\nContent-Type: multipart/form-data; boundary=$boundary\r\n"
		. 'Content-Length: ' . length($body) . "\r\n\r\n$body");
	is $answer[0], 422, 'a recording of 50 MB and a byte: refused';
	like Encode::decode('UTF-8', $answer[2]), qr/视频没有收下/, '... in words';
	@answer = raw_request(public(), "POST /apply/record-upload?application=$trip->{application} HTTP/1.1\r\nHost: x\r\n"
		. "Connection: close\r\nCookie: yj=$cookie\r\nContent-Type: multipart/form-data; boundary=$boundary\r\n"
		. "Content-Length: 209715200\r\n\r\n");
	is $answer[0], 413, 'one of 200 MB: refused at its head';
	is standing($trip), $before, 'nothing has changed';
}

# -- a good one, once -------------------------------------------------------------------

open_page($browser, 'apply/record', $trip->{application});
my $again = dclone(page_form($browser, 'apply/record-upload'));
hand_in($browser, recording('good'));
is path($browser), '/apply/identity-return', 'a good recording is taken';
like content($browser), qr/视频已收到/, '... and the page says so';
like $browser->response->header('Refresh'), qr/^\d+$/, '... and asks again by itself';
($event, $detail) = last_event($trip);
is "$event $detail->{method} $detail->{outcome}", 'hand_in_identity recorded handed_in', 'an event';
is +(attempts($trip))[-1]{state}, 'handed_in', 'the attempt is handed in';
cmp_ok material($trip), '>=', 1, 'the recording is stored';
is db_value('SELECT COUNT(*) FROM face_material WHERE INSTR(sealed, "ftyp")'), 0, '... and sealed';
my $read = eval { Yj::Account::part_db('apply')->selectrow_array('SELECT sealed FROM face_material LIMIT 1'); 1 };
ok !$read, "the applicant's account cannot read it back";

my $before = standing($trip);
my $twice = dclone($again);
$twice->find_input('recording')->file(recording('good'));
$browser->request($twice->click);
is path($browser), '/apply/identity-return', 'the same upload again is the same upload';
is standing($trip), $before, '... and nothing more';
$twice = dclone($again);
$twice->find_input('key')->readonly(0);
$twice->value(key => join '', map { (0 .. 9)[rand 10] } 1 .. 26);
$twice->find_input('recording')->file(recording('good'));
$browser->request($twice->click);
is $browser->status, 409, 'another upload to the same challenge is refused';
like content($browser), qr/已经交过/, '... in words';
is standing($trip), $before, '... nothing has changed';
($event, $detail) = last_event($trip);
is "$event $detail->{outcome} $detail->{verdict}", 'hand_in_identity refused used', '... but an event';

# -- challenges that are good no more -----------------------------------------------------

sub fresh {
	my $person = applicant();
	my $trip = to_identity($person);
	choose($person, $trip, 'recorded', 1);
	show_steps($person, $trip, 4);
	return ($person, $trip);
}

sub refused_upload {
	my ($person, $trip, $upload, $verdict, $what) = @_;
	my $before = standing($trip);
	$upload->find_input('recording')->file(recording('good'));
	$person->request($upload->click);
	is $person->status, 409, "$what: refused";
	is standing($trip), $before, '... nothing has changed';
	my ($event, $detail) = last_event($trip);
	is "$event $detail->{outcome} $detail->{verdict}", "hand_in_identity refused $verdict", '... an event says why';
	return;
}

{
	my ($person, $late) = fresh();
	my $upload = page_form($person, 'apply/record-upload');
	db_do('UPDATE identity_challenge SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 100 SECOND WHERE attempt = ?',
		challenge($late)->{attempt});
	open_page($person, 'apply/record', $late->{application});
	like content($person), qr/时间已经到了.*recording/s, 'a slow connection has its grace';
	db_do('UPDATE identity_challenge SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 901 SECOND WHERE attempt = ?',
		challenge($late)->{attempt});
	refused_upload($person, $late, $upload, 'too_late', 'too late');
	open_page($person, 'apply/record', $late->{application});
	is path($person), '/apply/identity', 'the page is over too';
	like content($person), qr/时间已经过了/, '... and says so';
}
{
	my ($person, $other) = fresh();
	my $upload = page_form($person, 'apply/record-upload');
	my $again = applicant($person->{yj_openid});
	open_page($again, 'apply/identity', $other->{application});
	$upload->find_input('csrf')->readonly(0);
	$upload->value(csrf => page_form($again, 'apply/identity-start')->value('csrf'));
	refused_upload($again, $other, $upload, 'other_session', "the same person's other session");
	my $stranger = applicant();
	$stranger->get(public("/apply/record?application=$other->{application}"));
	is $stranger->status, 404, "a stranger does not find the recording";
	my ($strangest, $own) = fresh();
	$upload = page_form($strangest, 'apply/record-upload');
	$upload->find_input('nonce')->readonly(0);
	$upload->value(nonce => unpack 'H*', challenge($other)->{nonce});
	refused_upload($strangest, $own, $upload, 'unknown', "another application's challenge");
	$upload->value(nonce => 'f' x 32);
	refused_upload($strangest, $own, $upload, 'unknown', 'a challenge that never was');
	$upload->value(nonce => "' OR 1=1 --");
	refused_upload($strangest, $own, $upload, 'unknown', 'no challenge at all');
}
{
	my $person = applicant();
	my $early = to_identity($person);
	choose($person, $early, 'recorded', 1);
	show_steps($person, $early, 2);
	my $step = page_form($person, 'apply/record-step');
	is $step->value('step'), 2, 'the third step is next';
	$step->find_input('step')->readonly(0);
	for my $wrong (3, 4, -1, 'x', '') {
		my $jump = dclone($step);
		$jump->value(step => $wrong);
		$person->request($jump->click);
		is $person->status, 409, "step '$wrong' is not shown ahead of its turn";
	}
	$step->value(step => 0);
	$person->request($step->click);
	is $person->status, 200, 'a step may be shown again';
	is challenge($early)->{revealed}, 2, '... which reveals nothing new';
	my $nonce = unpack 'H*', challenge($early)->{nonce};
	my $before = standing($early);
	$person->post(public("/apply/record-upload?application=$early->{application}"), Content_Type => 'form-data',
		Content => [csrf => $step->value('csrf'), nonce => $nonce, recording => [recording('good')]]);
	is $person->status, 409, 'no recording before all steps were shown';
	is standing($early), $before, '... nothing has changed';
	db_do('UPDATE identity_challenge SET expires_at = UTC_TIMESTAMP(3) - INTERVAL 1 SECOND WHERE attempt = ?',
		challenge($early)->{attempt});
	my $next = dclone($step);
	$next->value(step => 2);
	$person->request($next->click);
	is $person->status, 409, 'no step after 120 seconds';
}

# -- recordings of a day ------------------------------------------------------------------------

{
	my ($person, $trip) = fresh();
	my $upload = page_form($person, 'apply/record-upload');
	my $applicant = db_value('SELECT applicant FROM application WHERE id = ?', $trip->{id});
	my $tries = sub { db_value('SELECT tries FROM upload_try WHERE applicant = ? AND kind = "film"', $applicant) };
	my $before = standing($trip);
	$upload->find_input('recording')->file($0);
	$person->request(dclone($upload)->click);
	is $person->status, 422, 'what is no recording';
	is $tries->(), 1, '... is counted';
	db_do('UPDATE upload_try SET tries = 12 WHERE applicant = ?', $applicant);
	$upload->find_input('recording')->file(recording('good'));
	$person->request(dclone($upload)->click);
	is $person->status, 429, 'the thirteenth recording of a day is not taken';
	like content($person), qr/今天交的录像太多.*请明天再录，或返回改选其他验证方式/s, '... the page says what else there is';
	is standing($trip), $before, '... nothing has changed';
	db_do('UPDATE upload_try SET began_at = began_at - INTERVAL 25 HOUR WHERE applicant = ?', $applicant);
	$person->request(dclone($upload)->click);
	is db_value('SELECT state FROM identity_attempt WHERE application = ? ORDER BY id DESC LIMIT 1', $trip->{id}),
		'handed_in', 'the next day it is';
}

# -- tries -------------------------------------------------------------------------------

{
	my $person = applicant();
	my $trip = to_identity($person);
	for my $try (1 .. 3) {
		choose($person, $trip, 'recorded', 1);
		is path($person), '/apply/record', "try $try";
		db_do('UPDATE identity_attempt SET state = "failed" WHERE application = ? AND state = "begun"', $trip->{id});
	}
	open_page($person, 'apply/identity', $trip->{application});
	like content($person), qr/机会已经用完，请到窗口办理/, 'the tries are used up';
	unlike content($person), qr/value="(?:cloud|recorded)"/, '... no face is offered';
	my $csrf = page_form($person, 'apply/identity-start')->value('csrf');
	$person->post(public("/apply/identity-start?application=$trip->{application}"), { csrf => $csrf, method => 'recorded' });
	is $person->status, 422, '... nor taken';
	choose($person, $trip, 'counter', 0);
	is path($person), '/apply/identity', 'a check in person is always open';
	is +(attempts($trip))[-1]{method}, 'counter', '... an attempt';
}
{
	my $person = applicant();
	my $trip = to_identity($person);
	choose($person, $trip, 'recorded', 1);
	show_steps($person, $trip, 1);
	choose($person, $trip, 'recorded', 0);
	is join(' ', map { $_->{state} } attempts($trip)), 'lapsed begun', 'a new challenge costs the one that was seen';
	db_do('UPDATE identity_attempt SET state = "repeat" WHERE application = ?', $trip->{id});
	open_page($person, 'apply/identity', $trip->{application});
	like content($person), qr/还剩 3 次/, 'what is to be repeated is no failed try';
	db_do('INSERT INTO identity_evidence (attempt, provider, outcome, verdict, created_at, done_at)
		SELECT MAX(id), "recorded", "repeat", "broken", UTC_TIMESTAMP(3), UTC_TIMESTAMP(3)
		FROM identity_attempt WHERE application = ?', $trip->{id});
	open_page($person, 'apply/identity', $trip->{application});
	like content($person), qr/还剩 3 次/, '... nor is a recording that did not arrive whole';
	db_do('UPDATE identity_evidence SET verdict = "too-costly" WHERE attempt IN
		(SELECT id FROM identity_attempt WHERE application = ?)', $trip->{id});
	open_page($person, 'apply/identity', $trip->{application});
	like content($person), qr/还剩 2 次/, 'a recording that costs too much is one';
	db_do('INSERT INTO identity_attempt (public_id, application, method, subject, state, begun_at)
		SELECT LPAD(CONCAT(seq, "q", ?), 26, "0"), ?, "recorded", "agent", "repeat", UTC_TIMESTAMP(3) FROM seq_1_to_10',
		$trip->{id}, $trip->{id});
	db_do('INSERT INTO identity_challenge (attempt, nonce, session_hash, actions, digits, used_at)
		SELECT id, UNHEX(MD5(id)), "", "nod,blink,turn_left", "0000", UTC_TIMESTAMP(3) FROM identity_attempt
		WHERE application = ? AND public_id LIKE "0000000000%"', $trip->{id});
	open_page($person, 'apply/identity', $trip->{application});
	unlike content($person), qr/value="recorded"/, 'but ten recordings are enough';
}

# -- taking the consent back -----------------------------------------------------------------

{
	my ($person, $trip) = fresh();
	hand_in($person, recording('good'));
	open_page($person, 'apply/face-consent', $trip->{application});
	like content($person), qr/撤回以后/, 'it says what taking it back means';
	submit_page($person, {});
	is path($person), '/apply/identity', 'the consent is taken back';
	ok +(consents($trip))[0]{withdrawn_at}, '... and that is kept';
	is +(attempts($trip))[0]{state}, 'lapsed', 'the attempt has ended';
	is +(last_event($trip))[0], 'withdraw_face', 'an event';
	my $refused = !eval { db_do('INSERT INTO face_material (attempt, kind, ord, media_type, size, sealed, created_at)
		VALUES (?, "frame", 0, "image/jpeg", 1, "x", UTC_TIMESTAMP(3))', (attempts($trip))[0]{id}); 1 };
	ok $refused, 'no face is stored without a consent, whoever tries';
	like $@, qr/no_face_consent/, '... for that reason';
	run_worker();
	is material($trip), 0, 'the recording is gone';
	choose($person, $trip, 'recorded', 0);
	is $person->status, 422, 'the next recording needs a new consent';
	choose($person, $trip, 'recorded', 1);
	is scalar(consents($trip)), 2, '... which is another record';
}

# -- the way there -----------------------------------------------------------------------------

$trip = to_identity($browser);
open_page($browser, 'apply/status', $trip->{application});
like content($browser), qr{<a [^>]*href="/apply/identity\?application=$trip->{application}"[^>]*>去做身份鉴别}, 'the status leads there';

done_testing();
