# The queue: every waiting application once, in order, found by what is known.
use lib 't/lib';
use Yj;
use Yj::Staff;
use List::Util 'uniq';

need_instance();

my $rows = 230;
my $code = "t-queue-$$-" . time;
db_do('INSERT INTO project (code, name, flow_version) VALUES (?, ?, 1)', $code, "排队 $$");
my $project = db_value('SELECT id FROM project WHERE code = ?', $code);
my $openid = openid();
db_do("INSERT INTO applicant (appid, openid, created_at) VALUES ('t', ?, UTC_TIMESTAMP(3))", $openid);
my $applicant = applicant_by_openid($openid);

# Moves our applications on, with the event that the database asks for.
sub move_all {
	my ($from, $to, $since) = @_;
	db()->begin_work;
	db_do("INSERT INTO event (application, at, event, from_state, to_state, role, actor, idempotency_key, leaf)"
		. " SELECT id, UTC_TIMESTAMP(6), 'confirm_order', state, ?, 'applicant', applicant,"
		. " CONCAT('t', version, '-', id), REPEAT('0', 32) FROM application WHERE project = ? AND state = ?",
		$to, $project, $from);
	db_do("UPDATE application a SET a.last_event = (SELECT MAX(id) FROM event WHERE application = a.id),"
		. " a.state = ?, a.version = a.version + 1, a.state_since = $since WHERE a.project = ? AND a.state = ?",
		$to, $project, $from);
	db()->commit;
}

# Whole rows of ties: ten at a time have waited equally long.
sub public_id { return sprintf '0%025d', $$ * 1000 + $_[0] }
my $wide = "珠海横琴星辰$$" . "ＡＢ（有限合伙）";
for my $n (1 .. $rows) {
	db_do("INSERT INTO application (public_id, project, applicant, flow_version, state, state_since, created_at, start_key)"
		. " VALUES (?, ?, ?, 1, 'awaiting_company', UTC_TIMESTAMP(3), UTC_TIMESTAMP(3), ?)",
		public_id($n), $project, $applicant, "t$n");
	db_do('INSERT INTO company (application, name, uscc, updated_at) VALUES (?, ?, ?, UTC_TIMESTAMP(3))',
		db_value('SELECT id FROM application WHERE public_id = ?', public_id($n)),
		$n == 7 ? "百分之百%_$$|公司" : $n == 9 ? $wide : "排队$$-$n", sprintf('91360702%010d', $$ % 1000000 * 1000 + $n));
}
move_all('awaiting_company', 'awaiting_review',
	"'2026-01-05 01:00:00.123' + INTERVAL FLOOR((SUBSTRING(a.start_key, 2) - 1) / 10) MINUTE");
END {
	my $status = $?;
	eval { move_all('awaiting_review', 'cancelled', 'UTC_TIMESTAMP(3)') } if $project;
	$? = $status;
}

my $clerk = sign_in(hire('clerk'));

# All pages from a first one: the public ids in order of appearance.
sub walk {
	my ($query, $between) = @_;
	my (@seen, $pages);
	$clerk->get(intranet("/clerk/queue?project=$code$query"));
	for ($pages = 1; ; $pages++) {
		$clerk->status == 200 or return;
		push @seen, $clerk->content =~ m{<td><a href="/clerk/case\?application=(\w+)"}g;
		$between->() if $between;
		my $next = $clerk->find_link(text => '下一页') or last;
		$clerk->get($next->url_abs);
	}
	return ($pages, @seen);
}

my ($pages, @oldest) = walk('');
is($pages, 5, '230 waiting are five pages');
is_deeply(\@oldest, [ map { public_id($_) } 1 .. $rows ], 'oldest first: each once, in order, ties and all');
(undef, my @newest) = walk('&order=newest');
is_deeply(\@newest, [ reverse @oldest ], 'newest first is the same backwards');
(undef, my @state) = walk('&state=awaiting_review');
is_deeply(\@state, \@oldest, 'a state by itself');
is_deeply([ (walk('&state=awaiting_second_review'))[1 .. 3] ], [ (undef) x 3 ], 'another state has none');
like($clerk->text, qr/没有待办/, 'and says so');
$clerk->get(intranet("/clerk/queue?project=$code"));
like($clerk->text, qr/共 230 件/, 'how many is told');
like($clerk->text, qr/个工作日/, 'and how long they wait, in working days');
like($clerk->text, qr/2026-01-05 09:00/, 'since when, in China\'s time');

# rows that leave and come while somebody turns pages
my @gone;
my ($left_pages, @seen) = walk('', sub {
	return if @gone;
	my $n = 3;
	@gone = (public_id($n));
	db_do("INSERT INTO event (application, at, event, from_state, to_state, role, actor, idempotency_key, leaf)"
		. " SELECT id, UTC_TIMESTAMP(6), 'cancel', state, 'cancelled', 'applicant', applicant, 'gone', REPEAT('0', 32)"
		. ' FROM application WHERE public_id = ?', $gone[0]);
	db_do("UPDATE application a SET a.last_event = (SELECT MAX(id) FROM event WHERE application = a.id),"
		. " a.state = 'cancelled', a.state_since = UTC_TIMESTAMP(3) WHERE a.public_id = ?", $gone[0]);
});
is_deeply(\@seen, \@oldest, 'a row decided on page one makes no gap on page two');
is(scalar(uniq(@seen)), $rows, 'and no double');
my (undef, @rest) = walk('');
is_deeply(\@rest, [ grep { $_ ne $gone[0] } @oldest ], 'decided cases are off the queue');

# search
sub found {
	my ($words) = @_;
	require URI::Escape;
	return (walk('&search=' . URI::Escape::uri_escape_utf8($words)))[1 .. 300];
}
sub count { return scalar grep { defined } @_ }
is_deeply([ grep { defined } found("排队$$-22") ], [ map { public_id($_) } 22, 220 .. 229 ], 'names that begin so');
is(count(found("$$-22")), 0, 'not names that hold it elsewhere');
is_deeply([ grep { defined } found(sprintf '91360702%010d', $$ % 1000000 * 1000 + 42) ], [ public_id(42) ], 'a credit code');
is_deeply([ grep { defined } found("　排队$$－42　") ], [ public_id(42) ], 'full-width forms are folded');
is_deeply([ grep { defined } found('百分之百%') ], [ public_id(7) ], 'a percent sign is a percent sign');
is_deeply([ grep { defined } found("百分之百%_$$|") ], [ public_id(7) ], 'and so are _ and |');
{
	# a name stays as it was typed; brackets, letters and digits of either width find it
	my $narrow = "珠海横琴星辰$$";
	is_deeply([ grep { defined } found($_) ], [ public_id(9) ], "found by $_")
		for $wide, "${narrow}AB(有限合伙)", "${narrow}ab（有限", "${narrow}\x{200b}ＡＢ(有", "珠海横琴星辰" . $$ =~ tr/0-9/０-９/r;
	is(count(found("${narrow}AC")), 0, 'another name does not');
}
is(count(found('%')), 0, 'not a wildcard');
is(count(found('_')), 0, 'nor is _');
is(count(found("' OR 1=1 -- ")), 0, 'SQL is text');
found('"><b>x');
unlike($clerk->content, qr/<b>x/, 'markup is text');
is(count(found('排' x 101)), $rows - 1, 'a search too long is left out');

# odd addresses
for ('after=x', 'after=2026-01-05T01:00:00.123_', 'after=2026-01-05T01:00:00.123_1x', 'after=2026-99-99T99:99:99.999_1',
	'after=2026-01-05T01:00:00.123_99999999999999999999', 'state=nonsense', 'state=%E5%BE%85', 'project=%E9%A1%B9',
	'order=x', 'search=%FF', 'flash=nonsense', 'search=' . 'x' x 18) {
	$clerk->get(intranet("/clerk/queue?$_"));
	ok($clerk->status == 200 || $clerk->status == 400, "?$_ is answered") or diag $clerk->status;
}

# roles: what waits for whom
my $producer = sign_in(hire('producer'));
$producer->get(intranet("/clerk/queue?project=$code"));
unlike($producer->text, qr/排队$$-/, 'a producer sees what waits for production only');
move_all('awaiting_review', 'awaiting_production', 'UTC_TIMESTAMP(3)');
$producer->get(intranet("/clerk/queue?project=$code"));
like($producer->text, qr/共 229 件/, 'and then these');
$clerk->get(intranet("/clerk/queue?project=$code"));
like($clerk->text, qr/没有待办/, 'which are no clerk\'s any more');
move_all('awaiting_production', 'awaiting_review', 'UTC_TIMESTAMP(3)');

done_testing;
