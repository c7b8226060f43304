# An identity check is of a person: an application that names another person after the
# check was passed repeats it, on every way there, and is not approved before.
use lib 't/lib';
use Digest::SHA qw(sha256_hex);
use Yj;
use Yj::Account;
use Yj::Identity;
use Yj::Journey;
use Yj::Staff;
use Yj::Wechatpay qw(as_cron);

need_instance();

my $clerk = hire('clerk');
my $desk = sign_in($clerk);
my $recording = recording('good');
my $serial = 0;
sub key { return sprintf 'person-%d-%d-%d', time, $$, ++$serial }

# -- the ways to pass --

sub by_in_person {
	my ($browser, $trip) = @_;
	open_page($desk, 'clerk/in-person', $trip->{application});
	my $form = page_form($desk, 'clerk/in-person');
	$form->find_input($_)->check for qw(original in_person matches);
	$desk->request($form->make_request);
	return;
}

sub record {
	my ($browser, $trip) = @_;
	choose($browser, $trip, 'recorded', 1);
	show_steps($browser, $trip);
	hand_in($browser, $recording);
	run_worker();
	return;
}

sub by_recording {
	my ($browser, $trip) = @_;
	record($browser, $trip);
	for my $decision (qw(look accept)) {
		open_page($desk, 'clerk/identity', $trip->{application});
		my ($form) = grep { my $input = $_->find_input('decision'); $input
			&& grep { ($_->name // '') eq 'decision' && $_->value eq $decision } $_->inputs } $desk->forms;
		die "no button $decision\n" unless $form;
		my ($button) = grep { ($_->name // '') eq 'decision' && $_->value eq $decision } $form->inputs;
		$desk->request($button->click($form));
	}
	return;
}

sub by_cloud {
	my ($browser, $trip) = @_;
	at_service($browser, $trip, 'pass') or die "did not come back from the service\n";
	fetch_now($trip);
	return;
}
my %way = ('counter' => \&by_in_person, recorded => \&by_recording, cloud => \&by_cloud);

# -- the walk --

# Passed that way, paid, in review.
sub reviewed {
	my ($way) = @_;
	my $browser = applicant();
	my $trip = to_identity($browser, 'gzgjj', undef, 1);
	$way{$way}->($browser, $trip);
	die "$way: in " . state_of($trip) . "\n" if state_of($trip) ne 'awaiting_payment';
	my $result = as_cron('CALL flow_advance(?, "cron", 0, "paid", "paid", NULL)', $trip->{id});
	die "paid: $result\n" if $result ne 'moved';
	$trip->{browser} = $browser;
	return $trip;
}

# Back to the applicant for these fields.
sub refused {
	my ($trip, @places) = @_;
	open_page($desk, 'clerk/case', $trip->{application});
	my $form = page_form($desk, 'clerk/refuse');
	for (@places) {
		$form->push_input('text', { name => "reason.$_" });
		$form->find_input("reason.$_")->value('other');
		$form->push_input('text', { name => "note.$_" });
		$form->find_input("note.$_")->value('请核对');
	}
	$desk->request($form->click);
	die 'refused: in ' . state_of($trip) . "\n" if state_of($trip) ne 'awaiting_correction';
	return $trip;
}

sub hand_in_again {
	my ($trip) = @_;
	open_page($trip->{browser}, 'apply/status', $trip->{application});
	submit_page($trip->{browser}, {}, undef, 'apply/resubmit');
	return state_of($trip);
}

sub approve_now {
	my ($trip, $b) = @_;
	open_page($b // $desk, 'clerk/case', $trip->{application});
	($b // $desk)->request(page_form($b // $desk, 'clerk/approve')->click);
	return;
}

sub outbox { return scalar db_rows('SELECT 1 FROM outbox WHERE application = ? AND kind = ?', $_[0]{id}, $_[1]) }

for my $way ('recorded', 'cloud', 'counter') {
	my $trip = refused(reviewed($way), 'agent.name', 'agent.id_number');
	my $first = $trip->{agent};
	my $other = person_data();
	mend($trip->{browser}, $trip, 'agent', name => $other->{name}, id_number => $other->{id_number});
	is hand_in_again($trip), 'awaiting_identity', "$way: another person goes through the check again";
	is $trip->{browser}->uri->path, '/apply/identity', "$way: and is sent there";
	like $trip->{browser}->text, qr/资料在上次身份鉴别以后改过.*\Q$other->{name}\E本人重新做.*已经付过的款不用再付/s,
		"$way: and told why, and that it is not paid twice";
	like $trip->{browser}->text, qr/还剩 3 次/, "$way: with tries of their own";
	is outbox($trip, 'identity_again'), 1, "$way: word goes out";
	is outbox($trip, 'resubmitted'), 0, "$way: and not that all is well";
	open_page($trip->{browser}, 'apply/status', $trip->{application});
	like $trip->{browser}->text, qr/为什么要重新鉴别.*\Q$other->{name}\E/s, "$way: so does the status page";
	choose($trip->{browser}, $trip, 'recorded');
	is $trip->{browser}->status, 422, "$way: the consent of the first person is not theirs";
	open_page($desk, 'clerk/case', $trip->{application});
	like $desk->text, qr/通过\s*另一个人：资料后来改过/, "$way: the clerk sees whose check it was";
	$way{$way}->($trip->{browser}, $trip);
	is state_of($trip), 'awaiting_review', "$way: passed and paid: on to the review";
	is scalar(grep { $_->{state} eq 'passed' } attempts($trip)), 2, "$way: with two passes";
	open_page($desk, 'clerk/case', $trip->{application});
	like $desk->text, qr/另一个人：资料后来改过.*通过\s*现在资料上的这个人/s, "$way: one of each";
	unlike $desk->content, qr/\Q$first->{id_number}\E/, "$way: without the number";
	approve_now($trip);
	like state_of($trip), qr/^awaiting_(second_review|production)$/, "$way: and can be approved";
}

# -- what counts as another person --

our $trip = refused(reviewed('counter'), 'agent.name');
mend($trip->{browser}, $trip, 'agent', name => '钱燕花');
is hand_in_again($trip), 'awaiting_identity', 'the name alone, a letter mended: again';

$trip = refused(reviewed('counter'), 'agent.id_number');
mend($trip->{browser}, $trip, 'agent', id_number => any_id_number());
is hand_in_again($trip), 'awaiting_identity', 'the number alone: again';

$trip = refused(reviewed('counter'), 'agent.name', 'agent.id_number');
my %first = map { $_ => $trip->{agent}{$_} } qw(name id_number);
mend($trip->{browser}, $trip, 'agent', name => '赵一曼', id_number => any_id_number());
mend($trip->{browser}, $trip, 'agent', %first);
is hand_in_again($trip), 'awaiting_review', 'changed and changed back: nothing to prove';
approve_now($trip);
like state_of($trip), qr/^awaiting_(second_review|production)$/, '... and approved';

$trip = to_identity(my $b = applicant(), 'gzgjj', { %{ person_data() }, name => 'Wang Xiaoming' }, 1);
by_in_person($b, $trip);
as_cron('CALL flow_advance(?, "cron", 0, "paid", "paid", NULL)', $trip->{id});
$trip->{browser} = $b;
refused($trip, 'agent.name');
mend($b, $trip, 'agent', name => 'WANG XIAOMING');
is hand_in_again($trip), 'awaiting_review', 'the same name in capitals is the same person';

$trip = refused(reviewed('counter'), 'legal-rep.name', 'legal-rep.id_number', 'agent.mobile');
mend($trip->{browser}, $trip, 'legal-rep', name => '孙不二', id_number => any_id_number());
mend($trip->{browser}, $trip, 'agent', mobile => any_mobile());
is hand_in_again($trip), 'awaiting_review', 'another legal representative, another mobile: the agent is the same';

# two windows: what is handed in is what stands when it is handed in
$trip = refused(reviewed('counter'), 'agent.name');
mend($trip->{browser}, $trip, 'agent', name => '周雨博');
mend($trip->{browser}, $trip, 'agent', name => $trip->{agent}{name});
open_page($trip->{browser}, 'apply/status', $trip->{application});
my $window = $trip->{browser}->clone;
$window->cookie_jar($trip->{browser}->cookie_jar);
my $press = page_form($trip->{browser}, 'apply/resubmit')->click;
mend($window, $trip, 'agent', name => '周雨博');
$trip->{browser}->request($press);
is state_of($trip), 'awaiting_identity', 'changed in another window before the press: again';
$trip->{browser}->request($press->clone);
is state_of($trip), 'awaiting_identity', 'pressed twice: no further';

# where the legal representative is checked, theirs is the change that counts
db_do('UPDATE project SET identity_subject = "legal_rep" WHERE code = "gzgjj"');
my $theirs = eval { reviewed('counter') } or diag $@;
my $same = eval { reviewed('counter') } or diag $@;
db_do('UPDATE project SET identity_subject = "agent" WHERE code = "gzgjj"');
refused($theirs, 'legal-rep.name');
mend($theirs->{browser}, $theirs, 'legal-rep', name => '吴用');
is hand_in_again($theirs), 'awaiting_identity', 'a project that checks the legal representative';
refused($same, 'agent.name');
mend($same->{browser}, $same, 'agent', name => '吴用');
is hand_in_again($same), 'awaiting_review', '... does not mind another agent';

# -- paid, and given up: the money goes back --

$trip = refused(reviewed('counter'), 'agent.name');
mend($trip->{browser}, $trip, 'agent', name => '周雨博');
hand_in_again($trip);
open_page($trip->{browser}, 'apply/cancel', $trip->{application});
submit_page($trip->{browser}, {});
is state_of($trip), 'awaiting_refund', 'cancelled before the second check: what was paid goes back';

# -- passed before there were indexes --

my $old = reviewed('counter');
sub forget_indexes {
	my ($t) = @_;
	# as a row that the migration found
	my ($row) = db_rows('SELECT * FROM identity_attempt WHERE application = ? AND state = "passed"', $t->{id});
	db_do('DELETE FROM identity_attempt WHERE id = ?', $row->{id});
	db_do('INSERT INTO identity_attempt (id, public_id, application, method, subject, state, begun_at, ended_at)
		VALUES (?, ?, ?, ?, ?, "passed", ?, ?)', @{$row}{qw(id public_id application method subject begun_at ended_at)});
	return $t;
}
forget_indexes($old);
open_page($desk, 'clerk/case', $old->{application});
like $desk->text, qr/通过\s*现在资料上的这个人/, 'a pass without indexes is of the person who was not changed since';
refused($old, 'company.name');
mend($old->{browser}, $old, 'company', name => any_company());
is hand_in_again($old), 'awaiting_review', 'which a change elsewhere leaves so';
approve_now($old);
like state_of($old), qr/^awaiting_(second_review|production)$/, '... and approved';
$old = refused(forget_indexes(reviewed('counter')), 'agent.name');
mend($old->{browser}, $old, 'agent', name => '周雨博');
is hand_in_again($old), 'awaiting_identity', 'written since: it has to be proved again';

# -- who asks no check --

$trip = refused(reviewed('counter'), 'agent.name');
mend($trip->{browser}, $trip, 'agent', name => '周雨博');
db_do('UPDATE project SET identity_check = FALSE WHERE code = "gzgjj"');
my $free = hand_in_again($trip);
db_do('UPDATE project SET identity_check = TRUE WHERE code = "gzgjj"');
is $free, 'awaiting_review', 'a project without the check minds nobody';

# -- the belt: indexes that are not those of the name --

$trip = refused(reviewed('counter'), 'agent.name', 'agent.id_number');
my ($kept) = db_rows('SELECT HEX(name_index) AS n, HEX(id_number_index) AS i FROM agent WHERE application = ?', $trip->{id});
mend($trip->{browser}, $trip, 'agent', name => '周雨博', id_number => any_id_number());
my $apply = part_db('apply');
$apply->do('UPDATE agent SET name_index = UNHEX(?), id_number_index = UNHEX(?) WHERE application = ?', undef,
	@{$kept}{qw(n i)}, $trip->{id});
is hand_in_again($trip), 'awaiting_review', 'forged on the public side';
open_page($desk, 'clerk/case', $trip->{application});
like $desk->text, qr/通过身份鉴别的不是现在资料上的这个人/, '... is seen by the clerk';
approve_now($trip);
is $desk->status, 409, '... who cannot approve it';
like $desk->text, qr/通过身份鉴别的不是现在资料上的这个人.*退回修改/s, '... and reads what to do';
is state_of($trip), 'awaiting_review', '... nothing moved';
$trip = refused(reviewed('counter'), 'agent.name');
mend($trip->{browser}, $trip, 'agent', name => '周雨博');
$apply->do('UPDATE agent SET updated_at = "2020-01-01" WHERE application = ?', undef, $trip->{id});
is hand_in_again($trip), 'awaiting_identity', 'when it was written is not for the writer to say';

# -- what the applicant's account can write is no evidence --

$trip = to_identity($b = applicant());
sub may {
	my ($sql, @bound) = @_;
	return eval { $apply->do($sql, undef, @bound); 1 } ? 'written' : $@ =~ /(attempt_of_\w+)/ ? $1 : $@ =~ /denied/ ? 'denied' : $@;
}
sub put_attempt {
	my (%c) = (public_id => substr(sha256_hex(key()), 0, 26), application => $trip->{id}, method => 'counter',
		subject => 'agent', begun_at => '2026-01-01', @_);
	my @names = sort keys %c;
	return may("INSERT INTO identity_attempt (@{[ join ',', @names ]}) VALUES (@{[ join ',', ('?') x @names ]})", @c{@names});
}
is put_attempt(state => 'passed', ended_at => '2026-01-01'), 'denied', 'no attempt that has passed';
is put_attempt(name_index => 'x' x 32), 'denied', 'none that says whose it is';
is put_attempt(subject => 'legal_rep'), 'attempt_of_another_part', 'none of another person than the project asks for';
is put_attempt(), 'written', 'one that begins';
my $review = reviewed('counter');
{
	local $trip = $review;
	is put_attempt(), 'attempt_of_another_part', 'none under review';
}
my $id = db_value('SELECT MAX(id) FROM identity_attempt WHERE application = ?', $trip->{id});
is may('UPDATE identity_attempt SET state = ? WHERE id = ?', $_, $id), 'attempt_of_another_part', "begun does not become $_"
	for qw(passed failed review);
for (qw(handed_in repeat lapsed)) {
	put_attempt(method => 'recorded');
	$id = db_value('SELECT MAX(id) FROM identity_attempt WHERE application = ?', $trip->{id});
	is may('UPDATE identity_attempt SET state = ? WHERE id = ?', $_, $id), 'written', "but $_";
	for my $to (grep { $_ ne db_value('SELECT state FROM identity_attempt WHERE id = ?', $id) }
		qw(begun handed_in review passed failed repeat), $_ eq 'handed_in' ? () : 'lapsed') {
		is may('UPDATE identity_attempt SET state = ? WHERE id = ?', $to, $id), 'attempt_of_another_part', "$_ does not become $to";
	}
}
for my $state (qw(failed review passed)) {
	put_attempt(method => 'recorded');
	$id = db_value('SELECT MAX(id) FROM identity_attempt WHERE application = ?', $trip->{id});
	db_do('UPDATE identity_attempt SET state = ?, name_index = REPEAT("n", 32), id_number_index = REPEAT("i", 32)
		WHERE id = ?', $state, $id);
	is may('UPDATE identity_attempt SET state = ? WHERE id = ?', $_, $id), 'attempt_of_another_part', "$state does not become $_"
		for grep { $_ ne $state && !($state eq 'review' && $_ eq 'lapsed') } qw(begun handed_in repeat lapsed passed);
}
# a pass keeps whom it is of, whoever writes
my $bare = eval { db_do('UPDATE identity_attempt SET id_number_index = REPEAT("x", 32) WHERE id = ?', $id); 1 };
ok !$bare && $@ =~ /attempt_of_nobody/, 'a pass is of whom it was';
put_attempt();
$id = db_value('SELECT MAX(id) FROM identity_attempt WHERE application = ?', $trip->{id});
$bare = eval { db_do('UPDATE identity_attempt SET state = "passed" WHERE id = ?', $id); 1 };
ok !$bare && $@ =~ /attempt_of_nobody/, 'and never of nobody';
done_testing;
