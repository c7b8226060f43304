#!/usr/bin/perl
# transitions.t: every state × event × role, by every account, guard holding and
# not, against transitions.txt.
use lib 't/lib';
use Yj;
use Yj::Account;
use Digest::SHA qw(sha256_hex);

need_database();

my @roles = qw(applicant clerk producer admin push cron);
my %account_of = (applicant => 'apply', clerk => 'clerk', producer => 'clerk', admin => 'admin',
	push => 'push', cron => 'cron');
my %part = map { $_ => part_db($_) } @PARTS;
my $run = sprintf '%d-%d', time, $$;
my $serial = 0;

sub key { return sprintf 'k%s-%d', $run, ++$serial }

# ---- what is expected

my @versions = map { $_->{flow_version} } db_rows('SELECT flow_version FROM flow ORDER BY flow_version');
my (%lines, %events, @for);
for (split /\n/, slurp(top() . '/t/flow/transitions.txt')) {
	next if /^\s*(#|$)/;
	my @row = split;
	if ($row[0] eq 'versions') {
		@for = @row[ 1 .. $#row ];
		next;
	}
	push @{ $lines{$_} }, [@row] for @for;
	$events{ $row[0] } = 1;
}
my @events = sort keys %events;
is(join(' ', sort keys %lines), "@versions", 'every flow version is tried');

sub line { return join ' ', map { length $_ ? $_ : '-' } @_ }

# All below is of this version, see the end.
my ($version, %expected, @have, @states);

sub expect_version {
	($version) = @_;
	%expected = ();
	for (@{ $lines{$version} }) {
		my ($event, $role, $guard, $effect, $from, $to) = @$_;
		tr/-//d for $guard, $effect;
		for my $state (split /,/, $from) {
			my $at = $state eq 'NEW' ? '' : $state;
			push @{ $expected{$at}{$event}{$role} },
				{ guard => $guard, effect => $effect, to => $to eq '=' ? $at : $to };
		}
	}
	@have = map { line(@{$_}{qw(from_state event role guard to_state effect)}) }
		db_rows('SELECT * FROM flow_transition WHERE flow_version = ?', $version);
	@states = db_rows('SELECT * FROM flow_state WHERE flow_version = ? ORDER BY ord', $version);
	return;
}

sub check_table {
	my (@want, %have, %want);
	for my $from (sort keys %expected) {
		for my $event (sort keys %{ $expected{$from} }) {
			for my $role (sort keys %{ $expected{$from}{$event} }) {
				push @want, line($from, $event, $role, @{$_}{qw(guard to effect)})
					for @{ $expected{$from}{$event}{$role} };
			}
		}
	}
	@have{@have} = @want{@want} = ();
	is(join("\n", grep { !exists $want{$_} } @have), '', 'flow_transition has no row that was not planned');
	is(join("\n", grep { !exists $have{$_} } @want), '', 'and all rows that were');
	my (%open, %may);
	$open{"$_->{state} $_->{role}"} = join ' ', sort split ' ', $_->{events}
		for db_rows('SELECT * FROM flow_open WHERE flow_version = ?', $version);
	for my $from (keys %expected) {
		for my $event (sort keys %{ $expected{$from} }) {
			push @{ $may{"$from $_"} }, $event for keys %{ $expected{$from}{$event} };
		}
	}
	is_deeply(\%open, { map { $_ => join ' ', @{ $may{$_} } } keys %may }, 'flow_open says the same');
	return;
}

# ---- no state without a way out

sub check_ways_out {
	for my $s (@states) {
		my $name = $s->{state};
		my @out = grep { (split ' ')[0] eq $name && (split ' ')[4] ne $name } @have;
		if ($s->{waits_for} eq '') {
			is($s->{deadline_hours}, undef, "$name is an end and has no deadline");
			next;
		}
		ok(@out > 0, "$name has a way out");
		ok($s->{deadline_hours}, "$name has a deadline");
		ok((grep { (split ' ')[0] eq $name && (split ' ')[2] eq 'cron' } @have),
			"cron acts when the deadline of $name has passed");
		ok((grep { (split ' ')[0] eq $name && (split ' ')[2] eq $s->{waits_for} } @have),
			"$s->{waits_for}, for whom $name waits, can act");
	}
	my %known = map { $_->{state} => 1 } @states;
	is(join(' ', grep { !$known{$_} } map { (split ' ')[4] } @have), '', 'no way leads to an unknown state');
	return;
}

# ---- applications in any state

db_do('INSERT INTO applicant (appid, openid, created_at) VALUES (?, ?, UTC_TIMESTAMP())',
	'test', "flow-$run");
my $applicant = db_value('SELECT LAST_INSERT_ID()');
my %staff;
for my $row ([clerk => 'clerk', 1], [clerk2 => 'clerk', 1], [producer => 'producer', 1],
	[admin => 'admin', 1], [gone => 'clerk', 0]) {
	my ($name, $role, $active) = @$row;
	db_do('INSERT INTO staff (login, name, role, password, is_active, created_at)
		VALUES (?, ?, ?, "!", ?, UTC_TIMESTAMP())', "t$$-$name", $name, $role, $active);
	$staff{$name} = db_value('SELECT LAST_INSERT_ID()');
}
my %actor = (applicant => $applicant, clerk => $staff{clerk}, producer => $staff{producer},
	admin => $staff{admin}, push => 0, cron => 0);
my %project;

# A project with some of the policies identity_check, payment, second_review on.
sub project {
	my ($policy) = @_;
	return $project{"$version $policy"} //= do {
		db_do('INSERT INTO project (code, name, flow_version, identity_check, payment,
			second_review) VALUES (?, "test", ?, ?, ?, ?)', "t$$-" . keys(%project), $version,
			map { $policy =~ /$_/ ? 1 : 0 } qw(identity payment second));
		db_value('SELECT LAST_INSERT_ID()');
	};
}
my $text = db_value('SELECT MIN(id) FROM agreement_text');
my ($package, $price, $price_fen) = db()->selectrow_array(
	'SELECT id, price, price_fen FROM package_offer ORDER BY id LIMIT 1');

sub put_event {
	my ($id, $event, $from, $to, $role, $who) = @_;
	db_do('INSERT INTO event (application, at, event, from_state, to_state, role, actor,
		idempotency_key, leaf) VALUES (?, UTC_TIMESTAMP(6), ?, ?, ?, ?, ?, ?, "")',
		$id, $event, $from, $to, $role, $who, key());
	return db_value('SELECT LAST_INSERT_ID()');
}

sub put_in_state {
	my ($id, $from, $to) = @_;
	return if $from eq $to;
	my $event = put_event($id, 'fixture', $from, $to, '', 0);
	db_do('UPDATE application SET state = ?, last_event = ? WHERE id = ?', $to, $event, $id);
}

# Tables of the forms that the flows have.
my @tables = map { $_->{form} =~ tr/-/_/r } db_rows('SELECT form FROM flow_form GROUP BY form ORDER BY MIN(ord)');

# An application in a state in which, unless told otherwise, every guard holds
# that can: lacking => form names, agreement => 0, ... see %holds and %fails.
sub application {
	my ($state, %o) = @_;
	db_do('INSERT INTO application (public_id, project, applicant, flow_version, state, state_since,
		created_at, start_key) VALUES (?, ?, ?, ?, "awaiting_agreement",
		UTC_TIMESTAMP() - INTERVAL 1 DAY, UTC_TIMESTAMP(), ?)',
		substr(sha256_hex(key()), 0, 26), project($o{policy} // ''), $applicant, $version, key());
	my $id = db_value('SELECT LAST_INSERT_ID()');
	db_do('INSERT INTO agreement (application, agreement_text, sha256, accepted_at,
		consent_identity, consent_third_party) VALUES (?, ?, "", UTC_TIMESTAMP(), ?, ?)',
		$id, $text, $o{no_consent_identity} ? 0 : 1, $o{no_consent_third_party} ? 0 : 1)
		unless $o{no_agreement};
	put_in_state($id, 'awaiting_agreement', 'awaiting_order');
	for my $form (@tables) {
		next if ($o{missing} // '') eq $form;
		db_do("INSERT INTO `$form` (application, complete, updated_at)
			VALUES (?, ?, UTC_TIMESTAMP())", $id, ($o{lacking} // '') eq $form ? 0 : 1);
		db_do("UPDATE `$form` SET name_index = REPEAT('n', 32), id_number_index = REPEAT('i', 32)
			WHERE application = ?", $id) if $form =~ /^(agent|legal_rep)$/;
	}
	put_event($id, 'approve', 'awaiting_review', 'awaiting_second_review', 'clerk',
		$o{approved_by} // $staff{clerk2}) unless $o{not_approved};
	put_event($id, 'paid', 'awaiting_payment', 'awaiting_review', 'push', 0) if $o{paid};
	put_in_state($id, 'awaiting_order', 'awaiting_review');
	for my $reason (@{ $o{reasons} // ['open'] }) {
		db_do('INSERT INTO reason (application, form, field, code, staff, created_at, mended_at,
			closed_at) VALUES (?, "company", "name", "other", ?, UTC_TIMESTAMP(), ?, ?)',
			$id, $staff{clerk}, $reason eq 'mended' ? '2026-01-01' : undef,
			$reason eq 'closed' ? '2026-01-01' : undef);
	}
	put_in_state($id, 'awaiting_review', $state);
	db_do('INSERT INTO identity_attempt (public_id, application, method, subject, state, begun_at)
		VALUES (?, ?, "recorded", "agent", ?, UTC_TIMESTAMP())', substr(sha256_hex(key()), 0, 26), $id, $_)
		for @{ $o{tries} // [] };
	put_pass($id, $_) for @{ $o{passes} // [] };
	put_payment($id, $_) for @{ $o{payments} // [] };
	my $deadline = exists $o{deadline} ? $o{deadline} : '-1';
	db_do('UPDATE application SET deadline_at = UTC_TIMESTAMP() + INTERVAL ? HOUR WHERE id = ?',
		$deadline, $id);
	return $id;
}

# An identity check that was passed by the person of one form, a minute before that
# form was written last; %passes has the blind indexes then, the form has n and i.
my %passes = (same => [qw(agent n i)], name => [qw(agent n x)], number => [qw(agent x i)], other => [qw(agent x x)],
	legal_rep => [qw(legal_rep n i)], other_rep => [qw(legal_rep x x)],
	unknown => ['agent'], unchanged => ['agent', undef, undef, 'after']);
sub put_pass {
	my ($id, $pass) = @_;
	my ($subject, $name, $number, $after) = @{ $passes{$pass} };
	db_do('INSERT INTO identity_attempt (public_id, application, method, subject, state, begun_at, ended_at, name_index,
		id_number_index) VALUES (?, ?, "recorded", ?, "passed", UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL ? MINUTE, ?, ?)',
		substr(sha256_hex(key()), 0, 26), $id, $subject, $after ? 1 : -1, map { defined ? $_ x 32 : undef } $name, $number);
}

# A payment that is open, or paid with a refund in that state ('none': without).
sub put_payment {
	my ($id, $refund) = @_;
	# as it was when it was made: the price confirmed, the application to be paid
	my ($state) = db_value('SELECT state FROM application WHERE id = ?', $id);
	put_in_state($id, $state, 'awaiting_payment');
	db_do('SET @price_fen = (SELECT price_fen FROM `order` WHERE application = ?)', $id);
	confirm_price($id) unless db_value('SELECT @price_fen');
	db_do('INSERT INTO payment (application, out_trade_no, product, appid, mchid, amount_fen,
		created_at, expires_at) VALUES (?, ?, "jsapi", "a", "m", ?, UTC_TIMESTAMP(), UTC_TIMESTAMP())',
		$id, substr(sha256_hex(key()), 0, 32), $price_fen);
	my $payment = db_value('SELECT LAST_INSERT_ID()');
	put_in_state($id, 'awaiting_payment', $state);
	return if $refund eq 'open';
	db_do('UPDATE payment SET state = "paid", booked_as = "fee", transaction_id = ?, paid_fen = ?,
		currency = "CNY" WHERE id = ?', key(), $price_fen, $payment);
	db_do('INSERT INTO refund (payment, application, out_refund_no, cause, amount_fen, state, requested_at)
		VALUES (?, ?, ?, "ended", ?, ?, UTC_TIMESTAMP())', $payment, $id, key(), $price_fen, $refund)
		unless $refund eq 'none';
}

# The order at the list's price, as apply/confirm leaves it.
sub confirm_price {
	my ($id) = @_;
	my $state = db_value('SELECT state FROM application WHERE id = ?', $id);
	put_in_state($id, $state, 'awaiting_order');
	db_do('UPDATE `order` SET package = ?, price = ?, price_fen = ?, confirmed_at = UTC_TIMESTAMP()
		WHERE application = ?', $package, $price, $price_fen, $id);
	put_in_state($id, 'awaiting_order', $state);
}

# Passes of the person whom the application names, and of others.
my @proven = (['same'], [qw(other same)], [qw(same other)], ['unchanged'], ['legal_rep'], [qw(other_rep same)]);
my @unproven = ([], ['name'], ['number'], ['other'], ['unknown'], ['other_rep'], [qw(name number)]);

# What makes each guard hold (of several ways: a list), and the ways in which it may not.
my %holds = (
	''                 => {},
	agreement_accepted => {},
	form_complete      => {},
	company_complete   => {}, legal_rep_complete => {}, agent_complete => {}, order_complete => {},
	ready_for_identity => { policy => 'identity payment second' },
	ready_for_payment  => { policy => 'payment' },
	ready_for_review   => { policy => 'second' },
	to_be_paid         => { policy => 'payment' },
	nothing_to_pay     => [{ policy => 'identity' }, { policy => 'identity payment', paid => 1 }, { paid => 1 }],
	proven_review_on   => [{ policy => 'second' }, map { +{ policy => 'identity second', passes => $_ } } @proven],
	proven_review_off  => [{ policy => 'payment' }, map { +{ policy => 'identity payment', passes => $_ } } @proven],
	has_reasons        => {},
	mended_proven      => [{ reasons => [qw(mended closed)] }, { reasons => ['mended'], passes => ['other'] },
		map { +{ policy => 'identity', reasons => ['mended'], passes => $_ } } @proven],
	mended_unproven    => [map { +{ policy => 'identity', reasons => ['mended'], passes => $_ } } @unproven],
	proven_other_clerk => [{}, map { +{ policy => 'identity', passes => $_ } } @proven],
	paid               => { paid => 1 },
	unpaid             => {},
	overdue            => {},
	overdue_paid       => { paid => 1 },
	overdue_unpaid     => {},
	identity_try_left  => [{ tries => [qw(failed lapsed repeat)] }, { tries => [qw(failed failed failed passed lapsed failed)] }],
	money_back         => { payments => [qw(done by_hand open)] },
);
my @incomplete = ({ no_agreement => 1 }, map { ({ lacking => $_ }, { missing => $_ }) } @tables);
my @early = ({ deadline => 1 }, { deadline => undef }, { deadline => 1, paid => 1 });
my %fails = (
	agreement_accepted => [{ no_agreement => 1 }, { no_consent_identity => 1 },
		{ no_consent_third_party => 1 }],
	(map { ("${_}_complete" => [{ lacking => $_ }, { missing => $_ }]) }
		qw(company legal_rep agent order)),
	(map { my $o = $holds{$_}; ($_ => [map { +{ %$o, %$_ } } @incomplete]) }
		qw(ready_for_identity ready_for_payment ready_for_review)),
	has_reasons     => [map { +{ reasons => $_ } } [], ['closed'], ['mended'], [qw(mended closed)]],
	mended_proven   => [{ reasons => ['open'] }, { reasons => [qw(mended open)] },
		{ policy => 'identity', reasons => ['open'], passes => ['same'] },
		map { +{ reasons => ['mended'], %$_ } } @incomplete],
	mended_unproven => [{ policy => 'identity', reasons => ['open'] },
		{ policy => 'identity', reasons => [qw(mended open)], passes => ['other'] },
		map { +{ policy => 'identity', reasons => ['mended'], %$_ } } @incomplete],
	proven_review_on   => [map { +{ policy => 'identity second', passes => $_ } } @unproven],
	proven_review_off  => [map { +{ policy => 'identity', passes => $_ } } @unproven],
	proven_other_clerk => [{ approved_by => $staff{clerk} }, { not_approved => 1 },
		{ policy => 'identity', passes => ['same'], approved_by => $staff{clerk} },
		map { +{ policy => 'identity', passes => $_ } } @unproven],
	identity_try_left => [{ tries => [qw(failed lapsed failed)] }, { tries => [qw(passed failed lapsed failed)] }],
	money_back => [map { +{ payments => [ 'done', $_ ] } } qw(none requested confirmed sent abnormal declined closed)],
	overdue => \@early, overdue_paid => \@early, overdue_unpaid => \@early,
);

# The form whose turn it is in a state, the others being beside the point.
sub form_of {
	my ($state) = @_;
	return db_value('SELECT REPLACE(form, "-", "_") FROM flow_form WHERE flow_version = ? AND state = ?', $version, $state);
}

# All that a refusal must leave alone.
sub snapshot {
	my ($id) = @_;
	return join '|', map { $_ // 'NULL' } db()->selectrow_array('SELECT state, version, last_event,
		state_since, deadline_at, (SELECT COUNT(*) FROM event WHERE application = a.id),
		(SELECT COUNT(*) FROM outbox WHERE application = a.id),
		(SELECT COUNT(*) FROM reason WHERE application = a.id AND closed_at IS NOT NULL)
		FROM application a WHERE id = ?', undef, $id);
}

# ---- what the table does not have, or not for this account, is refused

sub check_refusals {
	for my $s (@states) {
		my $state = $s->{state};
		my $id = application($state, policy => 'payment', reasons => [qw(open)]);
		my $before = snapshot($id);
		my ($tries, @wrong) = (0);
		for my $role (@roles) {
			for my $account (@PARTS) {
				for my $event (@events) {
					next if $account eq $account_of{$role} && $expected{$state}{$event}{$role};
					my ($result) = flow_advance($part{$account}, $id, $role, $actor{$role}, $event,
						key());
					$tries++;
					next if $result eq 'not_allowed';
					push @wrong, "yj_$account as $role: $event gave $result";
					last if @wrong > 20;
				}
			}
		}
		my $after = snapshot($id);
		push @wrong, "changed from $before to $after" if $before ne $after;
		is(join("\n", @wrong), '', "$state refuses $tries moves that are not in the table");
	}
	return;
}

# ---- what it has happens when its guard holds, once, and not otherwise

sub check_moved {
	my ($state, $event, $role, $row, $id, $key) = @_;
	my ($a) = db_rows('SELECT * FROM application WHERE id = ?', $id);
	my ($e) = db_rows('SELECT * FROM event WHERE application = ? AND idempotency_key = ?', $id, $key);
	my @o = db_rows('SELECT * FROM outbox WHERE application = ?', $id);
	my ($hours) = db_value('SELECT deadline_hours FROM flow_state WHERE flow_version = ? AND state = ?',
		$version, $row->{to});
	my $due = db_value('SELECT ROUND(TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(), deadline_at) / 3600)
		FROM application WHERE id = ?', $id);
	my $fresh = $row->{to} ne $state || $role eq 'cron';
	my @wrong;
	push @wrong, "state is $a->{state}" if $a->{state} ne $row->{to};
	push @wrong, 'version' if $a->{version} != 2;
	push @wrong, 'last_event' if $a->{last_event} != $e->{id};
	push @wrong, 'state_since' if ($row->{to} ne $state) != ($a->{state_since} eq substr $e->{at}, 0, 23);
	push @wrong, 'deadline' if $fresh && ($due // -9) ne ($hours // -9);
	push @wrong, 'deadline moved' if !$fresh && $due != -1;
	push @wrong, 'event' if join(' ', @{$e}{qw(event from_state to_state role actor detail)})
		ne "$event $state $row->{to} $role $actor{$role} {\"n\":1}";
	push @wrong, 'leaf' if unpack('H*', $e->{leaf}) ne sha256_hex(join '', "\0", join "\n",
		$id, @{$e}{qw(at event from_state to_state role actor idempotency_key detail)});
	push @wrong, 'outbox' if join(' ', map { "$_->{kind} $_->{event} $_->{idempotency_key}" } @o)
		ne ($row->{effect} ? "$row->{effect} $e->{id} e$e->{id}-$row->{effect}" : '');
	push @wrong, 'open reasons' if $state eq 'awaiting_correction' && $row->{to} ne $state
		&& db_value('SELECT COUNT(*) FROM reason WHERE application = ? AND closed_at IS NULL', $id);
	return @wrong;
}

sub try_row {
	my ($state, $event, $role, $row) = @_;
	my $ways = $holds{ $row->{guard} };
	$ways = [{}, map { +{ lacking => $_ } } grep { $_ ne form_of($state) } @tables] if $row->{guard} eq 'form_complete';
	return map { try_way($state, $event, $role, $row, $_) } ref $ways eq 'ARRAY' ? @$ways : $ways;
}

sub try_way {
	my ($state, $event, $role, $row, $way) = @_;
	my $dbh = $part{ $account_of{$role} };
	my ($id, $key) = (application($state, %$way), key());
	my ($result, $to) = flow_advance($dbh, $id, $role, $actor{$role}, $event, $key, '{"n":1}');
	return "gave $result" if $result ne 'moved';
	my @wrong = check_moved($state, $event, $role, $row, $id, $key);
	push @wrong, "said $to" if $to ne $row->{to};
	my $before = snapshot($id);
	my ($again, $still, $which) = flow_advance($dbh, $id, $role, $actor{$role}, $event, $key);
	push @wrong, "the same key gave $again $still" if "$again $still" ne "repeated $row->{to}";
	push @wrong, 'the same key changed something' if snapshot($id) ne $before;
	return @wrong;
}

sub try_guards {
	my ($state, $event, $role, $guard) = @_;
	my @wrong;
	my @ways = $guard eq 'form_complete' ? ({ lacking => form_of($state) }, { missing => form_of($state) })
		: @{ $fails{$guard} // [] };
	for my $options (@ways) {
		my $id = application($state, %$options);
		my $before = snapshot($id);
		my ($result) = flow_advance($part{ $account_of{$role} }, $id, $role, $actor{$role}, $event,
			key());
		my $how = join ' ', map { my $v = $options->{$_} // 'NULL'; "$_=" . (ref $v ? "@$v" : $v) }
			sort keys %$options;
		push @wrong, "$how: gave $result" if $result ne 'guard_refused';
		push @wrong, "$how: changed something" if snapshot($id) ne $before;
	}
	return @wrong;
}

sub check_moves {
	for my $state (map { $_->{state} } @states) {
		for my $event (sort keys %{ $expected{$state} }) {
			for my $role (sort keys %{ $expected{$state}{$event} }) {
				for my $row (@{ $expected{$state}{$event}{$role} }) {
					my $name = "$state: $event by $role"
						. ($row->{guard} ? " if $row->{guard}" : '') . " to $row->{to}";
					is(join('; ', try_row($state, $event, $role, $row),
						try_guards($state, $event, $role, $row->{guard})), '', $name);
				}
			}
		}
	}

	return;
}

sub check_writable {
	my %filled = map { $_->{state} => 1 } db_rows('SELECT state FROM flow_form WHERE flow_version = ?', $version);
	for my $form (@tables, qw(scan agreement)) {
		for my $s (@states) {
			my $state = $s->{state};
			my $case = application($state, $form eq 'scan' || $form eq 'agreement' ? () : (missing => $form),
				$form eq 'agreement' ? (no_agreement => 1) : ());
			my $open = $form eq 'agreement' ? $state eq 'awaiting_agreement'
				: $filled{$state}
					|| ($state eq 'awaiting_correction' && $form =~ /^(company|scan)$/);
			my $done = eval {
				db_do($form eq 'scan' ? 'INSERT INTO scan (public_id, application, applicant, form, field,
					page, width_px, height_px, phash, marks, sha256, upload_key, created_at)
					VALUES (LEFT(SHA2(UUID(), 256), 26), ?, 1, "company", "name", 1, 1, 1, 1, 0, "", UUID(), UTC_TIMESTAMP())'
					: $form eq 'agreement' ? "INSERT INTO agreement (application, agreement_text, sha256,
					accepted_at) VALUES (?, $text, '', UTC_TIMESTAMP())"
					: "INSERT INTO `$form` (application, updated_at) VALUES (?, UTC_TIMESTAMP())", $case);
				1;
			};
			is($done ? 'written' : $@ =~ /form_is_closed/ ? 'closed' : $@, $open ? 'written' : 'closed',
				"$form in $state is " . ($open ? 'open' : 'closed'));
		}
	}
	return;
}

for (@versions) {
	expect_version($_);
	subtest "flow version $_" => sub {
		check_table();
		check_ways_out();
		check_refusals();
		check_moves();
		check_writable();
	};
}

# ---- who is asking

my $id = application('awaiting_review');
is((flow_advance($part{apply}, $id, 'applicant', $applicant + 1, 'cancel', key()))[0],
	'no_application', "another applicant's application is none");
is((flow_advance($part{apply}, 0, 'applicant', $applicant, 'cancel', key()))[0],
	'no_application', 'neither is one that does not exist');
is((flow_advance($part{clerk}, $id, 'clerk', $staff{gone}, 'approve', key()))[0],
	'not_allowed', 'a clerk who has left decides nothing');
is((flow_advance($part{clerk}, $id, 'clerk', $staff{producer}, 'approve', key()))[0],
	'not_allowed', 'a producer is no clerk');
is(db_value('SELECT state FROM application WHERE id = ?', $id), 'awaiting_review', 'nothing moved');

# ---- the beginning

sub start {
	my ($dbh, @arguments) = @_;
	$arguments[1] = token_of(applicant => $arguments[1]);
	my $call = $dbh->prepare('CALL flow_start(?, ?, ?, ?)');
	$call->execute(@arguments);
	my @row = $call->fetchrow_array;
	1 while $call->more_results;
	return @row;
}
my $public = substr sha256_hex(key()), 0, 26;
my $key = key();
my ($result, $new, $given) = start($part{apply}, project(''), $applicant, $key, $public);
is("$result $given", "moved $public", 'flow_start makes an application');
is(db_value('SELECT state FROM application WHERE id = ?', $new), 'awaiting_agreement',
	'in the first state');
ok(db_value('SELECT deadline_at > UTC_TIMESTAMP() + INTERVAL 29 DAY FROM application WHERE id = ?', $new),
	'with a deadline');
is(db_value('SELECT CONCAT(event, from_state, to_state) FROM event WHERE application = ?', $new),
	'startawaiting_agreement', 'and its event');
is(join(' ', start($part{apply}, project(''), $applicant, $key, substr sha256_hex(key()), 0, 26)),
	"repeated $new $public", 'the same key gives the same one');
is((start($part{apply}, project(''), 0, key(), $public))[0], 'not_allowed', 'not without an applicant who has logged in');
is((start($part{apply}, 0, $applicant, key(), $public))[0], 'no_application', 'not without a project');
db_do('UPDATE project SET is_open = FALSE WHERE id = ?', project('second'));
is((start($part{apply}, project('second'), $applicant, key(), $public))[0], 'guard_refused',
	'not in a closed project');

# ---- and nobody gets round it, not even the owner

sub refused {
	my ($sql, $word, $name) = @_;
	eval { db_do($sql, $id) };
	like($@, qr/\b$word\b/, $name);
}
refused('UPDATE application SET state = "completed" WHERE id = ?', 'state_needs_event',
	'no state without an event');
refused('UPDATE application SET state = "completed", last_event = (SELECT MAX(id) FROM event) WHERE id = ?',
	'state_needs_event', 'nor with the event of something else');
refused('UPDATE application SET applicant = applicant + 1 WHERE id = ?', 'application_is_fixed',
	'an application keeps its applicant');
refused('UPDATE event SET detail = "{}" WHERE application = ?', 'history_is_append_only', 'no event is altered');
refused('DELETE FROM event WHERE application = ?', 'history_is_append_only', 'no event is deleted');

# Out of the way of whoever looks at a queue.
db_do('INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
	SELECT id, UTC_TIMESTAMP(6), "fixture", state, "cancelled", "", UUID(), "" FROM application
	WHERE applicant = ? AND state <> "cancelled"', $applicant);
db_do('UPDATE application SET state = "cancelled", last_event =
	(SELECT MAX(id) FROM event WHERE application = application.id) WHERE applicant = ?
	AND state <> "cancelled"', $applicant);
db_do('UPDATE staff SET is_active = FALSE WHERE login LIKE ?', "t$$-%");

done_testing();
