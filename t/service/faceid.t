# Face identity against the sim on good days and bad ones.
use lib 't/lib';
use Yj;
use Yj::Wechat qw(setting);
use File::Temp ();
use Digest::SHA qw(sha256 sha256_hex hmac_sha256 hmac_sha256_hex);
use JSON::PP qw(decode_json encode_json);
use POSIX ();

need_instance();
my ($name, $number) = ('韦小宝', '11010519491231002X');
my $log = File::Temp->new;

sub run {
	my (@arguments) = @_;
	my $pid = open my $out, '-|';
	die $! unless defined $pid;
	if (!$pid) {
		$ENV{YJ_CONFIG} = env('YJ_CONFIG');
		utf8::encode($_) for @arguments;
		open STDERR, '>>', $log->filename;
		exec { built('t/service/faceid') } 'faceid', @arguments;
		die $!;
	}
	my $line = <$out> // '';
	close $out;
	chomp $line;
	return split /\|/, $line, -1;
}

sub ref_id { return sprintf 'r%d-%d-%d', time, $$, int rand 1e9 }
sub start { return run('start', $name, $number, $_[0], $_[1] // public('/apply/mine?from=face')) }
sub fetch { my ($ref, $token, @more) = @_; return run('fetch', $name, $number, $ref, $token, @more) }
my $browser = new_browser();
$browser->requests_redirectable([]);
sub faults { $browser->get(public("/sim/faceid/faults?on=$_[0]&what=$_[1]&times=" . ($_[2] // -1))) }
faults($_ => 'none') for qw(detect info);

sub choose {
	my ($url, $choice) = @_;
	my ($ticket) = $url =~ /ticket=(\w+)/;
	return $browser->post(public('/sim/faceid/h5'), { ticket => $ticket, choice => $choice });
}

# -- how a check goes --

my $ref = ref_id();
my ($result, $detail, $token, $url) = start($ref);
is $result, 'ok', 'a check begins' or diag $detail;
like $token, qr/^[0-9A-F-]{36}$/, 'with a token';
like $url, qr{^\Q@{[public('/sim/faceid/h5')]}\E\?ticket=[0-9a-z]{26}$}, 'and a page whose address is opaque';
unlike $url, qr/\Q$token\E/, '... and does not hold the token';
is join('|', (fetch($ref, $token))[0, 2, 3, 6]), 'ok|pending|none|0', 'before the end it is pending';
my $page = $browser->get($url);
is $page->code, 200, 'the page is there';
like $page->decoded_content, qr/\Q$_\E/, "with $_" for qw(通过 不通过 放弃 相似度不够);
unlike $page->decoded_content, qr/$number|$name/, '... and nothing personal';
my $gone = choose($url, 'quit');
is $gone->code, 303, 'whoever gives up';
is $gone->header('Location'), public('/apply/mine?from=face'), 'comes back as well';
is +(fetch($ref, $token))[2], 'pending', '... with nothing decided';
is choose($url, 'pass')->code, 303, 'whoever passes comes back';
my $frame = File::Temp->new;
my @found = fetch($ref, $token, $frame->filename);
is join('|', @found[0, 2, 3, 4, 5]), 'ok|passed|none|9731|1', 'and has passed' or diag "@found";
is $found[6], -s $frame->filename, 'with a frame';
like slurp($frame->filename), qr/^\xff\xd8\xff.*\xff\xd9$/s, 'that is a JPEG';
is choose($url, 'fail')->code, 410, 'once is enough';
is $browser->get($url)->code, 410, '... and the page says so';
is +(fetch($ref, $token))[2], 'passed', 'the outcome can be had again';

for (['fail', 'failed', -1, 0], ['low', 'failed', 6240, 1]) {
	my ($choice, $outcome, $similarity, $has_frame) = @$_;
	my $ref = ref_id();
	my (undef, undef, $token, $url) = start($ref);
	choose($url, $choice);
	my @found = fetch($ref, $token);
	is join('|', @found[0, 2, 4]), "ok|$outcome|$similarity", "$choice: $outcome";
	is +($found[6] > 0) + 0, $has_frame, '... with a frame, where there was a comparison';
}

# -- a token of somebody else --

is join('|', (run('fetch', $name, $number, 'another-application', $token))[0, 2, 3]), 'ok|review|ref',
	'another application\'s token is no pass';
is join('|', (run('fetch', '韦大宝', $number, $ref, $token))[0, 2, 3]), 'ok|review|person', 'nor another name\'s';
faults(info => 'other', 1);
is join('|', (fetch($ref, $token))[0, 2, 3]), 'ok|review|person', 'nor another number in the answer';
is join('|', (fetch($ref, 'CE661F1A-0F1E-45B1-BE13-34C05CEA7681'))[0, 1]) =~ s/ request.*//r,
	'permanent|code=InvalidParameterValue.BizTokenIllegal', 'a token that was never given';
is +(fetch($ref, '../check'))[0], 'permanent', 'nor leads elsewhere';

# Three days later.
my ($ticket) = $url =~ /ticket=(\w+)/;
my $file = env('YJ_VAR') . "/sim/faceid/check-$ticket";
sub age {
	my ($seconds) = @_;
	my $check = decode_json(slurp($file));
	$check->{made} -= $seconds;
	open my $out, '>:raw', $file or die "$file: $!";
	print {$out} encode_json($check);
	close $out;
}
age(3 * 86400 - 60);
is +(fetch($ref, $token))[2], 'passed', 'within three days the outcome is kept';
age(120);
like +(fetch($ref, $token))[1], qr/BizTokenExpired/, '... and not longer';

# -- what is refused before it is sent --

is join('|', (run('start', '', $number, $ref, 'http://a/'))[0, 1]), 'permanent|field=name', 'no name';
is join('|', (run('start', '一' x 33, $number, $ref, 'http://a/'))[0, 1]), 'permanent|field=name', '33 characters';
is +(run('start', '一' x 32, $number, $ref, 'http://a/'))[0], 'ok', '32 are good';
is +(run('start', $name, '1101051949123100', $ref, 'http://a/'))[1], 'field=id_number', 'a short number';
is +(run('start', $name, '11010519491231002A', $ref, 'http://a/'))[0], 'permanent', 'what the service refuses';
is +(run('start', $name, $number, '张三', 'http://a/'))[1], 'field=ref', 'a reference that is not opaque';
is +(start($ref, 'http://a/' . 'x' x 1016))[1], 'field=redirect_url', 'an address too long by one';
is +(start($ref, 'http://a/' . 'x' x 1015))[0], 'ok', '... and just not';

# -- bad days --

for my $call (qw(detect info)) {
	for (['down', 'unknown'], ['garbage', 'unknown'], ['huge', 'unknown'], ['expire', 'alarm'], ['arrears', 'alarm'],
		['busy', 'retry_later'], ['internal', 'retry_later'], ['lost', 'unknown']) {
		my ($what, $class) = @$_;
		my $ref = ref_id();
		my (undef, undef, $token, $url) = start($ref);
		choose($url, 'pass');
		faults($call => $what, 1);
		is +($call eq 'detect' ? start($ref) : fetch($ref, $token))[0], $class, "$call, $what: $class";
		is +(fetch($ref, $token))[2], 'passed', '... and nothing is lost';
	}
}
faults(info => 'slow', 1);
my $before = time;
is +(fetch($ref, $token))[0], 'unknown', 'no answer in time';
cmp_ok time - $before, '<=', 12, '... is not waited for longer';
my $said = slurp($log->filename);
like $said, qr/faceid\.call action=GetDetectInfoEnhanced result=unknown/, 'the log tells';
utf8::decode($said);
unlike $said, qr/$name|$number|\Q$token\E|@{[setting('faceid_secret_key')]}/, '... without a name, number, token or key';

# -- the sim checks signatures for itself --

my $host = public('') =~ s{^http://}{}r;
sub ask {
	my (%as) = @_;
	my $now = $as{time} // time;
	my $body = $as{body} // '{"RuleId":"1","BizToken":"x","InfoType":"1"}';
	my $type = 'application/json';
	my $signed = $as{signed} // 'content-type;host';
	my $action = $as{action} // 'GetDetectInfoEnhanced';
	my $date = $as{date} // POSIX::strftime('%Y-%m-%d', gmtime $now);
	my %value = ('content-type' => $type, host => $host, 'x-tc-action' => lc $action);
	my $canonical = join "\n", 'POST', '/', '', (map { "$_:$value{$_}" } split /;/, $signed), '', $signed,
		sha256_hex($as{signed_body} // $body);
	my $text = join "\n", 'TC3-HMAC-SHA256', $now, "$date/faceid/tc3_request", sha256_hex($canonical);
	my $key = 'TC3' . ($as{key} // setting('faceid_secret_key'));
	$key = hmac_sha256($_, $key) for $date, 'faceid', 'tc3_request';
	my $id = $as{id} // setting('faceid_secret_id');
	my $answer = $browser->post(public('/sim/faceid'), Content => $body, 'Content-Type' => $type,
		'X-TC-Action' => $action, 'X-TC-Version' => $as{version} // '2018-03-01', 'X-TC-Timestamp' => $now,
		Authorization => "TC3-HMAC-SHA256 Credential=$id/$date/faceid/tc3_request, SignedHeaders=$signed, "
			. 'Signature=' . hmac_sha256_hex($text, $key));
	return decode_json($answer->content)->{Response}{Error}{Code};
}
my $illegal = 'InvalidParameterValue.BizTokenIllegal';
is ask(), $illegal, 'two signed headers are good';
is ask(signed => 'content-type;host;x-tc-action'), $illegal, 'three as well';
is ask(signed => 'host'), 'AuthFailure.SignatureFailure', 'one is not';
is ask(signed => 'host;content-type'), 'AuthFailure.SignatureFailure', 'nor two in the wrong order';
is ask(key => 'x'), 'AuthFailure.SignatureFailure', 'another key';
is ask(id => 'x'), 'AuthFailure.SecretIdNotFound', 'another id';
is ask(signed_body => '{}'), 'AuthFailure.SignatureFailure', 'another body';
is ask(time => time - 290), $illegal, 'a clock that is almost wrong';
is ask(time => time - 310), 'AuthFailure.SignatureExpire', 'a clock that is slow';
is ask(time => time + 310), 'AuthFailure.SignatureExpire', 'a clock that is fast';
is ask(date => '2020-01-01'), 'AuthFailure.SignatureFailure', 'another day';
is ask(version => '2017-01-01'), 'NoSuchVersion', 'another version';
is ask(action => 'Nothing'), 'InvalidAction', 'another action';
is ask(body => '{"RuleId":"2","BizToken":"x","InfoType":"1"}'), 'InvalidParameterValue.RuleIdNotExist', 'another rule';
my %detect = (RuleId => '1', Name => 'a', IdCard => $number, RedirectUrl => 'http://a/');
sub detect { return ask(action => 'DetectAuth', body => encode_json({ %detect, @_ })) }
is detect(), undef, 'a good DetectAuth';
is detect(Extra => 'x' x 1025), 'InvalidParameterValue', 'an Extra too long';
is detect(Name => 1), 'InvalidParameterValue', 'a name that is a number';
is detect(Surname => 'x'), 'UnknownParameter', 'a parameter that there is not';

done_testing();
