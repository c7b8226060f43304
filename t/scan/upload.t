# upload.t: apply/scan and apply/image, as our script and other people use them.
use strict;
use warnings;
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Scan qw(need_scan_tools scan_dir write_file);

need_instance();
need_scan_tools();

my $small = Yj::Scan::sample('licence', 'up.jpg', flat => 1, long => 640);
my $photo = Yj::Scan::sample('licence', 'photo.jpg', long => 1600, short => 1200, orientation => 6);
my $browser = applicant();
my $trip = to_company($browser);
my $id = $trip->{application};

# Shaped like the public ids of the house.
sub key { return '0' . join '', map { ('0' .. '9', 'a' .. 'h')[rand 18] } 2 .. 26 }

sub csrf {
	my ($browser) = @_;
	my ($token) = $browser->content =~ /name="csrf" value="([^"]+)"/;
	return $token;
}

# One POST of our script.
sub post {
	my ($browser, $form, $field, %with) = @_;
	my $application = delete $with{application} // $id;
	my @parts = (csrf => delete $with{csrf} // $browser->{yj_csrf}, key => delete $with{key} // key());
	push @parts, $_ => $with{$_} for grep { $_ ne 'file' } sort keys %with;
	push @parts, file => [ $with{file}, 'x.jpg', 'Content-Type' => 'image/jpeg' ] if $with{file};
	my $clone = $browser->clone;
	require HTTP::Request::Common;
	return LWP::UserAgent::request($clone, HTTP::Request::Common::POST(
		public("/apply/scan?application=$application&form=$form&field=$field"),
		'Content-Type' => 'form-data', 'X-Yj-Fragment' => 1, Content => \@parts));
}

sub live {
	my ($application, $field) = @_;
	return db_value('SELECT COUNT(*) FROM scan s JOIN application a ON a.id = s.application'
		. ' WHERE a.public_id = ? AND s.field = ? AND s.removed_at IS NULL', $application, $field);
}

sub newest {
	return db_value('SELECT s.public_id FROM scan s JOIN application a ON a.id = s.application'
		. ' WHERE a.public_id = ? ORDER BY s.id DESC LIMIT 1', $_[0]);
}

sub image {
	my ($browser, $scan, $more) = @_;
	return LWP::UserAgent::request($browser->clone, HTTP::Request->new(
		GET => public("/apply/image?application=$id&scan=$scan" . ($more // ''))));
}

$browser->{yj_csrf} = csrf($browser);
ok($browser->{yj_csrf}, 'on the page of the company');

# -- taken, shown ------------------------------------------------------------------
my $key = key();
my $answer = post($browser, 'company', 'licence', file => $photo, key => $key);
is($answer->code, 200, 'a photograph is taken') or diag $answer->decoded_content;
like($answer->decoded_content, qr/data-yj-scan="licence"/, '... and the field comes back');
unlike($answer->decoded_content, qr/<html/, '... as a fragment');
is(live($id, 'licence'), 1, '... stored once');
is(post($browser, 'company', 'licence', file => $photo, key => $key)->code, 200, 'the same upload again');
is(live($id, 'licence'), 1, '... is stored once');
is(db_value('SELECT COUNT(*) FROM scan WHERE upload_key = ?', $key), 1, '... really');

my $scan = newest($id);
for my $size ('', '&size=thumb') {
	my $got = image($browser, $scan, $size);
	is($got->code, 200, "image$size");
	is($got->header('Content-Type'), 'image/jpeg', '... is a JPEG');
	like($got->content, qr/\A\xff\xd8\xff.*\xff\xd9\z/s, '... whole');
	is($got->header('X-Content-Type-Options'), 'nosniff', '... nosniff');
	like($got->header('Cache-Control') // '', qr/no-store/, '... not kept');
	like($got->header('Content-Disposition') // '', qr/^inline/, '... shown');
	unlike($got->content, qr/Exif|SamplePhone/, '... without metadata');
}
my $sealed = db_value('SELECT sealed FROM scan_image i JOIN scan s ON s.id = i.scan'
	. ' WHERE s.public_id = ? AND size = ?', $scan, 'full');
# Three bytes may come by chance, but not where a picture begins.
unlike($sealed, qr/\A.{0,99}\xff\xd8\xff|JFIF/s, 'the database holds no picture that can be read');

# -- other people -----------------------------------------------------------------
my $other = applicant();
to_company($other);
$other->{yj_csrf} = csrf($other);
is(image($other, $scan)->code, 404, 'another applicant does not see it');
is(post($other, 'company', 'licence', file => $small)->code, 404, '... and does not replace it');
is(post($other, 'company', 'licence', remove => $scan)->code, 404, '... nor remove it');
my $nobody = new_browser();
isnt(image($nobody, $scan)->header('Content-Type'), 'image/jpeg', 'nor does anybody without a session');
is(post($browser, 'company', 'licence', file => $small, csrf => 'x')->code, 403, 'no upload without token');
is(live($id, 'licence'), 1, 'nothing has changed by that');

# -- what is not open -------------------------------------------------------------
is(post($browser, 'agent', 'id_front', file => $small)->code, 409, 'a form that is not open yet');
is(post($browser, 'company', 'name', file => $small)->code, 404, 'a field that is no scan');
is(post($browser, 'company', 'nothing', file => $small)->code, 404, 'a field that there is not');
is(post($browser, 'nothing', 'licence', file => $small)->code, 404, 'a form that there is not');

# -- bad files ------------------------------------------------------------------------
my $jpeg = slurp($small);
my %bad = (
	'an SVG'          => [ '<svg xmlns="http://www.w3.org/2000/svg"/>', qr/不是照片/ ],
	'nothing'         => [ '', qr/空的|选择/ ],
	'a PDF'           => [ '%PDF-1.7', qr/PDF/ ],
	'HEIC'            => [ pack('N', 24) . 'ftypheic' . "\0" x 12, qr/兼容性最佳/ ],
	'half a JPEG'     => [ substr($jpeg, 0, length($jpeg) / 2), qr/不完整/ ],
	'JPEG and a page' => [ "$jpeg<html>", qr/不完整|损坏/ ],
	'one byte too many' => [ $jpeg . "\0" x (15 * 1024 * 1024 + 1 - length $jpeg), qr/15 MB|太大/ ],
);
for my $what (sort keys %bad) {
	my ($bytes, $words) = @{ $bad{$what} };
	my $got = post($browser, 'company', 'licence', page => 1, file => write_file('bad.bin', $bytes));
	is($got->code, $what =~ /byte/ && $got->code == 413 ? 413 : 422, "$what is refused");
	like($got->decoded_content, $words, '... in words');
	is(newest($id), $scan, '... and nothing is stored');
}
is(post($browser, 'company', 'licence', page => 1,
	file => write_file('limit.jpg', $jpeg . "\0" x (15 * 1024 * 1024 - length $jpeg)))->code, 200,
	'a file of exactly the limit is taken');
is(live($id, 'licence'), 1, '... in place of the first');
isnt(newest($id), $scan, '... as a new scan');
is(image($browser, $scan)->code, 404, 'what was replaced is not shown any more');

# -- removed ----------------------------------------------------------------------------
is(post($browser, 'company', 'licence', remove => newest($id))->code, 200, 'removed');
is(live($id, 'licence'), 0, '... and gone');
is(post($browser, 'company', 'licence', remove => newest($id))->code, 200, 'removed twice is no error');

# -- sixty pages ----------------------------------------------------------------------------
my $agent = applicant();
$trip = to_agent($agent);
$id = $trip->{application};
$agent->{yj_csrf} = csrf($agent);
my %code;
$code{ post($agent, 'agent', 'application_form', file => $small)->code }++ for 1 .. 60;
my $pages = live($id, 'application_form');
cmp_ok($pages, '>', 1, "$pages pages kept");
is($code{200}, $pages, '... each was answered as taken');
is($code{422}, 60 - $pages, '... the others as too many')
	or diag join ', ', map { "$code{$_} times $_" } sort keys %code;
my @page = map { $_->{page} } db_rows('SELECT page FROM scan s JOIN application a ON a.id = s.application'
	. ' WHERE a.public_id = ? AND field = ? AND removed_at IS NULL ORDER BY page', $id, 'application_form');
is("@page", join(' ', 1 .. $pages), '... numbered without a gap');
my $second = db_value('SELECT s.public_id FROM scan s JOIN application a ON a.id = s.application'
	. ' WHERE a.public_id = ? AND field = ? AND removed_at IS NULL AND page = 2', $id, 'application_form');
post($agent, 'agent', 'application_form', remove => $second);
is(live($id, 'application_form'), $pages - 1, 'one page less');
is(db_value('SELECT MAX(page) FROM scan s JOIN application a ON a.id = s.application'
	. ' WHERE a.public_id = ? AND field = ? AND removed_at IS NULL', $id, 'application_form'), $pages - 1,
	'... and the later ones have moved up');

# -- tampered in the database ------------------------------------------------------------
my $kept = newest($id);
is(image($agent, $kept)->code, 200, 'a scan as it was stored');
db_do('UPDATE scan_image i JOIN scan s ON s.id = i.scan SET i.sealed = CONCAT(LEFT(i.sealed, 100),'
	. ' CHAR(ORD(SUBSTRING(i.sealed, 101, 1)) ^ 1), SUBSTRING(i.sealed, 102)) WHERE s.public_id = ?', $kept);
is(image($agent, $kept)->code, 404, 'an altered one is not shown');

# -- too many a day -----------------------------------------------------------------------
my ($row) = db_rows('SELECT id, applicant FROM application WHERE public_id = ?', $id);
db_do('INSERT INTO scan (public_id, application, applicant, form, field, page, width_px, height_px,'
	. ' phash, marks, sha256, upload_key, created_at, removed_at)'
	. " SELECT LPAD(CONCAT(?, 'x', seq), 26, '0'), ?, ?, 'agent', 'id_front', 1, 1, 1, 0, 0,"
	. " REPEAT('x', 32), CONCAT('quota', seq), UTC_TIMESTAMP(3), UTC_TIMESTAMP(3) FROM seq_1_to_300",
	$row->{id}, $row->{id}, $row->{applicant});
$answer = post($agent, 'agent', 'id_front', file => $small);
is($answer->code, 422, 'the 301st of a day is refused');
like($answer->decoded_content, qr/今天/, '... in words');
# Two pictures of one field sent at once, as two taps on a bad line do: both stay.
{
	my $own = applicant();
	my $other = to_agent($own);
	open_page($own, 'apply/agent', $other->{application});
	$own->{yj_csrf} = csrf($own);
	my $lost = 0;
	for my $round (1 .. 4) {
		my @children = map {
			my $key = key();
			my $pid = fork // die;
			if (!$pid) {
				my $answer = post($own, 'agent', 'application_form', application => $other->{application},
					key => $key, file => $small);
				require POSIX;
				POSIX::_exit($answer->code == 200 ? 0 : 1);
			}
			$pid;
		} 1 .. 2;
		my $taken = grep { waitpid $_, 0; $? == 0 } @children;
		$lost++ if $taken != 2 || live($other->{application}, 'application_form') != 2 * $round;
	}
	is($lost, 0, 'pictures sent at once do not take each other out');
}

done_testing;
