# The site files that README tells to copy, in an httpd of their own: with names,
# folders and ports put in, the pages answer over https, and http leads there.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX ();

need_instance();
my $modules = '/usr/lib/apache2/modules';
-f "$modules/mod_ssl.so" or plan skip_all => 'no mod_ssl';
my $folder = tempdir(CLEANUP => 1);
my $top = top();
my @runner = $> ? () : ("User " . env('YJ_DB_SUPER'), "Group " . env('YJ_DB_SUPER'));
chmod 0755, $folder;
system("openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca.example.cn -keyout $folder/key.pem"
	. " -out $folder/certificate.pem 2>/dev/null");
ok -s "$folder/certificate.pem", 'a certificate' or BAIL_OUT('openssl');

# The modules that README names, beside those of any Debian.
my @load = map { -f "$modules/mod_$_.so" ? "LoadModule ${_}_module $modules/mod_$_.so" : () }
	qw(mpm_event authz_core authz_host dir env mime filter socache_shmcb
	cgid headers unique_id reqtimeout setenvif alias expires deflate ssl);

my %pid;
END { kill TERM => $_ for values %pid }

# Starts httpd with one of the two files; gives its ports for http and https.
sub start {
	my ($side) = @_;
	my $http = free_port();
	my $https = $http + 1;
	my $site = slurp("$top/etc/httpd/site-$side.conf.example");
	$site =~ s{^(Define YJ_PROGRAMS) .*}{"$1 " . build_dir() . '/cgi-bin'}me;
	$site =~ s{^(Define YJ_STATIC) .*}{$1 $top/htdocs}m;
	$site =~ s{^(Define YJ_CONFIG) .*}{"$1 " . env('YJ_CONFIG')}me;
	$site =~ s{/usr/local/share/yuanjian/httpd/}{$top/etc/httpd/}g;
	$site =~ s{(SSLCertificateFile) .*}{$1 $folder/certificate.pem};
	$site =~ s{(SSLCertificateKeyFile) .*}{$1 $folder/key.pem};
	$site =~ s{\*:80\b}{127.0.0.1:$http}g;
	$site =~ s{\*:443\b}{127.0.0.1:$https}g;
	$site =~ s{\$\{APACHE_LOG_DIR\}}{$folder}g;
	open my $out, '>', "$folder/$side.conf" or die $!;
	print {$out} map { "$_\n" } @load, @runner, "ServerRoot $folder", "TypesConfig $top/etc/httpd/mime.types", "PidFile $folder/$side.pid",
		"ScriptSock $folder/$side.sock",
		"ErrorLog $folder/$side.log", 'ServerName localhost', "Mutex file:$folder default",
		$site =~ /:$http>/ ? "Listen 127.0.0.1:$http" : (), "Listen 127.0.0.1:$https", $site;
	close $out;
	my $apache = (grep { -x } '/usr/sbin/apache2', '/usr/sbin/httpd')[0];
	is system("$apache -t -f $folder/$side.conf >$folder/said 2>&1"), 0, "$side: httpd takes the file"
		or diag slurp("$folder/said");
	my $pid = fork // die $!;
	if (!$pid) {
		open STDERR, '>', "$folder/$side.err";
		exec $apache, '-DFOREGROUND', '-f', "$folder/$side.conf" or POSIX::_exit(127);
	}
	$pid{$side} = $pid;
	for (1 .. 100) {
		last if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$https");
		select undef, undef, undef, 0.1;
	}
	return ($http, $https);
}

# (status, head) of a page over https.
sub secure {
	my ($port, $path) = @_;
	open my $in, '>', "$folder/request" or die $!;
	print {$in} "GET $path HTTP/1.1\r\nHost: ca.example.cn\r\nConnection: close\r\n\r\n";
	close $in;
	my $answer = `openssl s_client -quiet -connect 127.0.0.1:$port <$folder/request 2>/dev/null`;
	return ($answer =~ m{^HTTP/1\.1 (\d+)}, (split /\r\n\r\n/, $answer)[0]);
}

my ($http, $https) = start('public');
my ($status, $header) = raw_request("http://127.0.0.1:$http",
	"GET /apply/start?project=gzgjj HTTP/1.1\r\nHost: ca.example.cn\r\nConnection: close\r\n\r\n");
is $status, 301, 'http leads away';
is $header->{location}[0], 'https://ca.example.cn/apply/start?project=gzgjj', '... to the same page with https';
($status, my $head) = secure($https, '/apply/start?project=gzgjj');
is $status, 200, 'there is the page of the QR code' or diag slurp("$folder/public.log");
like $head, qr/^Strict-Transport-Security: max-age=\d/mi, '... for https alone';
like +(secure($https, '/clerk/login'))[0], qr/^40[34]$/, 'no desk on the public side';
like +(secure($https, '/server-status'))[0], qr/^40[34]$/, 'and no status of the server';
(undef, $https) = start('intranet');
is +(secure($https, '/clerk/login'))[0], 200, 'the desk is on the inner side' or diag slurp("$folder/intranet.log");
like +(secure($https, '/apply/start'))[0], qr/^40[34]$/, '... and no applicant';
for my $side (sort keys %pid) {
	kill TERM => $pid{$side};
	waitpid delete $pid{$side}, 0;
}
done_testing;
