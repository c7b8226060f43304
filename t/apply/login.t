# Log-in through WeChat: the way there to the byte, and every trap on the way back.
use lib 't/lib';
use Yj;
use Yj::Content;
use Time::HiRes qw(time);

need_instance();
my ($authorize) = slurp(env('YJ_CONFIG')) =~ /^\s*wechat_authorize_url\s*=\s*(\S+)/m;

# A browser that stops at every redirect.
sub still {
	return new_browser(requests_redirectable => []);
}

sub location {
	my ($browser) = @_;
	return $browser->res->header('Location') // '';
}

# Goes as far as the authorise page; gives the state.
sub begin {
	my ($browser) = @_;
	$browser->get(public('/apply/login?project=gzgjj'));
	my ($state) = location($browser) =~ /&state=([0-9a-f]{32})#/;
	return $state;
}

# The address WeChat sends the browser back to.
sub callback {
	my ($state, $openid) = @_;
	my $helper = still();
	$helper->get(public('/sim/wechat/connect/oauth2/choose?redirect_uri='
		. URI::Escape::uri_escape(public('/apply/login')) . "&state=$state&openid=$openid"));
	return location($helper);
}

sub log_in {
	my ($openid) = @_;
	my $browser = still();
	$browser->get(callback(begin($browser), $openid));
	return $browser;
}

sub cookie {
	my ($browser, $name) = @_;
	my $value;
	$browser->cookie_jar->scan(sub { $value = $_[2] if $_[1] eq $name });
	return $value;
}

sub forget_session {
	my ($browser) = @_;
	my @mine;
	$browser->cookie_jar->scan(sub { push @mine, [ @_[4, 3, 1] ] if $_[1] eq 'yj' });
	$browser->cookie_jar->clear(@$_) for @mine;
}

sub logged_in {
	my ($browser) = @_;
	$browser->get(public('/apply/mine'));
	return $browser->status == 200;
}

require URI::Escape;
require URI;

# there
my $browser = still();
$browser->get(public('/apply/start?project=gzgjj'));
is $browser->status, 303, 'the entry sends WeChat on';
is location($browser), '/apply/login?project=gzgjj', 'to the log-in';
$browser->get(public(location($browser)));
is $browser->status, 303, 'which redirects';
my $target = location($browser);
my $back = URI::Escape::uri_escape(public('/apply/login'));
like $target, qr{^\Q$authorize\E\?appid=wx\w+&redirect_uri=\Q$back\E&response_type=code
	&scope=snsapi_base&state=[0-9a-f]{32}\#wechat_redirect$}x, 'to the pattern that WeChat checks';
my ($state) = $target =~ /state=([0-9a-f]+)/;
is db_value('SELECT COUNT(*) FROM login_state WHERE state_hash = UNHEX(SHA2(?, 256))', $state), 1,
	'the state is stored as a hash';
is db_value('SELECT TIMESTAMPDIFF(SECOND, created_at, expires_at) FROM login_state
	WHERE state_hash = UNHEX(SHA2(?, 256))', $state), 600, 'for ten minutes';
my @set = $browser->res->header('Set-Cookie');
like "@set", qr/yjb=[0-9a-f]{32}; Path=\/; HttpOnly; SameSite=Lax/, 'bound to this browser';
isnt begin($browser), $state, 'each time another state';
is cookie($browser, 'yjb'), ("@set" =~ /yjb=([0-9a-f]+)/)[0], 'the browser keeps its mark';

# and back
my $openid = openid();
my $url = callback($state, $openid);
$browser->get($url);
is $browser->status, 303, 'a good code logs in';
is location($browser), '/apply/start?project=gzgjj', 'and leads to the project';
like join("\n", $browser->res->header('Set-Cookie')), qr/^yj=[0-9a-f]{64}; Path=\/; HttpOnly; SameSite=Lax$/m,
	'session cookie';
ok logged_in($browser), 'the session works';
my $applicant = applicant_by_openid($openid);
ok $applicant, 'the applicant is known now';
is db_value('SELECT COUNT(*) FROM session WHERE subject = ? AND role = ?', $applicant, 'applicant'), 1,
	'one session';

# the callback again
my $session = cookie($browser, 'yj');
$browser->get($url);
is $browser->status, 303, 'the callback loaded twice goes on with the session';
is location($browser), '/apply/start', 'to the entry';
is cookie($browser, 'yj'), $session, 'which is still the same';
forget_session($browser);
$browser->get($url);
is $browser->status, 400, 'without a session the state is used up';
contains($browser, '登录链接已失效');
contains($browser, '重新登录');
ok !logged_in($browser), 'and nobody is logged in';

# somebody else's callback
my ($victim, $thief) = (still(), still());
my $stolen = callback(begin($victim), openid());
begin($thief);
$thief->get($stolen);
is $thief->status, 400, 'a state of another browser is refused';
ok !logged_in($thief), 'no session from it';
$victim->get($stolen);
is $victim->status, 303, 'and it is not used up by that';
my $bare = still();
$bare->get(callback(begin(still()), openid()));
is $bare->status, 400, 'a browser without a mark is refused';
contains($bare, '允许本网站使用 Cookie');

# the callback loaded six times at once
my $racer = still();
my $race_openid = openid();
my $race = callback(begin($racer), $race_openid);
at_once(6, sub { $racer->get($race) });
is db_value('SELECT COUNT(*) FROM session s JOIN applicant a ON a.id = s.subject
	WHERE s.role = ? AND a.openid = ?', 'applicant', $race_openid), 1,
	'a state is good for one of six at once';

sub at_once {
	my ($times, $work) = @_;
	my @children = map {
		my $pid = fork // die "fork: $!";
		if (!$pid) {
			$work->();
			require POSIX;
			POSIX::_exit(0);
		}
		$pid;
	} 1 .. $times;
	waitpid $_, 0 for @children;
}

# late, invented, malformed
my $late = still();
my $old = begin($late);
db_do('UPDATE login_state SET expires_at = UTC_TIMESTAMP(3) WHERE state_hash = UNHEX(SHA2(?, 256))',
	$old);
$late->get(callback($old, openid()));
is $late->status, 400, 'after ten minutes the state is dead';
for my $bad ('0' x 32, 'x', '', '0' x 31, '0' x 33, "' OR 1=1 -- ") {
	$late->get(public('/apply/login?code=abc&state=' . URI::Escape::uri_escape($bad)));
	is $late->status, 400, "state '$bad' is refused";
}
for my $bad ('a b', 'a&secret=b', 'x' x 513, "\0", '<b>') {
	my $s = begin($late);
	$late->get(public("/apply/login?code=" . URI::Escape::uri_escape($bad) . "&state=$s"));
	is $late->status, 400, 'a code that is none is refused';
	ok !logged_in($late), 'no session';
}

# codes
my $twice = still();
my ($s1, $s2) = (begin($twice), begin($twice));
my $first = callback($s1, openid());
my ($code) = $first =~ /code=([^&]+)/;
$twice->get($first);
is $twice->status, 303, 'first use of a code';
$twice->get(public("/apply/login?code=$code&state=$s2"));
is $twice->status, 303, 'a spent code goes on with the session';
my $s3 = begin_again($twice);
$twice->get(public("/apply/login?code=$code&state=$s3"));
is $twice->status, 400, 'without one it is refused';
contains($twice, '已用过');

sub begin_again {
	my ($b) = @_;
	forget_session($b);
	return begin($b);
}

# what WeChat may say instead
for my $case (
	[ 'used',     400, '已用过' ],
	[ 'snapshot', 403, '快照页' ],
	[ 'busy',     503, '微信暂时繁忙' ],
	[ 'garbage',  502, '回答不完整' ],
	[ 'nameless', 502, '回答不完整' ],
	[ 'huge',     503, '没有回应' ],
) {
	my ($kind, $status, $words) = @$case;
	my $id = "$kind-" . openid();
	my $b = log_in($id);
	is $b->status, $status, "$kind: status";
	contains($b, $words);
	ok $b->find_link(text => '重新登录'), "$kind: a way on";
	ok !defined applicant_by_openid($id), "$kind: nobody is remembered";
	ok !logged_in($b), "$kind: no session";
}
is log_in('hiccup-' . openid())->status, 303, 'busy once is asked again';
my $begun = time;
is log_in('slow-' . openid())->status, 503, 'too slow an answer';
cmp_ok time - $begun, '<', 14, 'is not waited for';

my $no = still();
my $declined = begin($no);
$no->get(public("/apply/login?state=$declined"));
is $no->status, 403, 'who declines is told so';
contains($no, '没有同意');

# the same person
my $same = openid();
log_in($same);
at_once(4, sub { log_in($same . '-p') });
is db_value('SELECT COUNT(*) FROM applicant WHERE openid = ?', $same . '-p'), 1,
	'four first log-ins at once make one applicant';
my $known = applicant_by_openid($same);
log_in($same);
is applicant_by_openid($same), $known, 'who comes back is the same applicant';

# a new log-in ends the session before
my $mover = log_in(openid());
my $before = cookie($mover, 'yj');
my $hash = sub { db_value('SELECT COUNT(*) FROM session WHERE token_hash = UNHEX(SHA2(UNHEX(?), 256))', $_[0]) };
is $hash->($before), 1, 'session before';
$mover->get(public('/apply/mine'));
$mover->submit_form(form_number => form_to($mover, '/apply/logout'));
is $mover->status, 200, 'log-out';
is $hash->($before), 0, 'ends it in the database';
ok !defined cookie($mover, 'yj') || !logged_in($mover), 'and in the browser';

sub form_to {
	my ($b, $path) = @_;
	my @forms = $b->forms;
	for my $i (0 .. $#forms) {
		return $i + 1 if $forms[$i]->action->path eq $path;
	}
	die "no form to $path";
}

# no secret ever leaves, no openid is written down
my ($secret) = slurp(env('YJ_VAR') . '/secrets.conf') =~ /wechat_secret\s*=\s*(\S+)/;
my $log = slurp(env('YJ_VAR') . '/log/error.log');
ok index($log, $secret) < 0, 'the app secret is not in the log';
ok index($log, $openid) < 0, 'nor is an openid';
ok index($target . $url, $secret) < 0, 'the browser never sees the secret';

done_testing();
