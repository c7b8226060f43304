#!/usr/bin/perl
# legal-rep.t: 法人代表信息: what is sealed, and what may be mended.
use FindBin;
use lib "$FindBin::Bin/../lib";
use Yj;
use Yj::Fields;
use Yj::Journey;

need_instance();

my $browser = applicant();
my $trip = to_legal_rep($browser);
my $id = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});

sub stored {
	my ($row) = db_rows('SELECT * FROM legal_rep WHERE application = ?', $id);
	return $row || {};
}

sub again { open_page($browser, 'apply/legal-rep', $trip->{application}) }

again();
submit_page($browser, {});
is_deeply [errors_of($browser)], [qw(请填写法人代表名称 请填写法人代表证件号码 请填写法人代表手机号
	请上传身份证复印件（人像面） 请上传身份证复印件（国徽面）)], 'each required field is named';
ok summary_leads($browser), 'every line of the summary leads to its control';

my $person = person_data();
(my $wrong = $person->{id_number}) =~ s/(.)$/$1 eq '1' ? '2' : '1'/e;
my @bad = (
	[ id_number => $wrong, qr/校验位不对，请对照身份证逐位核对/ ],
	[ id_number => substr($person->{id_number}, 0, 15), qr/应为 18 位/ ],
	[ id_number => '360702199002300014', qr/出生日期不存在|校验位/ ],
	[ mobile => '12345678901', qr/1 开头的 11 位数字/ ],
	[ mobile => '1381234567', qr/应为 11 位/ ],
	[ name => '李', qr/2 到 50 个字/ ],
	[ name => '<i>李四</i>', qr/只能有汉字、字母和间隔号/ ],
);
for my $case (@bad) {
	my ($field, $typed, $message) = @$case;
	again();
	submit_page($browser, { %$person, $field => $typed });
	is $browser->status, 422, "$field: answered as an error";
	like error_at($browser, $field), $message, "$field: said at the field";
	is value_of($browser, $_), $_ eq $field ? $typed : $person->{$_}, "$field: $_ is kept"
		for qw(name id_number mobile);
	unlike $browser->uri, qr/\Q$person->{id_number}\E|\Q$person->{mobile}\E/, 'no number in the address';
}

# At rest.
my $row = stored();
is $row->{name}, $person->{name}, 'the name is stored';
for my $column (qw(id_number mobile)) {
	ok length $row->{$column}, "$column is stored";
	is index($row->{$column}, $person->{$column}), -1, "$column is not readable in the database";
	is length $row->{"${column}_index"}, 32, "$column has its blind index";
}
my %first = %$row;
submit_page($browser, { name => '赵' . '六' });
$row = stored();
isnt $row->{id_number}, $first{id_number}, 'sealed anew, the bytes differ';
is $row->{id_number_index}, $first{id_number_index}, 'the blind index is the same';

# The same number, typed in another way, in another application.
my $other = applicant();
my $other_trip = to_legal_rep($other);
open_page($other, 'apply/legal-rep', $other_trip->{application});
(my $spaced = $person->{mobile}) =~ s/^(...)(....)/+86 $1-$2-/;
submit_page($other, { name => '王五', id_number => lc $person->{id_number}, mobile => $spaced });
my ($same) = db_rows('SELECT l.* FROM legal_rep l JOIN application a ON a.id = l.application'
	. ' WHERE a.public_id = ?', $other_trip->{application});
is $same->{id_number_index}, $first{id_number_index}, 'equal ID numbers can be found';
is $same->{mobile_index}, $first{mobile_index}, 'equal mobiles can be found';

# A sealed value that was moved to another row does not open.
db_do('UPDATE legal_rep SET mobile = ? WHERE application = ?', $first{mobile},
	$same->{application});
open_page($other, 'apply/legal-rep', $other_trip->{application});
is $other->status, 500, 'a value from another row is our fault, not an answer';
unlike $other->content, qr/\Q$person->{mobile}\E/, 'and is not shown';

# To review, refused at one scan and one field, mended.
$trip->{legal_rep} = $person;
fill_legal_rep($browser, $trip);
is stored()->{complete}, 1, 'complete';
fill_agent($browser, $trip);
fill_order($browser, $trip);
confirm_order($browser, $trip);
is state_of($trip), 'awaiting_review', 'in review';
again();
isnt $browser->uri->path, '/apply/legal-rep', 'in review the form is closed';

my $clerk = staff('clerk1');
refuse($clerk, $trip, 'legal-rep.id_back', '国徽面太暗');
is state_of($trip), 'awaiting_correction', 'refused';
again();
is $browser->uri->path, '/apply/legal-rep', 'the form is open again';
like $browser->content, qr/国徽面太暗/, "the clerk's note stands at the field";
my ($back) = $browser->content =~ m{(<fieldset[^>]* id="field-id_back".*?</fieldset>)}s;
like $back, qr/审核意见/, 'at the right one';
like $back, qr/type="file"/, 'which takes a new picture';
my ($front) = $browser->content =~ m{(<fieldset[^>]* id="field-id_front".*?</fieldset>)}s;
unlike $front, qr/type="file"|remove_scan/, 'the other scan is locked';
like $front, qr/无需修改/, 'and says so';
ok !defined value_of($browser, $_), "$_ cannot be typed" for qw(name id_number mobile);
unlike $browser->content, qr/\Q$person->{id_number}\E|\Q$person->{mobile}\E/,
	'locked numbers are masked';

# What is locked stays, whatever is posted.
my $now = stored();
post_bytes($browser, name => 'Changed', mobile => any_mobile(), id_number => any_id_number());
is stored()->{$_}, $now->{$_}, "$_ stays" for qw(name id_number_index mobile_index);
my $scans = 'SELECT COUNT(*) FROM scan WHERE application = ? AND form = ? AND field = ?';
my $fronts = db_value($scans, $id, 'legal-rep', 'id_front');
my $locked_scan = db_value('SELECT public_id FROM scan WHERE application = ? AND form = ?'
	. ' AND field = ? AND removed_at IS NULL', $id, 'legal-rep', 'id_front');
again();
post_bytes($browser, remove_scan => $locked_scan);
is db_value("$scans AND removed_at IS NULL", $id, 'legal-rep', 'id_front'), 1,
	'a locked scan is not removed';
is db_value($scans, $id, 'legal-rep', 'id_front'), $fronts, 'nor replaced';

my $open = 'SELECT COUNT(*) FROM reason WHERE application = ? AND mended_at IS NULL AND closed_at IS NULL';
is db_value($open, $id), 1, 'the reason is open';
mend($browser, $trip, 'legal-rep', id_back => sample('id-back'));
is db_value($open, $id), 0, 'a new picture mends it';
again();
my ($button) = $browser->content =~ /name="remove_scan" value="(\w+)"/;
submit_page($browser, {}, [ remove_scan => $button ]);
is db_value($open, $id), 1, 'taken out again, it is open again';
is stored()->{complete}, 0, 'and the form not complete';
mend($browser, $trip, 'legal-rep', id_back => sample('id-back'));
resubmit($browser, $trip);
is state_of($trip), 'awaiting_review', 'resubmitted';

# A typed field, refused and mended.
refuse($clerk, $trip, 'legal-rep.name', '与营业执照不一致');
again();
is value_of($browser, 'name'), $person->{name}, 'the refused field can be typed';
like $browser->content, qr/与营业执照不一致/, 'with the note';
submit_page($browser, {});
is db_value($open, $id), 1, 'sent as it was, it is not mended';
mend($browser, $trip, 'legal-rep', name => '钱七七');
is db_value($open, $id), 0, 'changed, it is mended';
is stored()->{name}, '钱七七', 'and stored';

# 上一步 keeps what is valid, without a word about the rest.
{
	my $browser = applicant();
	my $trip = to_legal_rep($browser);
	my $mobile = any_mobile();
	submit_page($browser, { mobile => $mobile, id_number => '12' }, [ go => 'back' ]);
	is $browser->uri->path, '/apply/company', '上一步 leads to the page before';
	open_page($browser, 'apply/legal-rep', $trip->{application});
	is value_of($browser, 'mobile'), $mobile, 'what was valid is kept';
	is value_of($browser, 'id_number'), '', 'what was not is not';
	is state_of($trip), 'awaiting_legal_rep', 'and nothing was handed in';
}

done_testing();
