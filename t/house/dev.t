# ./dev: what a newcomer types.
use lib 't/lib';
use Yj;
use Time::HiRes qw(time);
use IO::Socket::INET;
use Yj::Outbox;

need_instance();
chdir top();
my ($port) = public() =~ /:(\d+)$/;

my $begin = time;
my $said = `PORT=$port ./dev up 2>&1`;
is $?, 0, 'a second up is fine' or diag $said;
cmp_ok time - $begin, '<=', 5, 'and takes at most 5 s';
like $said, qr{http://127\.0\.0\.1:$port/apply/start\?project=gzgjj}, 'it tells the entry';
my $intranet = $port + 1;
like $said, qr{http://127\.0\.0\.1:$intranet/clerk/login}, 'and the staff\'s door';
like $said, qr/^\s+clerk1 \S+$/m, 'and the log-ins';
like $said, qr/\x{2588}\x{2588}|\xe2\x96\x88\xe2\x96\x88/, 'and shows the QR code';

my %env = map { /^export (\w+)='(.*)'$/ ? ($1 => $2) : () } split /\n/, `./dev env`;
for my $name (qw(YJ_PUBLIC_URL YJ_INTRANET_URL YJ_DB_SOCKET YJ_CONFIG YJ_BUILD YJ_VAR
	YJ_CLERK1_LOGIN YJ_CLERK1_PASSWORD YJ_CLERK2_LOGIN YJ_ADMIN1_PASSWORD))
{
	ok length($env{$name} // ''), "env has $name";
}
is $env{YJ_PUBLIC_URL}, public(), 'and the right address';

# A taken port is reported, and the running instance is not harmed.
my $taken = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1:0') or die $!;
my $other = $taken->sockport;
$said = `PORT=$other ./dev up 2>&1`;
isnt $?, 0, 'a port in use is refused';
like $said, qr/port $other is in use.*PORT=n/, 'with a way out';
$said = `PORT=$port ./dev up 2>&1`;
is $?, 0, 'up on the old port again' or diag $said;
is +(raw_request(public(), "GET /static/mark.svg HTTP/1.0\r\n\r\n"))[0], 200, 'it answers';

# Files of the instance are private, and no server runs as root.
for my $file (qw(secrets.conf keyring yuanjian.conf demo-staff.txt)) {
	is sprintf('%o', (stat env('YJ_VAR') . "/$file")[2] & 0777), '600', "$file is private";
}
for my $name (qw(mariadbd httpd)) {
	my $pid = slurp(env('YJ_VAR') . "/run/$name.pid") + 0;
	isnt +(stat "/proc/$pid")[4], 0, "$name does not run as root";
}
my $mariadb = slurp(env('YJ_VAR') . '/run/mariadbd.pid') + 0;
my $sockets = join ' ', map { readlink($_) // '' } glob "/proc/$mariadb/fd/*";
my %inode = map { $_ => 1 } $sockets =~ /socket:\[(\d+)\]/g;
my @listening = grep { my @f = split; ($f[3] // '') eq '0A' && $inode{ $f[9] // '' } }
	map { split /\n/, slurp($_) } grep { -r } '/proc/net/tcp', '/proc/net/tcp6';
is scalar @listening, 0, 'the database listens on no network port';
# A cron daemon with the jobs of etc/crontab, and a worker from the first second.
my $crond = slurp(env('YJ_VAR') . '/run/crond.pid') + 0;
ok kill(0, $crond), 'a cron daemon runs';
my $table = slurp(env('YJ_VAR') . '/crontab');
my @jobs = $table =~ m{/([\w-]+)(?: \d+)? 2>>}g;
is join(' ', sort @jobs), join(' ', sort map { m{/([\w-]+)\.c$} } grep { slurp($_) =~ /^int main/m } glob top() . '/cron/*.c'),
	'with every job';
is join(' ', grep { !-x built("cron/$_") } @jobs), '', 'each of which there is';
# what other tests left waiting is not waited for
db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP() + INTERVAL 1 DAY WHERE done_at IS NULL AND parked_at IS NULL');
my $row = promise(application => some_application());
for (1 .. 50) { select undef, undef, undef, 0.1; last if row($row)->{done_at} }
ok row($row)->{done_at}, 'what is promised is delivered within seconds';
stop_cron();
ok !kill(0, $crond), 'the daemon has ended';

is system('./dev nonsense >/dev/null 2>&1') >> 8, 2, 'an unknown command is refused';
done_testing;
