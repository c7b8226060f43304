# Blank forms by mail: asked for on the entry page, counted, remembered.
use lib 't/lib';
use Yj;
use Yj::Content;
use Yj::Journey;
use Yj::Seed;
use Yj::Mailbox;

need_instance();

sub ask {
	my ($browser, $email) = @_;
	$browser->get(public('/apply/start?project=gzgjj'));
	submit_page($browser, { email => $email }, undef, 'apply/forms-mail');
}
sub asked {
	my ($browser) = @_;
	return db_value('SELECT COUNT(*) FROM forms_request WHERE applicant = ?',
		applicant_by_openid($browser->{yj_openid}));
}

my $browser = applicant();
$browser->get(public('/apply/start?project=gzgjj'));
contains $browser, '把空白表格发到邮箱', '发送', '如已有相关申请表', '确认开始';
my $email = any_email();
ask($browser, $email);
is $browser->uri->path, '/apply/start', 'back on the entry page';
contains $browser, '表格正在发送', qq(value="$email");
lacks $browser, '&amp;email=';
unlike $browser->uri, qr/\@|%40/, 'the address is in no URL';
is asked($browser), 1, 'one request';
my $id = db_value('SELECT MAX(id) FROM forms_request');
is db_value('SELECT payload FROM outbox WHERE idempotency_key = ?', "forms-$id"),
	qq({"request":$id}), 'promised, without the address';
for ([ forms_request => 'id' ], [ applicant => 'id' ]) {
	my ($table) = @$_;
	unlike db_value("SELECT HEX(email) FROM $table WHERE email IS NOT NULL ORDER BY id DESC LIMIT 1"),
		qr/@{[ unpack 'H*', 'example' ]}/i, "$table keeps it sealed";
}

# The same press twice, and five at once, is one.
$browser->get(public('/apply/start?project=gzgjj'));
my $form = page_form($browser, 'apply/forms-mail');
my $press = $form->click;
$browser->request($press) for 1 .. 2;
is $browser->uri->path, '/apply/start', 'pressed twice';
is asked($browser), 2, 'is asked once more';

# What is no address.
my %said = (
	''                             => '请填写邮箱地址',
	'   '                          => '请填写邮箱地址',
	'nobody'                       => '邮箱地址不对',
	'a@b'                          => '邮箱地址不对',
	'a b@example.com'              => '邮箱地址不对',
	'"a b"@example.com'            => '邮箱地址不对',
	'a@例子.cn'                    => '邮箱地址不对',
	"a\@example.com\r\nBcc: b\@example.com" => '邮箱地址不对',
	"a\@example.com\nDATA"         => '邮箱地址不对',
	'a@example.com,b@example.com'  => '邮箱地址不对',
	'<a@example.com>'              => '邮箱地址不对',
	'a' x 288 . '@example.com'     => '邮箱地址太长',
);
my $careless = applicant();
for my $bad (sort keys %said) {
	$careless->get(public('/apply/start?project=gzgjj'));
	my $to = page_form($careless, 'apply/forms-mail');
	$careless->post(public('/apply/forms-mail'), { project => 'gzgjj', email => $bad,
		map { $_ => $to->value($_) } qw(csrf key) });
	my $shown = substr $bad =~ s/[^ -~]/?/gr, 0, 30;
	is $careless->status, 422, "refused: $shown";
	contains $careless, $said{$bad}, 'role="alert"';
}
is asked($careless), 0, 'and nothing is sent';
# mended on the page that says so
ask($careless, 'nobody');
submit_page($careless, { email => any_email() }, undef, 'apply/forms-mail');
is $careless->uri->path, '/apply/start', 'the mended address is taken';
is asked($careless), 1, 'once';

# One address gets a limited number of mails in an hour, from any applicant and in
# any spelling.
my ($hour) = slurp(top() . '/lib/base/ceilings.h') =~ /FORMS_PER_ADDRESS_HOUR_MAX (\d+)/;
my ($day) = slurp(top() . '/lib/base/ceilings.h') =~ /FORMS_PER_APPLICANT_DAY_MAX (\d+)/;
my $victim = any_email();
ask(applicant(), $_ % 2 ? $victim : uc $victim) for 1 .. $hour;
my $other = applicant();
ask($other, $victim);
is $other->status, 429, 'one more is refused';
contains $other, '一小时后再发', qq(value="$victim");
is asked($other), 0, 'and not counted';
db_do('UPDATE forms_request SET created_at = created_at - INTERVAL 1 HOUR
	ORDER BY id DESC LIMIT ' . $hour);
ask($other, $victim);
is $other->uri->path, '/apply/start', 'an hour later it goes';

# One applicant no more than so many in a day.
my $eager = applicant();
ask($eager, any_email()) for 1 .. $day;
is asked($eager), $day, "$day a day";
ask($eager, any_email());
is $eager->status, 429, 'one more is refused';
contains $eager, '请明天再发';

# Also when they come at once.
my $crowd = any_email();
my @press = map {
	my $one = applicant();
	$one->get(public('/apply/start?project=gzgjj'));
	my $to = page_form($one, 'apply/forms-mail');
	$to->find_input('email')->value($crowd);
	[ $one, $to->click ];
} 1 .. $hour + 3;
my $before = db_value('SELECT COUNT(*) FROM forms_request');
my @children = map {
	my ($one, $request) = @$_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		$one->request($request);
		require POSIX;
		POSIX::_exit(0);
	}
	$pid;
} @press;
waitpid $_, 0 for @children;
is db_value('SELECT COUNT(*) FROM forms_request') - $before, $hour, "at once: $hour and no more";

# The address is offered for the invoice.
my $trip = seed(state => 'awaiting_order', browser => $browser);
open_page($browser, 'apply/order', $trip->{application});
is page_form($browser)->value('invoice_email'), $email, 'offered as the address for the invoice';

# Not without a log-in, not for a project that is not there.
my $stranger = new_browser();
$stranger->post(public('/apply/forms-mail'), { project => 'gzgjj', email => any_email() });
isnt $stranger->uri->path, '/apply/start', 'who is not logged in sends nothing';
is db_value('SELECT COUNT(*) FROM forms_request WHERE applicant NOT IN (SELECT id FROM applicant)'), 0,
	'and nothing is written';
my $lost = applicant();
$lost->get(public('/apply/start?project=gzgjj'));
my $to = page_form($lost, 'apply/forms-mail');
$lost->post(public('/apply/forms-mail'), { project => 'nothing', email => any_email(),
	map { $_ => $to->value($_) } qw(csrf key) });
is $lost->status, 404, 'an unknown project';
done_testing;
