#!/usr/bin/perl
# server-status.t: beside a distribution's own configuration, which hangs pages of
# its own at the server's root, nothing but our rooms is reached: neither from
# here nor from a proxy on the same machine, which is "local" to httpd.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX ();

need_instance();

my $modules = '/usr/lib/apache2/modules';
my $folder = tempdir(CLEANUP => 1);
chmod 0755, $folder;
mkdir "$folder/$_" or die $! for qw(icons doc cgi-bin run www);
for (['icons/README', "an icon\n", 0644], ['icons/README.txt', "abc123", 0644], ['doc/copyright', "a manual\n", 0644], ['www/index.html', "It works\n", 0644],
	['cgi-bin/test', "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\na script\\n'\n", 0755]) {
	my ($name, $text, $mode) = @$_;
	open my $file, '>', "$folder/$name" or die $!;
	print {$file} $text;
	close $file;
	chmod $mode, "$folder/$name";
}
chmod 0777, "$folder/run";

# Free ports of the kernel's choice.
my @ports = map { $_->sockport } my @held = map {
	IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0) or die "port: $@"
} 1 .. 2;
close $_ for @held;
my ($public, $intranet) = map { "http://127.0.0.1:$_" } @ports;

# What Debian has in mods-enabled and conf-enabled, word for word where it counts.
my @needed = qw(mpm_prefork authz_core authz_host access_compat alias cgi deflate dir env expires filter
	headers mime reqtimeout setenvif unique_id status info autoindex userdir proxy proxy_balancer
	slotmem_shm lbmethod_byrequests);
my $load = join '', map { "LoadModule ${_}_module $modules/mod_$_.so\n" } @needed;
my ($top, $static, $programs, $config) = (top(), top() . '/htdocs', build_dir() . '/cgi-bin', env('YJ_CONFIG'));
open my $file, '>', "$folder/httpd.conf" or die $!;
print {$file} <<"END";
$load
ServerRoot "$folder"
DefaultRuntimeDir "$folder/run"
PidFile "$folder/run/httpd.pid"
ErrorLog "$folder/run/error.log"
ServerName 127.0.0.1
TypesConfig $top/etc/httpd/mime.types
Mutex file:$folder/run default
StartServers 2
DocumentRoot "$folder/www"
<Directory "$folder/www">
	Options Indexes FollowSymLinks
	AllowOverride None
	Require all granted
</Directory>
ExtendedStatus On
<Location /server-status>
	SetHandler server-status
	Require local
</Location>
<Location /server-info>
	SetHandler server-info
	Require local
</Location>
<Location /balancer-manager>
	SetHandler balancer-manager
	Require local
</Location>
Alias /icons/ "$folder/icons/"
<Directory "$folder/icons">
	Options FollowSymlinks
	AllowOverride None
	Require all granted
</Directory>
Alias /doc/ "$folder/doc/"
<Directory "$folder/doc">
	Options Indexes
	Require local
</Directory>
ScriptAlias /cgi-bin/ "$folder/cgi-bin/"
<Directory "$folder/cgi-bin">
	AllowOverride None
	Options +ExecCGI -MultiViews +SymLinksIfOwnerMatch
	Require all granted
</Directory>
UserDir $folder/doc

Define DEMO
Define YJ_PROGRAMS $programs
Define YJ_STATIC   $static
Define YJ_CONFIG   $config
Include $top/etc/httpd/common.conf
# Behind our files: a site that is read later than ours is no better.
Alias /manual/ "$folder/doc/"
Listen 127.0.0.1:$ports[0]
Listen 127.0.0.1:$ports[1]
<VirtualHost 127.0.0.1:$ports[0]>
	ServerName $public
	Include $top/etc/httpd/public.conf
	Alias /MP_verify_abc123.txt "$folder/icons/README.txt"
</VirtualHost>
<VirtualHost 127.0.0.1:$ports[1]>
	ServerName $intranet
	Include $top/etc/httpd/intranet.conf
</VirtualHost>
<Location /later-status>
	SetHandler server-status
	Require all granted
</Location>
END
close $file or die $!;

my $uid = getpwnam env('YJ_DB_SUPER');
my $httpd = fork // die $!;
if (!$httpd) {
	my @command = ('apache2', '-f', "$folder/httpd.conf", '-DFOREGROUND');
	$ENV{PATH} .= ':/usr/sbin:/sbin';
	unshift @command, 'setpriv', "--reuid=$uid", '--clear-groups', '--' if $> == 0;
	open STDOUT, '>', "$folder/start.log";
	open STDERR, '>&', \*STDOUT;
	exec @command or POSIX::_exit(127);
}
END {
	my $status = $?;
	if ($httpd) {
		kill TERM => $httpd;
		waitpid $httpd, 0;
	}
	$? = $status;
}
for (1 .. 100) {
	last if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$ports[0]");
	select undef, undef, undef, 0.1;
}

sub get {
	my ($base, $path) = @_;
	my ($host) = $base =~ m{//(.*)};
	return raw_request($base, "GET $path HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n\r\n");
}

my ($status) = get($public, '/static/mark.svg');
is($status, 200, 'our own files are served') or diag slurp("$folder/start.log");
is((get($public, '/'))[0], 303, 'the door leads to the first page');
is((get($intranet, '/'))[0], 303, 'the staff\'s too');
is((get($public, '/MP_verify_abc123.txt'))[1]{'content-type'}[0], 'text/plain', 'so is the file that proves the domain');
is((get($public, '/apply/none'))[0], 404, 'a page that is not there is not there');

for my $side ($public, $intranet) {
	for my $path (qw(/server-status /server-status/ /server-status?auto /server-info /balancer-manager
		/later-status /icons/README /icons/ /index.html /doc/copyright /doc/ /manual/copyright /cgi-bin/test
		/~root/copyright /~root/ //server-status /./server-status /static/../server-status
		/%73erver-status /server%2Dstatus /applyx /staticx/ /clerk /apply)) {
		my ($answer, undef, $body) = get($side, $path);
		is($answer, 404, "$side$path is not there");
		unlike($body, qr/Server Version|Apache Server Information|Load Balancer Manager|an icon|a manual|a script|Index of|It works/,
			"and says nothing");
	}
}
is((get($intranet, $_))[0], 404, "nobody finds $_ on the staff's side") for '/apply/start', '/push/wechat', '/sim/wechat';
is((get($public, $_))[0], 404, "nor $_ on the public one") for '/clerk/login', '/admin/staff';

done_testing();
