# Mail over STARTTLS to a server of another make: certificate and log-in are
# checked for real, and an error in them is an alarm, with no mail sent.
use lib 't/lib';
use Yj;
use Yj::Outbox;
use File::Temp qw(tempdir);
use Time::HiRes qw(sleep);

need_instance();
system('/usr/bin/python3', '-c', 'import aiosmtpd') == 0 or plan skip_all => 'no aiosmtpd';
stop_cron();

sub quiet { system("@_ >/dev/null 2>&1") == 0 or die "@_" }

# A folder with a certificate for this name, signed by the authority of the other.
my $folder = tempdir(CLEANUP => 1);
sub authority {
	my ($name) = @_;
	quiet('openssl', qw(req -x509 -newkey rsa:2048 -nodes -days 2 -subj), "/CN=$name",
		'-keyout', "$folder/$name.key", '-out', "$folder/$name.pem");
	return "$folder/$name.pem";
}
sub certified {
	my ($ca, $names) = @_;
	my $at = tempdir(CLEANUP => 1);
	open my $extension, '>', "$at/ext" or die $!;
	print {$extension} "subjectAltName=$names\n";
	close $extension;
	quiet('openssl', qw(req -newkey rsa:2048 -nodes -subj /CN=mail), '-keyout', "$at/key.pem", '-out', "$at/csr");
	quiet('openssl', qw(x509 -req -days 2), '-in', "$at/csr", '-CA', $ca,
		'-CAkey', $ca =~ s/pem$/key/r, '-CAcreateserial', '-extfile', "$at/ext", '-out', "$at/cert.pem");
	return $at;
}

my @servers;
sub start {
	my ($at, @how) = @_;
	defined(my $pid = fork) or die $!;
	if (!$pid) {
		open STDERR, '>', "$at/log";
		exec '/usr/bin/python3', top() . '/t/service/smtp-server', $at, @how or die $!;
	}
	push @servers, $pid;
	for (1 .. 100) { -f "$at/port" ? last : sleep 0.1 }
	return slurp("$at/port");
}
END {
	local $?;
	kill TERM => @servers;
	waitpid $_, 0 for @servers;
}

my $secrets = slurp((slurp(env('YJ_CONFIG')) =~ /^\s*secrets_file\s*=\s*(\S+)/m)[0]);
sub with_password {
	my ($password) = @_;
	my $file = File::Temp->new(DIR => $folder, UNLINK => 0);
	print {$file} $secrets =~ s/^smtp_password.*\n//mr, "smtp_password = $password\n";
	close $file;
	chmod 0600, $file->filename;
	return $file->filename;
}

# What becomes of one mail to the desk.
sub deliver {
	my (%with) = @_;
	my $password = delete $with{password} // 'right';
	my $application = some_application(state => 'awaiting_review');
	db_do('INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
		VALUES (?, UTC_TIMESTAMP(6), "escalate", "awaiting_review", "awaiting_review", "cron", "t", "")', $application);
	my $row = promise(application => $application, event => db_value('SELECT LAST_INSERT_ID()'), kind => 'escalated');
	work_off(config_with(smtp_tls => 'yes', smtp_user => 'ca', secrets_file => with_password($password), %with));
	my $done = row($row);
	db_do('UPDATE outbox SET parked_at = UTC_TIMESTAMP(), given_up_at = UTC_TIMESTAMP() WHERE id = ? AND done_at IS NULL', $row);
	return $done;
}
others_wait();

my ($ca, $other) = (authority('ca'), authority('other'));
my $at = certified($ca, 'IP:127.0.0.1,DNS:localhost');
my $url = 'smtp://127.0.0.1:' . start($at);
my $row = deliver(smtp_url => $url, smtp_ca_file => $ca);
ok $row->{done_at}, 'a good certificate and the right password' or diag "$row->{error_class} $row->{error}";
my ($mail) = glob "$at/mail.*";
like slurp($mail), qr/\Atls=yes user=ca\n/, 'went over TLS, logged in';
like slurp($mail), qr/^Subject: /m, 'and is the mail';
sub mails { return scalar(my @all = glob "$at/mail.*") }

for (
	[ 'the wrong password', { smtp_ca_file => $ca, password => 'wrong' }, qr/^smtp=535 / ],
	[ 'an authority that is not trusted', { smtp_ca_file => $other }, qr/curl=60$/ ],
	[ 'the system\'s authorities, which know ours not', {}, qr/curl=60$/ ],
	[ 'a file of authorities that is not there', { smtp_ca_file => "$folder/none.pem" }, qr/curl=77$/ ],
) {
	my ($what, $with, $why) = @$_;
	$row = deliver(smtp_url => $url, %$with);
	is $row->{error_class}, 'alarm', "$what: for us to mend";
	like $row->{error}, $why, '... and why';
	is mails(), 1, '... and no mail went out';
}

my $elsewhere = certified($ca, 'DNS:mail.example.cn');
$row = deliver(smtp_url => 'smtp://127.0.0.1:' . start($elsewhere), smtp_ca_file => $ca);
is "$row->{error_class} $row->{error}", 'alarm smtp=220 curl=60', 'a certificate for another name';
is scalar(my @none = glob "$elsewhere/mail.*"), 0, '... no mail';

my $plain = tempdir(CLEANUP => 1);
my $plain_url = 'smtp://127.0.0.1:' . start($plain, 'plain');
$row = deliver(smtp_url => $plain_url, smtp_ca_file => $ca);
is $row->{error_class}, 'alarm', 'a server without STARTTLS where TLS is wanted';
like $row->{error}, qr/curl=64$/, '... and why';
is scalar(@none = glob "$plain/mail.*"), 0, '... no mail, and no password, went out';

my $open = certified($ca, 'IP:127.0.0.1');
$row = deliver(smtp_url => 'smtp://127.0.0.1:' . start($open, 'nologin'), smtp_ca_file => $ca, smtp_user => undef);
ok $row->{done_at}, 'TLS without a log-in' or diag "$row->{error_class} $row->{error}";
others_go_on();
done_testing;
