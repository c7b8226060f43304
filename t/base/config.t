# The config file: every mistake is named with its line, nothing unsafe starts.
use lib 't/lib';
use Yj;
use File::Temp 'tempdir';

my $folder = tempdir(CLEANUP => 1);
my $tool = built('bin/yuanjian-config');
plan skip_all => 'yuanjian-config is not built' unless -x $tool;
# Root may read anything, so the tool checks as the account that owns the secrets.
my $reader = $> ? undef : getpwnam('nobody');
chmod 0755, $folder;

sub put {
	my ($name, $text, $mode) = @_;
	open my $out, '>:raw', "$folder/$name" or die "$name: $!";
	utf8::encode($text) if utf8::is_utf8($text);
	print $out $text;
	close $out;
	chmod $mode // 0600, "$folder/$name";
	chown $reader, -1, "$folder/$name" if defined $reader;
	return "$folder/$name";
}

# What --check says about a file of these lines: exit status and lines.
sub complaints {
	my ($text) = @_;
	my $file = put('main.conf', $text);
	my $said = `$tool --check $file 2>&1`;
	my $status = $? >> 8;
	$said =~ s/^\Q$folder\E\///gm;
	return ($status, $said);
}

my %good = (
	public_url   => 'https://ca.example.cn',
	intranet_url => 'http://127.0.0.1:8081',
	db_socket    => '/run/db.sock',
	secrets_file => "$folder/secrets.conf",
	keyring_file => "$folder/keyring",
);

sub config_with {
	my %value = (%good, @_);
	return join '', map { defined $value{$_} ? "$_ = $value{$_}\n" : '' } sort keys %value;
}

my $ring = join '', map { "1 $_ " . 'a1' x 32 . "\n" } qw(seal index face);
put('keyring', $ring);
put('secrets.conf', qq{db_password_apply = "a # b" # why\nwechat_secret = x\n});
my ($status, $said) = complaints(config_with());
is($status, 0, 'a good file is good') or diag $said;

($status, $said) = complaints("# comment\n\n  public_url=https://a.cn # x\r\n" . config_with(public_url => undef));
is($status, 0, 'comments, blank lines, blanks and CR are fine') or diag $said;

# key, value, what is said
for (
	[ public_url => 'http://ca.example.cn', qr/main\.conf:\d+: public_url must be https/ ],
	[ public_url => 'http://127.0.0.1.evil.cn', qr/public_url must be https/ ],
	[ public_url => 'http://localhost.evil.cn', qr/public_url must be https/ ],
	[ public_url => 'ftp://a.cn', qr/must begin with https/ ],
	[ public_url => 'https://', qr/host name/ ],
	[ public_url => 'https://a b.cn', qr/host name|user, query/ ],
	[ public_url => 'https://u@a.cn', qr/host name|user, query/ ],
	[ public_url => 'https://a.cn/', qr/must not end in/ ],
	[ public_url => 'https://a.cn/x', qr/must not have a path/ ],
	[ public_url => 'https://a.cn:0', qr/port/ ],
	[ public_url => 'https://a.cn:65536', qr/port/ ],
	[ public_url => 'https://a.cn:x', qr/port/ ],
	[ wechat_api_url => 'http://api.example.cn', qr/wechat_api_url must be https/ ],
	[ wechat_api_url => 'https://a.cn/x?y', qr/user, query/ ],
	[ smtp_url => 'http://mail.example.cn', qr{smtp_url must begin with smtp://} ],
	[ smtp_url => 'smtp://mail.example.cn/x', qr/must not have a path/ ],
	[ smtp_url => 'smtp://u:p@mail.example.cn', qr/host name|port|user, query/ ],
	[ smtp_url => 'smtp://mail.example.cn:99999', qr/port/ ],
	[ smtp_url => 'smtp://mail.example.cn:587', qr/smtp_url needs mail_from\n.*smtp_url needs mail_bounce/ ],
	( map { [ mail_from => $_, qr/mail_from is not a mail address/ ] } 'ca', '@a.cn', 'ca@localhost',
		'a b@c.cn', '<a@b.cn>', 'a@b@c.cn', 'Ca <a@b.cn>', '证书@b.cn', 'a@' . 'b' x 260 . '.cn' ),
	[ secrets_file => 'secrets.conf', qr/secrets_file must be an absolute path/ ],
	[ db_port => '0', qr/db_port is out of bounds \(1 to 65535\)/ ],
	[ db_port => '65536', qr/out of bounds/ ],
	[ db_port => '3306x', qr/whole number/ ],
	[ db_port => '99999999999999999999', qr/whole number|out of bounds/ ],
	[ demo => 'true', qr/demo must be yes or no/ ],
	[ demo => 'yes', qr/demo lets anybody in/ ],
	[ db_host => '127.0.0.1', qr/db_host excludes db_socket/ ],
	[ db_name => '', qr/db_name is empty/ ],
	[ db_name => '"x', qr/quotes/ ],
	[ db_name => '"x" y', qr/quotes/ ],
	[ db_name => "a\x01b", qr/plain UTF-8/ ],
	[ db_name => "a\xffb", qr/plain UTF-8/ ],
	[ db_name => "a\0b", qr/plain UTF-8/ ],
	[ nonsense => '1', qr/main\.conf:\d+: unknown key nonsense/ ],
	[ db_password_apply => 'secret-word', qr/db_password_apply belongs in the secrets file/ ],
	map { [ $_ => undef, qr/main\.conf:\d+: $_ is missing/ ] } qw(public_url intranet_url secrets_file keyring_file),
) {
	my ($key, $value, $expected) = @$_;
	($status, $said) = complaints(config_with($key => $value));
	my $shown = ($value // '(missing)') =~ s/[^ -~]/?/gr;
	ok($status == 1 && $said =~ $expected, "$key = $shown is refused") or diag $said;
	unlike($said, qr/secret-word/, 'a misplaced secret is not repeated') if $key =~ /password/;
}

($status, $said) = complaints(config_with(db_socket => undef));
like($said, qr/db_socket or db_host is missing/, 'a database is needed');
($status, $said) = complaints(config_with(db_socket => undef, db_host => 'db.example.cn'));
like($said, qr/db_tls must be yes/, 'away from loopback the database needs TLS');
($status, $said) = complaints(config_with(db_socket => undef, db_host => 'db.example.cn', db_tls => 'yes'));
if (slurp(build_dir() . '/build.h') =~ /^#define YJ_DB_TLS 1/m) {
	is($status, 0, 'with TLS it is good');
} else {
	like($said, qr/^main\.conf:\d+: .*--enable-db-tls/, 'a build without TLS says how to get it');
}
($status, $said) = complaints(config_with(public_url => 'http://localhost:8080', demo => 'yes'));
is($status, 0, 'demo on loopback is good') or diag $said;

($status, $said) = complaints(config_with() . "public_url = https://b.cn\n");
like($said, qr/main\.conf:6: public_url is given twice, first in line 4/, 'twice is named with both lines');
($status, $said) = complaints("x\n" . config_with() . "y = 1\n");
like($said, qr/^main\.conf:1: expected key = value\nmain\.conf:7: unknown key y$/, 'all errors are told, in order');

# mail
my %mail = (smtp_url => 'smtp://127.0.0.1:25', mail_from => 'ca@example.cn', mail_bounce => 'back@example.cn');
($status, $said) = complaints(config_with(%mail, smtp_tls => 'no'));
is($status, 0, 'on loopback mail may go without TLS') or diag $said;
($status, $said) = complaints(config_with(%mail, smtp_url => 'smtp://mail.example.cn:587'));
is($status, 0, 'elsewhere with it') or diag $said;
($status, $said) = complaints(config_with(%mail, smtp_url => 'smtp://mail.example.cn:587', smtp_tls => 'no'));
like($said, qr/smtp_tls must be yes/, 'and not without');

# the secrets file
for ([ 0600, 0 ], [ 0400, 0 ], [ 0640, 1 ], [ 0604, 1 ], [ 0700, 1 ]) {
	my ($mode, $expected) = @$_;
	chmod $mode, "$folder/secrets.conf";
	($status, $said) = complaints(config_with());
	is($status, $expected, sprintf 'secrets file of mode %04o', $mode) or diag $said;
}
chmod 0600, "$folder/secrets.conf";
rename "$folder/secrets.conf", "$folder/real.conf";
($status, $said) = complaints(config_with());
like($said, qr/^secrets\.conf:1: cannot open/, 'no secrets file');
symlink "$folder/real.conf", "$folder/secrets.conf";
($status, $said) = complaints(config_with());
is($status, 1, 'a link is no plain file');
unlink "$folder/secrets.conf";
mkdir "$folder/secrets.conf", 0700;
($status, $said) = complaints(config_with());
like($said, qr/not a plain file/, 'nor is a folder');
rmdir "$folder/secrets.conf";
put('secrets.conf', "db_name = x\nwechat_secret\n");
($status, $said) = complaints(config_with());
like($said, qr/secrets\.conf:1: db_name belongs in the main file\nsecrets\.conf:2: expected/,
	'other keys do not belong there');
put('secrets.conf', "wechat_secret = x\n");
($status, $said) = complaints(config_with() . '#' x (64 * 1024));
like($said, qr/larger than/, 'a file that is too large');

# every key is in the example, as the program knows it, and the example is good
my %key = map { /^(\w+) \(/ ? ($1 => 1) : () } `$tool --list`;
cmp_ok(scalar keys %key, '>', 20, '--list tells the keys');
my $example = slurp(top() . '/etc/yuanjian.conf.example');
is_deeply([ grep { $example !~ /\b$_\b/ } sort keys %key ], [], 'the example names every key');
is_deeply([ grep { !$key{$_} } $example =~ /^#?(\w+) =/gm ], [], 'and no other');
my $all = $example =~ s{^secrets_file = .*}{secrets_file = $folder/secrets.conf}mr;
$all =~ s{^keyring_file = .*}{keyring_file = $folder/keyring}m;
($status, $said) = complaints($all);
is($status, 0, 'the example is good') or diag $said;
my $defaults = join '', map { /^(#?)(\w+) = (.*)/ && $1 ? "$2 = $3\n" : () }
	grep { !/db_host|scan_normaliser|video_seal/ } split /\n/, $example;
$defaults =~ s{^(\w+_file) = .*}{$1 = $folder/keyring}gm;
($status, $said) = complaints("$all\n$defaults");
is($status, 0, 'and so are the defaults it shows') or diag $said;
for (split /\n/, `$tool --list`) {
	my ($name, $default) = /^(\w+) \(.*, else (.*)\)$/ or next;
	next if $name =~ /^(?:scan_normaliser|video_seal)$/;
	like($example, qr/^#$name = \Q$default\E$/m, "the example shows the default of $name");
}
is(system("$tool >/dev/null 2>&1") >> 8, 2, 'no argument: usage');

# what each side needs beside its password
put('key.pem', 'x');
for (
	[ apply => { wechat_appid => 'wx1' }, 'wechat_secret' ],
	[ apply => { wechatpay_mchid => 1 }, 'wechatpay_apiv3_key' ],
	[ push => { wechatpay_mchid => 1 }, 'wechatpay_apiv3_key' ],
	[ cron => { wechat_appid => 'wx1' }, 'wechat_secret' ],
	[ cron => { faceid_secret_id => 'a' }, 'faceid_secret_key' ],
	[ cron => { smtp_url => 'smtp://a.cn:25', smtp_user => 'ca', mail_from => 'a@a.cn', mail_bounce => 'b@a.cn' },
		'smtp_password' ],
) {
	my ($side, $given, $needed) = @$_;
	my %pay = $given->{wechatpay_mchid} ? (wechatpay_serial => 'AB', wechatpay_key_file => "$folder/key.pem",
		wechatpay_public_key_file => "$folder/key.pem", wechatpay_public_key_id => 'PUB_KEY_ID_1', wechat_appid => 'wx1') : ();
	my $secret = %pay ? "wechat_secret = x\n" : '';
	my $config = config_with(%$given, %pay);
	put('secrets.conf', "db_password_$side = x\n$secret");
	($status, $said) = complaints($config);
	is $status, 1, "$side with @{[ sort keys %$given ]}";
	like $said, qr/^secrets\.conf: $needed is missing: .*db_password_$side/m, "... needs $needed";
	put('secrets.conf', "db_password_$side = x\n$secret$needed = @{[ 'k' x 32 ]}\n");
	($status, $said) = complaints($config);
	is $status, 0, '... and is good with it' or diag $said;
}
put('secrets.conf', "db_password_clerk = x\n");
is +(complaints(config_with(wechat_appid => 'wx1')))[0], 0, 'the intranet side needs none of them';
put('secrets.conf', "db_password_apply = x\n");
($status, $said) = complaints(config_with(smtp_ca_file => "$folder/none.pem"));
is $status, 1, 'a file that is named and not there';
like $said, qr/^smtp_ca_file: .*none\.pem: cannot open: No such file/m, '... is named';

# as root: whether the programs' account can read it
SKIP: {
	skip 'not root', 9 unless defined $reader;
	my $file = put('main.conf', config_with());
	my $ask = sub { my $said = `$tool --check $file 2>&1`; return ($? >> 8, $said) };
	is +($ask->())[1], "$file: good, read by nobody\n", 'root hears for whom it is good';
	chown 0, -1, "$folder/keyring";
	($status, $said) = $ask->();
	is $status, 1, 'a key ring of root';
	like $said, qr/keyring: cannot open: Permission denied/, '... is not open to that account';
	chown $reader, -1, "$folder/keyring";
	chmod 0700, $folder;
	($status, $said) = $ask->();
	is $status, 1, 'a folder of root';
	like $said, qr/main\.conf:1: cannot open: Permission denied/, '... neither';
	chmod 0755, $folder;
	chown 0, -1, "$folder/secrets.conf";
	($status, $said) = $ask->();
	is $status, 1, 'secrets of root';
	like $said, qr/secrets\.conf: belongs to root, .*chown it/, '... and what to do';
	put('secrets.conf', "db_password_owner = x\n");
	chown 0, -1, "$folder/secrets.conf", "$folder/keyring";
	is +($ask->())[0], 0, "the administrator's own file may be root's";
	chown $reader, -1, "$folder/keyring";
	put('secrets.conf', "db_password_apply = x\n");
	is +($ask->())[0], 0, 'and all is as before';
}

# the key ring is part of it
put('keyring', $ring =~ s/1 face.*\n//r);
($status, $said) = complaints(config_with());
is $status, 1, 'a ring without a key for faces is not good';
like $said, qr/no key to keep faces/, 'and it is said';
put('keyring', $ring =~ s/a1$/zz/mr);
($status, $said) = complaints(config_with());
is $status, 1, 'nor is a malformed one';
unlike $said, qr/a1a1/, 'its keys are not shown';
put('keyring', $ring, 0644);
($status) = complaints(config_with());
is $status, 1, 'nor one that others may read';
put('keyring', $ring);
chmod 0600, "$folder/keyring";

done_testing;
