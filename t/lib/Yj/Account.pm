package Yj::Account;

# Account.pm: the database as one of the parts sees it.
#
#     my $dbh = part_db('apply');              # logged in as yj_apply
#     my ($result, $state, $event) = flow_advance($dbh, $id, 'applicant', $actor, 'save', $key);

use strict;
use warnings;
use Exporter qw(import);
use Test::More ();
use Yj ();

our @EXPORT = qw(need_database part_db part_password flow_advance @PARTS);
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

# The row that the procedure gives.
sub flow_advance {
	my ($dbh, @arguments) = @_;
	push @arguments, undef while @arguments < 6;
	my $call = $dbh->prepare_cached('CALL flow_advance(?, ?, ?, ?, ?, ?)');
	$call->execute(@arguments);
	my @row = $call->fetchrow_array;
	1 while $call->more_results;
	$call->finish;
	return @row;
}

1;
