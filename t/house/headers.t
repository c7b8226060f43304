# Answers of httpd itself: security headers on every kind of answer, the ceilings of
# the request, and no file that is not published.
use lib 't/lib';
use Yj;

need_instance();

my @always = qw(content-security-policy x-content-type-options referrer-policy
	cross-origin-opener-policy cross-origin-resource-policy permissions-policy);

sub ask {
	my ($base, $method, $path, $headers, $body) = @_;
	my ($host) = $base =~ m{//(.*)};
	my $request = "$method $path HTTP/1.1\r\nHost: $host\r\nConnection: close\r\n";
	$request .= "$_: $headers->{$_}\r\n" for sort keys %{ $headers || {} };
	return raw_request($base, "$request\r\n" . ($body // ''));
}

sub protected {
	my ($header, $what) = @_;
	for my $name (@always) {
		is scalar @{ $header->{$name} || [] }, 1, "$what: one $name";
	}
	my $csp = $header->{'content-security-policy'}[0] // '';
	like $csp, qr/default-src 'none'/, "$what: CSP begins with nothing";
	like $csp, qr/frame-ancestors 'none'/, "$what: not to be framed";
	unlike $csp, qr/unsafe/, "$what: no unsafe source";
	is $header->{'x-content-type-options'}[0], 'nosniff', "$what: nosniff";
	is $header->{server}[0], 'Apache', "$what: no version";
}

my $big = 'a' x 4000;
my @cases = (
	# what, side, method, path, status, headers
	['a page',            'public',   'GET',  '/apply/start?project=gzgjj', 200],
	['a redirect',        'public',   'GET',  '/', 303],
	['a file',            'public',   'GET',  '/static/css/yuanjian.css', 200],
	['a picture',         'public',   'GET',  '/static/mark.svg', 200],
	['an absent file',    'public',   'GET',  '/static/none.css', 404],
	['an absent page',    'public',   'GET',  '/apply/none', 404],
	['no room at all',    'public',   'GET',  '/none', 404],
	['a folder',          'public',   'GET',  '/static/css/', 404],
	['the programs',      'public',   'GET',  '/apply/', qr/40[34]/],
	['a dotted program',  'public',   'GET',  '/apply/company.o', 403],
	['a dotted folder',   'public',   'GET',  '/apply/.deps/company.Po', 403],
	['a hidden file',     'public',   'GET',  '/static/.git', 403],
	['a makefile',        'public',   'GET',  '/static/local.mk', 403],
	['a tool',            'public',   'GET',  '/static/weui.sh?v=1', 403],
	['up and away',       'public',   'GET',  '/static/../../etc/passwd', qr/40[034]/],
	['coded up and away', 'public',   'GET',  '/static/%2e%2e/%2e%2e/README', qr/40[034]/],
	['a path behind',     'public',   'GET',  '/apply/start/behind', 404],
	['staff from outside', 'public',  'GET',  '/clerk/login', 404],
	['admin from outside', 'public',  'GET',  '/admin/', 404],
	['an applicant inside', 'intranet', 'GET', '/apply/start', 404],
	['the clerk\'s door', 'intranet', 'GET',  '/clerk/login', 200],
	['a clerk\'s page',   'intranet', 'GET',  '/clerk/queue', qr/30[23]|401/],
	['TRACE',             'public',   'TRACE', '/static/mark.svg', 405],
	['PUT',               'public',   'PUT',  '/static/mark.svg', qr/40[35]/],
	['DELETE',            'public',   'DELETE', '/apply/start', qr/40[35]/],
	['a long query',      'public',   'GET',  "/apply/start?$big$big", 414],
	['a long header',     'public',   'GET',  '/static/mark.svg', 400, { 'X-Long' => 'a' x 9000 }],
	['a range too far',   'public',   'GET',  '/static/mark.svg', 416, { Range => 'bytes=99999999-' }],
	['a condition',       'public',   'GET',  '/static/mark.svg', 200, { 'If-Match' => '"x"' }],
	['an expectation',    'public',   'GET',  '/static/mark.svg', 417, { Expect => 'the unknown' }],
);
for (@cases) {
	my ($what, $side, $method, $path, $status, $headers) = @$_;
	my ($got, $header, $body) = ask($side eq 'public' ? public() : intranet(), $method, $path,
		{ %{ $headers || {} } });
	ref $status ? like($got, $status, "$what: status") : is($got, $status, "$what: status");
	protected($header, $what);
	if ($got >= 400) {
		like join(' ', @{ $header->{'cache-control'} || [] }), qr/no-store/, "$what: not kept";
		unlike $body // '', qr/Apache|not found on this server/i, "$what: in our words"
			unless $method eq 'TRACE';
		like $body // '', qr/\xe8\xaf\xb7/, "$what: says what to do";
		unlike $body // '', qr{/(?:srv|home|root|tmp|work)/}, "$what: tells no path";
	}
}

# Static files may be kept for good only under their mark.
my (undef, $plain) = ask(public(), 'GET', '/static/css/yuanjian.css');
my (undef, $marked) = ask(public(), 'GET', '/static/css/yuanjian.css?v=1');
is $plain->{'cache-control'}[0], 'max-age=3600', 'a file without a mark is kept an hour';
is $marked->{'cache-control'}[0], 'max-age=31536000', 'a file with a mark is kept a year';
my (undef, $small) = ask(public(), 'GET', '/static/vendor/weui.css', { 'Accept-Encoding' => 'gzip' });
is $small->{'content-encoding'}[0], 'gzip', 'files are sent compressed';
my (undef, $page) = ask(public(), 'GET', '/apply/start?project=gzgjj', { 'Accept-Encoding' => 'gzip' });
ok !$page->{'content-encoding'}, 'pages are not: their length would tell';

# LimitRequestBody, at the limit and one above, where the length alone decides.
# At the limit the program answers, above it httpd does.
for (['/apply/start', 131072], ['/clerk/login', 131072], ['/apply/company', 134217728],
	['/apply/scan', 16777216])
{
	my ($path, $limit) = @$_;
	for my $length ($limit, $limit + 1) {
		my ($status, $header, $body) = ask($path =~ /clerk/ ? intranet() : public(), 'POST', $path,
			{ 'Content-Length' => $length, 'Content-Type' => 'application/x-www-form-urlencoded' },
			$length > $limit ? '' : 'a' x $length);
		if ($length > $limit) {
			is $status, 413, "$path: $length bytes are too many for httpd";
			like $body // '', qr/\xe5\xa4\xaa\xe5\xa4\xa7/, "$path: says so";
			ok !$header->{'x-request-number'}, "$path: and no program ran";
		} else {
			ok $header->{'x-request-number'}, "$path: $length bytes come to the program";
		}
		protected($header, "$path with $length bytes");
	}
}

# No query and nothing typed in the access log.
my $word = 'secretword' . $$;
ask(public(), 'GET', "/apply/start?project=$word");
ask(public(), 'GET', '/static/mark.svg', { Cookie => $word, Referer => "http://x/$word" });
sleep 1;
for my $log (glob env('YJ_VAR') . '/log/*.log') {
	unlike slurp($log), qr/$word/, "$log does not tell";
}
done_testing;
