# Every built program, called without a session, with a wrong role, without a token and
# for a foreign application: each call is refused, and no row changes. The programs are
# those that were built, and each describes itself (YJ_DESCRIBE), so a new page is
# walked without a line here.
use Yj;
use Yj::Journey;

need_instance();

# -- the programs and what they say of themselves ---------------------------

my @parts = qw(apply clerk admin push);
my @programs;
for my $part (@parts) {
	opendir my $folder, built("cgi-bin/$part") or next;
	push @programs, map { "$part/$_" } sort grep {
		!/\./ && -f built("cgi-bin/$part/$_") && -x _
	} readdir $folder;
}

# Sources that hold a page; each must have been built and walked.
my @pages;
for my $part (@parts) {
	for my $source (glob top() . "/cgi-bin/$part/*.c") {
		push @pages, "$part/$1" if slurp($source) =~ /page_run\(/ && $source =~ m{([^/]+)\.c$};
	}
}
is_deeply(\@programs, [sort { order($a) cmp order($b) } @pages], 'every page is built, and nothing else');

sub order {
	my ($part, $name) = split m{/}, $_[0];
	return "$part/$name" =~ s/^apply/0/r =~ s/^clerk/1/r =~ s/^admin/2/r =~ s/^push/3/r;
}

my %spec;
for my $name (@programs) {
	my ($exit, $text) = run_program("cgi-bin/$name", { YJ_DESCRIBE => 1 });
	$spec{$name} = { $text =~ /^(\w+)=(.*)$/mg };
	$spec{$name}{roles} = [split ' ', $spec{$name}{roles} // ''];
	is("$exit $spec{$name}{name}", "0 $name", "$name bears the name of its program");
	(undef, $text) = run_program("cgi-bin/$name",
		{ YJ_DESCRIBE => 1, REQUEST_METHOD => 'BREW', GATEWAY_INTERFACE => 'CGI/1.1' });
	unlike($text, qr/^roles=/m, "$name does not describe itself to a web server");
}

# -- people -------------------------------------------------------------------

sub token {
	my ($browser, $name) = @_;
	my $token;
	$browser->cookie_jar->scan(sub { $token = $_[2] if $_[1] eq $name });
	return $token // die "no cookie $name";
}

# The token that the pages of this session carry.
sub csrf {
	my ($browser, $url) = @_;
	$browser->get($url);
	return $browser->content =~ /name="csrf" value="(\w{64})"/ ? $1 : die "no token on $url";
}

my $mine = applicant();
my $stranger = applicant();
my $own = to_company($mine)->{application};
my $foreign = to_company($stranger)->{application};

my %token = (applicant => token($mine, 'yj'), stranger => token($stranger, 'yj'));
my %csrf = (
	applicant => csrf($mine, public("/apply/company?application=$own")),
	stranger => csrf($stranger, public("/apply/company?application=$foreign")),
);
my %staff = (clerk => 'clerk1', producer => 'producer1', admin => 'admin1', auditor => 'auditor1',
	accountant => 'accountant1');
# Not every role has a page to land on; a session it has.
for my $role (sort keys %staff) {
	my $browser = new_browser();
	$browser->get(intranet('/clerk/login'));
	$browser->submit_form(with_fields => {
		login    => env("YJ_\U$staff{$role}\E_LOGIN"),
		password => env("YJ_\U$staff{$role}\E_PASSWORD"),
	});
	$token{$role} = token($browser, 'yjs');
	$csrf{$role} = csrf($browser, intranet('/clerk/login'));
}

# -- a request, and whether it left a trace -----------------------------------

# Sessions move their idle end, failed log-ins count: those are looked at by
# their number only.
my @tables = map { $_->{name} } db_rows(
	"SELECT table_name AS name FROM information_schema.tables
	 WHERE table_schema = 'yuanjian' AND table_type = 'BASE TABLE'");
my %counted = map { $_ => 1 } qw(session staff_session);

# The sums of all tables take long when they are full of pictures and recordings; the
# server's count of changed rows tells when they must be made again.
my ($changed, @sums) = ('');
db_do('SET GLOBAL userstat = ON');

sub fingerprint {
	my $now = join ' ', map { "$_->{name} $_->{n}" } grep { !$counted{ $_->{name} } } db_rows(
		"SELECT table_name AS name, rows_changed AS n FROM information_schema.table_statistics
		 WHERE table_schema = 'yuanjian' ORDER BY table_name");
	@sums = map { $_->{Checksum} }
		db_rows('CHECKSUM TABLE ' . join ', ', map { "`$_`" } grep { !$counted{$_} } @tables)
		if !@sums || $now ne $changed;
	$changed = $now;
	return join ' ', @sums, map { db_value("SELECT COUNT(*) FROM `$_`") } sort keys %counted;
}

my $before = fingerprint();

sub ask {
	my ($name, $method, %with) = @_;
	my $part = (split m{/}, $name)[0];
	my $cookie = $part eq 'apply' ? 'yj' : 'yjs';
	my $body = $with{body} // '';
	my $query = exists $with{application} ? "application=$with{application}" : '';
	my %environment = (
		GATEWAY_INTERFACE => 'CGI/1.1',
		REQUEST_METHOD => $method,
		QUERY_STRING => $query,
		REMOTE_ADDR => '127.0.0.1',
		HTTP_COOKIE => $with{token} ? "$cookie=$with{token}" : undef,
		CONTENT_TYPE => 'application/x-www-form-urlencoded',
		CONTENT_LENGTH => $method eq 'POST' ? length $body : undef,
		%{ $with{environment} || {} },
	);
	my ($exit, $text, $log) = run_program("cgi-bin/$name", \%environment, $body);
	my ($status) = $text =~ /^Status: (\d+)/;
	return { exit => $exit, status => $status // 0, text => $text, log => $log };
}

# One refusal: its status is among those wanted, and nothing changed.
sub refused {
	my ($answer, $wanted, $what) = @_;
	my $after = fingerprint();
	my $good = $answer->{status} =~ /^(?:$wanted)$/ && $after eq $before && $answer->{exit} == 0;
	ok($good, $what) or diag("status $answer->{status}, wanted $wanted; exit $answer->{exit}; "
		. ($after eq $before ? 'nothing changed' : 'the database changed') . "\n$answer->{log}");
	$before = $after;
	return $answer;
}

sub fields {
	my ($csrf) = @_;
	return "key=" . join('', map { (0 .. 9, 'a' .. 'h')[rand 18] } 1 .. 26) . ($csrf ? "&csrf=$csrf" : '');
}

# A role that may, with the application it may see.
sub somebody {
	my ($spec) = @_;
	my ($role) = @{ $spec->{roles} };
	$role //= $spec->{name} =~ m{^apply/} ? 'applicant' : 'clerk';
	my @application = $spec->{application} ? (application => $own) : ();
	return ($role, @application);
}

# -- the walk -----------------------------------------------------------------

sub walk_methods {
	my ($name, $spec) = @_;
	my ($role, @application) = somebody($spec);
	for my $method (qw(PUT DELETE TRACE PATCH OPTIONS get), '') {
		my $answer = refused(ask($name, $method, token => $token{$role}, @application),
			405, "$name refuses method '$method'");
		like($answer->{text}, qr/^Allow: (?:GET, HEAD|GET, HEAD, POST|POST)\r$/m,
			"$name says which methods it takes");
	}
	refused(ask($name, 'POST', token => $token{$role}, body => fields($csrf{$role}), @application),
		405, "$name takes no POST") if !$spec->{body_max};
	refused(ask($name, 'GET', token => $token{$role}, @application), 405, "$name takes no GET")
		if !$spec->{show};
}

sub walk_body {
	my ($name, $spec) = @_;
	return if !$spec->{body_max};
	my ($role, @application) = somebody($spec);
	for my $case ([$spec->{body_max} + 1, 413], ['9223372036854775808', 413], ['-1', 411],
			['', 411], [200, 400]) {
		my ($length, $status) = @$case;
		refused(ask($name, 'POST', token => $token{$role}, @application, body => fields($csrf{$role}),
			environment => { CONTENT_LENGTH => $length }), $status,
			"$name refuses a body of length '$length'");
	}
	return if $spec->{raw_body};
	refused(ask($name, 'POST', token => $token{$role}, @application, body => '{}',
		environment => { CONTENT_TYPE => 'application/json' }), 415,
		"$name refuses a body of another type");
}

sub walk_anonymous {
	my ($name, $spec) = @_;
	return if !@{ $spec->{roles} };
	my (undef, @application) = somebody($spec);
	for my $token (undef, 'x', '0' x 64, $name =~ m{^apply/} ? $token{clerk} : $token{applicant}) {
		my $who = defined $token ? 'token ' . substr($token, 0, 4) : 'nobody';
		if ($spec->{show}) {
			my $answer = refused(ask($name, 'GET', token => $token, @application), 303,
				"$name sends $who to the log-in");
			like($answer->{text}, qr{^Location: /(?:apply/start|clerk/login)}m, '... there');
		}
		refused(ask($name, 'POST', token => $token, @application, body => fields($csrf{applicant})),
			403, "$name refuses a POST of $who") if $spec->{body_max};
	}
}

sub walk_roles {
	my ($name, $spec) = @_;
	return if !@{ $spec->{roles} } || $name =~ m{^apply/};
	my %may = map { $_ => 1 } @{ $spec->{roles} };
	for my $role (grep { !$may{$_} } sort keys %staff) {
		refused(ask($name, 'GET', token => $token{$role}, application => $own), 403,
			"$name refuses a $role") if $spec->{show};
		refused(ask($name, 'POST', token => $token{$role}, application => $own,
			body => fields($csrf{$role})), 403, "$name refuses a POST of a $role")
			if $spec->{body_max};
	}
}

sub walk_tokens {
	my ($name, $spec) = @_;
	return if !$spec->{body_max} || $spec->{raw_body} || $spec->{read_only};
	my ($role, @application) = somebody($spec);
	my $other = $role eq 'applicant' ? 'stranger' : 'applicant';
	for my $csrf (undef, '', 'x' x 64, $csrf{$other}, "$csrf{$role}x", uc $csrf{$role}) {
		next if defined $csrf && $csrf eq $csrf{$role};
		my $what = defined $csrf ? 'token ' . substr($csrf, 0, 4) : 'no token';
		refused(ask($name, 'POST', token => $token{$role}, @application,
			body => 'csrf=' . ($csrf // '') . '&' . fields()), 403, "$name refuses $what");
	}
	for my $case ([HTTP_SEC_FETCH_SITE => 'cross-site'], [HTTP_SEC_FETCH_SITE => 'same-site'],
			[HTTP_ORIGIN => 'https://example.org'], [HTTP_ORIGIN => 'null'],
			[HTTP_ORIGIN => public() . '.example.org']) {
		refused(ask($name, 'POST', token => $token{$role}, @application,
			body => fields($csrf{$role}), environment => {@$case}), 403,
			"$name refuses a form from elsewhere ($case->[1])");
	}
}

# A foreign application is answered exactly like one that does not exist.
sub walk_applications {
	my ($name, $spec) = @_;
	return if !$spec->{application};
	my ($role) = somebody($spec);
	my %text;
	for my $id ($spec->{application} == 1 ? $foreign : (), '0' x 26, '', uc $own, "$own'",
			"$own%20", '%27%20OR%201=1--', '../company', "$own&application=$foreign") {
		next if $id =~ /&/ && $spec->{event}; # the first counts: one's own
		next if $id =~ /&/;
		my $answer = ask($name, 'GET', token => $token{$role}, application => $id);
		next if !$spec->{show};
		refused($answer, 404, "$name does not find application '$id'");
		$text{$1}++ if $answer->{text} =~ m{(<main.*?)<footer}s;
		refused(ask($name, 'POST', token => $token{$role}, application => $id,
			body => fields($csrf{$role})), 404, "$name does not change application '$id'")
			if $spec->{body_max};
	}
	refused(ask($name, 'POST', token => $token{$role}, application => $foreign,
		body => fields($csrf{$role})), 404, "$name does not change somebody else's")
		if $spec->{application} == 1 && $spec->{body_max};
	is(scalar keys %text, 1, "$name says the same of all of them") if $spec->{show};
}

# An outside service has no session: a body without its signature is refused, also with
# a valid session.
sub walk_push {
	my ($name, $spec) = @_;
	return if !$spec->{raw_body};
	for my $token (undef, $token{applicant}, $token{clerk}) {
		refused(ask($name, 'POST', token => $token, body => $_), '400|401|403',
			"$name refuses an unsigned body of " . length) for '', '{}', '<xml></xml>', 'x' x 1000;
		refused(ask($name, 'GET', token => $token), '400|401|403',
			"$name refuses an unsigned question") if $spec->{show};
	}
}

for my $name (@programs) {
	my $spec = $spec{$name};
	is($spec->{raw_body}, $name =~ m{^push/} ? 1 : 0, "$name keeps raw bytes only for a push");
	walk_push($name, $spec);
	walk_methods($name, $spec);
	walk_body($name, $spec);
	walk_anonymous($name, $spec);
	walk_roles($name, $spec);
	walk_tokens($name, $spec);
	walk_applications($name, $spec);
}

# The walk would also pass if every call were refused: the owner is let in.
for my $name (grep { $spec{$_}{show} && $spec{$_}{form} } @programs) {
	is(ask($name, 'GET', token => $token{applicant}, application => $own)->{status}, 200,
		"$name opens for its owner");
}

done_testing();
