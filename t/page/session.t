# Sessions: kept as hashes, new on every log-in, ended by idleness, by age, by
# logging out; a staff session ends with the account.
use Yj;
use Yj::Journey;
use Digest::SHA qw(sha256_hex hmac_sha256_hex);

need_instance();

sub token {
	my ($browser, $name) = @_;
	my $token;
	$browser->cookie_jar->scan(sub { $token = $_[2] if $_[1] eq $name });
	return $token // '';
}

sub row {
	my ($token) = @_;
	my ($row) = db_rows('SELECT *, TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), idle_at) AS idle_s,
		TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), ends_at) AS ends_s
		FROM session WHERE token_hash = UNHEX(?)', hash_of($token));
	return $row;
}

sub hash_of { return sha256_hex(pack 'H*', $_[0]) }

sub change {
	my ($token, $what) = @_;
	is(db_do("UPDATE session SET $what WHERE token_hash = UNHEX(?)", hash_of($token)), 1, "... $what");
}

sub let_in { # whether the list of one's applications opens
	my ($browser) = @_;
	$browser->get(public('/apply/mine'));
	return $browser->uri->path eq '/apply/mine' && $browser->status == 200;
}

my $browser = applicant();
my $token = token($browser, 'yj');
like($token, qr/^[0-9a-f]{64}$/, 'the cookie is 256 bits in hex');
my $row = row($token);
is($row->{role}, 'applicant', 'the table knows its hash');
is(db_value('SELECT COUNT(*) FROM session WHERE HEX(token_hash) = ?', uc $token), 0, '... and not itself');
cmp_ok($row->{idle_s}, '<=', 30 * 60, 'it ends when idle for 30 minutes');
cmp_ok($row->{idle_s}, '>', 29 * 60, '... not before');
cmp_ok($row->{ends_s}, '>', 8 * 3600 - 60, 'and after 8 hours');

{
	my $page = to_company($browser);
	my $csrf = hmac_sha256_hex('csrf', $token);
	$browser->get(public("/apply/company?application=$page->{application}"));
	ok(index($browser->content, qq{value="$csrf"}) > 0, 'the form token is made from the cookie');
	is(index($browser->content, $token), -1, '... which is not in the page');
}

# The attributes of the cookie.
{
	my $fresh = new_browser();
	my @seen;
	$fresh->add_handler(response_done => sub { push @seen, grep { /^yj=/ } $_[0]->header('Set-Cookie'); return });
	$fresh->get(public('/apply/start?project=gzgjj'));
	$fresh->submit_form(with_fields => { openid => openid() });
	is(scalar @seen, 1, 'one session cookie');
	like($seen[0], qr/; HttpOnly/, 'no script reads it');
	like($seen[0], qr/; SameSite=Lax/, 'other sites do not post with it');
	like($seen[0], qr{; Path=/(?:;|$)}, 'it is for the whole site');
	unlike($seen[0], qr/Max-Age|Expires/, 'it ends with the browser');
}

# With https the name is bound to this host.
{
	my %head = (GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'GET', HTTPS => 'on',
		QUERY_STRING => '', REMOTE_ADDR => '127.0.0.1');
	my (undef, $plain) = run_program('cgi-bin/apply/mine', { %head, HTTP_COOKIE => "yj=$token" });
	like($plain, qr/^Status: 303/, 'with https the plain name is not taken');
	my (undef, $host) = run_program('cgi-bin/apply/mine', { %head, HTTP_COOKIE => "__Host-yj=$token" });
	like($host, qr/^Status: 200/, '... __Host- is');
	like($host, qr/^Strict-Transport-Security: max-age=\d{8}/m, '... and https is there to stay');
}

# A session in use is marked once a minute, not with every request.
{
	ok(let_in($browser), 'the session opens pages');
	change($token, "seen_at = UTC_TIMESTAMP(3) - INTERVAL 50 SECOND, idle_at = UTC_TIMESTAMP(3) + INTERVAL 100 SECOND");
	ok(let_in($browser), '... after 50 s');
	cmp_ok(row($token)->{idle_s}, '<=', 100, '... which leaves the idle end');
	change($token, "seen_at = UTC_TIMESTAMP(3) - INTERVAL 61 SECOND");
	ok(let_in($browser), '... after 61 s');
	cmp_ok(row($token)->{idle_s}, '>', 29 * 60, '... which moves it');
}

# The ends.
for my $end ("idle_at = UTC_TIMESTAMP(3)", "ends_at = UTC_TIMESTAMP(3)",
		"idle_at = UTC_TIMESTAMP(3) - INTERVAL 1 DAY") {
	my $one = applicant();
	ok(let_in($one), 'let in');
	change(token($one, 'yj'), $end);
	ok(!let_in($one), '... and out');
}

# Logging in again makes another session and ends the old one.
{
	my $openid = openid();
	my $first = applicant($openid);
	my $old = token($first, 'yj');
	$first->get(public('/apply/mine'));
	my $second = applicant($openid);
	isnt(token($second, 'yj'), $old, 'another log-in, another token');
	ok(let_in($first), 'a log-in elsewhere leaves this one');
	my $form = page_form($first, 'apply/logout');
	$first->request($form->click) if $form;
	ok(!row($old), 'logged out: the row is gone');
	$first->cookie_jar->set_cookie(0, 'yj', $old, '/', '127.0.0.1', (public() =~ /:(\d+)/)[0]);
	ok(!let_in($first), '... and the old cookie worth nothing');
}

# A member of staff who is put out is out with the next request.
{
	my $clerk = staff('clerk2');
	my $login = env('YJ_CLERK2_LOGIN');
	is($clerk->get(intranet('/clerk/queue'))->code, 200, 'a clerk is in');
	unlike($clerk->uri, qr{/clerk/login}, '... at the queue');
	db_do('UPDATE staff SET is_active = FALSE WHERE login = ?', $login);
	$clerk->get(intranet('/clerk/queue'));
	like($clerk->uri, qr{/clerk/login}, '... and out when disabled');
	db_do('UPDATE staff SET is_active = TRUE WHERE login = ?', $login);
	db_do("UPDATE staff SET role = 'producer' WHERE login = ?", $login);
	$clerk->get(intranet('/clerk/queue'));
	like($clerk->uri, qr{/clerk/login}, '... and when the role changes');
	db_do("UPDATE staff SET role = 'clerk' WHERE login = ?", $login);
}

done_testing();
