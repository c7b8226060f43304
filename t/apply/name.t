# A name is kept as people type it, from the form to the desk and the print;
# only what nobody sees is taken out. Numbers lose blanks and dashes of every kind.
use Yj;
use Yj::Journey;
use Yj::Print;
use Yj::Staff;

need_instance();
need_print_tools();

my $name = '珠海横琴星辰科技合伙企业（有限合伙）';
my $clerk = sign_in(hire('clerk'));
my $browser = applicant();
my $trip = begin_application($browser, plain_project());
$trip->{company} = { %{ company_data() }, name => "珠海\x{200b}横琴星辰科技合伙企业（有限合伙）\x{2060}" };
my $uscc = $trip->{company}{uscc};
$trip->{company}{uscc} = join "\x{2005}", unpack '(A4)*', $uscc;
$trip->{legal_rep} = { %{ person_data() }, name => "阿依古丽\x{2022}买买提" };
my $mobile = $trip->{legal_rep}{mobile};
$trip->{legal_rep}{mobile} = "86$mobile";
$_->($browser, $trip) for \&agree, \&fill_company, \&fill_legal_rep;

my $id = db_value('SELECT id FROM application WHERE public_id = ?', $trip->{application});
my ($company) = db_rows('SELECT * FROM company WHERE application = ?', $id);
is($company->{name}, $name, 'the table has the name as it was typed, without what nobody sees');
is($company->{uscc}, $uscc, 'and the code without blanks');
is(db_value('SELECT name FROM legal_rep WHERE application = ?', $id), '阿依古丽·买买提', "a person's middle dot is that of the ID card");
open_page($browser, 'apply/company', $trip->{application});
is(page_form($browser)->value('name'), $name, 'the form shows it again');
is(page_form(open_page($browser, 'apply/legal-rep', $trip->{application}))->value('mobile'), $mobile, 'and the mobile without 86');

fill_agent($browser, $trip);
$trip->{order} = { %{ order_data($trip) }, invoice_title => $name,
	invoice_tax_number => join "\x{2014}", unpack '(A6)*', $uscc };
fill_order($browser, $trip);
my ($order) = db_rows('SELECT * FROM `order` WHERE application = ?', $id);
is($order->{invoice_title}, $name, 'the invoice is made out to it');
is($order->{invoice_tax_number}, $uscc, 'with its number');
open_page($browser, 'apply/confirm', $trip->{application});
is(scalar(() = $browser->text =~ /\Q$name\E/g), 2, 'the page to be confirmed has both');
$browser->get(public("/apply/print?application=$trip->{application}&document=application-form"));
like(pdf_text(print_file($browser->response->content)) =~ s/\s+//gr, qr/\Q$name\E/, 'so does the printed form');
confirm_order($browser, $trip);

open_page($clerk, 'clerk/case', $trip->{application});
like($clerk->text, qr/\Q$name\E/, 'and the desk');
for my $search ($name, $name =~ tr/（）/()/r) {
	require URI::Escape;
	$clerk->get(intranet('/clerk/queue?order=newest&search=' . URI::Escape::uri_escape_utf8($search)));
	like($clerk->content, qr/application=$trip->{application}/, "found there by $search");
}
done_testing;
