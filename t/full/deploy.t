# README's ten steps of HOW TO DEPLOY on a Debian 12 with nothing on it, as a
# stranger reads them: commands are taken from README word for word, files are
# written as README says. At the end the address in the QR code answers a page,
# and staff log in. What needs WeChat or a mail server goes as far as the words of
# the tools, since nothing but loopback is reached from there.
#
# There is no systemd in there either: "service" stands for it.
use lib 't/lib';
use Yj;
use Yj::Bare;
use Encode qw(decode_utf8);
use Time::HiRes qw(sleep);

chdir top();
my ($steps) = decode_utf8(slurp('README')) =~ /^HOW TO DEPLOY\n(.*?)^UPGRADE\n/ms or BAIL_OUT('README has no steps');
$steps =~ s/\\\n\s*//g;
my $tree = '/usr/src/yuanjian';
my %side = (
	public   => { name => 'ca.example.cn', address => '127.0.1.1', suffix => '', ports => [ 80, 443 ] },
	intranet => { name => 'ca.intranet.example.cn', address => '127.0.2.1', suffix => '-intranet', ports => [ 443 ] },
);
my $command = qr/^(?:apt-get|autoreconf|make|adduser|sh|chmod|chown|install|cp|sed|export|service|yuanjian-\w+|CREATE|GRANT) |^\.?\/\S+ /;
my (%told, $root);

# told LINE, WORD => VALUE ...: a line that README tells, with words replaced.
# What follows two blanks in README is a remark.
sub told {
	my ($line, %for) = @_;
	$steps =~ /^ {7}\Q$line\E(?: {2,}.*)?$/m or BAIL_OUT("README does not tell: $line");
	$told{$line} = 1;
	$line =~ s/(?<!\w)$_(?!\w)/$for{$_}/g for keys %for;
	return $line;
}

# step WHAT, LINE ...: run in the tree by root.
sub step {
	my ($what, @lines) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	return works('root', $what, join "\n", "cd $tree", @lines);
}

# refused WHAT, WORDS, LINE ...: ends with a sentence.
sub refused {
	my ($what, $words, @lines) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my ($status, $said) = inside('root', join "\n", @lines);
	isnt $status, 0, "$what: not from here";
	like $said, $words, 'says the tool';
	return;
}

sub write_in {
	my ($path, @lines) = @_;
	open my $file, '>', "$root$path" or die "$path: $!";
	print {$file} map { "$_\n" } @lines;
	close $file or die "$path: $!";
	return;
}

# edit PATH, PATTERN => TEXT ...: each is there.
sub edit {
	my ($path, @changes) = @_;
	my $text = slurp("$root$path");
	while (my ($pattern, $new) = splice @changes, 0, 2) {
		$text =~ s/$pattern/$new/m or BAIL_OUT("$path has no $pattern");
	}
	write_in($path, split /\n/, $text);
	return;
}

sub random_hex {
	my ($bytes) = @_;
	open my $in, '<:raw', '/dev/urandom' or die $!;
	read $in, my ($random), $bytes;
	return unpack 'H*', $random;
}

# (status, head, body) of a page, asked for by a browser that knows the certificate.
sub page {
	my ($side, $path, @options) = @_;
	my ($name, $address) = @{ $side{$side} }{qw(name address)};
	my $url = $path =~ /^http:/ ? $path : "https://$name$path";
	my (undef, $said) = beside(qw(curl -sS -i -m 30 --noproxy *), '--cacert', "$root/etc/ssl/$name.pem",
		map({ ('--resolve', "$name:$_:$address") } 80, 443), @options, $url);
	my ($head, $body) = split /\r\n\r\n/, $said, 2;
	return ($head =~ m{^HTTP/\S+ (\d+)} ? $1 : $said, $head, $body // '');
}

# Logs in; gives the options of a browser that has.
sub log_in {
	my ($login, $password) = @_;
	my @jar = ('-c', "$root.$login", '-b', "$root.$login");
	my (undef, undef, $form) = page('intranet', '/clerk/login', @jar);
	my @hidden = map { /type="hidden"/ && /name="([^"]*)"/ ? "$1=" . (/value="([^"]*)"/ ? $1 : '') : () } $form =~ /<input[^>]*>/g;
	my ($status, $head) = page('intranet', '/clerk/login', @jar,
		map { ('--data-urlencode', $_) } @hidden, "login=$login", "password=$password");
	my ($where) = $head =~ m{^Location: (\S+)}mi;
	is $status, 303, "$login logs in, to " . ($where // 'nowhere');
	return @jar;
}
END { unlink map { "$root.$_" } qw(clerk admin) if $root }

$root = bare_system();
clone($tree);
# Nothing is started by a package, there being no first process; "yes" to apt.
write_in('/usr/sbin/policy-rc.d', '#!/bin/sh', 'exit 101');
chmod 0755, "$root/usr/sbin/policy-rc.d";
write_in('/etc/apt/apt.conf.d/91yes', 'APT::Get::Assume-Yes "yes";');

# 1. Build and install.
my $quiet = 'export DEBIAN_FRONTEND=noninteractive';
step('1: packages to build', $quiet, told('apt-get update'),
	told('apt-get install --no-install-recommends $(cat etc/packages-build.txt)'));
step('1: packages to run', $quiet, told('apt-get install --no-install-recommends $(cat etc/packages-run.txt)'));
step('1: autoreconf', told('autoreconf -i'));
my $said = step('1: configure', told('./configure --prefix=/usr/local --sysconfdir=/etc'));
is join('', grep { /WARNING/ } split /^/, $said), '', '... misses nothing';
$said = step('1: make, make check, make install', 'export MAKEFLAGS=-j2',
	'(' . told('make && make check && make install') . ')'); # sh -e looks away from what stands before &&
like $said, qr/^All tests successful/m, '... unit tests pass';
ok -x "$root/usr/local/libexec/yuanjian/mod_ask_first.so", '... with the module for slow clients';

start_system();

# 2. Two system users and two httpd instances.
step('2: users and the second instance', map { told($_) } 'adduser --system --group yj-public',
	'adduser --system --group yj-intranet', 'sh /usr/share/doc/apache2/examples/setup-instance intranet');
my ($modules) = $steps =~ /a2enmod ([\w\s]+?)\s+\(cgi/ or BAIL_OUT('README names no modules');
$modules = join ' ', split ' ', $modules;
for my $which (qw(public intranet)) {
	my ($name, $address, $suffix, $ports) = @{ $side{$which} }{qw(name address suffix ports)};
	my $folder = "/etc/apache2$suffix";
	edit("$folder/envvars", map { ("^export APACHE_RUN_$_=.*" => "export APACHE_RUN_$_=yj-$which") } qw(USER GROUP));
	write_in("$folder/ports.conf", map { "Listen $address:$_" } @$ports);
	step("2: modules, certificate and site, $which",
		"a2enmod$suffix $modules", "a2dismod$suffix -f status", "a2dissite$suffix 000-default",
		"openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=$name -addext subjectAltName=DNS:$name"
			. " -keyout /etc/ssl/private/$name.key -out /etc/ssl/$name.pem",
		'cp ' . told("/usr/local/share/yuanjian/httpd/site-$which.conf.example") . " $folder/sites-available/yuanjian.conf",
		"a2ensite$suffix yuanjian", "apache2ctl$suffix configtest");
}

# 3. Config and secrets.
my %password = map { $_ => random_hex(20) } qw(apply clerk admin push cron owner);
my @ring = map { "1 $_ " . random_hex(32) } qw(seal index face);
my @wechat = ('wechat_secret = ' . random_hex(16));

sub configure {
	my ($which, $parts, @more) = @_;
	step("3: a copy of the example, $which",
		"cp /usr/local/share/doc/yuanjian/yuanjian.conf.example /etc/yuanjian/$which.conf");
	edit("/etc/yuanjian/$which.conf", '^secrets_file = .*' => "secrets_file = /etc/yuanjian/$which.secrets",
		'^keyring_file = .*' => "keyring_file = /etc/yuanjian/$which.keyring");
	write_in("/etc/yuanjian/$which.secrets", map({ "db_password_$_ = $password{$_}" } @$parts), @more);
	write_in("/etc/yuanjian/$which.keyring", @ring);
	return;
}

is +(stat "$root/etc/yuanjian")[2] & 07777, 0711, '3: make install has made the folder';
configure('public', [qw(apply push)], @wechat);
configure('intranet', [qw(clerk admin)]);
configure('owner', [ sort keys %password ]);
my $mode = told('chmod 0600 /etc/yuanjian/*');
$said = step('3: owners, and what is missing', $mode, map { told($_) } 'chown yj-public /etc/yuanjian/public.*',
	'chown yj-intranet /etc/yuanjian/intranet.*', 'yuanjian-config --check /etc/yuanjian/public.conf',
	'yuanjian-config --check /etc/yuanjian/intranet.conf');
like $said, qr{^/etc/yuanjian/$_\.conf: good, read by yj-$_$}m, "... $_: nothing" for qw(public intranet);

# 4. Database.
write_in('/etc/mysql/mariadb.conf.d/90-yuanjian.cnf', told('[mariadbd]'), told('max_connections = 320'));
step('4: MariaDB starts', told('service mariadb restart'));
my $super = join "\n", map { told($_, "'\x{2026}'" => "'$password{owner}'") }
	'CREATE DATABASE yuanjian CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;',
	"CREATE USER yj_owner\@localhost IDENTIFIED BY '\x{2026}';",
	'GRANT ALL ON yuanjian.* TO yj_owner@localhost WITH GRANT OPTION;', 'GRANT CREATE USER ON *.* TO yj_owner@localhost;';
step('4: as its root', "mariadb <<'SQL'\n$super\nSQL");
my $owner = told('export YJ_CONFIG=/etc/yuanjian/owner.conf');
step("4: $_", $owner, told("yuanjian-migrate $_")) for 'up', 'accounts', 'regions /usr/local/share/yuanjian/schema/regions.tsv';
my $whole = qr/\Ayuanjian is as this release wants it: .*\n\z/;
like step('4: verify', $owner, told('yuanjian-migrate verify')), $whole, '... misses nothing';
like step('4: settings of the server', 'mariadb -N -e "SELECT @@max_connections, @@innodb_flush_log_at_trx_commit"'),
	qr/^320\t1$/, '... are as README wants';
step('4: httpd starts', split /; /, told('service apache2 restart; service apache2-intranet start'));

# 5. The scheduled jobs.
step('5: account and log', told('adduser --system --group yuanjian-cron'),
	told('install -d -o yuanjian-cron /var/log/yuanjian'));
configure('cron', ['cron'], @wechat);
edit('/etc/yuanjian/cron.conf', map { ("^#(?=$_ = )" => '') } qw(smtp_url mail_from mail_bounce));
$said = step('5: config and table', map { told($_) } 'chmod 0600 /etc/yuanjian/cron.*', 'chown yuanjian-cron /etc/yuanjian/cron.*',
	'yuanjian-config --check /etc/yuanjian/cron.conf', 'cp /usr/local/share/yuanjian/crontab /etc/cron.d/yuanjian');
like $said, qr{cron\.conf: good, read by yuanjian-cron$}m, '... nothing is missing';
my $run = 'setpriv --reuid=yuanjian-cron --regid=yuanjian-cron --clear-groups env YJ_CONFIG=/etc/yuanjian/cron.conf'
	. ' /usr/local/libexec/yuanjian/cron';
step("5: $_ by hand", "$run/$_") for 'outbox 1', 'poll 1', 'expire', 'purge';
step('5: cron starts', 'service cron start');

# 6. A project, and staff.
is +(page('public', '/apply/start?project=gzgjj'))[0], 404, '6: before there is a project';
my %code = (CODE => 'gzgjj');
step('6: the project\'s file', told('cp /usr/local/share/yuanjian/schema/projects/gzgjj.xml CODE.xml', %code));
edit("$tree/gzgjj.xml", '<payment>yes<' => '<payment>no<');
$said = step('6: the project', $owner, map { told("yuanjian-project $_", %code) } 'check CODE.xml', 'apply CODE.xml', 'show CODE', 'list');
like $said, qr/^project gzgjj: made, open$/m, '... is made';
like $said, qr/^package org-1y price: - → 200\.00/m, '... with its prices';
step('6: close and open', $owner, told('yuanjian-project close CODE', %code), 'yuanjian-project open gzgjj');
my %staff = map { $_ => random_hex(8) } qw(clerk admin);
step("6: staff, $_", $owner, "printf %s $staff{$_} | "
	. told('yuanjian-staff add LOGIN ROLE NAME', LOGIN => $_, ROLE => $_, NAME => '张三')) for sort keys %staff;

# Their end: a page.
my ($status, $head, $body) = page('public', '/apply/start?project=gzgjj');
is $status, 200, 'the address in the QR code answers' or diag $head, slurp("$root/var/log/apache2/error.log");
like $body, qr/赣州市公积金管理中心 CA 项目/, '... a page of the project';
like $head, qr/^Strict-Transport-Security: max-age=\d/mi, '... for https alone';
($status, $head) = page('public', 'http://ca.example.cn/apply/start?project=gzgjj');
like $head, qr{^Location: https://ca\.example\.cn/apply/start\?project=gzgjj\r?$}mi, '... to which http leads';
($status, $head) = page('public', '/apply/login?project=gzgjj', '-A', 'Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50');
like $head, qr{^Location: https://open\.weixin\.qq\.com/\S*appid=wx0123456789abcdef\S*ca\.example\.cn}mi,
	'the log-in leads to WeChat, and back';
for my $which (qw(public intranet)) {
	is +(page($which, "/static/mark.svg"))[0], 200, "$which: files";
	is +(page($which, $_))[0], 404, "$which: no $_" for '/server-status', '/icons/', '/index.html', '/cgi-bin/x';
}
is +(page('public', '/clerk/login'))[0], 404, 'public: no desk';
is +(page('intranet', '/apply/start?project=gzgjj'))[0], 404, 'intranet: no applicant';
$said = step('the processes of httpd', 'ps -o user:20=,args= -C apache2');
like $said, qr{^yj-$_ +/usr/sbin/apache2}m, "... are those of yj-$_" for qw(public intranet);
unlike $said, qr/^www-data/m, '... and of nobody else';
my @clerk = log_in('clerk', $staff{clerk});
($status, $head, $body) = page('intranet', '/clerk/queue', @clerk);
is $status, 200, 'the clerk has a queue';
like $body, qr/张三/, '... under that name';
my @admin = log_in('admin', $staff{admin});
is +(page('intranet', '/admin/poster?project=gzgjj', @admin, '-o', "$root/tmp/poster", '-w', 'HTTP/1.1 %{http_code}'))[0],
	200, 'the admin has a poster';
like slurp("$root/tmp/poster"), qr/\r\n\r\n%PDF-1\.\d/, '... to be printed';

# 7. The official account.
step('7: what was added to owner.conf', "printf '%s\\n' '$wechat[0]' >>/etc/yuanjian/owner.secrets");
refused("7: $_", qr/^yuanjian-wechat: no connection to wechat_api_url: does the firewall/m, $owner, "yuanjian-wechat $_")
	for map { s/^yuanjian-wechat //r } told('yuanjian-wechat token'), told('yuanjian-wechat menu default'),
	told('yuanjian-wechat qr PROJECT SOURCE', PROJECT => 'gzgjj', SOURCE => 'hall');
$said = step('7: templates', $owner,
	told('yuanjian-wechat template template KIND ID thing1=project thing2=company ...', KIND => 'rejected', ID => 'x' x 43) =~ s/ \.+$//r,
	told('yuanjian-wechat template'));
like $said, qr/^template rejected x{43} thing1=project thing2=company$/m, '... are listed';

# 8. WeChat Pay.
refused('8: check', qr/^yuanjian-wechatpay: wechatpay_mchid is not given/m,
	'export YJ_CONFIG=/etc/yuanjian/public.conf', told('yuanjian-wechatpay check'));
step('8: keys', 'cd /etc/yuanjian', 'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out public.wechatpay-key.pem',
	'openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 | openssl pkey -pubout -out public.wechatpay-public.pem',
	'for file in key public; do cp public.wechatpay-$file.pem cron.wechatpay-$file.pem; done',
	'chown yuanjian-cron cron.*', 'chown yj-public public.*', $mode);
for my $which (qw(public cron)) {
	edit("/etc/yuanjian/$which.conf", map({ ("^#(?=wechatpay_$_ = )" => '') } qw(mchid serial public_key_id)),
		'^#wechatpay_key_file = .*' => "wechatpay_key_file = /etc/yuanjian/$which.wechatpay-key.pem",
		'^#wechatpay_public_key_file = .*' => "wechatpay_public_key_file = /etc/yuanjian/$which.wechatpay-public.pem");
}
refused('8: config', qr/wechatpay_apiv3_key is missing/, 'yuanjian-config --check /etc/yuanjian/public.conf');
my $apiv3 = random_hex(16);
step('8: secrets', "printf 'wechatpay_apiv3_key = $apiv3\\n' | tee -a /etc/yuanjian/public.secrets >>/etc/yuanjian/cron.secrets",
	map { "yuanjian-config --check /etc/yuanjian/$_.conf" } qw(public cron));
refused("8: $_", qr/^yuanjian-wechatpay: no answer from wechatpay_api_url: does the firewall/m,
	'export YJ_CONFIG=/etc/yuanjian/public.conf', "yuanjian-wechatpay $_")
	for map { s/^yuanjian-wechatpay //r } told('yuanjian-wechatpay check'), told('yuanjian-wechatpay query NUMBER', NUMBER => '20260101000001');
refused('8: certificates', qr/^yuanjian-wechatpay: wechatpay_certificate_dir is not set/m,
	'export YJ_CONFIG=/etc/yuanjian/public.conf', told('yuanjian-wechatpay certificates'));
edit("$tree/gzgjj.xml", '<payment>no<' => '<payment>yes<');
like step('8: payment', $owner, 'yuanjian-project apply gzgjj.xml'), qr/^payment: no → yes$/m, '... is on';

# 9. The identity check.
like step('9: ffmpeg', "setpriv --reuid=yuanjian-cron --regid=yuanjian-cron --clear-groups "
	. told('/usr/local/libexec/yuanjian/video-seal /usr/bin/ffmpeg -version')), qr/^ffmpeg version \d/m, '... runs behind the seal';

# 10. Logs.
step('10: logrotate', told('cp /usr/local/share/yuanjian/logrotate /etc/logrotate.d/yuanjian'),
	told("sed -i 's/rotate 14/rotate 183/' /etc/logrotate.d/apache2 /etc/logrotate.d/apache2-intranet"));
is step('10: rotation', 'logrotate -d /etc/logrotate.conf 2>&1 | grep -c "183 rotations"'), "3\n", '... keeps three kinds six months';
for (1 .. 80) {
	last if !(inside('root', 'pgrep -u yuanjian-cron outbox'))[0];
	sleep 1;
}
like step('5: cron has started jobs', 'ps -o user:20=,comm= -u yuanjian-cron'), qr/^yuanjian-cron +outbox$/m, '... as their account';
is join('', grep { /denied|cannot|level=(?:error|fault)/ } split /^/, slurp("$root/var/log/yuanjian/cron.log")), '', '... without complaint';
like slurp("$root/var/log/apache2$_/yuanjian.log"), qr/ path=\S+ status=200 /, "10: log of apache2$_" for '', '-intranet';

$told{$_} = 1 for 'systemctl restart apache2; systemctl enable --now apache2@intranet';
is join("\n", grep { /$command/ && !$told{$_} } map { s/ {2,}.*//r } $steps =~ /^ {7}(\S.*)$/mg), '',
	'no command of README was left out';
like step('verify, at the end', $owner, 'yuanjian-migrate verify'), $whole, '... misses nothing';
step('all stops', 'service cron stop', 'service apache2 stop', 'service apache2-intranet stop', 'service mariadb stop');
stop_system();
done_testing;
