# The sim's side of the log-in: as strict as WeChat, with WeChat's numbers.
use lib 't/lib';
use Yj;
use JSON::PP qw(decode_json encode_json);
use URI::Escape qw(uri_escape);

need_instance();
my $conf = slurp(env('YJ_CONFIG'));
my ($appid) = $conf =~ /^\s*wechat_appid\s*=\s*(\S+)/m;
my ($secrets) = $conf =~ /^\s*secrets_file\s*=\s*(\S+)/m;
my ($secret) = slurp($secrets) =~ /^\s*wechat_secret\s*=\s*(\S+)/m;
my $base = public('/sim/wechat');
my $back = uri_escape(public('/apply/login'));
my $browser = new_browser(requests_redirectable => []);

sub authorize {
	my ($query) = @_;
	$browser->get("$base/connect/oauth2/authorize?$query");
	return $browser->status;
}

sub code_of {
	my ($openid) = @_;
	$browser->get("$base/connect/oauth2/choose?redirect_uri=$back&state=s1&openid=$openid");
	my ($code) = ($browser->res->header('Location') // '') =~ /[?&]code=([^&]+)/;
	return $code;
}

sub exchange {
	my (%change) = @_;
	my %query = (appid => $appid, secret => $secret, grant_type => 'authorization_code', %change);
	$browser->get("$base/sns/oauth2/access_token?" . join '&',
		map { "$_=" . uri_escape($query{$_}) } grep { defined $query{$_} } sort keys %query);
	return eval { decode_json($browser->content) } || {};
}

my $scope = 'response_type=code&scope=snsapi_base';
is authorize("appid=$appid&redirect_uri=$back&$scope&state=abc1"), 200, 'a good request is shown';
is authorize("redirect_uri=$back&appid=$appid&$scope&state=abc1"), 400, 'another order is refused';
is authorize("appid=$appid&redirect_uri=$back&scope=snsapi_base&response_type=code&state=a"), 400,
	'order of the fixed part too';
is authorize("appid=$appid&redirect_uri=$back&$scope"), 400, 'no state';
is authorize("appid=$appid&redirect_uri=$back&$scope&state=" . 'a' x 128), 200, 'state of 128';
is authorize("appid=$appid&redirect_uri=$back&$scope&state=" . 'a' x 129), 400, 'state of 129';
is authorize("appid=$appid&redirect_uri=$back&$scope&state=a-b"), 400, 'state with a hyphen';
is authorize("appid=wxother&redirect_uri=$back&$scope&state=a"), 400, 'another appid';
is authorize("appid=$appid&redirect_uri=" . uri_escape('http://evil.example/') . "&$scope&state=a"),
	400, 'another host';
is authorize("appid=$appid&redirect_uri=" . uri_escape(public('.evil.example/')) . "&$scope&state=a"),
	400, 'a host that begins like ours';

$browser->get("$base/connect/oauth2/choose?redirect_uri=" . uri_escape('//evil.example/')
	. '&state=a&openid=o');
is $browser->status, 400, 'nobody is sent elsewhere';
$browser->get("$base/connect/oauth2/choose?redirect_uri=$back&state=abc1&openid=");
is $browser->res->header('Location'), public('/apply/login?state=abc1'), 'a refusal has no code';

my $code = code_of('o-test');
like $code, qr/^[0-9a-z]{40,512}$/, 'a code';
isnt code_of('o-test'), $code, 'never the same';
is exchange(code => $code, appid => undef)->{errcode}, 41002, 'no appid';
is exchange(code => $code, appid => 'wxother')->{errcode}, 40013, 'wrong appid';
is exchange(code => $code, secret => undef)->{errcode}, 41004, 'no secret';
is exchange(code => $code, secret => 'x')->{errcode}, 40125, 'wrong secret';
is exchange()->{errcode}, 41008, 'no code';
is exchange(code => $code, grant_type => 'x')->{errcode}, 40002, 'wrong grant type';
is exchange(code => 'x')->{errcode}, 40029, 'nonsense for a code';
is exchange(code => substr($code, 0, -1) . ($code =~ /0$/ ? 1 : 0))->{errcode}, 40029,
	'an altered code';
my $user = exchange(code => $code);
is $user->{openid}, 'o-test', 'the openid';
is $user->{scope}, 'snsapi_base', 'scope';
is $user->{expires_in}, 7200, 'lifetime';
ok !exists $user->{errcode}, 'no errcode when all is well';
my $again = exchange(code => $code);
is $again->{errcode}, 40163, 'the second time the code is spent';
like $again->{errmsg}, qr/rid: [0-9a-f-]{26}$/, 'with a request id';
is exchange(code => code_of('snapshot-x'))->{is_snapshotuser}, 1, 'snapshot user';
is exchange(code => code_of('busy-x'))->{errcode}, -1, 'busy on request';

sub token_of {
	my ($query) = @_;
	$browser->get("$base/cgi-bin/token?$query");
	return decode_json($browser->content);
}

my $good = "grant_type=client_credential&appid=$appid&secret=$secret";
my ($one, $two) = (token_of($good), token_of($good));
is $one->{expires_in}, 7200, 'token';
isnt $one->{access_token}, $two->{access_token}, 'the classic token is new each time';
is token_of("grant_type=x&appid=$appid&secret=$secret")->{errcode}, 40002, 'wrong grant type';

sub stable {
	$browser->post("$base/cgi-bin/stable_token", 'Content-Type' => 'application/json',
		Content => encode_json({ grant_type => 'client_credential', appid => $appid,
			secret => $secret, @_ }));
	return decode_json($browser->content);
}
is stable()->{access_token}, stable()->{access_token}, 'the stable token stays';
is stable(secret => 'x')->{errcode}, 40125, 'wrong secret';
$browser->post("$base/cgi-bin/stable_token", Content => '{', 'Content-Type' => 'application/json');
is decode_json($browser->content)->{errcode}, 47001, 'half a JSON text';
$browser->get("$base/nothing");
is $browser->status, 404, 'no such interface';

done_testing();
