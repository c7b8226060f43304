#!/usr/bin/perl
# page.pl: a form page as a Perl CGI program would do it: the session and the
# application from the database, twelve fields.
use strict;
use warnings;
use DBI;
use Digest::SHA qw(sha256_hex);

sub text {
	my ($text) = @_;
	my %entity = ('&' => '&amp;', '<' => '&lt;', '>' => '&gt;', '"' => '&quot;');
	$text =~ s/([&<>"])/$entity{$1}/g;
	return $text;
}

my ($token) = ($ENV{HTTP_COOKIE} // '') =~ /\byj=([0-9a-f]{64})/;
my ($public_id) = $ENV{QUERY_STRING} =~ /\bapplication=(\w+)/;
my $db = DBI->connect("DBI:MariaDB:database=yuanjian;mariadb_socket=$ENV{BENCH_SOCKET}",
	'yj_apply', $ENV{BENCH_PASSWORD}, { RaiseError => 1 });
my ($applicant) = $db->selectrow_array('SELECT subject FROM session WHERE token_hash = UNHEX(?)
	AND idle_at > UTC_TIMESTAMP(3) AND ends_at > UTC_TIMESTAMP(3)', undef, sha256_hex(pack 'H*', $token))
	or die 'no session';
my $row = $db->selectrow_hashref('SELECT a.state, a.version, c.name, c.region, c.uscc
	FROM application a LEFT JOIN company c ON c.application = a.id
	WHERE a.public_id = ? AND a.applicant = ?', undef, $public_id, $applicant) or die 'no application';
my $page = '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8"/>'
	. '<link rel="stylesheet" href="/static/css/yuanjian.css"/><title>form</title></head><body>'
	. '<form method="post" enctype="multipart/form-data">';
for my $i (1 .. 12) {
	my $value = text($row->{ (qw(name region uscc))[$i % 3] } // '');
	$page .= qq(<div class="yj-field"><label class="yj-field__label" for="f$i">field $i</label>)
		. qq(<input class="weui-input" id="f$i" name="f$i" type="text" maxlength="100" value="$value"/>)
		. qq(<p class="yj-hint" id="f$i-hint">what to write here</p></div>);
}
$page .= '<button type="submit">next</button></form></body></html>';
print "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n",
	'Content-Length: ', length $page, "\r\n\r\n", $page;
