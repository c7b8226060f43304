# The account's calls against the sim on good days and bad ones.
use lib 't/lib';
use Yj;
use Yj::Wechat;
use JSON::PP qw(decode_json encode_json);

need_instance();
my $appid = setting('wechat_appid');

sub notify {
	my ($kind, $openid, $key, @values) = @_;
	my $pid = open my $out, '-|';
	die $! unless defined $pid;
	if (!$pid) {
		$ENV{YJ_CONFIG} = env('YJ_CONFIG');
		my @arguments = ($kind, $openid, $key, @values);
		utf8::encode($_) for @arguments;
		open STDERR, '>', '/dev/null';
		exec { built('t/service/wechat-notify') } 'wechat-notify', @arguments;
		die $!;
	}
	my $line = <$out> // '';
	close $out;
	chomp $line;
	return split /\|/, $line, -1;
}

sub key { return sprintf 'k%d-%d-%d', time, $$, int rand 1e9 }

sub command {
	my ($in, @arguments) = @_;
	my $input = File::Temp->new;
	binmode $input, ':encoding(UTF-8)';
	print {$input} $in;
	close $input;
	local $ENV{YJ_CONFIG} = env('YJ_CONFIG');
	my $said = `@{[built('bin/yuanjian-wechat')]} @arguments <@{[$input->filename]} 2>&1`;
	utf8::decode($said);
	return ($? >> 8, $said);
}

sub generation { return db_value('SELECT generation FROM service_token WHERE name = ?', "wechat:$appid") // 0 }

require File::Temp;
faults($_ => 'none') for qw(token send qrcode menu);

# -- a message --

my @values = ('project=赣州市公积金管理中心 CA 项目', 'company=一二三四五六七八九十一二三四五六七八九十有限公司',
	'status=已寄出', 'note=请留意“快递”电话', 'time=2026-01-02 10:00', 'tracking=SF1234567890');
my ($openid, $key) = (openid(), key());
my ($result, $detail, $msgid) = notify('shipped', $openid, $key, @values);
is $result, 'ok', 'a message is taken over';
like $msgid, qr/^\d+$/, 'and has a number';
my ($sent) = sent_messages($openid);
is $sent->{msgid}, $msgid, 'the sim has it under that number';
is $sent->{interface}, 'template', 'as a template message';
is $sent->{data}{thing2}{value}, '一二三四五六七八九十一二三四五六七八九…', 'cut to what the key takes';
is $sent->{data}{phrase3}{value}, '已寄出', 'a short one as it is';
is $sent->{data}{character_string6}{value}, 'SF1234567890', 'the tracking number';
is $sent->{url}, 'https://ca.example.cn/apply/mine', 'with its address';
like $sent->{client_msg_id}, qr/^[0-9a-f]{32}$/, 'and its idempotency key';
is db_value('SELECT msgid FROM wechat_message WHERE idempotency_key = ?', $key), $msgid, 'kept with its number';
my (undef, undef, $again) = notify('shipped', $openid, $key, @values);
is $again, $msgid, 'sent again under the same key: the same message';
is scalar(sent_messages($openid)), 1, 'and nothing more went out';
my $widest = '8' x 40; # what the column holds
db_do('UPDATE wechat_message SET msgid = ? WHERE idempotency_key = ?', $widest, $key);
is +(notify('shipped', $openid, $key, @values))[2], $widest, 'the longest number comes back whole';
db_do('UPDATE wechat_message SET msgid = ? WHERE idempotency_key = ?', $msgid, $key);

# -- taken over, but not delivered --

db_do('INSERT INTO outbox (kind, idempotency_key, created_at, due_at, done_at)
	VALUES (?, ?, UTC_TIMESTAMP(), UTC_TIMESTAMP(), UTC_TIMESTAMP())', 'no_kind', $key);
my $failed = "<MsgID>$msgid</MsgID><Status><![CDATA[failed:user block]]></Status>";
push_message(event_message($openid, 'TEMPLATESENDJOBFINISH', '', $failed));
is db_value('SELECT done_at FROM outbox WHERE idempotency_key = ?', $key), undef, 'the promise is open again';
is +(notify('shipped', $openid, $key, @values))[0], 'unreachable', 'and WeChat is not the way';
is scalar(sent_messages($openid)), 1, '... nor asked';
db_do('UPDATE outbox SET done_at = UTC_TIMESTAMP() WHERE idempotency_key = ?', $key);
sleep 1;
push_message(event_message($openid, 'TEMPLATESENDJOBFINISH', '', $failed));
isnt db_value('SELECT done_at FROM outbox WHERE idempotency_key = ?', $key), undef, 'once, whatever comes again';
db_do('DELETE FROM outbox WHERE idempotency_key = ?', $key);

# -- an answer that is lost --

($openid, $key) = (openid(), key());
faults(send => 'lost', 1);
is +(notify('approved', $openid, $key, @values))[0], 'unknown', 'an answer that is lost is not known';
is +(notify('approved', $openid, $key, @values))[0], 'ok', 'the next try is answered';
is scalar(sent_messages($openid)), 1, 'and WeChat has suppressed one of the two';

# -- what goes wrong, by class --

for (['down', 'unknown'], ['garbage', 'unknown'], ['busy', 'retry_later'], ['quota', 'retry_later']) {
	my ($what, $class) = @$_;
	my $who = openid();
	faults(send => $what, 1);
	is +(notify('approved', $who, key(), @values))[0], $class, "$what: $class";
	is scalar(sent_messages($who)), 0, '... and nothing went out';
}
for (['gone', 43004], ['black', 43019], ['silent', 43101], ['limited', 50002], ['nobody', 40003]) {
	my ($result, $detail) = notify('approved', "$_->[0]-" . openid(), key(), @values);
	is $result, 'unreachable', "$_->[0]: unreachable";
	like $detail, qr/^errcode=$_->[1] rid=[0-9a-f-]+$/, '... with its number and no name';
}
is +(notify('no_such_kind', openid(), key(), @values))[0], 'unreachable', 'no template: by mail';
my $who = openid();
is +(notify('approved', $who, key(), qq{company=a "b" \\ \x01 <c>}, 'status=好', 'project=p', 'note=', 'time=t'))[0],
	'ok', 'odd characters pass';
($sent) = sent_messages($who);
is $sent->{data}{thing2}{value}, 'a "b" \\   <c>', 'without a control character, not as an escape';
is $sent->{data}{thing4}{value}, '-', 'an empty value is a dash';

# -- the token --

my $generation = generation();
is +(notify('approved', openid(), key(), @values))[0], 'ok', 'the kept token is used';
is generation(), $generation, '... not fetched again';
my $token = db_value('SELECT token FROM service_token WHERE name = ?', "wechat:$appid");
unlike $token, qr/[0-9a-f]{64}/, 'it is kept sealed';
for my $what (qw(expired invalid)) {
	$generation = generation();
	faults(send => $what, 1);
	is +(notify('approved', openid(), key(), @values))[0], 'ok', "$what once: refreshed";
	is generation(), $generation + 1, '... once';
}
$generation = generation();
faults(send => 'expired', 5);
is +(notify('approved', openid(), key(), @values))[0], 'alarm', 'refused again and again: alarm';
is generation(), $generation + 1, '... and one refresh, no loop';
faults(send => 'none');
faults(token => 'rotate');
is +(notify('approved', openid(), key(), @values))[0], 'ok', 'a token that another has changed';

# Thirty at once and no token: one fetches.
db_do('UPDATE service_token SET fresh_until = NULL, good_until = NULL, token = NULL');
$generation = generation();
my @children;
for my $i (1 .. 30) {
	defined(my $pid = fork) or die $!;
	if (!$pid) {
		my ($result) = notify('approved', "flight$i-" . openid(), key(), @values);
		require POSIX;
		POSIX::_exit($result eq 'ok' ? 0 : 1);
	}
	push @children, $pid;
}
my $good = 0;
for (@children) {
	waitpid $_, 0;
	$good++ if !$?;
}
is $good, 30, 'thirty programs without a token are all served';
is generation(), $generation + 1, 'by one fetch';

# The old one is good while another fetches.
db_do('UPDATE service_token SET fresh_until = UTC_TIMESTAMP() - INTERVAL 1 SECOND,
	fetched_by = ?, fetching_until = UTC_TIMESTAMP() + INTERVAL 10 SECOND', '0' x 26);
is +(notify('approved', openid(), key(), @values))[0], 'ok', 'in the overlap the old one serves';
db_do('UPDATE service_token SET fetching_until = UTC_TIMESTAMP() - INTERVAL 1 SECOND');
$generation = generation();
is +(notify('approved', openid(), key(), @values))[0], 'ok', 'a fetcher that died is replaced';
is generation(), $generation + 1, '... by one';
db_do('UPDATE service_token SET fresh_until = NULL, good_until = NULL, fetching_until = NULL');
faults(token => 'down', 1);
is +(notify('approved', openid(), key(), @values))[0], 'retry_later', 'no token to be had: later';
select undef, undef, undef, 1.2;
is +(notify('approved', openid(), key(), @values))[0], 'ok', 'and then it goes on';

# -- the command --

my ($status, $said) = command('', 'token');
is $status, 0, 'token';
unlike $said, qr/[0-9a-f]{32}/, 'is not shown';
($status, $said) = command('', 'menu', 'default');
is $status, 0, 'menu default' or diag $said;
($status, $said) = command('', 'menu');
like $said, qr/"我的业务"/, 'the menu is in place, in real UTF-8';
($status, $said) = command('{"button":[{"type":"click","name":"这个名字实在太长了","key":"k"}]}', 'menu', '-');
is $status, 1, 'a menu that WeChat refuses';
like $said, qr/errcode=40018/, '... and why';
is +(command('[', 'menu', '-'))[0], 1, 'a menu that is no JSON';
my $source = 's' . substr time() . $$, -12;
($status, $said) = command('', 'qr', 'gzgjj', $source);
is $status, 0, 'a QR code' or diag $said;
is +(command('', 'qr', 'gzgjj', $source))[1], $said, 'the same when asked again';
my ($scene) = $said =~ /scene=(\w+)/;
like $scene, qr/^[0-9a-z]{26}$/, 'a random scene';
is db_value('SELECT source FROM wechat_qrcode WHERE scene = ?', $scene), $source, 'kept with its place';
is +(command('', 'qr', 'no-such', 'a'))[0], 1, 'no such project';
is +(command('', 'qr', 'gzgjj', "'A B'"))[0], 1, 'no such source';
is +(command('', 'template', 'template', 'test_kind', 'id1', 'thing1=company', 'thing1=note'))[0], 1, 'a field twice';
is +(command('', 'template', 'template', 'test_kind', 'i' x 43, 'thing1=company'))[0], 0, 'a template';
like +(command('', 'template'))[1], qr/^template test_kind i{43} thing1=company$/m, 'is listed';
is +(notify('test_kind', openid(), key(), @values))[0], 'ok', 'and used';
is +(command('', 'template', 'template', 'test_kind', 'short', 'thing1=company'))[0], 0, 'set anew';
is +(command('', 'template', 'lasting', 'test_kind', 'j' x 43, 'thing1=company'))[0], 0, 'one accepted for good';
like +(command('', 'template'))[1], qr/^lasting test_kind j{43} thing1=company$/m, 'is listed as such';
is +(command('', 'template', 'forever', 'test_kind', 'j' x 43, 'thing1=company'))[0], 1, 'no such channel';
is +(notify('test_kind', openid(), key(), @values))[0], 'alarm', 'an id that WeChat does not know is an alarm';
my $list = (command('', 'template'))[1];
is join('', command($list, 'template', '-')), '0', 'a list can be read in';
is +(command('', 'template'))[1], $list, '... and is listed the same';
my $two = "lasting test_kind " . 'm' x 43 . " thing1=company\n\ntemplate test_kind id thing1=company thing1=note\n";
($status, $said) = command($two, 'template', '-');
is $status, 1, 'a list with a bad line is refused';
like $said, qr/line 3: .*each field once/, '... by its line';
is +(command('', 'template'))[1], $list, '... and nothing of it is kept';

# -- what is wrong, in words --

sub token_with {
	my (%value) = @_;
	my $file = File::Temp->new;
	my $text = slurp(env('YJ_CONFIG'));
	$text =~ s/^\Q$_\E = .*$/defined $value{$_} ? "$_ = $value{$_}" : ''/me for keys %value;
	if (exists $value{wechat_secret}) {
		my $secrets = File::Temp->new;
		print {$secrets} slurp(env('YJ_VAR') . '/secrets.conf') =~ s/^wechat_secret = .*$//mr;
		print {$secrets} "wechat_secret = $value{wechat_secret}\n" if defined $value{wechat_secret};
		close $secrets;
		my $name = $secrets->filename;
		$text =~ s/^secrets_file = .*/secrets_file = $name/m;
		$value{keep} = $secrets;
	}
	print {$file} $text;
	close $file;
	no warnings 'redefine';
	my $env = \&Yj::env;
	local *env = sub { return $_[0] eq 'YJ_CONFIG' ? $file->filename : $env->(@_) };
	return command('', 'token');
}
for (
	[ 'no connection', { wechat_appid => "wx$$", wechat_api_url => 'http://127.0.0.1:1' },
		qr/no connection to wechat_api_url: does the firewall .* \(retry_later http=refused/ ],
	[ 'another service', { wechat_appid => "wx$$", wechat_api_url => public('/none') },
		qr/wechat_api_url does not answer as WeChat does \(/ ],
	[ 'no AppID', { wechat_appid => undef, wechatpay_mchid => undef }, qr/: wechat_appid is not given$/ ],
	[ 'no AppSecret', { wechat_secret => undef }, qr/: wechat_secret is not given$/ ],
	[ 'a wrong AppID', { wechat_appid => "wx$$" }, qr/wechat_appid is no AppID that WeChat knows \(alarm errcode=40013/ ],
) {
	my ($what, $with, $words) = @$_;
	($status, $said) = token_with(%$with);
	is $status, 1, "$what: refused";
	like $said, $words, '... in words';
}
db_do('DELETE FROM service_token WHERE name = ?', "wechat:wx$$");

# -- templates of the demo, where it is no demo --

{
	my $config = slurp(env('YJ_CONFIG')) =~ s/^demo = yes$/demo = no/mr;
	my $real = File::Temp->new;
	print {$real} $config;
	close $real;
	no warnings 'redefine';
	my $env = \&Yj::env;
	local *env = sub { return $_[0] eq 'YJ_CONFIG' ? $real->filename : $env->(@_) };
	my $who = openid();
	my ($class, $detail) = notify('approved', $who, key(), @values);
	is $class, 'unreachable', 'a template of the demo is none: by mail';
	is $detail, "its template is the demo's", '... and says why';
	is scalar(sent_messages($who)), 0, '... and nothing went to WeChat';
	my $demo = 'demo-test' . '0' x 34;
	($status, $said) = command('', 'template', 'template', 'test_kind', $demo, 'thing1=company');
	is $status, 1, 'none can be set';
	like $said, qr/is the demo's: enter one of the account/, '... and says what to do';
	is +(command("template test_kind $demo thing1=company\n", 'template', '-'))[0], 1, '... nor by a list';
	is +(command('', 'template'))[1], $list, '... and nothing is changed';
}
db_do("DELETE FROM wechat_template_field WHERE kind = 'test_kind'");
db_do("DELETE FROM wechat_template WHERE kind = 'test_kind'");
is +(command('', 'nonsense'))[0], 2, 'no such command';

# -- the sim is as strict as WeChat --

my $browser = new_browser();

sub ask {
	my ($path, $body, $token) = @_;
	$token //= decode_json($browser->post(public('/sim/wechat/cgi-bin/stable_token'),
		Content => encode_json({ grant_type => 'client_credential', appid => $appid,
			secret => setting('wechat_secret') }))->content)->{access_token};
	my $answer = $browser->post(public("/sim/wechat/cgi-bin/$path?access_token=$token"), Content => $body);
	return decode_json($answer->content)->{errcode};
}

my %message = (touser => 'o1', template_id => 'i' x 43, data => { thing1 => { value => '一' } });
sub send_with { return ask('message/template/send', encode_json({ %message, @_ })) }
is send_with(), 0, 'a good message';
is ask('message/template/send', encode_json(\%message), 'x'), 40001, 'a token that is none';
is send_with(template_id => 'x'), 40037, 'no template';
is send_with(touser => 'a b'), 40003, 'no openid';
is send_with(data => { thing1 => { value => '一' x 21 } }), 47003, '21 characters in a thing';
is send_with(data => { thing1 => { value => '' } }), 47003, 'an empty value';
is send_with(data => { phrase1 => { value => '一' x 6 } }), 47003, 'six in a phrase';
is send_with(data => { character_string1 => { value => '一' } }), 47003, 'Chinese in a character_string';
is send_with(data => { first => { value => 'x' } }), 47003, 'a key of no type';
is ask('message/template/send', '{"touser":"\\u4e00"}'), 40033, 'a \\u escape';
is ask('message/template/send', '{'), 47001, 'no JSON';
is ask('qrcode/create', '{"action_name":"QR_LIMIT_STR_SCENE","action_info":{"scene":{"scene_str":""}}}'), 40053,
	'an empty scene';

done_testing();
