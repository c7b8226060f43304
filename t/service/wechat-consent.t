# Subscription notifications: the jsapi ticket is kept ready, answers come by
# push, and the worker sends what was agreed to and mails the rest at once.
use lib 't/lib';
use Yj;
use Yj::Account;
use Yj::Journey;
use Yj::Mailbox;
use Yj::Outbox;
use Yj::Wechat;
use Encode qw(decode_utf8);
use JSON::PP qw(decode_json);

need_instance();
stop_cron();
my $appid = setting('wechat_appid');
my $config = config_with(wechat_notify => 'subscription');
faults($_ => 'none') for qw(token ticket send);

# -- the ticket --

my $ticket_row = 'FROM service_token WHERE name = CONCAT("wechat-ticket:", ?)';
sub ticket { return (db_rows("SELECT * $ticket_row", $appid))[0] }
sub job {
	my ($with) = @_;
	my ($exit, undef, $err) = run_program('cron/ticket', { YJ_CONFIG => $with // $config });
	return $exit >> 8;
}
db_do("DELETE $ticket_row", $appid);
is job(env('YJ_CONFIG')), 0, 'where messages are templates';
is ticket(), undef, '... no ticket is asked for';
is job(), 0, 'where they are subscriptions';
my $first = ticket();
is $first->{generation}, 1, '... one is';
my $token = db_value('SELECT generation FROM service_token WHERE name = CONCAT("wechat:", ?)', $appid);
is job(), 0, 'the next time';
is ticket()->{generation}, 1, '... the kept one does';
is db_value('SELECT generation FROM service_token WHERE name = CONCAT("wechat:", ?)', $appid), $token,
	'... and the token is no part of it';
my $browser = new_browser();
sub api {
	my ($path) = @_;
	return decode_json($browser->get(public("/sim/wechat$path"))->content);
}
unlike $first->{token}, qr/[0-9a-f]{64}/, 'it is kept sealed';
for my $what (qw(down busy quota garbage)) {
	db_do("UPDATE service_token SET fresh_until = NULL, fetching_until = NULL WHERE name LIKE 'wechat-ticket:%'");
	faults(ticket => $what, 1);
	is job(), 1, "$what: the job says so";
	is ticket()->{generation}, 1, '... the old one stays';
}
faults(ticket => 'expired', 1);
db_do("UPDATE service_token SET fetching_until = NULL WHERE name LIKE 'wechat-ticket:%'");
is job(), 0, 'a token that is refused meanwhile is fetched anew';
is ticket()->{generation}, 2, '... and the ticket with it';
is api('/cgi-bin/ticket/getticket?type=jsapi')->{errcode}, 41001, 'the sim wants a token';
is api('/cgi-bin/ticket/getticket?type=jsapi&access_token=x')->{errcode}, 40001, '... a good one';

# The pages' account sees the ticket and not the token.
my $apply = part_db('apply');
is length(($apply->selectrow_array('CALL wechat_ticket(?)', undef, $appid))[0]), length ticket()->{token},
	'the pages get the ticket';
ok !eval { local $apply->{PrintError} = 0; $apply->selectrow_array('SELECT token FROM service_token'); 1 }, 'not the token';

# -- answers --

my %template = map { $_ => db_value('SELECT template_id FROM wechat_template WHERE channel = "subscription" AND kind = ?', $_) }
	qw(approved shipped refused);

sub allowed {
	my ($openid, $kind) = @_;
	return db_value('SELECT allowed FROM wechat_consent WHERE appid = ? AND openid = ? AND template_id = ?',
		$appid, $openid, $template{$kind} // $kind);
}
my $stamp = time;
sub answers {
	my ($openid, $event, %status) = @_;
	my $tag = $event eq 'popup' ? 'SubscribeMsgPopupEvent' : 'SubscribeMsgChangeEvent';
	my $list = join '', map { "<List><TemplateId><![CDATA[@{[ $template{$_} // $_ ]}]]></TemplateId>"
		. "<SubscribeStatusString><![CDATA[$status{$_}]]></SubscribeStatusString></List>" } sort keys %status;
	# each of another second, as two answers of one person are
	my $xml = event_message($openid, "subscribe_msg_${event}_event", '', "<$tag>$list</$tag>")
		=~ s/<CreateTime>\K\d+/++$stamp/er;
	return ((push_message($xml))[1], $xml);
}
my $openid = openid();
is +(answers($openid, 'popup', approved => 'accept', shipped => 'reject', 'n' x 43 => 'accept'))[0], 'success',
	'answers are taken';
is allowed($openid, 'approved'), 1, 'accepted: one message is allowed';
is allowed($openid, 'shipped'), 0, 'refused: none';
is allowed($openid, 'n' x 43), undef, 'a template of nobody is passed over';
my (undef, $xml) = answers($openid, 'popup', approved => 'accept');
is allowed($openid, 'approved'), 2, 'accepted once more: two';
push_message($xml);
is allowed($openid, 'approved'), 2, 'the same push again is one answer';
answers($openid, 'change', approved => 'reject');
is allowed($openid, 'approved'), 0, 'turned off in the settings: none any more';

# -- the worker --

sub phone {
	my ($openid, $act, @kinds) = @_;
	my $templates = join ',', map { $template{$_} } @kinds;
	$browser->post(public('/sim/wechat-user'), { openid => $openid, act => $act, templates => $templates });
	die 'wechat-user: ' . $browser->status unless $browser->success;
}
my $number = 0;
sub message {
	my ($kind, $openid) = @_;
	my $id = some_application(state => 'awaiting_shipment');
	my $email = any_email();
	db_do('UPDATE applicant p JOIN application a ON a.applicant = p.id SET p.appid = ?, p.openid = ? WHERE a.id = ?',
		$appid, "$openid-" . ++$number, $id);
	return ($id, "$openid-$number");
}
sub deliver {
	my ($kind, $application) = @_;
	db_do('INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
		VALUES (?, UTC_TIMESTAMP(6), "t", "awaiting_review", "awaiting_shipment", "clerk", ?, "")',
		$application, 't' . ++$number);
	my $row = promise(application => $application, event => db_value('SELECT LAST_INSERT_ID()'), kind => $kind);
	work_off($config);
	return row($row);
}
others_wait();

my ($application, $who) = message('approved', openid());
my $row = deliver('approved', $application);
like $row->{error}, qr/not by WeChat/, 'nobody was asked: not by WeChat, at once';
is $row->{attempts}, 1, '... at the first attempt';
phone($who, 'subscribe-accept', 'approved');
is allowed($who, 'approved'), 1, 'the sim tells an acceptance as WeChat does';
$row = deliver('approved', $application);
ok $row->{done_at} && !$row->{error}, 'what was agreed to goes by WeChat' or diag $row->{error};
my ($sent) = sent_messages($who);
is $sent->{interface}, 'subscription', '... as a subscription notification';
is $sent->{template_id}, $template{approved}, '... of that template';
is allowed($who, 'approved'), 0, '... and the consent is spent';
$row = deliver('approved', $application);
like $row->{error}, qr/not by WeChat/, 'the next one needs another';
is scalar(sent_messages($who)), 1, '... and nothing more went out';

# WeChat knows better: refused there, and the push is still under way.
($application, $who) = message('approved', openid());
answers($who, 'popup', approved => 'accept');
$row = deliver('approved', $application);
like $row->{error}, qr/not by WeChat/, 'WeChat refuses (43101): another way';
is allowed($who, 'approved'), 0, '... and that is remembered';

# Accepted for good.
my $lasting = 'lasting' . '0' x 36;
db_do('UPDATE wechat_template SET template_id = ?, lasting = TRUE WHERE channel = "subscription" AND kind = "shipped"', $lasting);
my $before = $template{shipped};
$template{shipped} = $lasting;
($application, $who) = message('shipped', openid());
phone($who, 'subscribe-accept', 'shipped');
for (1 .. 2) {
	$row = deliver('shipped', $application);
	ok $row->{done_at} && !$row->{error}, "a lasting consent: message $_" or diag $row->{error};
	is allowed($who, 'shipped'), 1, '... is not spent';
}
phone($who, 'subscribe-change', 'shipped');
like deliver('shipped', $application)->{error}, qr/not by WeChat/, 'until it is taken back';
db_do('UPDATE wechat_template SET template_id = ?, lasting = FALSE WHERE channel = "subscription" AND kind = "shipped"', $before);

# A template of the demo is asked for, and counted on, in the demo alone.
my $applicant = applicant();
my $trip = begin_application($applicant);
my $cookie;
$applicant->cookie_jar->scan(sub { $cookie = "$_[1]=$_[2]" if $_[1] =~ /yj$/ });
sub status_page {
	my ($demo) = @_;
	return decode_utf8((run_program('cgi-bin/apply/status', { GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'GET',
		QUERY_STRING => "application=$trip->{application}", REMOTE_ADDR => '127.0.0.1', HTTP_COOKIE => $cookie,
		YJ_CONFIG => config_with(wechat_notify => 'subscription', demo => $demo) }))[1]);
}
like status_page('yes'), qr/data-yj-subscribe="demo-subscription-/, 'the page of the demo asks for its templates';
like status_page('no'), qr/办理进度/, 'elsewhere the page';
unlike status_page('no'), qr/data-yj-subscribe|demo-subscription/, '... asks for none of them';
db_do('INSERT INTO wechat_consent (appid, openid, template_id, allowed, answered_at)
	SELECT ?, ?, template_id, 1, UTC_TIMESTAMP() FROM wechat_template WHERE channel = "subscription"',
	$appid, $applicant->{yj_openid});
like status_page('yes'), qr/会通过微信通知您/, 'agreed to, the page of the demo says so';
unlike status_page('no'), qr/会通过微信通知您/, '... elsewhere it promises nothing';

# The sim's word on a page.
my %asked = (appId => $appid, noncestr => 'n', timestamp => 1, url => public('/apply/status'), signature => '0' x 40);
for (['a signature of nobody', {}, 'config:invalid signature'], ['another account', { appId => 'x' }, 'config:invalid appid'],
	['a page of somebody else', { url => 'http://example.cn/' }, 'config:invalid url domain']) {
	my ($what, $with, $said) = @$_;
	my %query = (%asked, %$with);
	is api('/js/config?' . join '&', map { "$_=$query{$_}" } sort keys %query)->{errMsg}, $said, $what;
}
others_go_on();
db_do('UPDATE outbox SET parked_at = UTC_TIMESTAMP(), given_up_at = UTC_TIMESTAMP()
	WHERE idempotency_key LIKE ? AND done_at IS NULL', "test-$$-%");
done_testing;
