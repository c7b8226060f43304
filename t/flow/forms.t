#!/usr/bin/perl
# forms.t: every form of every flow has all that makes it one: its XML, its page,
# its turn, its words, its table with triggers and rights; and the pages of the
# wizard lead through them in their order.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Content;
use Yj::Journey;
use Encode qw(decode);

need_instance();

my $apply = part_db('apply');
my %state = map { ("$_->{flow_version} $_->{state}" => $_) } db_rows('SELECT * FROM flow_state');
my %words = map { ("$_->{event} $_->{form}" => $_) } db_rows('SELECT * FROM flow_event');
my %trigger = map { (lc "$_->{n}" => $_) } db_rows('SELECT trigger_name AS n, event_object_table AS t,
	CONCAT(action_timing, " ", event_manipulation) AS w, action_statement AS s
	FROM information_schema.triggers WHERE trigger_schema = DATABASE()');
my @forms = db_rows('SELECT * FROM flow_form ORDER BY flow_version, ord');
cmp_ok scalar @forms, '>=', 8, 'there are forms';

# Whether an account may, where the server asks for the right before it looks for rows.
sub may {
	my ($dbh, $sql) = @_;
	return eval { $dbh->do($sql); 1 } || $dbh->err !~ /^(?:1142|1143)$/;
}

for my $form (@forms) {
	my $name = "version $form->{flow_version}: $form->{form}";
	my $state = $state{"$form->{flow_version} $form->{state}"};
	ok -e top() . "/forms/$form->{form}.xml", "$name has its XML, forms/$form->{form}.xml";
	ok -x built("cgi-bin/apply/$form->{form}"), "$name has its page, cgi-bin/apply/$form->{form}.c";
	ok $state, "$name has its turn, in a state of flow_state" or next;
	is $state->{page}, "apply/$form->{form}", "$name: there the applicant goes on on its page";
	is $state->{is_draft}, 1, "$name: which is a draft";
	is join(' ', map { "$_->{role} $_->{guard}" } db_rows('SELECT role, guard FROM flow_transition
		WHERE flow_version = ? AND from_state = ? AND event = ?', @$form{qw(flow_version state event)})),
		'applicant ' . ($form->{event} eq 'submit' ? 'form' : $form->{form} =~ tr/-/_/r) . '_complete',
		"$name: $form->{event} hands it in there, when it is complete";
	is db_value('SELECT COUNT(*) FROM flow_transition WHERE flow_version = ? AND from_state = ? AND event = "save"
		AND role = "applicant"', @$form{qw(flow_version state)}), 1, "$name: and it can be saved there";
	my $of = $form->{event} eq 'submit' ? $form->{form} : '';
	ok $words{"$form->{event} $of"} && $words{"$form->{event} $of"}{staff},
		"$name has its words in flow_event, for staff";
	ok $words{"$form->{event} $of"}{applicant}, "$name: and for applicants, since it moves the application"
		if db_value('SELECT COUNT(*) FROM flow_transition WHERE flow_version = ? AND from_state = ?
			AND event = ? AND to_state <> from_state', @$form{qw(flow_version state event)});
}

my %used = map { $_->{form} => 1 } @forms;
is join(' ', grep { !$used{$_} } map { m{([\w-]+)\.xml$} } glob top() . '/forms/*.xml'), '',
	'every form of forms/ is in flow_form';

for my $form (map { $_->{form} } db_rows('SELECT DISTINCT form FROM flow_form')) {
	my $table = $form =~ tr/-/_/r;
	my %columns = map { $_->{c} => 1 } db_rows('SELECT column_name AS c FROM information_schema.columns
		WHERE table_schema = DATABASE() AND table_name = ?', $table);
	for my $when ('before insert', 'before update', 'after insert', 'after update') {
		my $trigger = $trigger{ $table . '_' . $when =~ tr/ /_/r };
		ok $trigger && $trigger->{t} eq $table && lc $trigger->{w} eq $when, "$table has its trigger $when";
		like $trigger->{s} // '', $when =~ /before/ ? qr/CALL form_check_writable\(\w+\.application, 'save', '\Q$form\E'/
			: qr/INTO application_form .*'\Q$form\E'/s, "$table: which knows the form $form";
	}
	# What form_save() writes: the columns of the fields with their indexes.
	my $xml = decode('UTF-8', slurp(top() . "/forms/$form.xml"));
	my @written = qw(complete version updated_at);
	while ($xml =~ m{<([a-z-]+)\s[^>]*?name="(\w+)"}g) {
		push @written, $2, $columns{"$2_index"} ? "$2_index" : () unless $1 eq 'scan' || $1 eq 'form';
	}
	is join(' ', grep { !may($apply, "UPDATE `$table` SET `$_` = `$_` WHERE FALSE") } @written), '',
		"$table: the applicant's account may write each field";
	ok may($apply, "INSERT INTO `$table` (application, updated_at) SELECT NULL, NULL FROM DUAL WHERE FALSE"),
		"$table: and make its row";
	ok !may($apply, "UPDATE `$table` SET application = 0 WHERE FALSE"), "$table: but not change whose it is";
	ok may(part_db('clerk'), "SELECT COUNT(*) FROM `$table` WHERE FALSE"), "$table: clerks may read it";
	ok !may(part_db('clerk'), "UPDATE `$table` SET complete = TRUE WHERE FALSE"), "$table: and no more";
	ok !may($apply, "$_ application_form " . (/INSERT/ ? 'SELECT * FROM application_form WHERE FALSE' : 'SET complete = TRUE WHERE FALSE')),
		"$table: what is complete is not the applicant's to $_" for 'UPDATE', 'INSERT INTO';
}

# Every form counts: an order is not confirmed without any of them.
for my $version (map { $_->{flow_version} } db_rows('SELECT flow_version FROM flow')) {
	my @of = grep { $_->{flow_version} == $version } @forms;
	my $project = flow_project($version);
	my $browser = applicant();
	my $trip = begin_application($browser, $project);
	agree($browser, $trip);
	my $id = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});
	is db_value('SELECT flow_version FROM application WHERE id = ?', $id), $version, "an application of version $version";
	my $state = sub { db_value('SELECT state FROM application WHERE id = ?', $id) };
	my $complete = sub {
		my ($form, $is) = @_;
		my $table = $form->{form} =~ tr/-/_/r;
		db_do("INSERT INTO `$table` (application, complete, updated_at) VALUES (?, ?, UTC_TIMESTAMP(3))
			ON DUPLICATE KEY UPDATE complete = VALUES(complete)", $id, $is);
	};
	my $move = sub {
		my ($event, $form) = @_;
		return (flow_advance($apply, $id, 'applicant', db_value('SELECT applicant FROM application WHERE id = ?', $id),
			$event, "$$-" . rand, qq({"form":"$form->{form}"})))[0];
	};
	for my $i (0 .. $#of) {
		my $form = $of[$i];
		my $name = "version $version: $form->{form}";
		is $state->(), $form->{state}, "$name has its turn";
		# from the list of one's applications to the form, with a tab for each of its step
		$browser->get(public('/apply/mine'));
		ok $browser->find_link(url_regex => qr{^/apply/\Q$form->{form}\E\?application=$trip->{application}}),
			"$name: the list of one's applications leads on to it";
		open_page($browser, 'apply/status', $trip->{application});
		ok $browser->find_link(url_regex => qr{^/apply/\Q$form->{form}\E\?}), "$name: and so does the status page";
		open_page($browser, "apply/$form->{form}", $trip->{application});
		is $browser->uri->path, "/apply/$form->{form}", "$name opens";
		my $step = sub { slurp(top() . "/forms/$_[0].xml") =~ /step="(\d)"/ ? $1 : 0 };
		my @tabs = grep { $step->($_) eq $step->($form->{form}) } map { $_->{form} } @of;
		is join(' ', map { m{^/apply/([\w-]+)} } map { $_->url } grep { ($_->attrs->{class} // '') =~ /yj-tabs__link/ }
			$browser->links), @tabs > 1 ? "@tabs" : '', "$name has the tabs of its step";
		# back to the one before
		my $back = page_form($browser);
		my $request = $back->click('go');
		$request->header(Origin => public());
		my $to = $browser->simple_request($request)->header('Location') // '';
		my $before = $i ? $of[$i - 1]->{form} : 'start';
		like $to, qr{^/apply/\Q$before\E\?}, "$name: and back to the one before";
		$complete->($form, 0);
		is $move->($form->{event}, $form), 'guard_refused', "$name is not handed in while it is not complete";
		$complete->($form, 1);
		is $move->($form->{event}, $form), 'moved', "$name is handed in when it is";
		is db_value('SELECT complete FROM application_form WHERE application = ? AND form = ?', $id, $form->{form}), 1,
			"$name: application_form says so";
		open_page($browser, "apply/$form->{form}", $trip->{application});
		ok $browser->find_link(class_regex => qr/yj-tabs__link_done/, url_regex => qr{/apply/\Q$form->{form}\E\?}),
			"$name: and its tab" if @tabs > 1;
	}
	$browser->get(public('/apply/mine'));
	ok $browser->find_link(url_regex => qr{^/apply/confirm\?application=$trip->{application}}),
		"version $version: when all is there, the order waits to be confirmed";
	for my $form (@of) {
		$complete->($form, 0);
		is $move->('confirm_order', $form), 'guard_refused', "version $version: no order without $form->{form}";
		open_page($browser, 'apply/confirm', $trip->{application});
		my ($title) = decode('UTF-8', slurp(top() . "/forms/$form->{form}.xml")) =~ /title="([^"]*)"/;
		like $browser->content, qr/去填写\Q$title\E/, "version $version: which the page says of $form->{form}";
		$complete->($form, 1);
	}
	is $move->('confirm_order', $of[0]), 'moved', "version $version: with all of them there is one";
	open_page($browser, 'apply/status', $trip->{application});
	my @shown = map { $words{ "$_->{event} " . ($_->{event} eq 'submit' ? $_->{form} : '') }{applicant} } @of;
	contains $browser, grep { $_ } @shown;
}

# ---- words

my %said = map { $_->{event} => $_ } db_rows('SELECT event, MIN(applicant) AS applicant, MIN(staff) AS staff FROM flow_event
	GROUP BY event');
for my $row (db_rows('SELECT event, MAX(from_state <> to_state) AS moves, MIN(role) AS role FROM flow_transition GROUP BY event')) {
	my $event = $row->{event};
	next if $event =~ /^(?:save|choose_counter)$/; # nobody's business
	ok $said{$event}, "$event has words in flow_event" or next;
	ok length $said{$event}{staff}, "$event has words for staff";
	ok length $said{$event}{applicant} || $event =~ /^submit/, "$event has words for the applicant" if $row->{moves};
}
is join(' ', grep { !db_value('SELECT COUNT(*) FROM flow_transition WHERE event = ?', $_) } sort keys %said), '',
	'no words are left of an event that is none';

done_testing();
