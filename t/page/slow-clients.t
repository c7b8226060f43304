# Clients that send slowly: one whose body is not expected is answered at once and
# dropped, so that pages stay open for all others; an expected one may take its time,
# within limits.
use Yj;
use Yj::Journey;
use Yj::Scan qw(need_scan_tools);
use HTTP::Request::Common ();
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(sleep time);

need_instance();
need_scan_tools();

my ($address) = public() =~ m{^http://([^/]+)};
my $BOUNDARY = 'slowslowslow';
$SIG{PIPE} = 'IGNORE';

# A POST of which the head and `begin` are sent; the rest is sent by feed().
sub slow {
	my ($path, %with) = @_;
	my $socket = IO::Socket::INET->new(PeerAddr => $address, Timeout => 10) or die "connect: $!";
	my $length = $with{length} // 100_000_000;
	my $size = $with{head} // "Content-Length: $length\r\n";
	my $cookie = $with{cookie} ? "Cookie: yj=$with{cookie}\r\n" : '';
	my $begin = $with{begin} // '';
	utf8::encode($begin) if utf8::is_utf8($begin);
	syswrite $socket, "POST $path HTTP/1.1\r\nHost: $address\r\nOrigin: " . public() . "\r\n$cookie$size"
		. "Content-Type: multipart/form-data; boundary=$BOUNDARY\r\n\r\n$begin";
	$socket->blocking(0);
	return { socket => $socket, from => time, answer => '', sent => 0 };
}

# Sends some bytes and takes what has come; notes when the first of it came, when
# the server ended its side, and when it would take no more.
sub feed {
	my ($c, $bytes) = @_;
	if (!$c->{refused}) {
		my $n = syswrite $c->{socket}, $bytes;
		$c->{sent} += $n if $n;
		$c->{refused} = time - $c->{from} if !defined $n && !$!{EAGAIN};
	}
	my $n = sysread $c->{socket}, my $some, 65536;
	if ($n) {
		$c->{answer} .= $some;
		$c->{answered} //= time - $c->{from};
	} elsif (defined $n || !$!{EAGAIN}) {
		$c->{ended} //= time - $c->{from};
	}
	return $c;
}

sub status { return $_[0]{answer} =~ m{^HTTP/1\.1 (\d+)} ? $1 : 0 }
sub words { my $text = $_[0]{answer}; utf8::decode($text); return $text }

# At 620 B/s until `done` says so, or the time is over.
sub trickle {
	my ($seconds, $done, @clients) = @_;
	my $end = time + $seconds;
	while (time < $end) {
		feed($_, 'a' x 124) for @clients;
		last if $done->(@clients);
		sleep 0.2;
	}
	return;
}

sub typed {
	my (%field) = @_;
	return join '', map {
		"--$BOUNDARY\r\nContent-Disposition: form-data; name=\"$_\"\r\n\r\n$field{$_}\r\n"
	} sort keys %field;
}

my $file = "--$BOUNDARY\r\nContent-Disposition: form-data; name=\"licence\"; filename=\"x.jpg\"\r\n"
	. "Content-Type: image/jpeg\r\n\r\n";
my $nowhere = '/apply/company?application=' . '0' x 26;

sub token_of {
	my ($browser) = @_;
	my $token;
	$browser->cookie_jar->scan(sub { $token = $_[2] if $_[1] eq 'yj' });
	return $token;
}

# How many of our programs run for pages of companies.
sub programs {
	return scalar grep { (readlink($_) // '') eq built('cgi-bin/apply/company') } glob '/proc/[0-9]*/exe';
}

my $mine = applicant();
my $trip = to_company($mine);
my $own = "/apply/company?application=$trip->{application}";
my $stranger = applicant();
to_company($stranger);
my $handed_in = applicant();
my $late = to_review($handed_in);

# -- one -------------------------------------------------------------------------------

for my $case (
	['without a session', $nowhere, undef, 403, qr/登录已过期/],
	['with a session that there is not', $nowhere, 'f' x 64, 403, qr/登录已过期/],
	['to the application of another', $own, token_of($stranger), 404, qr/没有找到这份申请/],
	['to an application that is closed', "/apply/company?application=$late->{application}", token_of($handed_in),
		409, qr/不能再修改/],
	['to a page that takes none', '/apply/mine', token_of($mine), 405, qr/不能这样打开/, 100_000 ],
	['of more than is taken', $own, token_of($mine), 413, qr/太大/, 300_000_000 ],
) {
	my ($what, $path, $cookie, $status, $words, $length) = @$case;
	my $c = slow($path, cookie => $cookie, length => $length, begin => typed(name => '赣州慢速有限公司') . $file);
	trickle(10, sub { $_[0]{refused} }, $c);
	is(status($c), $status, "a large body $what");
	like(words($c), $words, '... the answer says what it is');
	cmp_ok($c->{answered} // 99, '<', 4, sprintf '... after %.1f s', $c->{answered} // 99);
	ok(defined $c->{ended}, '... the connection is ended');
	cmp_ok($c->{refused} // 99, '<', 8, sprintf '... and closed after %.1f s', $c->{refused} // 99);
	like($c->{answer}, qr/^Connection: close\r$/m, '... as the answer says');
	like(words($c), qr/value="赣州慢速有限公司"/, '... what was typed in front of the file is kept') if $status == 403;
	like(words($c), qr/照片没有保留/, '... the file is not, and that is said') if $status == 403;
}

{
	my $c = slow($own, cookie => token_of($mine), head => "Transfer-Encoding: chunked\r\n", begin => "5\r\naaaaa\r\n");
	trickle(10, sub { $_[0]{ended} }, $c);
	is(status($c), 411, 'a body in chunks, which no form sends');
	cmp_ok($c->{answered} // 99, '<', 4, sprintf '... is answered after %.1f s', $c->{answered} // 99);
}

{
	my $c = slow($nowhere, length => 40_000);
	trickle(10, sub { $_[0]{ended} }, $c);
	is(status($c), 403, 'a small body that does not come');
	cmp_ok($c->{answered} // 99, '<', 5, sprintf '... is answered after %.1f s', $c->{answered} // 99);
}

# Of a body that goes on, what follows is no request of its own.
{
	my $inner = "GET /apply/login HTTP/1.1\r\nHost: $address\r\n\r\n";
	my $c = slow($nowhere, length => 1_000_000, begin => $inner x 1000);
	trickle(5, sub { $_[0]{ended} }, $c);
	my @answers = $c->{answer} =~ m{^HTTP/1\.1 \d+}mg;
	is(scalar @answers, 1, 'one request has one answer, whatever its body holds');
}

# -- many ------------------------------------------------------------------------------

# Pages of everybody else, fetched by another process for so long: their number,
# and how long the slowest took, in words.
sub pages_beside {
	my ($seconds) = @_;
	pipe my $reader, my $writer or die "pipe: $!";
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		my ($slowest, $pages, $end) = (0, 0, time + $seconds);
		while (time < $end) {
			my $from = time;
			my $answer = new_browser(timeout => 25)->get(public('/apply/start?project=gzgjj'));
			my $took = time - $from;
			$slowest = $took if $took > $slowest;
			$pages += $answer->code == 200;
			sleep 0.2;
		}
		syswrite $writer, "$pages $slowest";
		require POSIX;
		POSIX::_exit(0);
	}
	close $writer;
	return $reader;
}

# httpd doubles its workers second by second until there are enough; what is
# awaited here has room for that, and for a busy machine.
for my $case (['large', 100_000_000], ['small', 60_000]) {
	my ($what, $length) = @$case;
	my @clients = map { slow($nowhere, length => $length, cookie => $_ % 2 ? undef : 'e' x 64) } 1 .. 62;
	my $beside = pages_beside(10);
	trickle(30, sub { !grep { !$_->{refused} } @_ }, @clients);
	is(scalar(grep { status($_) == 403 } @clients), 62, "62 slow clients with $what bodies have their answers");
	is(scalar(grep { $_->{refused} } @clients), 62, '... and are gone');
	my ($pages, $slowest) = split ' ', <$beside> // '';
	cmp_ok($pages, '>=', 1, "... $pages pages were answered beside them");
	cmp_ok($slowest, '<', 25, sprintf '... the slowest in %.1f s', $slowest);
	is(programs(), 0, '... no program is left over');
}

# -- ordinary people --------------------------------------------------------------------

# A browser that sends what it has at once, to a page that it is not logged in for.
{
	my $nobody = new_browser();
	my $name = '赣州快速有限公司';
	utf8::encode($name);
	$nobody->post(public($nowhere), Content_Type => 'form-data', Content => [ name => $name,
		licence => [ undef, 'x.jpg', Content => 'x' x 5_000_000 ] ]);
	is($nobody->status, 403, '5 MB without a session: an answer');
	like($nobody->content, qr/请先点“重新登录”/, '... that says what to do');
	like($nobody->content, qr/value="赣州快速有限公司"/, '... and has what was typed');
}

# A phone on a bad line passes, a client that only wants to stay does not.
{
	my $photo = slurp(Yj::Scan::sample('licence', 'slow.jpg', flat => 1, long => 640));
	open_page($mine, 'apply/company', $trip->{application});
	my $form = page_form($mine);
	my $company = company_data();
	my $body = typed(map({ $_ => $form->value($_) } qw(csrf key version)), %$company);
	utf8::encode($body);
	$body .= "$file$photo" . "\0" x (500_000 - length $photo) . "\r\n--$BOUNDARY--\r\n";
	my $phone = slow($own, cookie => token_of($mine), length => length $body);
	my $stayer = slow($own, cookie => token_of($mine), length => 100_000_000, begin => $file);
	my $from = time;
	while (time - $from < 60 && !($phone->{ended} && $stayer->{ended})) {
		my $due = int((time - $from) * 20_000) - $phone->{sent};
		feed($phone, $due > 0 ? substr $body, $phone->{sent}, $due : '');
		feed($stayer, 'a' x 124);
		$phone->{ended} //= 1 if $phone->{answered};
		sleep 0.2;
	}
	cmp_ok($phone->{answered} // 0, '>', 20, sprintf 'at 20 kB/s an upload takes %.1f s', $phone->{answered} // 0);
	is(status($phone), 303, '... and is taken');
	is(db_value('SELECT COUNT(*) FROM scan s JOIN application a ON a.id = s.application WHERE a.public_id = ?
		AND s.field = "licence" AND s.removed_at IS NULL', $trip->{application}), 1, '... and stored');
	is(status($stayer), 408, 'at 620 B/s it is ended');
	cmp_ok($stayer->{answered} // 99, '<', 30, sprintf '... after %.1f s', $stayer->{answered} // 99);
}

# -- what was cut off is never done -------------------------------------------------------

{
	my $browser = applicant();
	my $cut = to_company($browser);
	open_page($browser, 'apply/company', $cut->{application});
	my $form = page_form($browser);
	my $body = typed(map({ $_ => $form->value($_) } qw(csrf key version)), %{ company_data() })
		. "--$BOUNDARY--\r\n";
	utf8::encode($body);
	my %environment = (GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'POST', REMOTE_ADDR => '127.0.0.1',
		QUERY_STRING => "application=$cut->{application}", HTTP_COOKIE => 'yj=' . token_of($browser),
		CONTENT_TYPE => "multipart/form-data; boundary=$BOUNDARY", CONTENT_LENGTH => length $body);
	my $events = 'SELECT COUNT(*) FROM event e JOIN application a ON a.id = e.application WHERE a.public_id = ?';
	my $before = db_value($events, $cut->{application});
	my ($exit, $text) = run_program('cgi-bin/apply/company', { %environment, YJ_CUT => 1_000_000 }, $body);
	utf8::decode($text);
	like($text, qr/^Status: 400 .*没有传完/s, 'a whole form that is said to be cut off is not done');
	is(db_value($events, $cut->{application}), $before, '... no event says otherwise');
	($exit, $text) = run_program('cgi-bin/apply/company', { %environment, YJ_ASK => 1 });
	is("$exit$text", '0', 'a program that is asked wants the body of its applicant');
	($exit, $text) = run_program('cgi-bin/apply/company', { %environment, YJ_ASK => 1, HTTP_COOKIE => 'yj=0' });
	is(($exit >> 8) . $text, '1', '... and of nobody else, and says nothing');
}

done_testing;
