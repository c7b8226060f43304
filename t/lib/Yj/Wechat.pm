package Yj::Wechat;

# Wechat.pm: WeChat's side of push/wechat, written apart from ours: the cipher
# is the openssl command's.

use strict;
use warnings;
use utf8;
use Exporter 'import';
use Digest::SHA qw(sha1_hex);
use MIME::Base64 qw(encode_base64 decode_base64);
use IPC::Open2 qw(open2);
use Yj ();

our @EXPORT = qw(setting seal unseal signature address push_raw push_message text_message
	event_message reply_text account faults sent_messages);

sub account { return 'gh_test0000' }

# One value of the config or of its secrets file.
my %setting;

sub setting {
	my ($key) = @_;
	if (!%setting) {
		my $conf = Yj::slurp(Yj::env('YJ_CONFIG'));
		my ($secrets) = $conf =~ /^\s*secrets_file\s*=\s*(\S+)/m;
		%setting = map { /^\s*(\w+)\s*=\s*(.*?)\s*$/mg } $conf, Yj::slurp($secrets);
	}
	return $setting{$key};
}

sub signature { return sha1_hex(join '', sort @_) }

sub cipher {
	my ($how, $bytes) = @_;
	my $key = decode_base64(setting('wechat_aes_key') . '=');
	my $pid = open2(my $out, my $in, qw(openssl enc -aes-256-cbc -nopad), $how,
		'-K', unpack('H*', $key), '-iv', unpack('H*', substr $key, 0, 16));
	binmode $_ for $in, $out;
	# Small enough for the pipe, whichever end reads first.
	print {$in} $bytes;
	close $in;
	my $done = do { local $/; <$out> };
	waitpid $pid, 0;
	die 'openssl failed' if $?;
	return $done;
}

# The Base64 of a message in its envelope. Options: appid, length (what the
# envelope says), pad (the value of the last bytes, with `pads` of them).
sub seal {
	my ($message, %as) = @_;
	utf8::encode($message) if utf8::is_utf8($message);
	my $plain = pack('H*', '00112233445566778899aabbccddeeff')
		. pack('N', $as{length} // length $message) . $message
		. ($as{appid} // setting('wechat_appid'));
	my $pads = 32 - length($plain) % 32;
	$plain .= exists $as{pad} ? chr($as{pad}) x $pads : chr($pads) x $pads;
	return encode_base64(cipher('-e', $plain), '');
}

sub unseal {
	my ($base64) = @_;
	my $plain = cipher('-d', decode_base64($base64));
	my $pad = ord substr $plain, -1;
	die "pad $pad" if $pad < 1 || $pad > 32 || substr($plain, -$pad) ne chr($pad) x $pad;
	my ($length) = unpack 'x16 N', $plain;
	my $appid = substr $plain, 20 + $length, -$pad;
	die "appid $appid" if $appid ne setting('wechat_appid');
	return substr $plain, 20, $length;
}

# The address with its query; parts may be replaced or (undef) left out.
sub address {
	my ($encrypt, %with) = @_;
	my $timestamp = $with{timestamp} // time;
	my $nonce = $with{nonce} // int rand 1e9;
	my %query = (
		timestamp => $timestamp,
		nonce => $nonce,
		signature => signature(setting('wechat_token'), $timestamp, $nonce),
		encrypt_type => 'aes',
		msg_signature => signature(setting('wechat_token'), $timestamp, $nonce, $encrypt),
		%{ $with{query} || {} },
	);
	return Yj::public('/push/wechat?') . join '&',
		map { "$_=$query{$_}" } grep { defined $query{$_} } sort keys %query;
}

# POSTs bytes as they are: (status, body).
sub push_raw {
	my ($url, $body) = @_;
	my $browser = Yj::new_browser();
	utf8::encode($body) if utf8::is_utf8($body);
	my $answer = $browser->post($url, 'Content-Type' => 'text/xml', Content => $body);
	return ($answer->code, $answer->content);
}

# Pushes a message; options as for seal() and address(): (status, body).
sub push_message {
	my ($xml, %with) = @_;
	my $encrypt = $with{encrypt} // seal($xml, %with);
	return push_raw(address($encrypt, %with),
		'<xml><ToUserName><![CDATA[' . account() . "]]></ToUserName><Encrypt><![CDATA[$encrypt]]></Encrypt></xml>");
}

my $message_id = time() * 100000 + $$;

sub text_message {
	my ($openid, $content, $id) = @_;
	$id //= ++$message_id;
	return '<xml><ToUserName><![CDATA[' . account() . ']]></ToUserName>'
		. "<FromUserName><![CDATA[$openid]]></FromUserName><CreateTime>" . time . '</CreateTime>'
		. "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA[$content]]></Content><MsgId>$id</MsgId></xml>";
}

sub event_message {
	my ($openid, $event, $key, $more) = @_;
	return '<xml><ToUserName><![CDATA[' . account() . ']]></ToUserName>'
		. "<FromUserName><![CDATA[$openid]]></FromUserName><CreateTime>" . time . '</CreateTime>'
		. "<MsgType><![CDATA[event]]></MsgType><Event><![CDATA[$event]]></Event>"
		. "<EventKey><![CDATA[$key]]></EventKey>" . ($more // '') . '</xml>';
}

# Recipient and text of a reply whose signature is right; undef for other answers.
sub reply_text {
	my ($body) = @_;
	my ($encrypt) = $body =~ m{<Encrypt><!\[CDATA\[(.*?)\]\]></Encrypt>} or return;
	my ($signature) = $body =~ m{<MsgSignature><!\[CDATA\[(\w+)\]\]>};
	my ($timestamp) = $body =~ m{<TimeStamp>(\d+)</TimeStamp>};
	my ($nonce) = $body =~ m{<Nonce><!\[CDATA\[(\w+)\]\]>};
	die 'signature of the reply'
		if signature(setting('wechat_token'), $timestamp, $nonce, $encrypt) ne $signature;
	die 'clock of the reply' if abs(time - $timestamp) > 5;
	my $xml = unseal($encrypt);
	utf8::decode($xml);
	my %reply = $xml =~ m{<(ToUserName|FromUserName|MsgType|Content)>((?:<!\[CDATA\[.*?\]\]>)+)</\1>}sg;
	for (values %reply) {
		s/\]\]><!\[CDATA\[//g;
		s/^<!\[CDATA\[|\]\]>$//g;
	}
	return wantarray ? %reply : $reply{Content};
}

# Faults in the sim: faults(send => 'down', 3), faults(send => 'none').
sub faults {
	my ($on, $what, $times) = @_;
	my $browser = Yj::new_browser();
	$browser->get(Yj::public("/sim/wechat/faults?on=$on&what=$what")
		. (defined $times ? "&times=$times" : ''));
	$browser->success or die "fault: " . $browser->status;
}

# What the sim took over for one recipient.
sub sent_messages {
	my ($openid) = @_;
	require JSON::PP;
	return grep { $_->{touser} eq $openid }
		map { JSON::PP::decode_json(Yj::slurp($_)) } glob Yj::env('YJ_VAR') . '/sim/sent/*.json';
}

1;
