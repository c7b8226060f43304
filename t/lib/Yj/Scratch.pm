package Yj::Scratch;

# Scratch.pm: databases of their own on the instance's server, with accounts of
# their own, for tests that break what yuanjian-migrate makes.
#
#     my $one = Yj::Scratch->new('one');       # empty; config and all
#     my ($status, $out, $err) = $one->tool('up');
#     $one->do('DROP TRIGGER event_before_delete');
#     my $two = Yj::Scratch->new('two', accounts => $one);   # the same accounts
#
# All is gone when the test ends.

use strict;
use warnings;
use DBI ();    # before END below, so that it still has a connection
use File::Temp ();
use Yj ();
use Yj::Account qw(@PARTS);

my @made;

# `schema`: the folder of the SQL files; else that of the tree.
sub new {
	my ($class, $word, %how) = @_;
	my $name = "yj_${word}_$$";
	my $self = bless {
		name     => $name,
		accounts => $how{accounts} ? $how{accounts}{accounts} : $name,
		schema   => $how{schema} // Yj::top() . '/schema',
		folder   => File::Temp::tempdir(CLEANUP => 1),
		pid      => $$,
	}, $class;
	push @made, $self;
	$self->create;
	$self->write_config;
	return $self;
}

sub create {
	my ($self) = @_;
	Yj::db_do("CREATE DATABASE $self->{name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
	Yj::db_do("GRANT ALL ON $self->{name}.* TO yj_owner\@localhost WITH GRANT OPTION");
	return;
}

sub write_config {
	my ($self) = @_;
	(my $config = Yj::slurp(Yj::env('YJ_CONFIG'))) =~ s/^db_(?:name|user_\w+)\s*=.*\n//mg;
	$config .= "db_name = $self->{name}\n";
	$config .= "db_user_$_ = $self->{accounts}_$_\n" for @PARTS;
	open my $file, '>:raw', $self->config or die $!;
	print {$file} $config;
	close $file or die $!;
	return;
}

sub name   { return $_[0]{name} }
sub config { return "$_[0]{folder}/yuanjian.conf" }
sub user   { return "$_[0]{accounts}_$_[1]" }

# yuanjian-migrate, its output in files named by a tag; the child's pid.
sub begin {
	my ($self, $tag, @arguments) = @_;
	my $pid = fork // die "fork: $!";
	return $pid if $pid;
	open STDOUT, '>', "$self->{folder}/out.$tag";
	open STDERR, '>', "$self->{folder}/err.$tag";
	my $program = Yj::built('bin/yuanjian-migrate');
	%ENV = (YJ_CONFIG => $self->config, YJ_SCHEMA => $self->{schema});
	exec { $program } $program, @arguments or die "$program: $!";
}

sub output {
	my ($self, $tag) = @_;
	return map { my $t = Yj::slurp("$self->{folder}/$_.$tag"); utf8::decode($t); $t } qw(out err);
}

# (exit status, standard output, standard error)
sub tool {
	my ($self, @arguments) = @_;
	waitpid $self->begin('one', @arguments), 0;
	return ($? >> 8, $self->output('one'));
}

# A statement with all rights, in this database.
sub do {
	my ($self, $sql) = @_;
	Yj::db_do("USE $self->{name}");
	my $done = Yj::db_do($sql);
	Yj::db_do('USE yuanjian');
	return $done;
}

sub value {
	my ($self, $sql) = @_;
	Yj::db_do("USE $self->{name}");
	my $value = Yj::db_value($sql);
	Yj::db_do('USE yuanjian');
	return $value;
}

# Logged in as one of its accounts.
sub part {
	my ($self, $part) = @_;
	return DBI->connect("DBI:MariaDB:database=$self->{name};mariadb_socket=" . Yj::env('YJ_DB_SOCKET'),
		$self->user($part), Yj::Account::part_password($part), { RaiseError => 1, PrintError => 0 });
}

# A client program with all rights: $one->client('mariadb-dump', [...], in => FILE, out => FILE)
sub client {
	my ($self, $program, $options, %file) = @_;
	my @command = ($program, '--no-defaults', '--socket=' . Yj::env('YJ_DB_SOCKET'),
		'--user=' . Yj::env('YJ_DB_SUPER'), '--default-character-set=utf8mb4', @$options, $self->{name});
	my $uid = getpwnam Yj::env('YJ_DB_SUPER');
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', $file{in} // '/dev/null';
		open STDOUT, '>', $file{out} // '/dev/null';
		$> == 0 && $uid and unshift @command, 'setpriv', "--reuid=$uid", '--clear-groups', '--';
		exec { $command[0] } @command or die "$command[0]: $!";
	}
	waitpid $pid, 0;
	$? and die "$program: status $?";
	return;
}

END {
	my $status = $?;
	for my $self (grep { $_->{pid} == $$ } @made) {
		last unless Yj::db();
		Yj::db_do("DROP DATABASE IF EXISTS $self->{name}");
		Yj::db_do("REVOKE ALL ON $self->{name}.* FROM yj_owner\@localhost");
		Yj::db_do("REVOKE GRANT OPTION ON $self->{name}.* FROM yj_owner\@localhost");
		Yj::db_do("DROP USER IF EXISTS $self->{accounts}_$_\@localhost") for @PARTS;
	}
	$? = $status;
}

1;
