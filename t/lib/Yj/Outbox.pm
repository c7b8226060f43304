package Yj::Outbox;

# Outbox.pm: promises of a test's own, the worker run by hand, and a service
# that fails as it is told.
#
#     stop_cron();                                   # this test drives the worker
#     my $application = some_application();
#     my $row = promise(application => $application, kind => 'approved');
#     my $service = Yj::Outbox::Service->new(sub { 'done' });
#     work_off(config_with(%{ $service->config }));  # until nothing is due
#     $service->said                                 # [client_msg_id, outcome], ...

use strict;
use warnings;
use Digest::SHA qw(sha256_hex);
use Exporter 'import';
use File::Temp ();
use POSIX ();
use Yj ();

our @EXPORT = qw(stop_cron some_application promise row message_id config_with start_worker
	work_off make_due others_wait others_go_on);

# The daemon of ./dev up and its jobs, all of one session, would do the rows themselves.
sub stop_cron {
	my $file = Yj::env('YJ_VAR') . '/run/crond.pid';
	return unless -e $file && Yj::slurp($file) =~ /^(\d+)$/ && $1 > 1;
	my $session = $1;
	unlink $file;
	system 'pkill', '-TERM', '-s', $session;
	for (1 .. 100) {
		last if !kill(0, $session) && system("pgrep -s $session >/dev/null");
		select undef, undef, undef, 0.1;
	}
	return;
}

my $count = 0;

sub some_application {
	my (%column) = @_;
	my $public = substr sha256_hex("$$-" . ++$count . '-' . rand), 0, 26;
	Yj::db_do('INSERT INTO applicant (appid, openid, created_at) VALUES ("wxtest", ?, UTC_TIMESTAMP())',
		Yj::openid());
	my $applicant = Yj::db_value('SELECT LAST_INSERT_ID()');
	Yj::db_do('INSERT INTO application (public_id, project, applicant, flow_version, state,
		state_since, deadline_at, created_at, start_key)
		SELECT ?, id, ?, flow_version, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP() + INTERVAL 30 DAY,
		UTC_TIMESTAMP(), ? FROM project WHERE code = "gzgjj"',
		$public, $applicant, $column{state} // 'awaiting_company', $public);
	return Yj::db_value('SELECT LAST_INSERT_ID()');
}

# A row that is due; any column may be given.
sub promise {
	my (%column) = @_;
	%column = (kind => 'approved', idempotency_key => "test-$$-" . ++$count, %column);
	$column{$_} //= Yj::db_value('SELECT UTC_TIMESTAMP(3)') for qw(created_at due_at);
	my @names = sort keys %column;
	Yj::db_do('INSERT INTO outbox (' . join(', ', @names) . ') VALUES (' . join(', ', map { '?' } @names)
		. ')', @column{@names});
	return Yj::db_value('SELECT LAST_INSERT_ID()');
}

sub row { return (Yj::db_rows('SELECT * FROM outbox WHERE id = ?', $_[0]))[0] }

# What WeChat is told to know a repetition by.
sub message_id { return substr sha256_hex($_[0]), 0, 32 }

# The instance's config with other values (undef: without); the file lives as long as the program.
my @files;

sub config_with {
	my (%value) = @_;
	my @lines = split /\n/, Yj::slurp(Yj::env('YJ_CONFIG'));
	my $names = join '|', keys %value;
	@lines = grep { !/^\s*(?:$names)\s*=/ } @lines if %value;
	my $file = File::Temp->new;
	print {$file} map { "$_\n" } @lines, map { "$_ = $value{$_}" } grep { defined $value{$_} } sort keys %value;
	$file->flush;
	push @files, $file;
	return $file->filename;
}

# Gives the process id; its log goes to a file in the instance.
sub start_worker {
	my ($config, $seconds) = @_;
	defined(my $pid = fork) or die "fork: $!";
	return $pid if $pid;
	open STDERR, '>>', Yj::env('YJ_VAR') . '/log/outbox-test.log';
	%ENV = (PATH => '/usr/bin:/bin', YJ_CONFIG => $config);
	exec { Yj::built('cron/outbox') } 'outbox', $seconds or POSIX::_exit(127);
}

# Until nothing is due. Gives the exit status.
sub work_off {
	my ($config) = @_;
	waitpid start_worker($config // Yj::env('YJ_CONFIG'), 0), 0;
	return $?;
}

# As if the time of these rows had come.
sub make_due {
	my (@ids) = @_;
	Yj::db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE done_at IS NULL AND id IN ('
		. join(',', map { int } @ids) . ')');
	return;
}

# What other tests left to be done stays out of the way for a while.
sub others_wait {
	Yj::db_do('UPDATE outbox SET due_at = due_at + INTERVAL 900 DAY WHERE done_at IS NULL
		AND idempotency_key NOT LIKE ?', "test-$$-%");
	return;
}

sub others_go_on {
	Yj::db_do('UPDATE outbox SET due_at = due_at - INTERVAL 900 DAY WHERE done_at IS NULL
		AND due_at > UTC_TIMESTAMP() + INTERVAL 800 DAY');
	return;
}

package Yj::Outbox::Service;

# A WeChat of the test's own: tokens, and template messages that are dealt with
# as a function says: done, busy (not done), lost (done, without an answer),
# dropped (not done, without an answer), blocked (the person refuses).

use IO::Socket::INET;

my %answer = (
	done    => '{"errcode":0,"errmsg":"ok","msgid":%d}',
	busy    => '{"errcode":-1,"errmsg":"system busy"}',
	blocked => '{"errcode":43004,"errmsg":"require subscribe"}',
	nonsense => '{"errcode":0',
);

sub new {
	my ($class, $decide, $delay) = @_;
	my $listen = IO::Socket::INET->new(Listen => 64, LocalAddr => '127.0.0.1:0', ReuseAddr => 1)
		or die "listen: $!";
	my $self = bless { port => $listen->sockport, log => File::Temp->new, owner => $$ }, $class;
	defined($self->{pid} = fork) or die "fork: $!";
	return $self if $self->{pid};
	local $SIG{CHLD} = 'IGNORE';
	while (my $client = $listen->accept) {
		next if fork;
		srand;
		$self->serve($client, $decide, $delay);
		POSIX::_exit(0);
	}
	POSIX::_exit(0);
}

sub config {
	my ($self) = @_;
	return { wechat_api_url => "http://127.0.0.1:$self->{port}", wechat_notify => 'template',
		wechat_appid => 'wxtest' . $self->{port} };
}

sub serve {
	my ($self, $client, $decide, $delay) = @_;
	my $request = '';
	while ($request !~ /\r\n\r\n/) { sysread $client, $request, 65536, length $request or return }
	my ($head, $body) = split /\r\n\r\n/, $request, 2;
	my ($length) = $head =~ /^Content-Length: (\d+)/mi;
	while (length $body < ($length // 0)) { sysread $client, $body, 65536, length $body or return }
	my $said = '{"access_token":"test-token","expires_in":7200}';
	if ($head =~ m{^POST /cgi-bin/message/}) {
		my ($id) = $body =~ /"client_msg_id":"(\w+)"/;
		my $outcome = $decide->($id, $body);
		select undef, undef, undef, $delay if $delay;
		open my $log, '>>', $self->{log}->filename or die $!;
		syswrite $log, "$id $outcome\n";
		$said = $answer{$outcome} or return;
		$said = sprintf $said, 1 + int rand 1e9 if $outcome eq 'done';
	}
	syswrite $client, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
		. 'Content-Length: ' . length($said) . "\r\n\r\n$said";
	return;
}

# Every message that came in: [client_msg_id, outcome].
sub said {
	my ($self) = @_;
	return map { [split] } split /\n/, Yj::slurp($self->{log}->filename);
}

sub DESTROY {
	my ($self) = @_;
	return if $self->{owner} != $$ || !$self->{pid};
	local ($?, $!);
	kill TERM => $self->{pid};
	waitpid $self->{pid}, 0;
	return;
}

1;
