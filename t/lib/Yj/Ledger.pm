package Yj::Ledger;

# Ledger.pm: applications that wait for their payment, made in bulk, and a hand
# that plays the ledger's commands (t/pay/play.c).
#
#     my @id = to_be_paid(100);                 # ids, each with a confirmed price
#     my $hand = Yj::Ledger->new;
#     my ($word, $number, $fen) = $hand->play('order', $id[0], 'jsapi');
#     my ($result) = $hand->play('paid', $number, 'tx1', 'wx-test', '1900000001', 'CNY', $fen);

use strict;
use warnings;
use utf8;
use Exporter 'import';
use IPC::Open3 qw(open3);
use Yj ();

our @EXPORT = qw(to_be_paid accountant_ids);

my $serial = 0;

# Applications in awaiting_payment of an applicant of their own.
sub to_be_paid {
	my ($count) = @_;
	my $run = sprintf 'pay-%d-%d-%d', time, $$, ++$serial;
	my $project = Yj::db_value('SELECT id FROM project WHERE code = "gzgjj"');
	my ($package, $price, $fen) = Yj::db()->selectrow_array('SELECT id, price, price_fen
		FROM package_offer WHERE project = ? ORDER BY id LIMIT 1', undef, $project);
	Yj::db_do('INSERT INTO applicant (appid, openid, created_at) VALUES ("test", ?, UTC_TIMESTAMP())', $run);
	my $applicant = Yj::db_value('SELECT LAST_INSERT_ID()');
	my $move = sub {
		my ($from, $to) = @_;
		Yj::db_do('INSERT INTO event (application, at, event, from_state, to_state, role, actor,
			idempotency_key, leaf) SELECT id, UTC_TIMESTAMP(6), "fixture", ?, ?, "", 0, UUID(), ""
			FROM application WHERE applicant = ?', $from, $to, $applicant);
		Yj::db_do('UPDATE application a JOIN (SELECT application, MAX(id) AS last FROM event
			GROUP BY application) e ON e.application = a.id SET a.state = ?, a.last_event = e.last,
			a.deadline_at = UTC_TIMESTAMP() + INTERVAL 3 DAY WHERE a.applicant = ?', $to, $applicant);
	};
	Yj::db_do('INSERT INTO application (public_id, project, applicant, flow_version, state, state_since,
		created_at, start_key) SELECT SUBSTR(SHA2(CONCAT(?, seq), 256), 1, 26), ?, ?, 1, "awaiting_order",
		UTC_TIMESTAMP(), UTC_TIMESTAMP(), CONCAT(?, seq) FROM seq_1_to_' . int $count,
		$run, $project, $applicant, $run);
	my @ids = map { $_->[0] } @{ Yj::db()->selectall_arrayref(
		'SELECT id FROM application WHERE applicant = ? ORDER BY id', undef, $applicant) };
	Yj::db_do('INSERT INTO `order` (application, package, complete, updated_at) VALUES '
		. join(',', map { "($_, $package, TRUE, UTC_TIMESTAMP())" } @ids));
	Yj::db_do('UPDATE `order` SET price = ?, price_fen = ?, confirmed_at = UTC_TIMESTAMP()
		WHERE application IN (' . join(',', @ids) . ')', $price, $fen);
	$move->('awaiting_order', 'awaiting_payment');
	return @ids;
}

# Two accountants, for this test alone.
sub accountant_ids {
	my @ids;
	for my $n (1, 2) {
		Yj::db_do('INSERT INTO staff (login, name, role, password, is_active, created_at)
			VALUES (?, "test", "accountant", "!", TRUE, UTC_TIMESTAMP())', "ac$$-" . ++$serial);
		push @ids, Yj::db_value('SELECT LAST_INSERT_ID()');
	}
	return @ids;
}

sub new {
	my ($class) = @_;
	local $ENV{YJ_CONFIG} = Yj::env('YJ_CONFIG');
	open my $log, '>>', Yj::env('YJ_VAR') . '/log/ledger.log' or die "ledger.log: $!";
	my $pid = open3(my $to, my $from, '>&' . fileno $log, Yj::built('t/pay/play'));
	return bless { pid => $pid, from => $from, to => $to }, $class;
}

# Says a command without waiting; hear() gives the answer.
sub say_to {
	my ($self, @words) = @_;
	print { $self->{to} } join("\t", @words), "\n";
	$self->{to}->flush;
	return;
}

sub hear {
	my ($self) = @_;
	my $line = readline $self->{from};
	die "the ledger's player has ended\n" unless defined $line;
	chomp $line;
	return split /\t/, $line;
}

sub play {
	my ($self, @words) = @_;
	$self->say_to(@words);
	return $self->hear;
}

sub DESTROY {
	my ($self) = @_;
	close $self->{to};
	waitpid $self->{pid}, 0;
	return;
}

1;
