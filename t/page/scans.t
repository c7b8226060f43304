# Scans sent with the form itself, without script: stored once, taken out by
# their button, refused with a word at the field while the rest is kept.
use Yj;
use Yj::Journey;
use POSIX ();

need_instance();

sub company_page {
	my $browser = applicant();
	my $trip = to_company($browser);
	open_page($browser, 'apply/company', $trip->{application});
	$trip->{company} = company_data();
	$trip->{id} = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});
	return ($browser, $trip);
}

sub live { # public ids of the live scans of a field
	my ($trip, $field) = @_;
	return map { $_->{public_id} } db_rows('SELECT public_id FROM scan WHERE application = ?
		AND field = ? AND removed_at IS NULL ORDER BY page', $trip->{id}, $field);
}

sub all_scans { return db_value('SELECT COUNT(*) FROM scan WHERE application = ?', $_[0]{id}) }

# The page's form with files given as [name, bytes], and what is typed.
sub send_files {
	my ($browser, $trip, $files, %extra) = @_;
	my $form = page_form($browser);
	my $request = request_with($form, $trip, $files, %extra);
	$browser->request($request);
	return $browser;
}

sub request_with {
	my ($form, $trip, $files, %extra) = @_;
	my $b = 'yj' . int rand 1e9;
	my %field = ((map { $_ => $form->value($_) } qw(csrf key version)), %{ $trip->{company} }, %extra);
	my $body = join '', map {
		my $value = $field{$_} // '';
		utf8::encode($value);
		"--$b\r\nContent-Disposition: form-data; name=\"$_\"\r\n\r\n$value\r\n"
	} sort keys %field;
	for (@$files) {
		my ($name, $bytes, $control) = @$_;
		$control //= 'licence';
		$body .= "--$b\r\nContent-Disposition: form-data; name=\"$control\"; filename=\"$name\"\r\n"
			. "Content-Type: image/jpeg\r\n\r\n$bytes\r\n";
	}
	require HTTP::Request;
	return HTTP::Request->new(POST => $form->action, [
		'Content-Type' => "multipart/form-data; boundary=$b", Origin => public() ], "$body--$b--\r\n");
}

my $photo = slurp(sample('licence'));
my $other = slurp(sample('id-front'));

# -- what is no picture of ours ---------------------------------------------------

for my $case (
	['a text', "<svg xmlns='http://www.w3.org/2000/svg'/>"],
	['a script for a picture program', "push graphic-context\nviewbox 0 0 1 1\nimage over 0,0 0,0 'x'\n"],
	['a start without an end', substr($photo, 0, 5000)],
	['one byte', "\xff"],
	['one byte too many', $photo . ("\0" x (15 * 1024 * 1024 + 1 - length $photo))],
) {
	my ($what, $bytes) = @$case;
	my ($browser, $trip) = company_page();
	send_files($browser, $trip, [['photo.jpg', $bytes]]);
	is($browser->status, 422, "$what: an answer");
	is(scalar errors_of($browser), 1, '... one error') or diag(errors_of($browser));
	is(all_scans($trip), 0, '... nothing stored');
	is(page_form($browser)->value('name'), $trip->{company}{name}, '... what was typed is kept');
	is(db_value('SELECT uscc FROM company WHERE application = ?', $trip->{id}), $trip->{company}{uscc},
		'... and stored');
	send_files($browser, $trip, [['photo.jpg', $photo]]);
	is($browser->uri->path, '/apply/legal-rep', '... and the next try goes through');
}

# An empty file without a name is a control that was not used.
{
	my ($browser, $trip) = company_page();
	send_files($browser, $trip, [['empty.jpg', '']]);
	is($browser->status, 422, '0 bytes: an answer');
	like(join(' ', errors_of($browser)), qr/空|重新/, '... that says so') or diag(errors_of($browser));
	is(all_scans($trip), 0, '... nothing stored');
}

# -- too many -------------------------------------------------------------------

{
	my ($browser, $trip) = company_page();
	send_files($browser, $trip, [map { ["$_.jpg", 'x', 'nowhere'] } 1 .. 61]);
	is($browser->status, 413, '61 files: too many');
	like($browser->content, qr/分几次上传/, '... and what to do');
	is(all_scans($trip), 0, '... nothing stored');
	open_page($browser, 'apply/company', $trip->{application});
	send_files($browser, $trip, [map { ["$_.jpg", 'x', 'nowhere'] } 1 .. 60]);
	is($browser->status, 422, '60 files for a field that is not there: passed over');
	is(all_scans($trip), 0, '... nothing stored');
}

# -- sent twice, replaced, taken out ------------------------------------------------

{
	my ($browser, $trip) = company_page();
	my $request = request_with(page_form($browser), $trip, [['photo.jpg', $photo]]);
	my @children;
	for (1 .. 4) {
		my $pid = fork // die "fork: $!";
		POSIX::_exit($browser->clone->simple_request($request->clone)->code == 303 ? 0 : 1) if !$pid;
		push @children, $pid;
	}
	is(scalar(grep { waitpid $_, 0; $? == 0 } @children), 4, 'four at once all move on');
	is(all_scans($trip), 1, '... one scan is stored');
	is(state_of($trip), 'awaiting_legal_rep', '... and one step taken');

	open_page($browser, 'apply/company', $trip->{application});
	my ($first) = live($trip, 'licence');
	send_files($browser, $trip, [['better.jpg', $other]]);
	is($browser->uri->path, '/apply/legal-rep', 'another picture of the one page');
	my ($second, @more) = live($trip, 'licence');
	isnt($second, $first, '... replaces it');
	is(scalar @more, 0, '... and stands alone');
}

{
	my ($browser, $trip) = company_page();
	send_files($browser, $trip, [['photo.jpg', $photo]], upload => 'licence');
	is($browser->status, 200, 'only uploaded: the page again');
	is_deeply([errors_of($browser)], [], '... without complaint');
	my ($scan) = live($trip, 'licence');
	ok($scan, '... and the scan is there');

	my ($stranger, $strange) = company_page();
	send_files($stranger, $strange, [], remove_scan => $scan);
	is(scalar live($trip, 'licence'), 1, 'nobody else can take it out');

	send_files($browser, $trip, [], remove_scan => 'x' x 26, name => '新名称有限公司');
	is($browser->status, 200, 'a scan that is not there: the page again');
	is(page_form($browser)->value('name'), '新名称有限公司', '... with what was typed');
	send_files($browser, $trip, [], remove_scan => $scan);
	is($browser->status, 200, 'its button');
	is(scalar live($trip, 'licence'), 0, '... takes it out');
	is_deeply([errors_of($browser)], [], '... without complaint');
	submit_page($browser);
	is($browser->status, 422, '... and then it is missed');
	like(join(' ', errors_of($browser)), qr/营业执照/, '... by name');
}

# A large body without a session is not waited for: what was typed in front of the
# file, where the forms have it, comes back; the file and what is behind it do not.
{
	my $nobody = new_browser();
	$nobody->post(public('/apply/company?application=' . '0' x 26), Content_Type => 'form-data',
		Content => [ name => 'typed-by-nobody', licence => [ undef, 'x.jpg', Content => 'x' x 3_000_000 ],
			uscc => 'behind-the-file' ]);
	is $nobody->status, 403, 'a large body without a session';
	like $nobody->content, qr/value="typed-by-nobody"/, 'what was typed is kept';
	unlike $nobody->content, qr/behind-the-file/, '... up to the file';
	like $nobody->text, qr/照片没有保留/, 'the picture is not, and that is said';
}

# A small one is read to its end.
{
	my $nobody = new_browser();
	$nobody->post(public('/apply/company?application=' . '0' x 26), Content_Type => 'form-data',
		Content => [ name => 'typed-by-nobody', licence => [ undef, 'x.jpg', Content => 'x' x 30_000 ],
			uscc => 'behind-the-file' ]);
	is $nobody->status, 403, 'a small body without a session';
	like $nobody->content, qr/value="typed-by-nobody".*value="behind-the-file"/s, 'what was typed is kept to its end';
	like $nobody->text, qr/照片没有保留/, 'the picture is not, and that is said';
}

done_testing();
