#!/usr/bin/perl
# begun.t: applications that were begun when only the tables of migration 16 were
# there go on after yuanjian-migrate up, by the flow version that they began with,
# and come to their end; their history is as it was.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Scratch;
use Digest::SHA qw(sha256_hex);
use File::Copy qw(copy);
use File::Temp qw(tempdir);

need_database();

use constant BEFORE => 16;
my $folder = tempdir(CLEANUP => 1);
my $one = Yj::Scratch->new('begun', schema => $folder);
my $name = $one->name;

sub write_file {
	my ($path, $text) = @_;
	open my $file, '>', $path or die "$path: $!";
	print {$file} $text;
	close $file or die "$path: $!";
	return;
}

sub do_sql {
	my ($sql, @bound) = @_;
	db_do("USE $name");
	my $done = eval { db_do($sql, @bound); 1 };
	my $why = $@;
	my $id = $done ? db_value('SELECT LAST_INSERT_ID()') : 0;
	db_do('USE yuanjian');
	die $why unless $done;
	return $id;
}

sub rows {
	my ($sql, @bound) = @_;
	db_do("USE $name");
	my @rows = db_rows($sql, @bound);
	db_do('USE yuanjian');
	return @rows;
}

sub value { return (map { (values %$_)[0] } rows(@_))[0] }

# ---- the tables as they were, and no routines: rows are what those left behind

mkdir "$folder/migrations" or die $!;
for my $path (glob top() . '/schema/migrations/*.sql') {
	my ($number) = $path =~ m{/(\d+)-} or die $path;
	copy($path, "$folder/migrations/") or die $! if $number <= BEFORE;
}
mkdir "$folder/routines" or die $!;
my @routines = map { s{.*/schema/}{}r } glob top() . '/schema/routines/*.sql';
write_file("$folder/$_", "SELECT 1;\n") for qw(flow.sql grants.sql), @routines;
my ($status, $out, $err) = $one->tool('up');
is "$status$err", '0', 'the tables of before';

my $project = do_sql('INSERT INTO project (code, name, flow_version, identity_check, payment, second_review)
	VALUES ("old", "old", 1, FALSE, FALSE, FALSE)');
my $text = do_sql('INSERT INTO agreement_text (project, version, title, body, sha256, published_at)
	VALUES (?, "1", "t", "b", REPEAT("x", 32), UTC_TIMESTAMP())', $project);
my $applicant = do_sql('INSERT INTO applicant (appid, openid, created_at) VALUES ("a", "o", UTC_TIMESTAMP())');
my %staff = map { $_ => do_sql('INSERT INTO staff (login, name, role, password, created_at)
	VALUES (?, ?, ?, "!", UTC_TIMESTAMP())', $_, $_, $_) } qw(clerk producer);
my $serial = 0;

sub put_event {
	my ($id, $event, $from, $to, $role, $actor) = @_;
	return do_sql('INSERT INTO event (application, at, event, from_state, to_state, role, actor, idempotency_key, leaf)
		VALUES (?, UTC_TIMESTAMP(6), ?, ?, ?, ?, ?, ?, UNHEX(SHA2(?, 256)))', $id, $event, $from, $to, $role, $actor,
		'k' . ++$serial, "leaf $serial");
}

my %next = (company => 'awaiting_legal_rep', legal_rep => 'awaiting_agent', agent => 'awaiting_order');

# As flow_start() and flow_advance() left it: these forms handed in, these saved.
sub begun {
	my ($state, $submitted, $saved, @moves) = @_;
	my $id = do_sql('INSERT INTO application (public_id, project, applicant, flow_version, state, state_since,
		deadline_at, created_at, start_key) VALUES (?, ?, ?, 1, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 9 DAY,
		UTC_TIMESTAMP(), ?)', substr(sha256_hex(++$serial), 0, 26), $project, $applicant, $state, "s$serial");
	put_event($id, 'start', '', 'awaiting_agreement', 'applicant', $applicant);
	put_event($id, 'accept_agreement', 'awaiting_agreement', 'awaiting_company', 'applicant', $applicant);
	do_sql('INSERT INTO agreement (application, agreement_text, sha256, accepted_at, consent_identity,
		consent_third_party) VALUES (?, ?, "", UTC_TIMESTAMP(), TRUE, TRUE)', $id, $text);
	my $at = 'awaiting_company';
	for my $form (@$submitted) {
		do_sql("INSERT INTO `$form` (application, complete, version, updated_at) VALUES (?, TRUE, 3, UTC_TIMESTAMP())", $id);
		my $to = $next{$form} // $at;
		put_event($id, "submit_$form", $at, $to, 'applicant', $applicant);
		$at = $to;
	}
	do_sql("INSERT INTO `$_` (application, complete, version, updated_at) VALUES (?, FALSE, 1, UTC_TIMESTAMP())", $id)
		for @$saved;
	put_event($id, @$_) for @moves;
	do_sql('UPDATE application SET last_event = (SELECT MAX(id) FROM event WHERE application = ?) WHERE id = ?', $id, $id);
	return $id;
}

my @all = qw(company legal_rep agent order);
my %begun = (
	awaiting_company    => begun('awaiting_company', [], ['legal_rep']),
	awaiting_legal_rep  => begun('awaiting_legal_rep', ['company'], [qw(legal_rep agent)]),
	awaiting_agent      => begun('awaiting_agent', [qw(company legal_rep)], []),
	awaiting_order      => begun('awaiting_order', \@all, []),
	awaiting_review     => begun('awaiting_review', \@all, [], ['confirm_order', 'awaiting_order', 'awaiting_review', 'applicant', $applicant]),
	awaiting_correction => begun('awaiting_correction', \@all, [],
		['confirm_order', 'awaiting_order', 'awaiting_review', 'applicant', $applicant],
		['refuse', 'awaiting_review', 'awaiting_correction', 'clerk', $staff{clerk}]),
);
do_sql('INSERT INTO reason (application, form, field, code, staff, created_at) VALUES (?, "company", "name", "other", ?,
	UTC_TIMESTAMP())', $begun{awaiting_correction}, $staff{clerk});

sub history { return map { join '|', map { unpack 'H*', $_ // '' } @$_{sort keys %$_} } rows('SELECT * FROM event ORDER BY id') }
my @history = history();
my @before = rows('SELECT id, state, version, flow_version, deadline_at, last_event FROM application ORDER BY id');

# ---- the tables of now, while programs of before still write the old columns

for my $path (glob top() . '/schema/migrations/*.sql') {
	copy($path, "$folder/migrations/") or die $!;
}
($status, $out, $err) = $one->tool('up');
is "$status$err", '0', 'the tables of now';
my $late = $begun{awaiting_agent};
do_sql('INSERT INTO agent (application, complete, version, updated_at) VALUES (?, FALSE, 1, UTC_TIMESTAMP())', $late);
do_sql('UPDATE agent SET complete = TRUE WHERE application = ?', $late);
is value('SELECT CONCAT(complete, version) FROM application_form WHERE application = ? AND form = "agent"', $late), '11',
	'what a program of the release before saves meanwhile is not missed';

copy(top() . "/schema/$_", "$folder/$_") or die $! for qw(flow.sql grants.sql), @routines;
($status, $out, $err) = $one->tool('up');
is "$status$err", '0', 'the routines of now';
is +($one->tool('accounts'))[0], 0, 'and the accounts';
($status, $out, $err) = $one->tool('verify');
is "$status$err", '0', 'verify is content';

is join("\n", history()), join("\n", @history), 'the history is as it was';
is_deeply [rows('SELECT id, state, version, flow_version, deadline_at, last_event FROM application ORDER BY id')], \@before,
	'and the applications stand where they stood, in their own flow version';
for my $form (@all) {
	is value("SELECT COUNT(*) FROM `$form` t LEFT JOIN application_form x ON x.application = t.application AND x.form = ?
		WHERE NOT (x.complete <=> t.complete AND x.version <=> t.version)", $form =~ tr/_/-/r), 0,
		"$form: which are complete is known";
}

# ---- each goes on to its end

my %part = map { $_ => $one->part($_) } qw(apply clerk);

sub move {
	my ($id, $part, $role, $actor, $event, $detail) = @_;
	my ($result, $state) = flow_advance($part{$part}, $id, $role, $actor, $event, 'go-' . ++$serial, $detail);
	is $result, 'moved', "$event, to " . ($state // '?');
	return;
}

sub save {
	my ($id, $form) = @_;
	$part{apply}->do("UPDATE `$form` SET complete = TRUE, version = version + 1 WHERE application = ?", undef, $id) > 0
		or $part{apply}->do("INSERT INTO `$form` (application, complete, updated_at) VALUES (?, TRUE, UTC_TIMESTAMP(3))",
			undef, $id);
	return;
}

for my $state (sort keys %begun) {
	my $id = $begun{$state};
	subtest "begun, and in $state" => sub {
		for my $form (rows('SELECT f.form, f.state, f.event FROM flow_form f JOIN application a
				ON a.flow_version = f.flow_version WHERE a.id = ? ORDER BY f.ord', $id)) {
			next if value('SELECT state FROM application WHERE id = ?', $id) ne $form->{state};
			my $table = $form->{form} =~ tr/-/_/r;
			if (!value("SELECT complete FROM `$table` WHERE application = ?", $id)) {
				is +(flow_advance($part{apply}, $id, 'applicant', $applicant, $form->{event}, 'go-' . ++$serial))[0],
					'guard_refused', "$form->{form} is not handed in while it is not complete";
				save($id, $table);
			}
			move($id, 'apply', 'applicant', $applicant, $form->{event}, qq({"form":"$form->{form}"}));
		}
		if ($state eq 'awaiting_correction') {
			is +(flow_advance($part{apply}, $id, 'applicant', $applicant, 'resubmit', 'go-' . ++$serial))[0],
				'guard_refused', 'not handed in again unmended';
			save($id, 'company');
			$part{apply}->do('UPDATE reason SET mended_at = UTC_TIMESTAMP() WHERE application = ?', undef, $id);
			move($id, 'apply', 'applicant', $applicant, 'resubmit');
		}
		move($id, 'apply', 'applicant', $applicant, 'confirm_order')
			if value('SELECT state FROM application WHERE id = ?', $id) eq 'awaiting_order';
		move($id, 'clerk', 'clerk', $staff{clerk}, 'approve');
		move($id, 'clerk', 'producer', $staff{producer}, $_) for qw(produce ship);
		move($id, 'apply', 'applicant', $applicant, 'acknowledge_receipt');
		is value('SELECT state FROM application WHERE id = ?', $id), 'completed', 'it is done';
		is value('SELECT flow_version FROM application WHERE id = ?', $id), 1, 'by the flow that it began with';
	};
}
is join("\n", (history())[0 .. $#history]), join("\n", @history), 'the history of before is still as it was';

done_testing();
