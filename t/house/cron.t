# The scheduled jobs of ./dev up, on an instance of the test's own: without folders outside
# the tree that cron daemons often want, minutes after the start, and when they die.
use lib 't/lib';
use Yj;
use Yj::Outbox;

my $root = $> == 0;
my $var = ($ENV{YJ_VAR} || top() . '/var') . '/cron-test';
$ENV{YJ_BUILD} ||= top() . '/build';
delete @ENV{ grep { /^YJ_/ && $_ ne 'YJ_BUILD' } keys %ENV };
@ENV{qw(YJ_VAR PORT)} = ($var, free_port());
# what Debian gives ordinary users: without the servers' folders
$ENV{PATH} = '/usr/local/bin:/usr/bin:/bin';
chdir top();

# ./dev up where neither /var/www nor /var/spool/cron is; first, other things
# may be done to what it will see. Gives its status and what it said.
sub up {
	my ($before) = @_;
	my $script = <<'SH' . ($before // '') . "\nexec ./dev up\n";
	set -e
	without() {
		new=$(mktemp -d /tmp/without.XXXXXX)
		mount -t tmpfs -o mode=755 none "$new"
		for path in "$1"/*; do
			name=${path##*/}
			[ "$name" != "$2" ] || continue
			if [ -L "$path" ]; then cp -P "$path" "$new"
			elif [ -d "$path" ]; then mkdir "$new/$name"; mount --rbind "$path" "$new/$name"
			else : >"$new/$name"; mount --bind "$path" "$new/$name"
			fi
		done
		mount --move "$new" "$1"
		rmdir "$new"
	}
	without /var/spool cron
	without /var www
	[ ! -e /var/www ] && [ ! -e /var/spool/cron ]
SH
	my @command = $root ? ('unshare', '-m', 'sh', '-c', $script) : ('./dev', 'up');
	open my $out, '-|:encoding(UTF-8)', 'sh', '-c', 'exec "$@" 2>&1 </dev/null', '-', @command or die "sh: $!";
	local $/;
	my $said = <$out>;
	close $out;
	return ($?, $said);
}

# What the daemon writes of its jobs: start, end, status.
sub job { return split ' ', eval { slurp("$var/run/jobs/$_[0]") } // '' }

sub daemon { return eval { slurp("$var/run/crond.pid") } + 0 }

sub since { return time - $_[0] }

my ($status, $said) = up();
my $begin = time;
is $status, 0, 'up' or do { diag $said; system './dev', 'reset'; BAIL_OUT('no instance') };
for (split /\n/, `./dev env`) { $ENV{$1} = $2 if /^export (YJ_\w+)='(.*)'$/ }
$ENV{YJ_FROM_DEV} = 1;
my $daemon = daemon();
cmp_ok $daemon, '>', 1, 'a daemon runs';
isnt +(stat "/proc/$daemon")[4], 0, 'not as root';
my @minutely = qw(identity outbox poll);
is join(' ', grep { my ($start, undef, $ended) = job($_); !$start || $ended } @minutely), '',
	'the jobs of each minute run when up has ended';

# The second full minute is past: what runs now was started by the clock.
sleep 90 - since($begin);
my %start = map { $_ => (job($_))[0] } @minutely;
is join(' ', grep { $start{$_} <= $begin } @minutely), '', 'and are started again';
db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP() + INTERVAL 1 DAY WHERE done_at IS NULL AND parked_at IS NULL');
my $row = promise(application => some_application());
my $made = time;
sleep 1 until row($row)->{done_at} || since($made) > 70;
ok row($row)->{done_at}, 'a row of outbox made 90 s after up is delivered within 70 s'
	or diag slurp("$var/log/cron.log");
my @children = map { (split /\) /, eval { slurp($_) } // '')[1] // '' } glob '/proc/[0-9]*/stat';
is scalar(grep { /^Z $daemon / } @children), 0, 'the daemon takes in its dead';
unlike slurp("$var/log/cron.log"), qr/cron: /, 'and has nothing to complain of';

# A daemon that has been killed, and one that is there but does nothing.
system 'pkill', '-KILL', '-s', $daemon;
($status, $said) = up();
is $status, 0, 'up after the daemon was killed' or diag $said;
like $said, qr/starting cron/, 'starts another';
my $second = daemon();
isnt $second, $daemon, 'that is a new one';
kill STOP => $second;
sleep 80;
($status, $said) = up();
is $status, 0, 'up after the daemon was suspended' or diag $said;
like $said, qr/starting cron/, 'starts another';
isnt daemon(), $second, 'that is a new one';
ok !kill(0, $second) || slurp("/proc/$second/stat") =~ /\) Z/, 'and the old one has ended';
($status, $said) = up();
is $status, 0, 'up with a daemon that works' or diag $said;
unlike $said, qr/starting cron/, 'leaves it alone';

# Without a daemon, or with jobs that cannot work, there is no "ready".
SKIP: {
	skip 'only root can hide things from up', 6 unless $root;
	stop_cron();
	my $false = "install -m 755 /bin/false $var/false && mount --bind $var/false "
		. built('cron/outbox');
	($status, $said) = up($false);
	isnt $status, 0, 'up fails when a job cannot work';
	like $said, qr/cron: outbox has failed, status 1\n/, 'with the last lines of the log';
	like $said, qr/^dev: cron cannot start its jobs, see \Q$var\E\/log\/cron\.log$/m, 'in words';
	require Schedule::Cron;
	my ($folder) = $INC{'Schedule/Cron.pm'} =~ m{(.*)/};
	($status, $said) = up("mount -t tmpfs none $folder");
	isnt $status, 0, 'up fails when the daemon cannot start';
	like $said, qr{Can't locate Schedule/Cron\.pm}, 'with the last lines of the log';
	unlike $said, qr/ready/, 'and is not ready';
}
is system('./dev reset >/dev/null 2>&1'), 0, 'reset';
ok !-e $var, 'takes all of it away';
done_testing;
