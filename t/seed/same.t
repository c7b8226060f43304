# Applications that are copied in bulk are of the same kind as those that were
# walked: the same tables, columns and events for each state, as sound, and open
# to the people who work with them. A copy with a fault is found.
use lib 't/lib';
use Yj;
use Yj::Seed;
use Yj::Sound;

need_instance();
plain_project();

my @of_attempt = map { [ $_, 'attempt', 'identity_attempt' ] }
	qw(identity_challenge identity_step face_material identity_evidence);
my @parts = (
	[ applicant => 'id', 'applicant' ], [ address => 'applicant', 'applicant' ],
	(map { [ $_, 'application' ] } qw(agreement company legal_rep agent order application_form scan event reason outbox
		identity_attempt face_consent payment refund invoice)),
	[ scan_image => 'scan', 'scan' ], @of_attempt,
	[ invoice_pdf => 'invoice', 'invoice' ],
);

# What an application consists of: of each table how many rows, and which
# columns hold something; the events in their order, by whom, to where.
sub kind_of {
	my ($id) = @_;
	my ($a) = db_rows('SELECT * FROM application WHERE id = ?', $id);
	my @kind = ("$a->{project} $a->{state}", map { defined $a->{$_} ? $_ : () } sort keys %$a);
	for (@parts) {
		my ($table, $column, $of) = @$_;
		my $where = !$of ? '= ?' : $of eq 'applicant' ? '= (SELECT applicant FROM application WHERE id = ?)'
			: "IN (SELECT id FROM $of WHERE application = ?)";
		my %has;
		my @rows = db_rows("SELECT * FROM `$table` WHERE `$column` $where", $id);
		for my $row (@rows) {
			$has{$_}++ for grep { defined $row->{$_} && $row->{$_} ne '' } keys %$row;
		}
		push @kind, "$table " . @rows . ': ' . join ' ', map { "$_=$has{$_}" } sort keys %has if @rows;
	}
	push @kind, map { "$_->{role} $_->{event} to $_->{to_state}" }
		db_rows('SELECT role, event, to_state FROM event WHERE application = ? ORDER BY id', $id);
	return join "\n", @kind;
}

my %not = (gzgjj => 'awaiting_second_review rejected',
	plain => 'awaiting_identity awaiting_identity_review awaiting_payment awaiting_second_review awaiting_refund refunded');
my @model;
for my $project (sort keys %not) {
	for my $state (map { $_->{state} } db_rows('SELECT state FROM flow_state WHERE flow_version =
			(SELECT flow_version FROM project WHERE code = ?) ORDER BY ord', $project)) {
		next if $not{$project} =~ /\b$state\b/;
		push @model, seed(state => $state, project => $project);
	}
}
push @model, seed(state => 'completed', project => 'gzgjj', via => 'awaiting_correction');

sub triggers {
	return join "\n", map { join '|', map { $_ // '' } @$_{sort keys %$_} } db_rows('SELECT trigger_name, event_object_table,
		action_timing, event_manipulation, action_statement, definer, sql_mode, character_set_client
		FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY trigger_name');
}
my $triggers = triggers();
# Pages and jobs go on meanwhile, guarded as ever.
my ($cancelled) = map { $_->{id} } grep { $_->{state} eq 'cancelled' } @model;
defined(my $beside = fork) or die "fork: $!";
if (!$beside) {
	my $unguarded = 0;
	for (1 .. 300) {
		$unguarded++ if eval { db_do('INSERT INTO reason (application, form, field, code, staff, created_at)
			VALUES (?, "company", "name", "other", 1, UTC_TIMESTAMP(3))', $cancelled); 1 } || $@ !~ /not_in_review/;
		select undef, undef, undef, 0.01;
	}
	require POSIX;
	POSIX::_exit($unguarded ? 1 : 0);
}
my @copy = seed_copies(6 * @model, map { $_->{id} } @model);
is db_value('SELECT COUNT(*) FROM application WHERE id IN (' . join(',', @copy) . ')'), 6 * @model, 'the copies are there';
is triggers(), $triggers, 'the triggers are as they were, to the letter';
waitpid $beside, 0;
is $?, 0, 'what no page could write was refused all the while';

# What they add gets ids that no copy wants: here many chunks are still to come.
{
	my $early = seed(state => 'awaiting_agreement');
	defined(my $adding = fork) or die "fork: $!";
	if (!$adding) {
		for (1 .. 2000) {
			db_do('INSERT INTO applicant (appid, openid, created_at) SELECT appid, ?, UTC_TIMESTAMP(3)
				FROM applicant WHERE id = ?', "oBeside$$-$_", $early->{applicant});
			select undef, undef, undef, 0.002;
		}
		require POSIX;
		POSIX::_exit(0);
	}
	my @many = eval { seed_copies(3000, $early->{id}) };
	is scalar @many, 3000, 'copies in many chunks are there while others add rows' or diag $@;
	kill TERM => $adding;
	waitpid $adding, 0;
	cmp_ok db_value('SELECT COUNT(*) FROM applicant WHERE openid LIKE ?', "oBeside$adding-%"), '>', 0, '... which are there too';
}

my %kind = map { kind_of($_->{id}) => $_ } @model;
my (%seen, @other, @unsound);
for my $id (@copy) {
	my $kind = kind_of($id);
	my $state = ($kind =~ /\A(.*)/)[0];
	$seen{$state}++;
	push @other, "$id: $kind" unless $kind{$kind};
	my @faults = faults($id);
	push @unsound, "$id, $state: @faults" if @faults;
}
is scalar @other, 0, 'every copy consists of what one that was walked consists of' or diag $other[0];
is scalar @unsound, 0, 'every copy is sound' or diag join "\n", @unsound[0 .. ($#unsound < 5 ? $#unsound : 5)];
my @missing = grep { !$seen{ (split /\n/, kind_of($_->{id}))[0] } } @model;
cmp_ok scalar @missing, '<=', 2, 'nearly every state of every project was drawn';
is seed_look(map { $_->{id} } @model), '', 'all that is sealed of those that were walked opens';
is seed_look(@copy), '', 'all that is sealed of the copies opens, and every index is of its value';

# Copies are other people's.
for (['company', 'uscc'], ['legal_rep', 'id_number_index'], ['agent', 'id_number_index'], ['agent', 'mobile_index'],
		['order', 'invoice_email'], ['payment', 'transaction_id'], ['payment', 'out_trade_no'], ['invoice', 'order_no']) {
	my ($table, $column) = @$_;
	my $list = join ',', @copy, map { $_->{id} } @model;
	my ($all, $different) = db()->selectrow_array("SELECT COUNT($column), COUNT(DISTINCT $column) FROM `$table`
		WHERE application IN ($list)");
	cmp_ok $all, '>', 20, "$table.$column is there";
	is $different, $all, "no two have the same $table.$column";
}
cmp_ok db_value('SELECT COUNT(DISTINCT DATE(created_at)) FROM application WHERE id IN (' . join(',', @copy) . ')'), '>', 1,
	'they were not all begun on one day';

# The desk and the applicants work with them.
my $clerk = staff('clerk1');
for my $state (map { $_->{state} } @model[ 0 .. 17 ]) {
	my ($id) = grep { db_value('SELECT state FROM application WHERE id = ?', $_) eq $state } @copy or next;
	my ($row) = db_rows('SELECT a.public_id, p.openid FROM application a JOIN applicant p ON p.id = a.applicant WHERE a.id = ?', $id);
	my $browser = applicant($row->{openid});
	$browser->get(public("/apply/status?application=$row->{public_id}"));
	is $browser->status, 200, "$state: the applicant of a copy sees it";
	$clerk->get(intranet("/clerk/case?application=$row->{public_id}"));
	is $clerk->status, 200, "$state: a clerk sees a copy";
	my ($image) = $clerk->content =~ m{src="(/clerk/image[^"]*)"} or next;
	$clerk->get(intranet($image =~ s/&amp;/&/gr));
	is $clerk->status . ' ' . $clerk->ct, '200 image/jpeg', "$state: and its scans";
}
$clerk->get(intranet('/clerk/queue'));
is $clerk->status, 200, 'the queue stands';

# Would a fault of the copying be found? One column wrong in each copy.
my ($done) = grep { $_->{state} eq 'refunded' } @model;
my ($corrected) = $model[-1];
sub look_for {
	my ($model, @places) = @_;
	my @wrong = seed_copies(scalar @places, $model->{id}, { '--damage' => join ',', @places });
	for my $place (@places) {
		my $id = shift @wrong;
		my @found = faults($id);
		ok @found || seed_look($id) ne '', "a wrong $place is found";
	}
}
look_for($done, qw(event.leaf event.at event.to_state event.actor event.idempotency_key application.last_event
	application.state application.state_since outbox.event outbox.payload
	legal_rep.id_number legal_rep.id_number_index agent.mobile agent.mobile_index agent.address
	scan_image.sealed scan.sha256 address.fingerprint address.street order.price_fen
	payment.amount_fen payment.paid_fen refund.amount_fen invoice.tax_fen invoice_pdf.sealed));
look_for($corrected, qw(reason.scan));
# Numbers that another row may have: then it is the table that refuses them.
for my $place (qw(outbox.idempotency_key refund.payment)) {
	my @found = eval { map { faults($_) } seed_copies(1, $done->{id}, { '--damage' => $place }) };
	ok @found || $@ =~ /took \d+ of \d+ rows/, "a wrong $place is found";
}
is triggers(), $triggers, 'the triggers are still as they were';
done_testing;
