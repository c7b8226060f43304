# Messages by mail: the blank forms, and messages that WeChat cannot deliver; a mail
# server that is away delays them and loses none.
use lib 't/lib';
use Yj;
use Yj::Journey;
use Yj::Mailbox;
use Yj::Outbox;
use Yj::Staff;
use File::Temp qw(tempdir);

need_instance();
stop_cron(); # the worker runs when this test says so
my $by_mail = config_with(wechat_notify => 'none');
my $away = config_with(wechat_notify => 'none', smtp_url => 'smtp://127.0.0.1:1');

sub ask_for_forms {
	my ($browser, $email) = @_;
	$browser->get(public('/apply/start?project=gzgjj'));
	submit_page($browser, { email => $email }, undef, 'apply/forms-mail');
	is $browser->uri->path, '/apply/start', 'the forms are asked for';
}
sub promised {
	my ($trip, $kind) = @_;
	return (db_rows('SELECT o.* FROM outbox o JOIN application a ON a.id = o.application
		WHERE a.public_id = ? AND o.kind = ? ORDER BY o.id DESC LIMIT 1', $trip->{application}, $kind))[0];
}

# -- the forms, while the mail server is away and after ----------------------
my $browser = applicant();
my $email = any_email();
ask_for_forms($browser, $email);
my $forms = db_value('SELECT id FROM outbox WHERE kind = "forms_mail" ORDER BY id DESC LIMIT 1');
work_off($away);
is row($forms)->{error_class}, 'retry_later', 'no mail server: later';
is row($forms)->{done_at}, undef, 'not done';
is row($forms)->{parked_at}, undef, 'not given up';
is_deeply [ mails_to($email) ], [], 'nothing arrived';
my $trip = to_review($browser);
ok $trip, 'the application goes on meanwhile';
work_off($away);
is promised($trip, 'order_confirmed')->{done_at}, undef, 'a second mail waits';
make_due($forms, promised($trip, 'order_confirmed')->{id});
work_off($by_mail);
ok row($forms)->{done_at}, 'the server is back: the forms go';
ok promised($trip, 'order_confirmed')->{done_at}, 'and so does the other';

my @mails = mails_to($email);
is scalar @mails, 2, 'both arrived, once each';
my ($sheet) = grep { @{ $_->{attachments} || [] } } @mails;
is $sheet->{subject}, '赣州市公积金管理中心 CA 项目：业务申请表和用户协议书', 'the subject';
is $sheet->{envelope}{from}{address}, 'bounce@yuanjian.example', 'what bounces goes to its own mailbox';
is $sheet->{from}[0]{address}, 'ca@yuanjian.example', 'the sender';
is $sheet->{headers}{'auto-submitted'}, 'auto-generated', 'no holiday answers, please';
like $sheet->{text}, qr{打印.*签名.*公章}s, 'what to do';
like $sheet->{text}, qr{\Q@{[ public('/apply/start?project=gzgjj') ]}\E}, 'and where';
like $sheet->{html}, qr{<a href="\Q@{[ public('/apply/start') ]}\E}, 'in HTML too';

my @files = attachments($sheet);
is join(' ', sort map { $_->{name} } @files), '数字证书业务申请表.pdf 数字证书用户协议书.pdf', 'two files by their names';
my $folder = tempdir(CLEANUP => 1);
for my $file (@files) {
	is $file->{type}, 'application/pdf', "$file->{name}: type";
	open my $out, '>:raw', "$folder/x.pdf" or die $!;
	print {$out} $file->{bytes};
	close $out;
	my $text = `pdftotext -layout $folder/x.pdf -`;
	utf8::decode($text);
	is $?, 0, 'a PDF';
	my $title = $file->{name} =~ s/\.pdf$//r;
	like $text =~ s/\s+//gr, qr/\Q$title\E/, 'that says what it is called';
}

# As it came over the wire, read by a parser of another make.
my $source = mail_source($sheet);
unlike $source, qr/[^\x00-\x7f]/, 'nothing but ASCII on the wire';
is_deeply [ grep { length > 76 && !/; boundary=-+[0-9a-f]+$/ } split /\r?\n/, $source ], [],
	'no long line, but for the two of libcurl\'s own';
open my $raw, '>:raw', "$folder/x.eml" or die $!;
print {$raw} $source;
close $raw;
open my $python, '-|:encoding(UTF-8)', 'python3', '-c', <<'PYTHON', "$folder/x.eml" or die $!;
import email, email.policy, sys
m = email.message_from_binary_file(open(sys.argv[1], 'rb'), policy=email.policy.default)
out = sys.stdout.buffer.write
out((m['subject'] + '\n' + m['from'] + '\n').encode())
for p in m.walk():
    out((p.get_content_type() + ' ' + (p.get_filename() or '-') + ' ' + str(len(p.defects)) + '\n').encode())
PYTHON
my @read = <$python>;
chomp @read;
close $python;
is_deeply \@read, [
	'赣州市公积金管理中心 CA 项目：业务申请表和用户协议书',
	'数字证书远程办理 <ca@yuanjian.example>',
	'multipart/mixed - 0', 'multipart/alternative - 0', 'text/plain - 0', 'text/html - 0',
	'application/pdf 数字证书业务申请表.pdf 0', 'application/pdf 数字证书用户协议书.pdf 0',
], 'as another parser reads it';

# -- refused, mended, approved ------------------------------------------------
my $clerk = staff('clerk1');
refuse($clerk, $trip, 'company.licence', "请 $trip->{agent}{name} 重拍，证件号 $trip->{agent}{id_number}");
work_off($by_mail);
my ($refused) = grep { $_->{subject} =~ /修改/ } mails_to($email);
ok $refused, 'a refusal is told';
like $refused->{text}, qr/\Q$trip->{company}{name}\E/, 'about which company';
like $refused->{text}, qr/^- 企业信息 · 营业执照原件：\S+/m, 'for which reason, at which place';
like $refused->{text}, qr/请在 20\d\d年\d+月\d+日 前改好/, 'until when';
like $refused->{text}, qr{\Q@{[ public("/apply/status?application=$trip->{application}") ]}\E}, 'and where';
like $refused->{html}, qr{<li>企业信息 · 营业执照原件：}, 'the list in HTML';
mend($browser, $trip, 'company', licence => sample('licence'));
resubmit($browser, $trip);
approve($clerk, $trip);
work_off($by_mail);
my @said = map { $_->{subject} =~ s/.*：//r } grep { !@{ $_->{attachments} || [] } } mails_to($email);
is_deeply [ sort @said ], [ sort '您的申请已提交', '资料有几处需要修改', '修改后的资料已收到', '审核已通过' ],
	'each step is told, once';
for my $mail (mails_to($email)) {
	my $all = join ' ', map { $mail->{$_} // '' } qw(subject text html);
	for my $person (qw(legal_rep agent)) {
		unlike $all, qr/\Q$trip->{$person}{$_}\E/, "no $person $_" for qw(name id_number mobile);
	}
	unlike $all, qr/\{\w+\}/, 'no placeholder is left';
}

# -- no way to the applicant -----------------------------------------------------
# A message that asks for something is parked, so that a clerk phones; others are done.
my %asks = map { $_ => 1 } qw(refused identity_refused identity_failed identity_repeat identity_accepted
	parcel_returned);
my $admin = sign_in(hire('admin'));
for my $kind (sort keys %asks, qw(reminder approved paid completed)) {
	my $id = some_application(state => 'awaiting_correction');
	db_do('INSERT INTO event (application, at, event, from_state, to_state, role, idempotency_key, leaf)
		VALUES (?, UTC_TIMESTAMP(6), "t", "awaiting_review", "awaiting_correction", "clerk", "t", "")', $id);
	my $row = promise(application => $id, event => db_value('SELECT LAST_INSERT_ID()'), kind => $kind);
	work_off($by_mail);
	my $public = db_value('SELECT public_id FROM application WHERE id = ?', $id);
	like row($row)->{error}, qr/no e-mail address/, "$kind: noted that nobody can be told";
	$admin->get(intranet('/admin/outbox'));
	if ($asks{$kind}) {
		ok row($row)->{parked_at} && !row($row)->{done_at}, '... parked';
		is row($row)->{error_class}, 'unreachable', '... as unreachable';
		like $admin->content, qr/\Q$public\E.*?请电话告知/s, '... and seen by who can phone';
	} else {
		ok row($row)->{done_at}, '... done';
		unlike $admin->content, qr/\Q$public\E/, '... and in nobody\'s list';
	}
	db_do('UPDATE outbox SET given_up_at = UTC_TIMESTAMP() WHERE id = ? AND done_at IS NULL', $row);
}
done_testing;
