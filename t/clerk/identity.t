# clerk/identity: faces are shown on request, beside the ID card; decisions and their
# reasons, and requests that are refused.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Identity;
use Yj::Staff;

need_instance();

my $clerk = hire('clerk');
my $desk = sign_in($clerk);
my $recording = recording('good');

# An application whose recording waits for a clerk.
sub recorded {
	my ($placed) = @_;
	my $browser = applicant();
	my $trip = to_identity($browser);
	choose($browser, $trip, 'recorded', 1);
	show_steps($browser, $trip);
	if ($placed) { # as our script sends it, with steps two seconds apart
		db_do('UPDATE identity_step s JOIN (SELECT attempt, revealed_at FROM identity_step WHERE ord = 0) f
			ON f.attempt = s.attempt SET s.revealed_at = f.revealed_at + INTERVAL 2 * s.ord SECOND
			WHERE s.attempt = ?', challenge($trip)->{attempt});
		my $form = page_form($browser, 'apply/record-upload');
		$browser->post($form->action, Content_Type => 'form-data', 'X-Yj-Fragment' => 1, Content => [
			(map { $_ => $form->value($_) } qw(csrf key nonce)), offset_ms => 1500, recording => [$recording] ]);
	} else {
		hand_in($browser, $recording);
	}
	run_worker();
	is state_of($trip), 'awaiting_identity_review', 'a recording waits';
	$trip->{browser} = $browser;
	$trip->{attempt} = (attempts($trip))[-1]{public_id};
	return $trip;
}

sub reveals {
	return scalar db_rows("SELECT 1 FROM event WHERE application = ? AND event = 'reveal'
		AND JSON_EXTRACT(detail, '\$.face') IS NOT NULL", $_[0]{id});
}

# Presses a button of the page, with these fields.
sub press {
	my ($b, $trip, $decision, %field) = @_;
	open_page($b, 'clerk/identity', $trip->{application});
	return send_form($b, $decision, %field);
}

# What a button of the page sends, with these fields.
sub press_of {
	my ($b, $decision, %field) = @_;
	for my $form ($b->forms) {
		my ($button) = grep { $_->type eq 'submit' && ($_->name // '') eq 'decision' && $_->value eq $decision } $form->inputs
			or next;
		$form->value($_ => $field{$_}) for keys %field;
		return $button->click($form);
	}
	die "no button $decision on " . $b->uri . "\n";
}

sub send_form {
	my ($b, $decision, %field) = @_;
	$b->request(press_of($b, $decision, %field));
	return $b;
}

sub face { return intranet("/clerk/face?application=$_[0]{application}&attempt=$_[0]{attempt}&kind=$_[1]&ord=" . ($_[2] // 0)) }

my $trip = recorded(1);

# -- how a clerk gets there
$desk->get(intranet('/clerk/queue?state=awaiting_identity_review&order=newest'));
ok $desk->find_link(url_regex => qr/\Q$trip->{application}\E/), 'the queue shows the case';
open_page($desk, 'clerk/case', $trip->{application});
ok $desk->find_link(text => '核对身份'), 'the case leads to the check';

# -- nothing of the face before it is asked for
open_page($desk, 'clerk/identity', $trip->{application});
is $desk->status, 200, 'the page opens';
unlike $desk->content, qr{clerk/face}, 'and shows no face';
is reveals($trip), 0, 'no event';
$desk->get(face($trip, 'clip'));
is $desk->status, 403, 'the recording is not given by its address alone';
press($desk, $trip, 'accept');
is $desk->status, 422, 'nobody passes unseen';
like $desk->text, qr/请先打开人像材料/, 'and it is said';

# -- asked for
press($desk, $trip, 'look');
is $desk->uri->path, '/clerk/identity', 'asked for: the page again';
is reveals($trip), 1, 'with an event';
is db_value("SELECT actor FROM event WHERE application = ? AND event = 'reveal'", $trip->{id}), $clerk->{id}, 'of this clerk';
my $challenge = challenge($trip);
my $text = $desk->text;
like $text, qr/\Q$challenge->{digits}\E/, 'the digits';
my %words = (nod => '点头', blink => '眨两次眼', open_mouth => '张大嘴', turn_left => '向左转', turn_right => '向右转');
my $at = 0;
for my $action (split /,/, $challenge->{actions}) {
	my $found = index $text, $words{$action} // '?', $at;
	cmp_ok $found, '>=', $at, "$action, in the order drawn";
	$at = $found;
}
like $text, qr/\d\d:\d\d:\d\d 提示/, 'with the time of the server';
my @pictures = $desk->content =~ m{src="(/clerk/face\?[^"]*kind=frame[^"]*)"}g;
s/&amp;/&/g for @pictures;
my @all = db_rows("SELECT ord FROM face_material WHERE kind = 'frame' AND attempt = ?", $challenge->{attempt});
cmp_ok scalar @all, '>=', 5, 'frames of each step';
my %shown = map { /ord=(\d+)/ ? ($1 => 1) : () } @pictures;
is join(' ', sort { $a <=> $b } keys %shown), join(' ', sort { $a <=> $b } map { $_->{ord} } @all), '... every one on the page';
like $desk->content, qr{<details[^>]*>\s*<summary>相似度}, 'scores are folded';
unlike $desk->content, qr{<details[^>]* open}, 'and closed';
$desk->get(intranet($pictures[0]));
is $desk->response->header('Content-Type'), 'image/jpeg', 'a frame is a picture';
is substr($desk->response->content, 0, 2), "\xff\xd8", 'a JPEG';
like $desk->response->header('Cache-Control'), qr/no-store/, 'kept nowhere';

# -- the recording, in pieces
$desk->get(face($trip, 'clip'));
is $desk->status, 200, 'the whole recording';
is $desk->response->header('Content-Type'), 'video/mp4', 'of its type';
is $desk->response->header('Accept-Ranges'), 'bytes', 'pieces may be had';
my $whole = $desk->response->content;
my $n = length $whole;
for ([ 'bytes=0-', 0, $n ], [ 'bytes=0-99', 0, 100 ], [ 'bytes=100-199', 100, 100 ], [ 'bytes=-50', $n - 50, 50 ],
	[ "bytes=10-99999999", 10, $n - 10 ]) {
	my ($range, $from, $count) = @$_;
	$desk->get(face($trip, 'clip'), Range => $range);
	is $desk->status, 206, "$range: a piece";
	is $desk->response->header('Content-Range'), sprintf('bytes %d-%d/%d', $from, $from + $count - 1, $n), '... which one';
	ok $desk->response->content eq substr($whole, $from, $count), '... and just that';
}
for ("bytes=$n-", 'bytes=-0') {
	$desk->get(face($trip, 'clip'), Range => $_);
	is $desk->status, 416, "$_: nothing there";
	is $desk->response->header('Content-Range'), "bytes */$n", '... but so much';
}
for ('bytes=5-2', 'bytes=x-', 'bytes=0-1,5-6', 'lines=1-2') {
	$desk->get(face($trip, 'clip'), Range => $_);
	is $desk->status, 200, "$_: the whole";
	is length $desk->response->content, $n, '... all of it';
}

# -- not for others, and not of others
for ([ 'raw' ], [ 'nonsense' ], [ 'frame', 999 ], [ 'frame', 'x' ], [ 'best_frame' ]) {
	$desk->get(face($trip, @$_));
	is $desk->status, 404, "no @$_";
}
my $rival = sign_in(hire('clerk'));
$rival->get(face($trip, 'clip'));
is $rival->status, 403, 'another clerk asks for himself';
my $other = recorded();
$desk->get(face({ application => $other->{application}, attempt => $trip->{attempt} }, 'clip'));
is $desk->status, 404, 'not under another application';
for my $role (qw(producer admin auditor accountant)) {
	my $b = new_browser();
	$b = sign_in(hire($role));
	$b->get(face($trip, 'clip'));
	is $b->status, 403, "not for a $role";
}
my $nobody = new_browser();
$nobody->get(face($trip, 'clip'));
is $nobody->uri->path, '/clerk/login', 'nor for nobody';
db_do("UPDATE face_material SET sealed = CONCAT(LEFT(sealed, LENGTH(sealed) - 1), 'x') WHERE kind = 'frame'
	AND attempt = (SELECT id FROM identity_attempt WHERE public_id = ?) AND ord = 0", $trip->{attempt});
$desk->get(face($trip, 'frame', 0));
is $desk->status, 404, 'what was altered is not shown';

# -- refused without a reason, with an unknown one, with one of another kind
press($desk, $trip, 'refuse');
is $desk->status, 422, 'no reason';
like $desk->text, qr/请先选择原因/, '... said';
for my $code (qw(nonsense face-dark not-eligible), '原因') {
	open_page($desk, 'clerk/identity', $trip->{application});
	my ($form) = grep { $_->find_input('reason-refuse') } $desk->forms;
	$form->find_input('reason-refuse')->force_value($code) if $form->find_input('reason-refuse')->can('force_value');
	my %value = (csrf => $form->value('csrf'), key => $form->value('key'), seen => $form->value('seen'),
		attempt => $trip->{attempt}, decision => 'refuse', 'reason-refuse' => $code);
	utf8::encode($value{'reason-refuse'});
	$desk->post($form->action, \%value);
	is $desk->status, 422, "refuse with $code is refused" or diag $desk->text;
}
is state_of($trip), 'awaiting_identity_review', 'nothing moved';

# -- a reason that was chosen is not dropped by a button that does not take it
for ([ 'accept', 'reason-refuse' => 'face-other', '不通过' ], [ 'accept', 'reason-repeat' => 'face-dark', '请重录' ],
	[ 'repeat', 'reason-refuse' => 'face-other', '不通过' ]) {
	my ($decision, $control, $code, $place) = @$_;
	press($desk, $trip, $decision, $control => $code, $decision eq 'repeat' ? ('reason-repeat' => 'face-dark') : ());
	is $desk->status, 422, "$decision with $control is asked about";
	like $desk->text, qr/“\Q$place\E”里选了原因/, '... with its place';
	like $desk->content, qr/<option value="$code" selected/, '... and it stays chosen';
	is state_of($trip), 'awaiting_identity_review', '... nothing moved';
}
press($rival, $trip, 'look', 'reason-refuse' => 'face-other');
like $rival->content, qr/<option value="face-other" selected/,
	'a look at the faces keeps what was chosen';

# -- not him: a failed try, the applicant reads why
open_page($rival, 'clerk/identity', $trip->{application});
press($desk, $trip, 'refuse', 'reason-refuse' => 'face-other');
is $desk->uri->path, '/clerk/queue', 'decided: the queue';
is state_of($trip), 'awaiting_identity', 'back to the applicant';
is +(attempts($trip))[-1]{state}, 'failed', 'a failed try';
my ($event, $detail) = last_event($trip);
is_deeply [ $event, $detail ], [ 'refuse_identity', { try => 1, method => 'recorded', reason => 'face-other' } ], 'event and code';
open_page($trip->{browser}, 'apply/status', $trip->{application});
like $trip->{browser}->text, qr/和身份证照片不像同一个人/, 'the applicant reads why';
open_page($trip->{browser}, 'apply/identity', $trip->{application});
like $trip->{browser}->text, qr/上一次人工核对没有通过：录像里的人和身份证照片不像同一个人/, '... also where the next try begins';
# the rival's page is old now
send_form($rival, 'repeat', 'reason-repeat' => 'face-dark');
is $rival->status, 409, 'an old page decides nothing';
like $rival->text, qr/已由他人处理.*\Q$clerk->{name}\E/s, 'and tells who did';
is +(attempts($trip))[-1]{state}, 'failed', 'the attempt stays';
open_page($desk, 'clerk/case', $trip->{application});
like $desk->text, qr/身份核验未通过：录像里的人/, 'the history tells the reason';
like $desk->text, qr/查看完整信息：人像材料/, 'and the look';
like $desk->text, qr/人脸信息的单独同意\s*版本 \S+，[-0-9: ]+ 同意(?!，)/, 'with the consent that there is for it';

# -- to be recorded again: does not count
press($desk, $other, 'repeat', 'reason-repeat' => 'face-dark');
is state_of($other), 'awaiting_identity', 'again, please';
is +(attempts($other))[-1]{state}, 'repeat', 'no failed try';
open_page($other->{browser}, 'apply/status', $other->{application});
like $other->{browser}->text, qr/画面太暗/, 'the applicant reads why';
open_page($other->{browser}, 'apply/identity', $other->{application});
like $other->{browser}->text, qr/工作人员请您重新做一次：画面太暗.*还剩 3 次/s, '... also where the next try begins';

# -- passed, once
my $good = recorded();
press($desk, $good, 'look');
is scalar(() = $desk->content =~ /<img[^>]*kind=frame/g), db_value("SELECT COUNT(*) FROM face_material m JOIN identity_attempt i
	ON i.id = m.attempt WHERE m.kind = 'frame' AND i.public_id = ?", $good->{attempt}),
	'frames that belong to no step are shown as well';
my $request = press_of($desk, 'accept');
$desk->request($request->clone);
is $desk->uri->path, '/clerk/queue', 'passed';
is state_of($good), 'awaiting_payment', 'on to the payment';
is +(attempts($good))[-1]{state}, 'passed', 'the attempt too';
$desk->request($request->clone);
is $desk->uri->path, '/clerk/queue', 'the same press twice is answered as once';
is scalar db_rows("SELECT 1 FROM event WHERE application = ? AND event = 'accept_identity'", $good->{id}), 1, 'and counted once';

# -- the face service passed another person: its evidence, and a clerk decides
face_calm();
my %end = (accept => 'awaiting_payment', refuse => 'awaiting_identity');
for my $decision (qw(accept refuse)) {
	my $person = applicant();
	my $cloud = to_identity($person);
	ok at_service($person, $cloud, 'pass'), 'passed at the service';
	face_faults(info => 'other', 1);
	fetch_now($cloud);
	is state_of($cloud), 'awaiting_identity_review', 'but with the number of another person: a clerk decides';
	open_page($desk, 'clerk/identity', $cloud->{application});
	like $desk->text, qr/第 1 次，刷脸核验/, 'the page says how it was done';
	like $desk->text, qr/请留意：刷脸服务返回的姓名或身份证号码和申请不一致/, '... and why it is for a clerk, in words';
	unlike $desk->content, qr{clerk/face}, '... and shows no face yet';
	press($desk, $cloud, 'look');
	is scalar(() = $desk->content =~ /<img[^>]*kind=best_frame/g), 1, 'asked for: the picture of the service beside the card';
	unlike $desk->content, qr/<video|抽到的动作和数字/, '... no recording, and no steps that nobody was asked for';
	like $desk->text, qr/来源\s*刷脸服务.*结论\s*须人工核对.*相似度\s*97\.31 %/s, '... its scores in words';
	my ($picture) = $desk->content =~ m{src="(/clerk/face\?[^"]*kind=best_frame[^"]*)"};
	$desk->get(intranet($picture =~ s/&amp;/&/gr));
	is $desk->status . ' ' . $desk->response->header('Content-Type'), '200 image/jpeg', '... and a picture it is';
	press($desk, $cloud, $decision, $decision eq 'refuse' ? ('reason-refuse' => 'face-other') : ());
	is $desk->uri->path, '/clerk/queue', "$decision: decided";
	is state_of($cloud), $end{$decision}, '... and it moves';
	is_deeply [ (last_event($cloud))[1]{method}, (attempts($cloud))[-1]{state} ],
		[ 'cloud', $decision eq 'accept' ? 'passed' : 'failed' ], '... with its attempt';
	next if $decision eq 'accept';
	open_page($person, 'apply/identity', $cloud->{application});
	like $person->text, qr/上一次人工核对没有通过：录像里的人和身份证照片不像同一个人/, 'the applicant reads why where the next try begins';
	# the service says no to the next one: the clerk's words are not about it
	ok at_service($person, $cloud, 'fail'), 'tried again, in vain';
	fetch_now($cloud);
	for my $name (qw(identity status)) {
		open_page($person, "apply/$name", $cloud->{application});
		unlike $person->text, qr/不像同一个人/, "apply/$name: the clerk's words are over";
	}
}

# -- the look ends
my $late = recorded();
press($desk, $late, 'look');
like $desk->content, qr{clerk/face}, 'open';
db_do('UPDATE identity_attempt SET public_id = REVERSE(public_id) WHERE public_id = ?', $late->{attempt});
$desk->get(intranet("/clerk/identity?application=$late->{application}"));
unlike $desk->content, qr{clerk/face}, 'what was asked for is this attempt and no other';

# -- consent taken back while it waits: gone at once
my $gone = recorded();
press($desk, $gone, 'look');
my $id = db_value('SELECT id FROM identity_attempt WHERE public_id = ?', $gone->{attempt});
cmp_ok db_value('SELECT COUNT(*) FROM face_material WHERE attempt = ?', $id), '>', 0, 'faces are there';
open_page($gone->{browser}, 'apply/face-consent', $gone->{application});
submit_page($gone->{browser}, {}, undef, 'apply/face-consent');
is db_value('SELECT COUNT(*) FROM face_material WHERE attempt = ?', $id), 0, 'taken back: gone at once';
ok db_value('SELECT faces_gone_at FROM identity_attempt WHERE id = ?', $id), 'and it is noted when';
open_page($desk, 'clerk/case', $gone->{application});
like $desk->text, qr/人脸信息的单独同意\s*版本 \S+，[-0-9: ]+ 同意，[-0-9: ]+ 撤回/, 'the case says so';
$desk->get(face($gone, 'clip'));
is $desk->status, 404, 'no clerk sees it any more';

my $log = slurp(env('YJ_VAR') . '/log/error.log');
for ($trip, $good) {
	ok index($log, $_->{agent}{id_number}) < 0, 'no number in the log';
}
done_testing;
