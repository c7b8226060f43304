# The two commands on a Debian 12 with nothing on it (debootstrap's minbase): as
# root, who gets the packages, and as an ordinary user, who finds them there.
#
# npm's settings are those of this machine.
use lib 't/lib';
use Yj;
use Yj::Bare;

chdir top();
my $root = bare_system();
host(<<'SH', $root);
	for file in /etc/npmrc /root/.npmrc; do [ ! -f "$file" ] || cp -p "$file" "$1$file"; done
	chroot "$1" useradd --create-home --shell /bin/bash lisi
	[ ! -f /root/.npmrc ] || install -m 600 -o "$(stat -c %u "$1/home/lisi")" /root/.npmrc "$1/home/lisi/.npmrc"
SH
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
