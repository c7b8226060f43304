# Pictures that cost a lot and are refused: what has no page is not looked at,
# the rest of a body is left alone after a few, and each look is counted.
use Yj;
use Yj::Journey;
use Yj::Scan qw(need_scan_tools costly_png);
use HTTP::Request::Common ();
use Time::HiRes qw(time);

need_instance();
need_scan_tools();

my $costly = costly_png('costly.png');
my $photo = Yj::Scan::sample('licence', 'tries.jpg', flat => 1, long => 640);

sub id_of { return db_value('SELECT id FROM application WHERE public_id = ?', $_[0]{application}) }

sub tries {
	my ($trip) = @_;
	return db_value('SELECT t.tries FROM upload_try t JOIN application a ON a.applicant = t.applicant
		WHERE a.public_id = ? AND t.kind = "scan"', $trip->{application}) // 0;
}

sub live {
	my ($trip, $form, $field) = @_;
	return db_value('SELECT COUNT(*) FROM scan WHERE application = ? AND form = ? AND field = ?
		AND removed_at IS NULL', id_of($trip), $form, $field);
}

# The form of the page with what is typed and so many files for one field.
sub request_of {
	my ($browser, $typed, $field, @files) = @_;
	my $form = page_form($browser);
	my %value = ((map { $_ => $form->value($_) } qw(csrf key version)), %$typed);
	utf8::encode($_) for values %value;
	local $HTTP::Request::Common::DYNAMIC_FILE_UPLOAD = 0;
	return HTTP::Request::Common::POST($form->action, 'Content-Type' => 'form-data', Origin => public(),
		Content => [%value, map { ($field => [$_]) } @files]);
}

sub time_of {
	my ($browser, $request) = @_;
	my $from = time;
	$browser->request($request);
	return time - $from;
}

# -- more files than pages ---------------------------------------------------------

{
	my $browser = applicant();
	my $trip = to_company($browser);
	open_page($browser, 'apply/company', $trip->{application});
	my $company = company_data();
	my $s = time_of($browser, request_of($browser, $company, 'licence', ($costly) x 60));
	is($browser->status, 422, '60 costly pictures for a field of one page: an answer');
	is(tries($trip), 1, '... one of them was looked at');
	cmp_ok($s, '<', 15, sprintf '... in %.1f s', $s);
	like(join(' ', errors_of($browser)), qr/页数已满/, '... and it says why not more');
	is(page_form($browser)->value('name'), $company->{name}, '... what was typed is kept');

	my $request = request_of($browser, $company, 'licence', $photo);
	$browser->clone->simple_request($request->clone) for 1 .. 3;
	is(live($trip, 'company', 'licence'), 1, 'a good picture is taken');
	is(tries($trip), 2, '... and the same form again is no other try');
}

# -- pictures that are refused -------------------------------------------------------

{
	my $browser = applicant();
	my $trip = to_agent($browser);
	my $before = tries($trip);
	open_page($browser, 'apply/agent', $trip->{application});
	my $s = time_of($browser, request_of($browser, person_data(), 'application_form', ($costly) x 10));
	is($browser->status, 422, '10 costly pictures for 10 pages: an answer');
	my $looks = tries($trip) - $before;
	ok($looks >= 1 && $looks <= 3, "... $looks were looked at: three, or as many as ten seconds allow");
	cmp_ok($s, '<', 15, sprintf '... in %.1f s', $s);
	like(join(' ', errors_of($browser)), qr/还没有处理，请再选一次/, '... and the page says so');
	is(live($trip, 'agent', 'application_form'), 0, '... nothing is stored');

	$before = tries($trip);
	open_page($browser, 'apply/agent', $trip->{application});
	$browser->request(request_of($browser, person_data(), 'id_front', $photo, $costly));
	is(tries($trip) - $before, 1, 'of two pictures for one page the first is looked at');
	is(live($trip, 'agent', 'id_front'), 1, '... and taken');
}

# -- a day ---------------------------------------------------------------------------

{
	my $browser = applicant();
	my $trip = to_company($browser);
	my $applicant = db_value('SELECT applicant FROM application WHERE id = ?', id_of($trip));
	my $company = company_data();
	my $send = sub {
		open_page($browser, 'apply/company', $trip->{application});
		$browser->request(request_of($browser, $company, 'licence', $_[0]));
	};
	$send->(Yj::Scan::write_file('no.jpg', 'no picture'));
	is(tries($trip), 1, 'what is no picture at all is a try too');
	db_do('UPDATE upload_try SET tries = 299 WHERE applicant = ? AND kind = "scan"', $applicant);
	$send->($photo);
	is(live($trip, 'company', 'licence'), 1, 'the 300th try of a day is taken');
	$send->($photo);
	like(join(' ', errors_of($browser)), qr/今天上传的照片太多/, 'the 301st is not');
	is(db_value('SELECT COUNT(*) FROM scan WHERE application = ?', id_of($trip)), 1, '... nor stored');
	db_do('UPDATE upload_try SET began_at = began_at - INTERVAL 25 HOUR WHERE applicant = ?', $applicant);
	$send->($photo);
	is(db_value('SELECT COUNT(*) FROM scan WHERE application = ?', id_of($trip)), 2, 'the next day it is');
	is(tries($trip), 1, '... and the count begins anew');
}

done_testing;
