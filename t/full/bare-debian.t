# The two commands on a Debian 12 with nothing on it (debootstrap's minbase): as
# root, who gets the packages, and as an ordinary user, who finds them there.
#
# Debian's mirror and how to get there, npm's settings and the certificates of a
# network that has its own are those of this machine. 10 GB in /var/tmp; packages
# and the bare system stay in /var/tmp/yuanjian-bare for a week of runs.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Time::HiRes qw(time);

$> == 0 or plan skip_all => 'only root can make such a system';
chdir top();
my $kept = '/var/tmp/yuanjian-bare';
my $root = tempdir('yuanjian-XXXXXX', DIR => '/var/tmp');
my $log = "$root.log";
my @network = grep { /_proxy$|^npm_config_|^NODE_EXTRA_CA_CERTS$/i } keys %ENV;

END { clean_up() }

sub clean_up {
	return unless $root && -d $root;
	local $?;
	system 'rm', '-rf', '--one-file-system', $root if !grep { / \Q$root\E/ } split /\n/, slurp('/proc/mounts');
	diag "the log is $log" unless Test::More->builder->is_passing;
	unlink $log if Test::More->builder->is_passing;
	return;
}

# On this machine; a step that fails ends the test.
sub host {
	my ($script, @arguments) = @_;
	system('sh', '-ec', "exec >>'$log' 2>&1 </dev/null\n$script", '-', @arguments) == 0
		or BAIL_OUT("cannot prepare the system, see $log: $script");
	return;
}

# A script in the bare system, with processes of its own that end with it.
# Gives the status, what was said, and the seconds.
sub inside {
	my ($user, $script) = @_;
	my $pass = join ',', @network;
	my @login = $user eq 'root'
		? ('env', '-i', 'HOME=/root', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LANG=C.UTF-8',
			(map { "$_=$ENV{$_}" } @network), 'bash', '-c')
		: ('su', '-', $user, $pass ? ('-w', $pass) : (), '-c');
	my $enter = <<'SH';
		root=$1 kept=$2; shift 2
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		mount --rbind /sys "$root/sys"
		mount --bind "$kept/archives" "$root/var/cache/apt/archives"
		exec chroot "$root" "$@" 2>&1 </dev/null
SH
	my $begin = time;
	open my $out, '-|:encoding(UTF-8)', 'unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-ec', $enter, '-',
		$root, $kept, @login, "set -e\n$script\n:" or die "unshare: $!";
	my $said = do { local $/; <$out> } // '';
	close $out;
	my $status = $?;
	my $seconds = sprintf '%.0f', time - $begin;
	open my $file, '>>:encoding(UTF-8)', $log or die "$log: $!";
	print {$file} "# $user: $script\n$said# status $status after $seconds s\n";
	return ($status, $said, $seconds);
}

# works USER WHAT SCRIPT: a test that passes when the script does; gives what it said.
sub works {
	my ($user, $what, $script) = @_;
	my ($status, $said, $seconds) = inside($user, $script);
	is $status, 0, "$user: $what ($seconds s)" or diag join "\n", (split /\n/, $said)[-30 .. -1];
	return $said;
}

sub free_port {
	PORT: while (1) {
		my $first = 20000 + 4 * int rand 5000;
		for my $port ($first .. $first + 3) {
			IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") and next PORT;
		}
		return $first;
	}
}

sub clone {
	my ($place) = @_;
	host('git clone -q --no-hardlinks "$1" "$2"', top(), "$root$place");
	return;
}

# The system.
my @sources = grep { /^\S+ bookworm\S* \S+$/ }
	split /\n/, `apt-get indextargets --format '\$(REPO_URI) \$(CODENAME) \$(COMPONENT)' 'Created-By: Packages' 'Origin: Debian'`;
my ($mirror) = map { /^(\S+) bookworm main$/ ? $1 : () } @sources
	or BAIL_OUT('apt knows no Debian 12 (bookworm) here: apt-get update');
my $begin = time;
host(<<'SH', $kept, $mirror, $root);
	mkdir -p "$1/archives/partial"
	[ -z "$(find "$1/made" -mtime +7 2>/dev/null)" ] || rm -rf --one-file-system "$1/system" "$1/made"
	[ -f "$1/made" ] || {
		rm -rf --one-file-system "$1/system"
		debootstrap --variant=minbase --cache-dir="$1/archives" bookworm "$1/system" "$2"
		touch "$1/made"
	}
	chmod 755 "$3"
	cp -a "$1/system/." "$3/"
SH
open my $list, '>', "$root/etc/apt/sources.list" or die $!;
print {$list} map { "deb $_\n" } @sources;
close $list;
open my $settings, '>', "$root/etc/apt/apt.conf.d/90network" or die $!;
print {$settings} grep { /^Acquire::(?:https?|ftp|Check-|Retries|ForceIPv)/i } map { "$_\n" } split /\n/, `apt-config dump`;
close $settings;
host(<<'SH', $root);
	cp -a /etc/resolv.conf /etc/hosts "$1/etc/"
	cp -rn /etc/apt/trusted.gpg.d /etc/apt/keyrings /etc/apt/auth.conf.d "$1/etc/apt/"
	[ ! -d /usr/local/share/ca-certificates ] || cp -r /usr/local/share/ca-certificates "$1/usr/local/share/"
	for file in /etc/npmrc /root/.npmrc; do [ ! -f "$file" ] || cp -p "$file" "$1$file"; done
	chroot "$1" useradd --create-home --shell /bin/bash lisi
	[ ! -f /root/.npmrc ] || install -m 600 -o "$(stat -c %u "$1/home/lisi")" /root/.npmrc "$1/home/lisi/.npmrc"
SH
my ($version) = slurp("$root/etc/debian_version") =~ /^(\d+)\./;
is $version, 12, sprintf 'a Debian 12 with %d packages (%.0f s)', scalar(() = `chroot $root dpkg-query -W` =~ /\n/g), time - $begin;
my $port = free_port();
my $answers = "perl -MIO::Socket::INET -e 'my \$s = IO::Socket::INET->new(\"127.0.0.1:$port\") or exit 1;
	print \$s \"GET /static/mark.svg HTTP/1.0\\r\\n\\r\\n\"; exit(<\$s> !~ / 200 /)'";

# A place that servers cannot enter: said before anything is installed.
clone('/root/yuanjian');
my ($status, $said, $seconds) = inside('root', "cd /root/yuanjian; PORT=$port ./dev up");
isnt $status, 0, 'root: a tree below /root is refused';
like $said, qr{www-data.*cannot read /root/yuanjian.*Move the tree}s, 'with a way out';
cmp_ok $seconds, '<=', 10, 'at once';
ok !-e "$root/usr/bin/gcc" && !-e "$root/root/yuanjian/node_modules", 'before anything is installed';

# As told.
rename "$root/root/yuanjian", "$root/srv/yuanjian" or die $!;
$said = works('root', 'up', "cd /srv/yuanjian; PORT=$port ./dev up; $answers; ./dev down");
like $said, qr{http://127\.0\.0\.1:$port/apply/start\?project=gzgjj}, 'tells the entry';
my $apt = slurp("$root/srv/yuanjian/var/apt.log");
like $apt, qr/^Setting up \Q$_\E[ :]/m, "apt.log has $_" for qw(gcc nodejs);
unlike eval { slurp("$root/srv/yuanjian/var/npm.log") } // '', qr/EBADENGINE/, 'npm is content with Node.js';
works('root', 'no process is left', '! pgrep -u www-data >/dev/null');
$said = works('root', 'check', 'cd /srv/yuanjian; ./dev check journey house/dev');
like $said, qr{^(?:\[[^\]]*\] )?\S*\Q$_\E\.t \.+ ok}m, "$_ passes there" for qw(t/apply/journey t/browser/journey t/house/dev);

# A tree that is moved after it was built.
rename "$root/srv/yuanjian", "$root/srv/moved" or die $!;
$said = works('root', 'up of a tree that was moved',
	"cd /srv/moved; PORT=$port ./dev up; $answers; ./dev reset");
like $said, qr/the tree was moved: building anew/, 'it is built anew';

# An ordinary user, whose PATH has no servers.
works('lisi', 'Debian gives no path to servers', '! command -v apache2');
clone('/home/lisi/yuanjian');
host('chroot "$1" chown -R lisi: /home/lisi/yuanjian', $root);
$said = works('lisi', 'up', "cd yuanjian; PORT=$port ./dev up; $answers; ./dev down; ! pgrep -u lisi apache2");
like $said, qr{http://127\.0\.0\.1:$port/apply/start\?project=gzgjj}, 'tells the entry';
$said = works('lisi', 'check', 'cd yuanjian; ./dev check journey house/dev');
like $said, qr{^(?:\[[^\]]*\] )?\S*\Q$_\E\.t \.+ ok}m, "$_ passes there" for qw(t/apply/journey t/browser/journey t/house/dev);

# What README says is left behind.
works('lisi', 'reset', 'cd yuanjian; ./dev reset');
my $readme = slurp('README');
my $ignored = join ' ', map { /^!! (\S+)/ ? $1 : () } split /\n/,
	`git -c safe.directory=* -C $root/home/lisi/yuanjian status --porcelain --ignored`;
is join(' ', grep { index($readme, $_) < 0 } split ' ', $ignored), '', "README names what stays in the tree ($ignored)";
my $home = works('lisi', 'what is left in the home folder', 'find . -mindepth 1 -maxdepth 1');
is join(' ', grep { index($readme, "~/$_") < 0 } grep { !/^(?:yuanjian|\.bash\w*|\.profile|\.npmrc)$/ }
	map { m{^\./(\S+)} } split /\n/, $home), '', 'README names what stays outside it';
done_testing;
