package Yj::Account;

# Account.pm: the database as one of the parts sees it.
#
#     my $dbh = part_db('apply');              # logged in as yj_apply
#     my ($result, $state, $event) = flow_advance($dbh, $id, 'applicant', $actor, 'save', $key);
#     my $token = token_of(clerk => $staff);   # of a live session of theirs
#     refund_decide($refund, $accountant, 'confirm', $note, $key);

use strict;
use warnings;
use Exporter qw(import);
use Test::More ();
use Yj ();

our @EXPORT = qw(need_database part_db part_password flow_advance refund_decide token_of @PARTS);
our @PARTS = qw(apply clerk admin push cron);

sub need_database {
	Yj::env('YJ_DB_SOCKET') or Test::More::plan(skip_all => 'no database: ./dev up');
}

# Value of a key in a file of the config's grammar.
sub _setting {
	my ($file, $key) = @_;
	for (split /\n/, Yj::slurp($file)) {
		return $1 if /^\s*\Q$key\E\s*=\s*"?(.*?)"?\s*$/;
	}
	return undef;
}

sub part_password {
	my ($part) = @_;
	my $secrets = _setting(Yj::env('YJ_CONFIG'), 'secrets_file');
	return _setting($secrets, "db_password_$part");
}

sub part_db {
	my ($part) = @_;
	require DBI;
	return DBI->connect('DBI:MariaDB:database=yuanjian;mariadb_socket=' . Yj::env('YJ_DB_SOCKET'),
		"yj_$part", part_password($part), { RaiseError => 1, PrintError => 0 });
}

# A person acts by the token of a session: one is made, with all rights, for an
# applicant, or for somebody of the staff with the role that they have. '' where there
# is nobody.
my %token;

sub token_of {
	my ($role, $person, $database) = @_;
	$database //= 'yuanjian';
	return '' if !$person || $role =~ /^(?:|push|cron)$/;
	my $of_staff = $role ne 'applicant';
	return $token{"$database $of_staff $person"} //= do {
		require Digest::SHA;
		my $token = Digest::SHA::sha256_hex(join ' ', $$, rand, $database, $role, $person, scalar times);
		my $rest = 'UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) + INTERVAL 1 DAY, UTC_TIMESTAMP(3) + INTERVAL 1 DAY';
		my $columns = 'role, created_at, seen_at, idle_at, ends_at';
		Yj::db_do($of_staff ? "INSERT INTO $database.staff_session (token_hash, staff, $columns)
			SELECT UNHEX(SHA2(UNHEX(?), 256)), id, role, $rest FROM $database.staff WHERE id = ?"
			: "INSERT INTO $database.session (token_hash, subject, $columns)
			VALUES (UNHEX(SHA2(UNHEX(?), 256)), ?, 'applicant', $rest)", $token, $person);
		$token;
	};
}

# What an accountant decides, as the page calls it.
sub refund_decide {
	my ($refund, $accountant, $act, $note, $key) = @_;
	my $call = part_db('clerk')->prepare('CALL refund_decide(?, ?, ?, ?, ?)');
	$call->execute($refund, token_of(accountant => $accountant), $act, $note, $key);
	my ($result) = $call->fetchrow_array;
	1 while $call->more_results;
	return $result;
}

# The row that the procedure gives; the actor is an id.
sub flow_advance {
	my ($dbh, @arguments) = @_;
	my ($database) = $dbh->{Name} =~ /\bdatabase=(\w+)/;
	$arguments[2] = token_of(@arguments[1, 2], $database);
	push @arguments, undef while @arguments < 6;
	my $call = $dbh->prepare_cached('CALL flow_advance(?, ?, ?, ?, ?, ?)');
	$call->execute(@arguments);
	my @row = $call->fetchrow_array;
	1 while $call->more_results;
	$call->finish;
	return @row;
}

1;
