# Faults between a phone and a form: no input is lost, no action happens twice, and the
# answer tells the next step.
use Yj;
use Yj::Journey;
use HTTP::Request;
use POSIX ();
use URI::Escape qw(uri_escape_utf8);

need_instance();

# The company page of a fresh application, its licence already there.
sub company_page {
	my $browser = applicant();
	my $trip = to_company($browser);
	open_page($browser, 'apply/company', $trip->{application});
	submit_page($browser, { licence => sample('licence') }, [upload => 'licence']);
	is($browser->status, 200, 'a company page');
	$trip->{company} = company_data();
	return ($browser, $trip);
}

sub id_of { return db_value('SELECT id FROM application WHERE public_id = ?', $_[0]{application}) }

sub stored {
	my ($trip, $column) = @_;
	return db_value("SELECT $column FROM company WHERE application = ?", id_of($trip)) // '';
}

sub events {
	my ($trip, $event) = @_;
	return db_value('SELECT COUNT(*) FROM event WHERE application = ? AND event = ?', id_of($trip), $event);
}

# The request that pressing the main button would send; same-origin, as any
# browser says.
sub pressed {
	my ($browser, $fields) = @_;
	my $form = page_form($browser);
	for my $name (keys %{ $fields || {} }) {
		my $input = $form->find_input($name) or die "no control $name";
		$input->value($fields->{$name});
	}
	my $request = $form->click;
	$request->header(Origin => public());
	return $request;
}

# -- sent twice -----------------------------------------------------------------

{
	my ($browser, $trip) = company_page();
	my $request = pressed($browser, $trip->{company});
	my @answers = map { $browser->clone->simple_request($request->clone) } 1 .. 2;
	is($_->code, 303, 'a form sent twice moves on both times') for @answers;
	is($answers[0]->header('Location'), $answers[1]->header('Location'), '... to the same page');
	is(events($trip, 'submit'), 1, '... and is done once');
}

{
	my ($browser, $trip) = company_page();
	my $request = pressed($browser, $trip->{company});
	my $cookies = $browser->cookie_jar;
	my @children;
	for my $n (1 .. 8) {
		my $pid = fork // die "fork: $!";
		if (!$pid) {
			my $answer = $browser->clone->simple_request($request->clone);
			POSIX::_exit($answer->code == 303 ? 0 : 1);
		}
		push @children, $pid;
	}
	my $moved = grep { waitpid($_, 0); $? == 0 } @children;
	is($moved, 8, 'eight at once all move on');
	is(events($trip, 'submit'), 1, '... and it is done once');
	is(stored($trip, 'name'), $trip->{company}{name}, '... and stored');
	is(state_of($trip), 'awaiting_legal_rep', '... and the application is one step on');
}

# -- back button, two tabs ------------------------------------------------------

{
	my ($browser, $trip) = company_page();
	my $other = $browser->clone; # a second tab on the same page
	open_page($other, 'apply/company', $trip->{application});
	submit_page($browser, $trip->{company});
	is(stored($trip, 'name'), $trip->{company}{name}, 'the first tab is stored');
	my %changed = (%{ $trip->{company} }, name => any_company());
	submit_page($other, \%changed);
	is($other->status, 409, 'the second tab is told');
	like($other->content, qr/另一个窗口/, '... why');
	is(stored($trip, 'name'), $trip->{company}{name}, '... and nothing is overwritten');
	is(page_form($other)->value('name'), $changed{name}, '... what was typed is there');
	submit_page($other);
	is(stored($trip, 'name'), $changed{name}, '... and stored when pressed again');
}

{
	my ($browser, $trip) = company_page();
	my $old = $browser->clone;
	open_page($old, 'apply/company', $trip->{application}); # as kept by the browser
	my $same = pressed($old, $trip->{company});
	is($browser->clone->simple_request($same->clone)->code, 303, 'sent');
	my $again = pressed($old, { %{ $trip->{company} }, name => '改过的名称有限公司' });
	is($old->request($again)->code, 409, 'back, changed, sent with the old key: not taken for a repetition');
	submit_page($old);
	is(stored($trip, 'name'), '改过的名称有限公司', '... and stored when pressed again');
}

# -- the session ends while one types -------------------------------------------

{
	my $openid = openid();
	my $browser = applicant($openid);
	my $trip = to_company($browser);
	open_page($browser, 'apply/company', $trip->{application});
	submit_page($browser, { licence => sample('licence') }, [upload => 'licence']);
	my $company = company_data();
	$company->{name} = q{<b>"赣州' & 公司};
	my $request = pressed($browser, $company);
	db_do('UPDATE session SET idle_at = UTC_TIMESTAMP(3) WHERE role = ? AND subject = ?', 'applicant',
		applicant_by_openid($openid));
	my $plain = $request->clone;
	$plain->remove_header('Origin');
	my $answer = $browser->clone->request($plain);
	is($answer->code, 403, 'after the end of the session');
	$answer = $browser->request($request->clone);
	is($answer->code, 403, '... a form is not taken');
	like($answer->decoded_content, qr/登录已过期，您填写的内容还在/, '... the page says what to do');
	is(page_form($browser)->value('name'), $company->{name}, '... and holds what was typed');
	is(stored($trip, 'name'), '', '... nothing is stored');
	my $login = applicant($openid); # in another window: same cookies
	$browser->cookie_jar($login->cookie_jar);
	$answer = $browser->request(pressed($browser));
	is($answer->code, 403, 'logged in again: the old token is still not taken');
	like($answer->decoded_content, qr/再点一次/, '... but one more press is');
	$answer = $browser->request(pressed($browser));
	is($browser->uri->path, '/apply/legal-rep', '... which moves on');
	is(stored($trip, 'name'), $company->{name}, '... with what was typed at first');
	is(stored($trip, 'uscc'), $company->{uscc}, '... all of it');
}

# A form that does not come from a page of ours is never offered again.
{
	my ($browser, $trip) = company_page();
	my $form = page_form($browser);
	$form->find_input('csrf')->readonly(0);
	my $request = pressed($browser, { %{ $trip->{company} }, csrf => 'x' x 64 });
	$request->remove_header('Origin');
	my $answer = $browser->clone->request($request);
	is($answer->code, 403, 'no word of where it comes from');
	unlike($answer->decoded_content, qr/\Q$trip->{company}{uscc}\E/, '... and nothing of it is shown');
}

# -- what is typed --------------------------------------------------------------

sub sent {
	my ($browser, $trip, %bytes) = @_; # percent-encoded by the caller
	my $form = page_form($browser);
	my %field = map { $_ => uri_escape_utf8($form->value($_) // '') } qw(csrf key version);
	$field{$_} = uri_escape_utf8($trip->{company}{$_}) for keys %{ $trip->{company} };
	%field = (%field, %bytes);
	my $request = HTTP::Request->new(POST => $form->action, [
		'Content-Type' => 'application/x-www-form-urlencoded', Origin => public() ],
		join '&', map { "$_=$field{$_}" } sort keys %field);
	$browser->request($request);
	return $browser;
}

for my $case (
	['empty', ''],
	['blanks', '%20%20+%09'],
	['too long', '%E8%B5%A3' x 101],
	['far too long', '%E8%B5%A3' x 5000],
	['a lone surrogate', '%ED%A0%80'],
	['an overlong form', '%C0%AF'],
	['above the last character', '%F4%90%80%80'],
	['a byte that starts nothing', '%FF'],
	['cut off', 'a%E8%B5'],
	['a NUL', 'a%00b'],
	['a control character', 'a%01b'],
	['a line feed', 'a%0Ab'],
	['a bidi control', 'a%E2%80%AEb'],
) {
	my ($what, $bytes) = @$case;
	my ($browser, $trip) = company_page();
	sent($browser, $trip, name => $bytes);
	is($browser->status, 422, "$what: an answer");
	is(scalar errors_of($browser), 1, '... one error');
	like($browser->content, qr/class="yj-field__error/, '... at the field');
	is(page_form($browser)->value('uscc'), $trip->{company}{uscc}, '... everything else is kept');
	is(stored($trip, 'uscc'), $trip->{company}{uscc}, '... and stored');
	is(stored($trip, 'name'), '', '... but not this');
	submit_page($browser, { name => $trip->{company}{name} });
	is($browser->uri->path, '/apply/legal-rep', '... and the next try goes through')
		or diag(join ' / ', $browser->status, errors_of($browser));
}

for my $name (q{<script>alert(1)</script>}, q{'; DROP TABLE company; -- }, q{"><img src=x>}, '𠮷野家有限公司',
		q{%27 OR 1=1}, '{{7*7}}${7*7}', '\\\'\\"\\') {
	my ($browser, $trip) = company_page();
	sent($browser, $trip, name => uri_escape_utf8($name));
	is(stored($trip, 'name'), $name =~ s/^\s+|\s+$//gr, "stored as typed: $name") or next;
	open_page($browser, 'apply/company', $trip->{application});
	is(page_form($browser)->value('name'), $name =~ s/^\s+|\s+$//gr, '... shown as typed');
	unlike($browser->content, qr/<script>alert|<img src=x/, '... as text');
}

{
	my ($browser, $trip) = company_page();
	sent($browser, $trip, name => uri_escape_utf8($trip->{company}{name}) . '&name=second');
	is(stored($trip, 'name'), $trip->{company}{name}, 'of two values the first counts');
}

# -- what arrives ---------------------------------------------------------------

sub raw_post {
	my ($browser, $trip, $headers, $body) = @_;
	my $cookie;
	$browser->cookie_jar->scan(sub { $cookie = $_[2] if $_[1] eq 'yj' });
	my ($host) = public() =~ m{//(.*)};
	return raw_request(public(), "POST /apply/company?application=$trip->{application} HTTP/1.1\r\n"
		. "Host: $host\r\nCookie: yj=$cookie\r\nConnection: close\r\n$headers\r\n$body");
}

{
	my ($browser, $trip) = company_page();
	my $request = pressed($browser, $trip->{company});
	my ($type, $body) = ($request->header('Content-Type'), $request->content);
	my %environment = (GATEWAY_INTERFACE => 'CGI/1.1', REQUEST_METHOD => 'POST',
		QUERY_STRING => "application=$trip->{application}", REMOTE_ADDR => '127.0.0.1',
		HTTP_ORIGIN => public(), CONTENT_TYPE => $type, CONTENT_LENGTH => length $body);
	$browser->cookie_jar->scan(sub { $environment{HTTP_COOKIE} = "yj=$_[2]" if $_[1] eq 'yj' });
	my $start = events($trip, 'submit') . stored($trip, 'name');
	for my $part (0, 1, length($body) / 2, length($body) - 1) {
		my ($exit, $text) = run_program('cgi-bin/apply/company', \%environment, substr $body, 0, $part);
		like($text, qr/^Status: 400 /, 'a body cut off after ' . int($part) . ' bytes');
	}
	like((run_program('cgi-bin/apply/company', { %environment, CONTENT_LENGTH => length($body) - 4 }, $body))[1],
		qr/^Status: 400 /, 'a length that cuts the end');
	is(events($trip, 'submit') . stored($trip, 'name'), $start, '... nothing is stored');
	like((run_program('cgi-bin/apply/company', \%environment, $body))[1], qr/^Status: 303 /,
		'... and the whole goes through');
	is(stored($trip, 'name'), $trip->{company}{name}, '... and is stored');
}

{
	my ($browser, $trip) = company_page();
	my $type = "Content-Type: application/x-www-form-urlencoded\r\n";
	for my $case (["$type", '411', 'no length'],
			["${type}Content-Length: -1\r\n", '400', 'a negative length'],
			["${type}Content-Length: x\r\n", '400', 'a length in letters'],
			["${type}Content-Length: 9223372036854775808\r\n", '400|413', 'a length of 2^63'],
			["${type}Content-Length: 999999999999\r\n", '413', 'a huge length'],
			["Content-Type: text/xml\r\nContent-Length: 1\r\n", '415', 'another type'],
			["Content-Type: multipart/form-data\r\nContent-Length: 1\r\n", '415', 'no boundary']) {
		my ($headers, $wanted, $what) = @$case;
		my ($status) = raw_post($browser, $trip, $headers, 'a');
		like($status // '', qr/^(?:$wanted)$/, "$what: $wanted");
	}
	my ($status) = raw_post($browser, $trip, "${type}Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n\r\n");
	is($status, 411, 'a body in chunks is asked for its length');
}

# The ceiling itself: taken at it and below, refused above.
{
	my ($browser, $trip) = company_page();
	my $type = "Content-Type: application/x-www-form-urlencoded\r\nOrigin: " . public() . "\r\n";
	my $csrf = page_form($browser)->value('csrf');
	for my $case ([65535, 422], [65536, 422], [65537, 413]) {
		my ($length, $wanted) = @$case;
		my $body = "csrf=$csrf&x=";
		$body .= 'x' x ($length - length $body);
		my ($status) = raw_post($browser, $trip, "${type}Content-Length: $length\r\n", $body);
		is($status, $wanted, "$length bytes: $wanted");
	}
	for my $case ([199, 422], [200, 422], [201, 413]) {
		my ($count, $wanted) = @$case;
		my $body = "csrf=$csrf" . '&a=' x ($count - 1);
		my ($status) = raw_post($browser, $trip, "${type}Content-Length: " . length($body) . "\r\n", $body);
		is($status, $wanted, "$count fields: $wanted");
	}
}

# -- too late -------------------------------------------------------------------

{
	my ($browser, $trip) = company_page();
	submit_page($browser, $trip->{company});
	my $old = $browser->clone;
	open_page($old, 'apply/company', $trip->{application});
	my $request = pressed($old, { name => any_company() });
	open_page($browser, 'apply/cancel', $trip->{application});
	submit_page($browser, {}, undef, 'apply/cancel') if grep { $_->action->path eq '/apply/cancel' } $browser->forms;
	if (state_of($trip) ne 'cancelled') {
		open_page($browser, 'apply/status', $trip->{application});
		submit_page($browser, {}, undef, 'apply/cancel');
	}
	is(state_of($trip), 'cancelled', 'an application that has ended');
	my $answer = $old->simple_request($request);
	is($answer->code, 409, '... takes no form any more');
	like($answer->decoded_content, qr/没有保存/, '... and says so');
	is(stored($trip, 'name'), $trip->{company}{name}, '... and stays as it was');
	open_page($browser, 'apply/company', $trip->{application});
	is($browser->uri->path, '/apply/status', '... its pages lead to the status');
}

done_testing();
