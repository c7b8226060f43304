package Yj;

# Yj.pm: what every Perl test needs: the running instance, its database, a
# browser for a fresh applicant or a clerk, and a program run by hand.
#
#     use Yj;                     # strict, warnings, utf8, Test::More
#     my $browser = applicant();  # WWW::Mechanize, logged in as somebody new
#     my $id = db_value('SELECT id FROM application WHERE public_id = ?', $public);
#
# Where things are comes from `./dev env`; `./dev check` has set it already.

use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use Exporter ();
use File::Basename qw(dirname);
use Cwd qw(abs_path);

our @ISA = ('Exporter');
our @EXPORT = qw(
	top build_dir env public intranet built
	db db_value db_rows db_do
	applicant staff new_browser openid applicant_by_openid plain_project flow_project
	raw_request run_program slurp need_instance free_port
);

my $top = abs_path(dirname(__FILE__) . '/../..');
my %env;

sub import {
	strict->import;
	warnings->import;
	utf8->import;
	require Test::More;
	my $into = caller;
	eval "package $into; Test::More->import; 1" or die $@;
	binmode Test::More->builder->$_, ':encoding(UTF-8)'
		for qw(output failure_output todo_output);
	Yj->export_to_level(1, @_);
}

sub top { return $top }

# One value of `./dev env`, by its name.
sub env {
	my ($name) = @_;
	if (!%env) {
		%env = map { $_ => $ENV{$_} } grep { /^YJ_/ } keys %ENV;
		if (!$ENV{YJ_FROM_DEV}) {
			for (split /\n/, `$top/dev env`) {
				$env{$1} = $2 if /^export (YJ_\w+)='(.*)'$/;
			}
		}
	}
	return $env{$name};
}

sub public   { return env('YJ_PUBLIC_URL') . ($_[0] // '') }
sub intranet { return env('YJ_INTRANET_URL') . ($_[0] // '') }
sub build_dir { return env('YJ_BUILD') || "$top/build" }

# A built program by its name in the tree: 'cgi-bin/apply/company'.
sub built { return build_dir() . "/$_[0]" }

# For tests that cannot run from an unpacked archive alone.
sub need_instance {
	my $url = env('YJ_PUBLIC_URL');
	die "this test needs an instance; its row in t/lanes.tsv says it does not\n"
		if !$url && $ENV{YJ_FROM_DEV};
	Test::More::plan(skip_all => 'no instance: ./dev up') if !$url;
	require IO::Socket::INET;
	my ($port) = $url =~ /:(\d+)$/;
	IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port")
		or Test::More::plan(skip_all => 'no instance: ./dev up');
}

# The database with all rights, so that a test can look behind the pages.
my $db;

sub db {
	return $db if $db && $db->{private_pid} == $$ && $db->ping; # one test stops the server
	require DBI;
	# The server knows its owner by the user id of the client process.
	my $uid = getpwnam(env('YJ_DB_SUPER'));
	local $> = $uid if $> == 0 && $uid;
	$db = DBI->connect('DBI:MariaDB:database=yuanjian;mariadb_socket=' . env('YJ_DB_SOCKET'),
		env('YJ_DB_SUPER'), '', { RaiseError => 1, PrintError => 0, AutoInactiveDestroy => 1 });
	$db->{private_pid} = $$;
	return $db;
}

sub db_value {
	my ($sql, @bound) = @_;
	my ($value) = db()->selectrow_array($sql, undef, @bound);
	return $value;
}

sub db_rows {
	my ($sql, @bound) = @_;
	return @{ db()->selectall_arrayref($sql, { Slice => {} }, @bound) };
}

sub db_do {
	my ($sql, @bound) = @_;
	return db()->do($sql, undef, @bound);
}

# The demo project without identity check and payment, for tests of the rest;
# its code. Made once.
sub plain_project { return copy_project('plain') }

# The same by another flow version.
sub flow_project {
	my ($version) = @_;
	return copy_project("plain-flow-$version", $version);
}

sub copy_project {
	my ($code, $version) = @_;
	db_do('INSERT IGNORE INTO project (code, name, flow_version, identity_check, payment, second_review,
		help_phone, other_channel) SELECT ?, CONCAT(name, "（简）"), COALESCE(?, flow_version), FALSE, FALSE, FALSE,
		help_phone, other_channel FROM project WHERE code = "gzgjj"', $code, $version);
	my $id = db_value('SELECT id FROM project WHERE code = ?', $code);
	db_do('INSERT IGNORE INTO package (project, code, title, description, years) SELECT ?, code, title,
		description, years FROM package WHERE project = (SELECT id FROM project WHERE code = "gzgjj")', $id);
	db_do('INSERT IGNORE INTO package_price (package, price_fen, valid_from)
		SELECT k.id, q.price_fen, q.valid_from FROM package k JOIN package l ON l.code = k.code
		JOIN package_price q ON q.package = l.id JOIN project g ON g.id = l.project AND g.code = "gzgjj"
		WHERE k.project = ?', $id);
	db_do('INSERT IGNORE INTO agreement_text (project, version, title, body, sha256, published_at)
		SELECT ?, version, title, body, sha256, published_at FROM agreement_text
		WHERE project = (SELECT id FROM project WHERE code = "gzgjj")', $id);
	return $code;
}

# A new WeChat user.
my $people = 0;

sub openid {
	return sprintf 'o%s-%d-%d', substr(time() . 'abcdefghij', 0, 20), $$, ++$people;
}

sub new_browser {
	require WWW::Mechanize;
	my $browser = WWW::Mechanize->new(autocheck => 0, timeout => 30, @_);
	$browser->agent('Mozilla/5.0 (iPhone) MicroMessenger/8.0');
	return $browser;
}

# A browser logged in through the sim of WeChat; stands on what /apply/start
# shows after the log-in.
sub applicant {
	my ($openid) = @_;
	$openid //= openid();
	my $browser = new_browser();
	$browser->{yj_openid} = $openid;
	$browser->get(public('/apply/start?project=gzgjj'));
	$browser->follow_link(url_regex => qr{/apply/login})
		if $browser->uri !~ m{/sim/} && $browser->find_link(url_regex => qr{/apply/login});
	if ($browser->uri =~ m{/sim/wechat}) {
		$browser->submit_form(with_fields => { openid => $openid });
	}
	$browser->success or die 'log-in of an applicant failed at ' . $browser->uri->path
		. ': ' . $browser->status;
	return $browser;
}

sub applicant_by_openid {
	return db_value('SELECT id FROM applicant WHERE openid = ?', $_[0]);
}

# A browser logged in as one of the demo staff: clerk1, clerk2, producer1, ...
sub staff {
	my ($login) = @_;
	my $browser = new_browser();
	$browser->get(intranet('/clerk/login'));
	$browser->submit_form(with_fields => {
		login    => env("YJ_\U$login\E_LOGIN"),
		password => env("YJ_\U$login\E_PASSWORD"),
	});
	$browser->success && $browser->uri !~ m{/clerk/login}
		or die "log-in of $login failed: " . $browser->status;
	return $browser;
}

# Bytes to one of our ports and what comes back: (status, \%headers, body).
sub raw_request {
	my ($base, $bytes) = @_;
	require IO::Socket::INET;
	my ($address) = $base =~ m{^http://([^/]+)};
	my $socket = IO::Socket::INET->new(PeerAddr => $address, Timeout => 10) or die "connect: $!";
	binmode $socket;
	utf8::encode($bytes) if utf8::is_utf8($bytes);
	{
		local $SIG{PIPE} = 'IGNORE';
		for (my $at = 0; $at < length $bytes;) {
			my $n = syswrite($socket, $bytes, 65536, $at);
			last unless $n;
			$at += $n;
		}
	}
	my $answer = '';
	1 while sysread($socket, $answer, 65536, length $answer);
	my ($head, $body) = split /\r\n\r\n/, $answer, 2;
	my ($line, @lines) = split /\r\n/, $head // '';
	my ($status) = ($line // '') =~ m{^HTTP/\S+ (\d+)};
	my %header;
	for (@lines) {
		my ($name, $value) = split /:\s*/, $_, 2;
		push @{ $header{ lc $name } }, $value;
	}
	return ($status, \%header, $body);
}

# Runs a built program as the web server would: environment, body and arguments
# in, (exit status, standard output, standard error) out.
sub run_program {
	my ($name, $environment, $body, @arguments) = @_;
	require File::Temp;
	my %child = (PATH => '/usr/bin:/bin', YJ_CONFIG => env('YJ_CONFIG'), %{ $environment || {} });
	my $path = $name =~ m{^/} ? $name : built($name);
	my ($in, $out, $err) = map { my $file = File::Temp->new; binmode $file; $file } 1 .. 3;
	print {$in} $body // '';
	$in->flush;
	my $status = spawn(Cwd::getcwd(), (map { $_->filename } $in, $out, $err), $path, 1 + @arguments, $path,
		@arguments, map { "$_=$child{$_}" } grep { defined $child{$_} } sort keys %child);
	return ($status, slurp($out->filename), slurp($err->filename));
}

# The words of a request to t/run/spawn, of which each process has one; its answer.
my %spawner;
sub spawn {
	my (@words) = @_;
	my $spawner = $spawner{$$} //= do {
		require IPC::Open2;
		my $pid = IPC::Open2::open2(my $from, my $to, built('t/run/spawn'));
		binmode $_ for $from, $to;
		{ from => $from, to => $to };
	};
	utf8::encode($_) for grep { utf8::is_utf8($_) } @words;
	my $request = join '', map { "$_\0" } @words;
	syswrite $spawner->{to}, pack('L', length $request) . $request;
	my ($read, $answer);
	do { $read = sysread $spawner->{from}, $answer, 4 } until defined $read || !$!{EINTR};
	my $status = $read ? unpack('l', $answer) : die "t/run/spawn has ended\n";
	return $status < 0 ? die "$words[4] cannot be started\n" : $status;
}

# The first of four ports in a row that nobody listens on.
sub free_port {
	require IO::Socket::INET;
	PORT: while (1) {
		my $first = 20000 + 4 * int rand 5000;
		for my $port ($first .. $first + 3) {
			IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port") and next PORT;
		}
		return $first;
	}
}

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or die "$path: $!";
	local $/;
	return scalar <$file>;
}

1;
