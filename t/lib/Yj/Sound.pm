package Yj::Sound;

# Sound.pm: whether an application agrees with the flow's table and the ledger.
#
#     my @faults = faults($id);        # the errors, in words
#
# It reads the tables alone: t/seed asks it about what it made, by either way.

use strict;
use warnings;
use utf8;
use Digest::SHA qw(sha256);
use Encode qw(encode);
use Exporter 'import';
use JSON::PP ();
use Yj ();

our @EXPORT = qw(faults);

# RFC 9162, 2.1.1: a zero byte, then the values, one a line.
sub leaf {
	my ($e) = @_;
	return sha256("\0" . encode('UTF-8', join "\n",
		@$e{qw(application at_text event from_state to_state role actor idempotency_key detail)}));
}

sub history {
	my ($application, @events) = @_;
	my (@faults, $state, $at);
	push @faults, 'no events' unless @events;
	for my $e (@events) {
		my $name = "$e->{event} $e->{from_state}>$e->{to_state}";
		push @faults, "$name does not begin where the last one ended, in $state"
			if defined $state && $e->{from_state} ne $state;
		push @faults, "$name is not later than the one before" if defined $at && $e->{at_text} le $at;
		push @faults, "$name is no row of the flow" unless Yj::db_value('SELECT COUNT(*) FROM flow_transition
			WHERE flow_version = ? AND from_state = ? AND event = ? AND role = ? AND to_state = ?',
			$application->{flow_version}, @$e{qw(from_state event role to_state)});
		push @faults, "$name has a leaf that is not its own" if $e->{leaf} ne leaf($e);
		($state, $at) = @$e{qw(to_state at_text)};
	}
	push @faults, "the state is $application->{state}, by the events $state" if @events && $application->{state} ne $state;
	return @faults;
}

# What flow_advance() writes into the row.
sub row {
	my ($application, @events) = @_;
	my @faults;
	my ($moved) = reverse grep { $_->{from_state} ne $_->{to_state} } @events;
	push @faults, "state_since is $application->{state_since}"
		if substr($moved->{at_text}, 0, 23) ne $application->{state_since};
	push @faults, "version is $application->{version} after " . @events . ' events'
		if $application->{version} != @events;
	my $last = @events > 1 ? $events[-1]{id} : 0; # flow_start() writes none
	push @faults, "last_event is $application->{last_event}, not $last" if $application->{last_event} != $last;
	push @faults, 'an event is in the future' if Yj::db_value('SELECT COUNT(*) FROM event
		WHERE application = ? AND at > UTC_TIMESTAMP(6)', $application->{id});
	push @faults, 'the deadline has passed' if Yj::db_value('SELECT COUNT(*) FROM application
		WHERE id = ? AND deadline_at < UTC_TIMESTAMP(3)', $application->{id});
	return @faults;
}

# A promise hangs on its event, or on the row that its payload names.
sub promises {
	my ($application) = @_;
	my @faults;
	for my $o (Yj::db_rows('SELECT o.*, e.application AS owner, t.effect FROM outbox o
			LEFT JOIN event e ON e.id = o.event
			LEFT JOIN flow_transition t ON t.flow_version = ? AND t.from_state = e.from_state
			AND t.event = e.event AND t.role = e.role AND t.to_state = e.to_state AND t.effect = o.kind
			WHERE o.application = ? GROUP BY o.id', $application->{flow_version}, $application->{id})) {
		push @faults, "promise $o->{kind} is not done" unless $o->{done_at};
		push @faults, "promise $o->{kind} hangs on an event of another application"
			if $o->{event} && ($o->{owner} // 0) != $application->{id};
		push @faults, "promise $o->{kind} is no effect of its event" if $o->{event} && !$o->{effect};
		push @faults, "promise $o->{kind} has the key $o->{idempotency_key}"
			if $o->{event} && $o->{idempotency_key} ne "e$o->{event}-$o->{kind}";
		push @faults, "promise $o->{kind} has the payload $o->{payload}"
			unless ref eval { JSON::PP::decode_json($o->{payload}) };
		while ($o->{payload} =~ /"(payment|invoice|refund)":(\d+)/g) {
			my $owner = Yj::db_value("SELECT application FROM $1 WHERE id = ?", $2);
			push @faults, "promise $o->{kind} names a $1 of another application"
				unless ($owner // 0) == $application->{id};
		}
	}
	return @faults;
}

# Every row of an application's parts is that application's, and the money adds up.
sub money {
	my ($application) = @_;
	my $id = $application->{id};
	my @faults;
	my %is = (
		'a payment of another price than the order' => 'SELECT COUNT(*) FROM payment p
			JOIN `order` o ON o.application = p.application WHERE p.application = ?
			AND (p.amount_fen <> o.price_fen OR (p.state = "paid" AND p.paid_fen <> p.amount_fen))',
		'a fee without its event, or the other way round' => 'SELECT (SELECT COUNT(*) FROM payment
			WHERE application = a.id AND booked_as = "fee") <> (SELECT COUNT(*) FROM event
			WHERE application = a.id AND event = "paid") FROM application a WHERE a.id = ?',
		'an invoice that is not what was paid' => 'SELECT COUNT(*) FROM invoice i LEFT JOIN payment p ON p.id = i.payment
			WHERE i.application = ? AND (p.id IS NULL OR p.application <> i.application
			OR i.amount_fen <> IF(i.kind = "red", -1, 1) * p.paid_fen OR i.net_fen + i.tax_fen <> i.amount_fen)',
		'a red invoice of another blue one' => 'SELECT COUNT(*) FROM invoice i LEFT JOIN invoice b ON b.id = i.of_invoice
			WHERE i.application = ? AND i.kind = "red" AND COALESCE(b.payment, 0) <> i.payment',
		'a refund that is not what was paid' => 'SELECT COUNT(*) FROM refund r LEFT JOIN payment p ON p.id = r.payment
			WHERE r.application = ? AND (p.id IS NULL OR p.application <> r.application OR r.amount_fen <> p.paid_fen)',
		'an order at a price that is not of its package' => 'SELECT COUNT(*) FROM `order` o LEFT JOIN package_price q
			ON q.id = o.price AND q.package = o.package AND q.price_fen = o.price_fen
			WHERE o.application = ? AND o.price IS NOT NULL AND q.id IS NULL',
		'an address of somebody else' => 'SELECT COUNT(*) FROM application a
			JOIN (SELECT application, address FROM agent UNION ALL SELECT application, address FROM `order`) f
			ON f.application = a.id LEFT JOIN address d ON d.id = f.address AND d.applicant = a.applicant
			WHERE a.id = ? AND f.address IS NOT NULL AND d.id IS NULL',
		'a reason at a scan of another place' => 'SELECT COUNT(*) FROM reason r LEFT JOIN scan s ON s.id = r.scan
			AND s.application = r.application AND s.form = r.form AND s.field = r.field
			WHERE r.application = ? AND r.scan IS NOT NULL AND s.id IS NULL',
		'a scan of another applicant, or without both sizes' => 'SELECT COUNT(*) FROM scan s JOIN application a ON a.id = s.application
			WHERE s.application = ? AND (s.applicant <> a.applicant
			OR (SELECT COUNT(*) FROM scan_image i WHERE i.scan = s.id) <> 2)',
		'a row of before the beginning' => 'SELECT COUNT(*) FROM application a LEFT JOIN scan s ON s.application = a.id
			LEFT JOIN company c ON c.application = a.id WHERE a.id = ?
			AND (s.created_at < a.created_at OR c.updated_at < a.created_at)',
	);
	for (sort keys %is) {
		push @faults, $_ if Yj::db_value($is{$_}, $id);
	}
	return @faults;
}

# The last 23 letters of a time are milliseconds; an event has microseconds.
sub faults {
	my ($id) = @_;
	my ($application) = Yj::db_rows('SELECT *, CAST(state_since AS CHAR) AS state_since FROM application WHERE id = ?', $id);
	return "no application $id" unless $application;
	my @events = Yj::db_rows('SELECT *, DATE_FORMAT(at, "%Y-%m-%d %H:%i:%s.%f") AS at_text FROM event
		WHERE application = ? ORDER BY id', $id);
	return (history($application, @events), @events ? row($application, @events) : (),
		promises($application), money($application));
}

1;
