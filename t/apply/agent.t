#!/usr/bin/perl
# agent.t: 经办人信息: scans of several pages, and the address book.
use FindBin;
use lib "$FindBin::Bin/../lib";
use Yj;
use Encode ();
use Yj::Fields;
use Yj::Journey;

need_instance();

my $browser = applicant();
my $trip = to_agent($browser);
my $id = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});
my $who = db_value('SELECT applicant FROM application WHERE id = ?', $id);

sub stored {
	my ($row) = db_rows('SELECT * FROM agent WHERE application = ?', $id);
	return $row || {};
}

sub book { return db_rows('SELECT * FROM address WHERE applicant = ? ORDER BY id', $who) }

sub again { open_page($browser, 'apply/agent', $trip->{application}) }

again();
submit_page($browser, {});
my %missing = (
	name => '请填写经办人姓名', id_number => '请填写经办人身份证', mobile => '请填写经办人手机号码',
	application_form => '请上传业务申请表', user_agreement => '请上传用户协议书',
	address_recipient => '请填写收件人', address_mobile => '请填写收件人手机号码',
	address_region => '请选择收件地区', address_street => '请填写详细地址',
);
is error_at($browser, $_), $missing{$_}, "$_: $missing{$_}" for sort keys %missing;
is error_at($browser, 'landline'), '', 'the landline may be left out';
ok summary_leads($browser), 'every line of the summary leads to its control';

# The landline, when there is one, is checked.
for my $case ([ '0797-8123456' => '' ], [ '８１２' => qr/固定电话/ ], [ 'abc' => qr/固定电话/ ]) {
	my ($typed, $error) = @$case;
	again();
	submit_page($browser, { landline => $typed });
	ref $error ? like error_at($browser, 'landline'), $error, "$typed is refused"
		: is error_at($browser, 'landline'), '', "$typed is taken";
}
my $row = stored();
is index($row->{landline}, '8123456'), -1, 'the landline is sealed';

# A new address: bad parts are answered at the part, good ones are kept.
my $address = address_data();
my @bad = (
	[ address_mobile => '1380000000', qr/应为 11 位/ ],
	[ address_street => '街' x 201, qr/最多 200 个字/ ],
	[ address_recipient => '人' x 51, qr/最多 50 个字/ ],
	[ address_region_search => '没有这地方', qr/没有找到/, 'address_region' ],
);
for my $case (@bad) {
	my ($part, $typed, $message, $at) = @$case;
	again();
	submit_page($browser, { %$address, $part => $typed });
	like error_at($browser, $at || $part), $message, "$part: said at the part";
	is value_of($browser, $_), $_ eq $part ? $typed : $address->{$_}, "$part: $_ is kept"
		for qw(address_recipient address_mobile address_street);
	is scalar(book()), 0, "$part: nothing in the book";
}
again();
submit_page($browser, $address, [ find => 'address_region' ]);
is scalar(book()), 1, 'the region is found without script, the whole address is in the book';
is((book())[0]{region}, '360702', 'with the region');
is value_of($browser, 'address'), (book())[0]{id}, 'and is chosen on the page';
is stored()->{address}, (book())[0]{id}, 'and is the one of the agent';
for my $column (qw(recipient mobile street)) {
	is index((book())[0]{$column}, Encode::encode('UTF-8', $address->{"address_$column"})), -1,
		"$column is sealed";
}

# Once more the same, typed otherwise: no second entry.
again();
(my $mobile = $address->{address_mobile}) =~ s/^(...)(....)/$1 $2 /;
submit_page($browser, { %$address, address_mobile => $mobile,
	address_street => "  $address->{address_street} " });
is scalar(book()), 1, 'the same address is not kept twice';
my $second = { %{ address_data() }, address_street => '<b>2</b>号; DROP TABLE address' };
submit_page($browser, $second);
is scalar(book()), 2, 'another one is';
my ($first_id, $second_id) = map { $_->{id} } book();
is stored()->{address}, $second_id, 'and is chosen';
unlike $browser->content, qr/<b>2/, 'markup in it is text';
unlike $browser->content, qr/\Q$second->{address_mobile}\E/, 'the list masks mobiles';
again();
submit_page($browser, { address => $first_id });
is stored()->{address}, $first_id, 'an entry can be chosen';

# An entry of somebody else.
my $other = applicant();
my $other_trip = to_agent($other);
open_page($other, 'apply/agent', $other_trip->{application});
post_bytes($other, address => $first_id);
is error_at($other, 'address'), '没有找到这个地址，请重新选择或填写新地址', 'a foreign address is refused';
is db_value('SELECT a.address FROM agent a JOIN application p ON p.id = a.application'
	. ' WHERE p.public_id = ?', $other_trip->{application}), undef, 'and not stored';
post_bytes($other, address => $_), is error_at($other, 'address'),
	'没有找到这个地址，请重新选择或填写新地址', "$_ is no address" for '0', '-1', '1 OR 1=1', '9' x 30;

# Pages: several in one field, counted, deleted, not more than ten.
again();
submit_page($browser, { application_form => sample('application-form-1') },
	[ upload => 'application_form' ]) for 1 .. 2;
is thumbs($browser, 'application_form'), 2, 'two pages';
like $browser->content, qr{业务申请表.*?2 / 10 页}s, 'counted';
my ($form) = $browser->content =~ m{(<fieldset[^>]* id="field-application_form".*?</fieldset>)}s;
my @remove = $form =~ /name="remove_scan" value="(\w+)"/g;
submit_page($browser, {}, [ remove_scan => $remove[0] ]);
is thumbs($browser, 'application_form'), 1, 'one deleted';
like $browser->content, qr/data-scan="$remove[1]" data-page="1"/, 'the other moved up';
for (2 .. 10) {
	again();
	submit_page($browser, { application_form => sample('application-form-1') },
		[ upload => 'application_form' ]);
}
is thumbs($browser, 'application_form'), 10, 'ten pages';
($form) = $browser->content =~ m{(<fieldset[^>]* id="field-application_form".*?</fieldset>)}s;
unlike $form, qr/name="application_form"/, 'and no place for an eleventh';
is thumbs($browser, 'id_front'), 0, 'the other fields have none';

# A page of several is replaced in its place.
my ($third) = $browser->content =~ /data-scan="(\w+)" data-page="3"/;
submit_page($browser, { 'application_form.3' => sample('application-form-2') },
	[ upload => 'application_form' ]);
is thumbs($browser, 'application_form'), 10, 'still ten pages';
my ($now_third) = $browser->content =~ /data-scan="(\w+)" data-page="3"/;
ok $now_third && $now_third ne $third, 'page 3 is another picture';

# One page: a new picture takes the place of the old one.
for (1 .. 2) {
	again();
	submit_page($browser, { id_front => sample('agent-id-front') }, [ upload => 'id_front' ]);
	is thumbs($browser, 'id_front'), 1, 'one picture of the front';
}

# What a phone needs to help with typing.
like $browser->content, qr/<input[^>]* name="mobile"[^>]*/, 'there is a mobile';
my %wanted = (name => [ autocomplete => 'name' ], mobile => [ autocomplete => 'tel' ],
	landline => [ inputmode => 'tel' ], address_mobile => [ inputmode => 'tel' ]);
again();
for my $control (sort keys %wanted) {
	my ($input) = $browser->content =~ /(<input[^>]* name="\Q$control\E"[^>]*>)/;
	my ($attribute, $value) = @{ $wanted{$control} };
	like $input, qr/ $attribute="$value"/, "$control: $attribute=$value";
	like $browser->content, qr/<label[^>]* for="\Q$control\E"/, "$control has a label";
}

done_testing();
