# E-invoices against the sim on good days and bad ones.
use lib 't/lib';
use Yj;
use Yj::Wechat qw(setting);
use File::Temp ();
use Digest::SHA qw(hmac_sha1_base64);
use JSON::PP qw(decode_json encode_json);

need_instance();
my ($buyer, $tax_number) = ('赣州某某有限公司', '91360700MA35DXMA0Y');
my $log = File::Temp->new;
my $folder = env('YJ_VAR') . '/sim/nuonuo';
my $row = 'nuonuo:' . setting('nuonuo_app_key');

sub run {
	my (@arguments) = @_;
	my $pid = open my $out, '-|';
	die $! unless defined $pid;
	if (!$pid) {
		$ENV{YJ_CONFIG} //= env('YJ_CONFIG');
		utf8::encode($_) for @arguments;
		open STDERR, '>>', $log->filename;
		exec { built('t/service/nuonuo') } 'nuonuo', @arguments;
		die $!;
	}
	binmode $out, ':encoding(UTF-8)';
	my $line = <$out> // '';
	close $out;
	chomp $line;
	return split /\|/, $line, -1;
}

my $last = 0;
sub order_no { return sprintf 'T%d%05d%03d', time, $$ % 1e5, ++$last }
sub issue { my ($no, @lines) = @_; return run('issue', $no, $buyer, $tax_number, 'a@example.cn', @lines ? @lines : 20000) }
sub query { return run('query', @_) }
my $browser = new_browser();
sub faults { $browser->get(public("/sim/nuonuo/faults?on=$_[0]&what=$_[1]&times=" . ($_[2] // -1))) }
sub finished {
	my ($no) = @_;
	my @found;
	for (1 .. 4) {
		@found = query($no);
		last if $found[2] ne 'pending';
	}
	return @found;
}
sub generation { return db_value('SELECT generation FROM service_token WHERE name = ?', $row) // 0 }
sub given { return -f "$folder/tokens-given" ? scalar @{ decode_json(slurp("$folder/tokens-given")) } : 0 }

faults($_ => 'none') for qw(token issue query again red pdf);
unlink "$folder/tokens-given";
db_do('DELETE FROM service_token WHERE name = ?', $row);

# -- a blue one --

my $no = order_no();
is join('|', query($no)), 'ok||absent|||0|0||', 'before it is handed in there is none';
my ($result, $detail, $serial) = issue($no);
is $result, 'ok', 'it is handed in' or diag $detail;
like $serial, qr/^\d{20}$/, 'and has a serial number';
is +(query($no))[2], 'pending', 'it is being made';
is +(query($no))[2], 'pending', 'and sealed';
my @found = query($no);
is join('|', @found[0, 2, 3, 5, 6, 8]), "ok|issued|$serial|20000|1132|", 'and then issued';
my ($number, $url) = @found[4, 7];
like $number, qr/^\d{20}$/, 'with its number';
like $url, qr{^http://127\.0\.0\.1:}, 'and a file';
my $file = File::Temp->new;
@found = run('download', $url, $file->filename);
is join('|', @found), 'ok||' . -s $file->filename, 'which is fetched';
like slurp($file->filename), qr/^%PDF-1\.4.*%%EOF\n\z/s, '... and a PDF';
SKIP: {
	skip 'no pdftotext', 2 unless -x '/usr/bin/pdftotext';
	my $text = `pdftotext -layout @{[$file->filename]} - 2>&1`;
	is $?, 0, 'that others can read';
	like $text, qr/\ANo\. |No\. $number.*Total 200\.00 CNY.*tax 11\.32 CNY/s, '... and that says what it should';
}

# Several lines, one of them not divisible by its quantity.
my $several = order_no();
is +(issue($several, 20000, '10000x3', '1', '9999x7'))[0], 'ok', 'four lines sum exactly' or diag $detail;
@found = finished($several);
is join('|', @found[2, 5, 6]), 'issued|40000|2264', '... and so do their taxes';

# -- the same number twice --

is join('|', issue($no)), "ok||$serial", 'handed in again it is looked up';
is +(query($no))[4], $number, '... and still the same one';

# -- a red one --

my $red = order_no();
my $red_serial = (run('red', $red, $serial, $number))[2];
like $red_serial, qr/^\d{20}$/, 'it is turned red';
@found = finished($red);
is join('|', @found[2, 5, 6]), 'issued|-20000|-1132', '... with the opposite sign';
is join('|', run('red', $red, $serial, $number)), "ok||$red_serial", 'again under the same number: looked up';
is join('|', (run('red', order_no(), $serial, $number))[0, 1]), 'permanent|code=E9101', 'twice red is refused';
is +(run('red', order_no(), $red_serial, $found[4]))[0], 'permanent', 'a red one cannot be turned red';
is +(run('red', order_no(), $serial, '9' x 20))[0], 'permanent', 'nor one that there is not';
is +(run('red', order_no(), $serial, '99'))[1], 'field=blue_number', 'nor what is no number';

# -- what goes wrong in the making --

faults(issue => 'fail', 1);
my $failing = order_no();
is +(issue($failing))[0], 'ok', 'one that will fail';
@found = finished($failing);
is join('|', @found[0, 2, 8]), 'ok|failed|演示的失败：请核对购方信息', '... fails, and says why';
is +(issue($failing))[0], 'ok', 'the same number again changes nothing';
is +(query($failing))[2], 'failed', '... it is still failed';
is +(issue(order_no()))[0], 'ok', 'a new number is good';
faults(issue => 'seal', 1);
my $unsealed = order_no();
my $unsealed_serial = (issue($unsealed))[2];
is +(finished($unsealed))[2], 'again', 'one that is not sealed';
is +(issue($unsealed))[2], $unsealed_serial, 'is taken up again under its number';
is +(finished($unsealed))[2], 'issued', '... and then issued';

# -- bad days --

for (['down', 'unknown'], ['garbage', 'unknown'], ['huge', 'unknown'], ['refused', 'alarm']) {
	my ($what, $class) = @$_;
	my $no = order_no();
	faults(issue => $what, 1);
	is +(issue($no))[0], $class, "$what: $class";
	is +(query($no))[2], 'absent', '... and the query says that nothing was done';
	is +(issue($no))[0], 'ok', '... so it is handed in';
	faults(query => $what, 1);
	is +(query($no))[0], $class, "query, $what: $class";
}
my $lost = order_no();
faults(issue => 'lost', 1);
is +(issue($lost))[0], 'unknown', 'an answer that is lost';
is +(query($lost))[2], 'pending', '... but the query finds it';
my $lost_too = order_no();
faults(issue => 'lost', 1);
is +(issue($lost_too))[0], 'unknown', 'another, handed in again at once';
like +(issue($lost_too))[2], qr/^\d{20}$/, '... is found as well';
faults(issue => 'slow', 1);
my $before = time;
is +(issue(order_no()))[0], 'unknown', 'no answer in time';
cmp_ok time - $before, '<=', 12, '... is not waited for longer';
faults(red => 'lost', 1);
my ($blue, $red_lost) = (order_no(), order_no());
issue($blue);
my @blue = finished($blue);
is +(run('red', $red_lost, @blue[3, 4]))[0], 'unknown', 'a red one whose answer is lost';
is +(finished($red_lost))[2], 'issued', '... is found';

# Ten at once under one number: one invoice.
my $one = order_no();
my @children;
for (1 .. 10) {
	defined(my $pid = fork) or die $!;
	if (!$pid) {
		my ($result) = issue($one);
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
is $good, 10, 'ten at once with one number are all served';
is scalar(grep { slurp($_) =~ /"$one"/ } glob "$folder/serial-*"), 1, 'by one invoice';

# -- the token, of which there are few --

is given(), 1, 'all this took one token';
unlike db_value('SELECT token FROM service_token WHERE name = ?', $row), qr/^[0-9a-z]{26}$/, 'which is kept sealed';
faults(query => 'stale', 1);
is +(query($no))[0], 'alarm', 'a young token that is refused is an alarm';
is given(), 1, '... and no new one is fetched';
db_do('UPDATE service_token SET fetched_at = UTC_TIMESTAMP() - INTERVAL 1 HOUR WHERE name = ?', $row);
faults(query => 'stale', 1);
is +(query($no))[0], 'ok', 'an old one is replaced';
is given(), 2, '... once';
db_do('UPDATE service_token SET fresh_until = NULL, good_until = NULL WHERE name = ?', $row);
faults(token => 'limit', 1);
is join('|', (query($no))[0, 1]), 'alarm|code=070306', 'no more tokens is an alarm';
$before = time;
is +(query($no))[0], 'retry_later', 'then nobody asks for a while';
cmp_ok time - $before, '<=', 2, '... nor waits';
db_do('UPDATE service_token SET fetching_until = NULL WHERE name = ?', $row);
for my $what (qw(down garbage)) {
	faults(token => $what, 1);
	is +(query($no))[0], 'retry_later', "token, $what: later";
	db_do('UPDATE service_token SET fetching_until = NULL WHERE name = ?', $row);
}
is +(query($no))[0], 'ok', 'and then it goes on';

# -- the file --

is +(run('download', $_->[0], $file->filename))[0], 'permanent', "not fetched: $_->[1]" for (
	['https://invoices.example.cn/1.pdf', 'another host'], ['http://127.0.0.1.example.cn/1.pdf', 'a like one'],
	['http://127.0.0.1@example.cn/1.pdf', 'a host behind a user'], ['file:///etc/passwd', 'no host'],
	['http://127.0.0.1:8x/1.pdf', 'no port'], ['ftp://127.0.0.1/1.pdf', 'no http'], ['', 'nothing']);
my $other = public('/static/css/yuanjian.css');
is join('|', run('download', $other, $file->filename)), 'permanent|no PDF|0', 'what is no PDF';
faults(pdf => 'large', 1);
is join('|', run('download', $url, $file->filename)), 'permanent|too large|0', 'more than 5 MB';
faults(pdf => 'down', 1);
is +(run('download', $url, $file->filename))[0], 'unknown', 'a host that is down';
is +(run('download', "$url-0", $file->filename))[0], 'alarm', 'a file that is not there';
{
	my $conf = File::Temp->new;
	my $text = slurp(env('YJ_CONFIG')) =~ s/^(\s*)invoice_pdf_hosts = .*/$1invoice_pdf_hosts = "a.cn *.0.1 b.cn"/mr;
	$text =~ s/^(\s*)invoice_provider = .*/$1invoice_provider = manual/m;
	print {$conf} $text;
	close $conf;
	local $ENV{YJ_CONFIG} = $conf->filename;
	is +(run('download', $url, $file->filename))[0], 'ok', 'all hosts under a name';
	is join('|', issue(order_no())), 'permanent|invoices are issued by hand|', 'by hand nothing is asked';
}

my $said = slurp($log->filename);
utf8::decode($said);
like $said, qr/nuonuo\.call method=\S+ result=unknown/, 'the log tells';
unlike $said, qr/某某|$tax_number|example\.cn|@{[setting('nuonuo_app_secret')]}/, '... without a buyer or a secret';

# -- the sim is as strict as the provider --

my $token = decode_json(slurp("$folder/tokens-given"))->[-1]{token};
my %line = (goodsName => 'x', goodsCode => '3040299000000000000', withTaxFlag => '1', taxRate => '0.06', tax => '11.32',
	taxExcludedAmount => '188.68', taxIncludedAmount => '200.00', invoiceLineProperty => '0');
my %order = (buyerName => '张三', salerTaxNum => $tax_number, invoiceDate => '2026-01-01 00:00:00', invoiceType => '1',
	invoiceLine => 'pc', pushMode => '-1', clerk => 'x');

sub ask {
	my ($order, %as) = @_;
	my $body = ref $order ? encode_json({ order => { %order, orderNo => order_no(), invoiceDetail => [\%line], %$order } }) : $order;
	my ($senid, $nonce, $time) = ('0123456789abcdef' x 2, '12345678', $as{time} // time);
	my $key = setting('nuonuo_app_key');
	my $sign = hmac_sha1_base64('a=services&l=v1&p=open&k=' . "$key&i=$senid&n=$nonce&t=$time&f="
		. ($as{signed} // $body), $as{secret} // setting('nuonuo_app_secret'));
	$sign .= '=' while length($sign) % 4;
	my $answer = $browser->post(public("/sim/nuonuo/open/v1/services?senid=$senid&nonce=$nonce&timestamp=$time&appkey=$key"),
		Content => $body, 'Content-Type' => 'application/json', 'X-Nuonuo-Sign' => $sign,
		accessToken => $as{token} // $token, userTax => $as{tax} // $tax_number,
		method => $as{method} // 'nuonuo.OpeMplatform.requestBillingNew');
	my $said = decode_json($answer->content);
	return $said->{code} eq 'E9101' ? $said->{describe} : $said->{code};
}
sub line { return { invoiceDetail => [{ %line, @_ }] } }
is ask({}), 'E0000', 'a good order';
is ask({}, signed => '{}'), '070101', 'another body';
is ask({}, secret => 'x'), '070101', 'another secret';
is ask({}, time => time - 310), '070101', 'a clock that is slow';
is ask({}, token => 'x'), '070301', 'another token';
is ask({}, tax => 'x'), '070305', 'another seller';
is ask({}, method => 'x'), '070102', 'no such method';
is ask({ salerTaxNum => '91360700MA0000000X' }), 'salerTaxNum', 'another seller within';
is ask({ buyerName => '某某公司' }), 'buyerTaxNum', 'an organisation without a tax number';
is ask({ buyerName => '某某公司', buyerTaxNum => $tax_number }), 'E0000', '... and with one';
is ask({ invoiceLine => 'bs' }), 'buyerTaxNum', 'a special invoice without one';
is ask({ orderNo => 'x' x 21 }), 'orderNo', 'an order number too long';
is ask({ clerk => 1 }), 'clerk', 'a value that is a number';
is ask({ invoiceType => '2' }), 'invoiceType', 'a red one the wrong way';
is ask({ something => 'x' }), 'unknown field', 'a field that there is not';
is ask(line(tax => '11.33', taxExcludedAmount => '188.67')), 'tax', 'a fen of tax too much';
is ask(line(tax => '11.31', taxExcludedAmount => '188.69')), 'tax', 'a fen too little';
is ask(line(taxExcludedAmount => '188.67')), 'taxIncludedAmount', 'a sum that is not';
is ask(line(goodsCode => '304029900000000000')), 'goodsCode', '18 digits of a code';
is ask(line(price => '100.00', num => '3')), 'price', 'a price that does not make the total';
is ask(line(price => '100.00', num => '2')), 'E0000', '... and one that does';

done_testing();
