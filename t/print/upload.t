# A printed form, photographed and uploaded: the right one finds its place, a
# wrong one is refused at its field, whichever way it comes.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Print;

need_instance();
need_print_tools();
-x built('t/samples/samples') or plan skip_all => 't/samples/samples is not built';

my $browser = applicant();
my ($trip, $other) = (to_agent($browser), to_agent($browser));
my @agreement = printed($browser, $trip, 'user-agreement');
my ($form) = printed($browser, $trip, 'application-form');
my ($foreign) = printed($browser, $other, 'application-form');
cmp_ok scalar @agreement, '>=', 2, 'the agreement has pages to put in order';

sub scans {
	my ($field) = @_;
	return map { "$_->{page}:$_->{sheet}/$_->{sheets}" . ($_->{marks} & 32 ? '?' : '') }
		db_rows('SELECT s.page, s.sheet, s.sheets, s.marks FROM scan s JOIN application a ON a.id = s.application
			WHERE a.public_id = ? AND s.form = "agent" AND s.field = ? AND s.removed_at IS NULL ORDER BY s.page',
		$trip->{application}, $field);
}

# Without script: with the form itself. What stands at the field afterwards.
sub upload {
	my ($control, $file) = @_;
	open_page($browser, 'apply/agent', $trip->{application});
	submit_page($browser, { $control => $file }, [ upload => $control =~ s/\..*//r ]);
	my ($name) = $control =~ /^(\w+)/;
	my ($fieldset) = $browser->content =~ /<fieldset[^>]* id="field-$name".*?<\/fieldset>/gs;
	return $fieldset // '';
}

# As the script does: one file to apply/scan. (status, fragment)
sub post {
	my ($field, $file) = @_;
	open_page($browser, 'apply/agent', $trip->{application});
	my $page = page_form($browser);
	my $answer = $browser->clone->post(
		public("/apply/scan?application=$trip->{application}&form=agent&field=$field"),
		'Content_Type' => 'form-data', 'X-Yj-Fragment' => 1, 'Origin' => public(),
		Content => [ csrf => $page->value('csrf'), key => $page->value('key'), file => [$file] ]);
	return ($answer->code, $answer->decoded_content);
}

sub offered {
	open_page($browser, 'apply/agent', $trip->{application});
	return [ sort map { $_->url =~ /document=([\w-]+)/ } $browser->find_all_links(url_regex => qr{/apply/print\?}) ];
}
is_deeply offered(), [ 'application-form', 'user-agreement' ], 'both forms are offered at their fields';

my ($status, $said) = post('application_form', $agreement[0]);
is $status, 422, 'the agreement is no application form';
like $said, qr/这张是《数字证书用户协议书》/, 'and it is said what it is';
($status, $said) = post('user_agreement', $form);
is $status, 422, 'nor the other way round';
like $said, qr/这张是《数字证书业务申请表》/, 'which is said too';
($status, $said) = post('application_form', $foreign);
is $status, 422, 'the form of another application';
like $said, qr/另一笔申请/, 'is told apart';
unlike $said, qr/\Q$other->{application}\E/i, 'without naming it';
like upload('application_form', $agreement[0]), qr/yj-field__error[^<]*>这张是《数字证书用户协议书》/,
	'the same without script, at the field';
is_deeply [ scans('application_form'), scans('user_agreement') ], [], 'nothing of it is stored';

my $last = @agreement;
like upload('user_agreement', $agreement[-1]), qr/还缺第 1 页/, 'the last page alone: the first is missed at once';
is_deeply [ scans('user_agreement') ], ["1:$last/$last"], 'it is stored as what it is';
submit_page($browser, {}, undef);
like $browser->content, qr/用户协议书还缺第 1 页/, 'the form is not handed in so';
unlike upload('user_agreement', $_), qr/yj-field__error/, 'another page' for @agreement[ 0 .. $last - 2 ];
is_deeply [ scans('user_agreement') ], [ map { "$_:$_/$last" } 1 .. $last ], 'the pages stand in their order';
upload('user_agreement', $agreement[0]);
is_deeply [ scans('user_agreement') ], [ map { "$_:$_/$last" } 1 .. $last ], 'a page taken again takes its place';
unlike $browser->content, qr/还缺第/, 'nothing is missed any more';

($status, $said) = post('application_form', $form);
is $status, 200, 'the right form is taken';
is_deeply [ scans('application_form') ], ['1:1/1'], 'and its code was read';
unlike $said, qr/未识别到二维码/, 'no mark';

# Many print elsewhere, or photograph badly: taken, with a word.
($status, $said) = post('application_form', sample('application-form-1'));
is $status, 200, 'a form without a code is taken';
like $said, qr/未识别到二维码/, 'with a hint';
is_deeply [ scans('application_form') ], [ '1:1/1', '2:0/0?' ], 'behind what is known';

# Blank forms are for every application of the project and version.
my %row = %{ (db_rows('SELECT project, applicant FROM application WHERE public_id = ?', $trip->{application}))[0] };
sub coded {
	my ($text) = @_;
	my $crc = 0xffff;
	for my $byte (unpack 'C*', $text) {
		$crc ^= $byte << 8;
		$crc = $crc & 0x8000 ? ($crc << 1 ^ 0x1021) & 0xffff : $crc << 1 for 1 .. 8;
	}
	my $png = print_file('') . '.png';
	system('qrencode', '-o', $png, '-s', 9, '-l', 'M', sprintf '%s:%04X', $text, $crc) == 0 or die 'qrencode';
	system('convert', '-size', '1240x1754', 'xc:white', $png, '-gravity', 'NorthEast', '-geometry', '+80+60',
		'-composite', $png) == 0 or die 'convert';
	return photograph($png);
}
my $version = db_value('SELECT t.version FROM agreement_text t JOIN agreement a ON a.agreement_text = t.id
	JOIN application p ON p.id = a.application WHERE p.public_id = ?', $trip->{application});
my $project = uc db_value('SELECT j.code FROM application a JOIN project j ON j.id = a.project WHERE a.public_id = ?',
	$trip->{application});
my @case = (
	[ 'a blank form',             "YJ1:$project:AF:-:\U$version\E:1/1", 200, qr/data-scan/ ],
	[ 'of another project',       "YJ1:OTHER:AF:-:\U$version\E:1/1", 422, qr/别的项目/ ],
	[ 'with an old agreement',    "YJ1:$project:AF:-:1999-1:1/1", 422, qr/协议版本/ ],
	[ 'a code of somebody else',  'HTTPS://EXAMPLE.COM/', 200, qr/未识别到二维码/ ],
	[ 'a code that is too long',  'YJ1:' . 'A' x 200, 200, qr/未识别到二维码/ ],
);
for (@case) {
	my ($what, $text, $wanted, $words) = @$_;
	($status, $said) = post('application_form', coded($text));
	is $status, $wanted, $what;
	like $said, $words, '... and what is said';
}

# Where no form of ours belongs, no code is looked for.
($status) = post('id_front', $form);
is $status, 200, 'another field takes any picture';
is_deeply [ scans('id_front') ], ['1:0/0'], 'unread';
is db_value('SELECT COUNT(*) FROM event e JOIN application a ON a.id = e.application WHERE a.public_id = ?
	AND e.detail LIKE "%YJ1%"', $trip->{application}), 0, 'no code stands in the history';
done_testing;
