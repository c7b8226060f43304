# push/wechat as WeChat calls it, and as WeChat never would.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Wechat;
use Time::HiRes qw(time);

need_instance();

sub kept { return db_value('SELECT COUNT(*) FROM wechat_inbox') }

# -- verification of the address --

sub verify {
	my (%with) = @_;
	my $browser = new_browser();
	my $timestamp = $with{timestamp} // int time;
	my $signature = $with{signature} // signature(setting('wechat_token'), $timestamp, 'n1');
	$browser->get(public("/push/wechat?timestamp=$timestamp&nonce=n1&signature=$signature")
		. ($with{echo} // '&echostr=echo-%3Cb%3E-1'));
	return $browser;
}

my $browser = verify();
is $browser->status, 200, 'a signed verification';
is $browser->content, 'echo-<b>-1', 'echoes and says nothing else';
like $browser->res->header('Content-Type'), qr{^text/plain}, 'as plain text';
is $browser->res->header('X-Content-Type-Options'), 'nosniff', 'that stays plain';
is verify(signature => 'f' x 40)->status, 403, 'a forged signature';
is verify(signature => '')->status, 403, 'no signature';
is verify(signature => signature('', int time, 'n1'))->status, 403, 'one without a token';
is verify(timestamp => int(time) - 590)->status, 200, 'a clock 590 s behind';
is verify(timestamp => int(time) - 610)->status, 403, 'a clock 610 s behind';
is verify(timestamp => int(time) + 610)->status, 403, 'and as much ahead';
is verify(timestamp => '1e9')->status, 403, 'no number for a time';
is verify(echo => '')->status, 400, 'nothing to echo';

# -- messages --

my $openid = openid();
my $before = kept();
my $started = time;
my ($status, $body) = push_message(text_message($openid, '进度'));
cmp_ok time - $started, '<', 5, 'answered within five seconds';
is $status, 200, 'a message is taken';
my %reply = reply_text($body);
is $reply{ToUserName}, $openid, 'the reply goes to who wrote';
is $reply{FromUserName}, account(), 'from the account';
like $reply{Content}, qr/还没有办理过业务/, 'a stranger has no applications';
is kept(), $before + 1, 'the message is kept';
my ($sealed) = db_value('SELECT body FROM wechat_inbox ORDER BY received_at DESC LIMIT 1');
unlike $sealed, qr/\Q$openid\E/, 'sealed';

# Somebody with an application.
my $mine = applicant();
my $public_id = to_company($mine)->{application};
my $me = $mine->{yj_openid};
my $says = reply_text((push_message(text_message($me, '我的申请办到哪一步了？')))[1]);
my $label = db_value('SELECT f.label FROM application a JOIN flow_state f
	ON f.flow_version = a.flow_version AND f.state = a.state WHERE a.public_id = ?', $public_id);
like $says, qr/【\Q$label\E】/, 'how it stands';
my $project = db_value('SELECT j.code FROM application a JOIN project j ON j.id = a.project WHERE a.public_id = ?', $public_id);
like $says, qr{<a href="\Q@{[public("/apply/mine?project=$project")]}\E">}, 'and where to go';
unlike $says, qr/\Q$public_id\E/, 'without the public id';
for my $word ('进度', '状态', '帮我查询一下', '我的业务') {
	like reply_text((push_message(text_message($me, $word)))[1]), qr/【\Q$label\E】/, "'$word' asks for it";
}
like reply_text((push_message(text_message($me, '办理')))[1]), qr{/apply/start\?project=gzgjj}, 'how to begin';
my $help = reply_text((push_message(text_message($me, 'hello')))[1]);
like $help, qr/发送“办理”.*发送“进度”/, 'anything else gets help';
like reply_text((push_message(event_message($me, 'CLICK', 'mine')))[1]), qr/【\Q$label\E】/, 'menu 我的业务';
like reply_text((push_message(event_message($me, 'CLICK', 'start')))[1]), qr{/apply/start}, 'menu 办理';
is reply_text((push_message(event_message($me, 'CLICK', 'help')))[1]), $help, 'menu 帮助';
is +(push_message(event_message($me, 'CLICK', 'other')))[1], 'success', 'a key of another menu';

# -- codes that are scanned --

my $scene = join '', 0, map { ('0' .. '9', 'a' .. 'h')[rand 18] } 1 .. 25;
db_do('INSERT INTO wechat_qrcode (scene, project, source, ticket, url, made_at)
	SELECT ?, id, ?, ?, ?, UTC_TIMESTAMP() FROM project WHERE code = ?',
	$scene, substr($scene, 0, 12), 't', 'u', 'gzgjj');
my $entry = qr{您扫的是.*<a href="\Q@{[public('/apply/start?project=gzgjj')]}\E">开始办理</a>}s;
like reply_text((push_message(event_message(openid(), 'subscribe', "qrscene_$scene")))[1]), $entry,
	'who follows by a code gets its project';
like reply_text((push_message(event_message(openid(), 'SCAN', $scene)))[1]), $entry,
	'who follows already too';
is db_value('SELECT scans FROM wechat_qrcode WHERE scene = ?', $scene), 2, 'both counted';
unlike reply_text((push_message(event_message(openid(), 'subscribe', $scene)))[1]), $entry,
	'a scene without its prefix is none';
unlike reply_text((push_message(event_message(openid(), 'SCAN', "qrscene_$scene")))[1]), $entry,
	'and with it none on SCAN';
like reply_text((push_message(event_message(openid(), 'subscribe', '')))[1]), qr/欢迎关注/, 'plain follow';

# -- twice --

my $xml = event_message(openid(), 'SCAN', $scene);
push_message($xml);
$before = kept();
($status, $body) = push_message($xml);
is "$status $body", '200 success', 'an event that comes again is not answered again';
is kept(), $before, 'and not kept again';
is db_value('SELECT scans FROM wechat_qrcode WHERE scene = ?', $scene), 3, 'nor counted';
$xml = text_message(openid(), '进度', 1234500000 + int rand 1e9);
push_message($xml);
is +(push_message($xml))[1], 'success', 'nor is a message';
db_do('UPDATE wechat_inbox SET answered_at = NULL, received_at = UTC_TIMESTAMP() - INTERVAL 5 SECOND
	ORDER BY received_at DESC LIMIT 1');
ok defined reply_text((push_message($xml))[1]), 'one that nobody answered is, at the next try';

# -- delivery reports --

my ($msgid, $blocked, $told) = map { sprintf '%d%05d%05d%d', time, $$, rand 1e5, $_ } 1 .. 3;
my $report = '<MsgID>%s</MsgID><Status><![CDATA[%s]]></Status>';
is +(push_message(event_message($me, 'TEMPLATESENDJOBFINISH', '', sprintf $report, $msgid, 'success')))[1],
	'success', 'a report is not answered';
is db_value('SELECT delivered FROM wechat_report WHERE msgid = ?', $msgid), 1, 'but kept';
push_message(event_message($me, 'TEMPLATESENDJOBFINISH', '', sprintf $report, $blocked, 'failed:user block'));
my ($row) = db_rows('SELECT status, delivered FROM wechat_report WHERE msgid = ?', $blocked);
is "$row->{status} $row->{delivered}", 'failed:user block 0', 'with what went wrong';
push_message(event_message($me, 'subscribe_msg_sent_event', '', '<SubscribeMsgSentEvent><List>'
	. "<MsgID>$told</MsgID>" . '<ErrorStatus>success</ErrorStatus></List></SubscribeMsgSentEvent>'));
is db_value('SELECT delivered FROM wechat_report WHERE msgid = ?', $told), 1, 'of a subscription too';

for my $event ('unsubscribe', 'VIEW', 'LOCATION', 'subscribe_msg_popup_event', 'never_seen_before', 'x' x 64) {
	is +(push_message(event_message(openid(), $event, 'k')))[1], 'success', "event " . substr($event, 0, 30);
}

# -- what is refused: nothing of it is kept --

$before = kept();
my $good = text_message(openid(), '进度');
my $encrypt = seal($good);
my $envelope = "<xml><ToUserName>gh</ToUserName><Encrypt>$encrypt</Encrypt></xml>";

sub refused {
	my ($what, $wanted, $status, $answer) = @_;
	is $status, $wanted, $what;
	unlike $answer, qr/<Encrypt>/, '... without a reply';
}

refused('forged msg_signature', 403, push_message($good, query => { msg_signature => 'f' x 40 }));
refused('no msg_signature', 403, push_message($good, query => { msg_signature => undef }));
refused('forged signature', 403, push_message($good, query => { signature => '0' x 40 }));
my $now = int time;
refused('signature of three in the place of four', 403, push_message($good, timestamp => $now, nonce => 5,
	query => { msg_signature => signature(setting('wechat_token'), $now, 5) }));
refused('an old push', 403, push_message($good, timestamp => $now - 3600));
refused('plain mode', 403, push_message($good, query => { encrypt_type => undef }));
refused('plain mode by its name', 403, push_message($good, query => { encrypt_type => 'raw' }));
refused('a plain message', 400, push_raw(address($encrypt), $good));
refused('another message under this signature', 403,
	push_raw(address($encrypt), $envelope =~ s/<Encrypt>.{4}/<Encrypt>AAAA/r));
refused('cut off within the envelope', 400, push_raw(address($encrypt), substr $envelope, 0, length($envelope) / 2));
my $short = substr $encrypt, 0, 64;
refused('cut off within the cipher text', 400, push_message($good, encrypt => $short));
refused('no whole block', 400, push_message($good, encrypt => substr $encrypt, 0, 60));
refused('no Base64', 400, push_message($good, encrypt => 'no Base64!'));
refused('an empty envelope', 400, push_message($good, encrypt => ''));
refused('another appid', 400, push_message($good, appid => 'wxother000000000'));
refused('an appid that goes on', 400, push_message($good, appid => setting('wechat_appid') . 'x'));
refused('a length beyond the end', 400, push_message($good, length => 100_000));
refused('a length of four billion', 400, push_message($good, length => 4_294_967_295));
refused('a length too short', 400, push_message($good, length => 3));
for my $pad (0, 33, 255) {
	refused("pad value $pad", 400, push_message($good, pad => $pad));
}
refused('pad value 32 in too few bytes', 400, push_message("<xml/>   ", pad => 32));
my $bomb = '<!DOCTYPE xml [<!ENTITY a "' . 'a' x 100 . '">'
	. join('', map { qq{<!ENTITY $_->[0] "} . "&$_->[1];" x 10 . '">' } ['b', 'a'], ['c', 'b'], ['d', 'c'])
	. ']>';
refused('an entity bomb in the message', 400, push_message($bomb . text_message(openid(), '&d;')));
refused('a DOCTYPE in the message', 400,
	push_message('<!DOCTYPE xml SYSTEM "file:///etc/passwd">' . text_message(openid(), 'x')));
refused('an entity bomb outside', 400, push_raw(address($encrypt), $bomb . $envelope));
refused('a DOCTYPE outside', 400, push_raw(address($encrypt), "<!DOCTYPE xml>$envelope"));
refused('no XML', 400, push_message('{"a":1}'));
refused('no UTF-8', 400, push_message("<xml>\xff\xfe</xml>"));
refused('nobody', 400, push_message('<xml><MsgType>text</MsgType></xml>'));
refused('a message of 20 kB', 400, push_message(text_message(openid(), 'x' x 20_000)));
refused('a body of 1 MB', 413, push_raw(address($encrypt), 'x' x 1_000_000));
refused('a body one over the ceiling', 413, push_raw(address($encrypt), 'x' x (48 * 1024 + 1)));
refused('a body at the ceiling is looked at', 400, push_raw(address($encrypt), 'x' x (48 * 1024)));
is kept(), $before, 'nothing of all this is kept';

# Typed text stays text, also where it looks like markup.
like reply_text((push_message(text_message($openid, '<!DOCTYPE x> & <b>进度')))[1]), qr/还没有/,
	'markup in a text is text';
my $long = reply_text((push_message(text_message($openid, '进度' . '字' x 2000)))[1]);
like $long, qr/还没有/, 'a long text is read';

# Without its keys the address is closed.
my $config = slurp(env('YJ_CONFIG'));
my $folder = env('YJ_VAR') . '/run';
my ($secrets) = $config =~ /^\s*secrets_file\s*=\s*(\S+)/m;
my $less = slurp($secrets) =~ s/^wechat_token.*\n//mr;
$config =~ s/^(\s*secrets_file\s*=\s*)\S+/$1$folder\/no-token.conf/m;
for (['no-token.conf', $less], ['no-token-main.conf', $config]) {
	open my $out, '>', "$folder/$_->[0]" or die $!;
	print {$out} $_->[1];
	close $out;
	chmod 0600, "$folder/$_->[0]";
}
my ($exit, $text) = run_program('cgi-bin/push/wechat', {
	GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'GET', YJ_CONFIG => "$folder/no-token-main.conf",
	QUERY_STRING => "timestamp=$now&nonce=n&echostr=x&signature=" . signature('', $now, 'n') });
like $text, qr/^Status: 503/, 'no token: closed, not open to everybody';
unlink "$folder/no-token.conf", "$folder/no-token-main.conf";

# The demo's page that plays a user.
$browser = new_browser();
$browser->get(public("/sim/wechat-user?scene=$scene"));
$browser->form_number(1);
$browser->set_fields(openid => openid());
$browser->click_button(value => 'follow-scan');
ok $browser->find_link(text => '开始办理', url_regex => qr{/apply/start\?project=gzgjj}), 'the sim shows the reply';

done_testing();
