package Yj::Journey;

# Journey.pm: walks an application through the real pages, without script.
#
#     use Yj;
#     use Yj::Journey;
#     my $browser = applicant();
#     my $trip = to_review($browser);        # every page, random valid data
#     # $trip->{application}, ->{company}{name}, ->{agent}{id_number} …
#     my $clerk = staff('clerk1');
#     refuse($clerk, $trip, 'company.licence', '四角没有拍全');
#     mend($browser, $trip, 'company', licence => sample('licence'));
#     resubmit($browser, $trip);
#     approve($clerk, $trip);
#
# A step dies with the page's path, status and errors when the next page does
# not come, so that a test fails at the step that broke.

use strict;
use warnings;
use utf8;
use Exporter 'import';
use HTML::Form;
use Fcntl qw(LOCK_EX);
use File::Path qw(make_path);
use Yj ();

our @EXPORT = qw(
	any_uscc any_id_number any_mobile any_name any_company
	sample printed print_pages photograph
	begin_application agree company_data person_data address_data order_data
	open_page page_form submit_page errors_of
	fill_company fill_legal_rep fill_agent fill_order confirm_order
	to_company to_legal_rep to_agent to_order to_confirm to_review
	refuse approve mend resubmit state_of
);

my %PAGE = (long => 1600, short => 1200); # pixels

# -- valid data, computed -------------------------------------------------

sub pick { return $_[int rand @_] }

# GB 32100-2015: check character mod 31 over powers of 3.
sub any_uscc {
	my @digits = split //, '0123456789ABCDEFGHJKLMNPQRTUWXY';
	my %value = map { $digits[$_] => $_ } 0 .. $#digits;
	my $code = '91360702' . join '', map { pick(@digits) } 1 .. 9;
	my ($sum, $weight) = (0, 1);
	for (split //, $code) {
		$sum += $value{$_} * $weight;
		$weight = $weight * 3 % 31;
	}
	return $code . $digits[(31 - $sum % 31) % 31];
}

# GB 11643-1999: born 1960 to 1999, check digit mod 11-2.
sub any_id_number {
	my $number = sprintf '360702%04d%02d%02d%03d', 1960 + int rand 40, 1 + int rand 12,
		1 + int rand 28, int rand 1000;
	my @weight = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2);
	my $sum = 0;
	$sum += substr($number, $_, 1) * $weight[$_] for 0 .. 16;
	return $number . substr '10X98765432', $sum % 11, 1;
}

sub any_mobile { return '1' . pick(3 .. 9) . sprintf '%09d', int rand 1e9 }

sub any_name {
	return pick(qw(赵 钱 孙 李 周 吴 郑 王 冯 陈 欧阳 司马))
		. join '', map { pick(split //, '建国志强秀英丽华明芳晓东海燕文博雨轩') } 1 .. 2;
}

sub any_company {
	return '赣州' . join('', map { pick(split //, '恒信达鑫源泰和顺安宏盛华康瑞丰') } 1 .. 4)
		. pick(qw(建筑工程 商贸 物业服务 信息技术)) . '有限公司';
}

sub company_data {
	return { name => any_company(), region_search => '章贡区', uscc => any_uscc() };
}

sub person_data {
	return { name => any_name(), id_number => any_id_number(), mobile => any_mobile() };
}

sub address_data {
	return {
		address           => 'new',
		address_recipient => any_name(),
		address_mobile    => any_mobile(),
		address_region_search => '章贡区',
		address_street    => '红旗大道' . (1 + int rand 99) . '号',
	};
}

sub order_data {
	my ($trip) = @_;
	return {
		invoice_title      => $trip->{company}{name},
		invoice_tax_number => $trip->{company}{uscc},
		invoice_email      => 'cai' . int(rand 1e6) . '@example.com',
	};
}

# A photograph by its name in t/samples/README, drawn on first use; all instances
# of a build share them. They have what a page of A4 is readable with and no more, so
# that walking costs little; a `phone` takes as many pixels as phones do.
sub sample {
	my ($name, $phone) = @_;
	my $folder = Yj::build_dir() . ($phone ? '/samples/phone' : '/samples');
	make_path($folder);
	open my $lock, '>', "$folder/.lock" or die "$folder/.lock: $!";
	flock $lock, LOCK_EX or die "flock: $!";
	local $ENV{YJ_BUILD} = Yj::build_dir();
	local @ENV{qw(YJ_SAMPLE_LONG YJ_SAMPLE_SHORT)} = $phone ? () : @PAGE{qw(long short)};
	system(Yj::top() . '/t/samples/make', $folder, $name) == 0 or die "t/samples/make failed\n";
	return -f "$folder/$name.jpg" ? "$folder/$name.jpg" : die "no sample $name\n";
}

# The pages of a printed document of this trip as PNG files; other arguments
# of apply/print may be changed: a test prints another application's.
sub print_pages {
	my ($browser, $trip, $document) = @_;
	require File::Temp;
	my $folder = File::Temp::tempdir(CLEANUP => 1);
	my $answer = $browser->clone->get(Yj::public("/apply/print?application=$trip->{application}"
		. "&document=$document"));
	die "apply/print: " . $answer->code . "\n" unless $answer->content_type eq 'application/pdf';
	open my $pdf, '>:raw', "$folder/$document.pdf" or die "$folder: $!";
	print {$pdf} $answer->content;
	close $pdf or die "$folder: $!";
	system('pdftoppm', '-r', '120', '-png', "$folder/$document.pdf", "$folder/page") == 0
		or die "pdftoppm: $?\n";
	return sort glob "$folder/page-*.png";
}

# A photograph of a printed page, signed and stamped; its path.
sub photograph {
	my ($png, %setting) = @_;
	my $out = $png =~ s/png$/jpg/r;
	%setting = (%PAGE, noise => 3, seed => 1 + int rand 1e6, orientation => 6,
		picture => $png, %setting);
	system(Yj::built('t/samples/samples'), 'printed', $out,
		map { my $one = "$_=$setting{$_}"; utf8::encode($one); $one } sort keys %setting) == 0
		or die "samples: $?\n";
	return $out;
}

# All pages of a document of this trip, photographed.
sub printed {
	my ($browser, $trip, $document) = @_;
	my %who = (company => $trip->{company}{name}, 'legal-rep' => $trip->{legal_rep}{name},
		agent => $trip->{agent} ? $trip->{agent}{name} : '');
	return map { photograph($_, map { $_ => $who{$_} // '' } keys %who) }
		print_pages($browser, $trip, $document);
}

# -- pages -----------------------------------------------------------------

sub open_page {
	my ($browser, $name, $application) = @_;
	my $base = $name =~ m{^apply/} ? Yj::public() : Yj::intranet();
	$browser->get("$base/$name" . ($application ? "?application=$application" : ''));
	return $browser;
}

# The form of the page the browser stands on, which posts to that page or to
# the one named.
sub page_form {
	my ($browser, $name) = @_;
	my $path = $name ? "/$name" : $browser->uri->path;
	my ($form) = grep { $_->method eq 'POST' && $_->action->path eq $path } $browser->forms;
	# or one that has a button which leads there; read anew, since it gets another action
	for my $other ($form ? () : HTML::Form->parse($browser->response)) {
		my ($to) = grep { $_->path eq $path } map { URI->new_abs($_->{formaction}, $browser->uri) }
			grep { $_->{formaction} } $other->inputs;
		$other->action($to), $form = $other, last if $to;
	}
	return $form || die 'no form to ' . $path . ' on ' . where($browser) . "\n";
}

sub where {
	my ($browser) = @_;
	return $browser->uri->path . ' (' . $browser->status . ') ' . join ' / ', errors_of($browser);
}

# The text of the error summary.
sub errors_of {
	my ($browser) = @_;
	my ($box) = ($browser->content // '') =~ m{<div class="yj-errors"(.*?)</div>}s or return;
	return map { s/<[^>]+>//gr } $box =~ m{<li>(.*?)</li>}gs;
}

sub set_input {
	my ($form, $name, $value) = @_;
	my $input = $form->find_input($name) or die "no control $name\n";
	if ($input->type eq 'file') {
		$input->file($value);
	} elsif ($input->type eq 'checkbox') {
		$value ? $input->check : $input->value(undef);
	} else {
		$input->value($value);
	}
}

# Sets the controls and presses the main button, or the one named
# [name, value]; gives the browser, standing on the answer.
sub submit_page {
	my ($browser, $fields, $button, $name) = @_;
	my $form = page_form($browser, $name);
	set_input($form, $_, $fields->{$_}) for sort keys %$fields;
	my $request;
	if ($button) {
		my ($input) = grep { ($_->name // '') eq $button->[0]
			&& (!defined $button->[1] || $_->value eq $button->[1]) } $form->inputs;
		die "no button $button->[0] on " . where($browser) . "\n" unless $input;
		$request = $input->click($form);
	} else {
		$request = $form->click;
	}
	$browser->request($request);
	return $browser;
}

# As submit_page, and the browser must come to that page.
sub step {
	my ($browser, $fields, $next) = @_;
	submit_page($browser, $fields);
	arrived($browser, $next);
}

sub arrived {
	my ($browser, @names) = @_;
	return if $browser->success && grep { $browser->uri->path eq "/$_" } @names;
	die "expected @names, came to " . where($browser) . "\n";
}

sub state_of {
	my ($trip) = @_;
	return Yj::db_value('SELECT state FROM application WHERE public_id = ?',
		$trip->{application});
}

# -- the applicant's steps --------------------------------------------------

# From /apply/start to the agreement of a new application.
sub begin_application {
	my ($browser, $project) = @_;
	$project //= Yj::plain_project();
	$browser->get(Yj::public("/apply/start?project=$project"));
	step($browser, {}, 'apply/agreement');
	my %query = $browser->uri->query_form;
	return { application => $query{application}, browser => $browser };
}

sub agree {
	my ($browser, $trip) = @_;
	open_page($browser, 'apply/agreement', $trip->{application});
	step($browser, { consent_identity => 1, consent_third_party => 1 }, 'apply/company');
}

sub fill_company {
	my ($browser, $trip) = @_;
	$trip->{company} ||= company_data();
	open_page($browser, 'apply/company', $trip->{application});
	step($browser, { %{ $trip->{company} }, licence => sample('licence') }, 'apply/legal-rep');
}

sub fill_legal_rep {
	my ($browser, $trip) = @_;
	$trip->{legal_rep} ||= person_data();
	open_page($browser, 'apply/legal-rep', $trip->{application});
	step($browser, { %{ $trip->{legal_rep} }, id_front => sample('id-front'),
		id_back => sample('id-back') }, 'apply/agent');
}

# The forms of several pages go up one by one, as a browser without script
# must; the rest with the form itself.
sub fill_agent {
	my ($browser, $trip) = @_;
	$trip->{agent} ||= { %{ person_data() }, landline => '0797-8' . sprintf('%06d', rand 1e6) };
	$trip->{address} ||= address_data();
	open_page($browser, 'apply/agent', $trip->{application});
	# what is typed is saved first, so that it stands on the form
	submit_page($browser, { %{ $trip->{agent} }, %{ $trip->{address} } }, [ upload => 'application_form' ]);
	arrived($browser, 'apply/agent');
	my @agreement = printed($browser, $trip, 'user-agreement');
	for my $page (@agreement[ 1 .. $#agreement ]) {
		submit_page($browser, { user_agreement => $page }, [ upload => 'user_agreement' ]);
		arrived($browser, 'apply/agent');
	}
	step($browser, { id_front => sample('agent-id-front'),
		id_back => sample('agent-id-back'), application_form => (printed($browser, $trip, 'application-form'))[0],
		user_agreement => $agreement[0] }, 'apply/order');
}

sub fill_order {
	my ($browser, $trip) = @_;
	open_page($browser, 'apply/order', $trip->{application});
	my $form = page_form($browser);
	my ($package) = grep { length } map { $_->possible_values } $form->find_input('package');
	my ($address) = grep { defined && /^\d+$/ } map { $_->possible_values } $form->find_input('address');
	my ($method) = grep { length } map { $_->possible_values } $form->find_input('identity_method');
	$trip->{order} ||= order_data($trip);
	step($browser, { %{ $trip->{order} }, package => $package, courier => 'sf',
		identity_method => $method, $address ? (address => $address) : %{ address_data() } },
		'apply/confirm');
}

sub confirm_order {
	my ($browser, $trip) = @_;
	open_page($browser, 'apply/confirm', $trip->{application});
	step($browser, {}, 'apply/status');
}

# Each brings a fresh application to the page of its name.
sub to_company {
	my ($browser, $project) = @_;
	my $trip = begin_application($browser, $project);
	agree($browser, $trip);
	return $trip;
}

sub to_legal_rep {
	my ($browser, $project) = @_;
	my $trip = to_company($browser, $project);
	fill_company($browser, $trip);
	return $trip;
}

sub to_agent {
	my ($browser, $project) = @_;
	my $trip = to_legal_rep($browser, $project);
	fill_legal_rep($browser, $trip);
	return $trip;
}

sub to_order {
	my ($browser, $project) = @_;
	my $trip = to_agent($browser, $project);
	fill_agent($browser, $trip);
	return $trip;
}

sub to_confirm {
	my ($browser, $project) = @_;
	my $trip = to_order($browser, $project);
	fill_order($browser, $trip);
	return $trip;
}

sub to_review {
	my ($browser, $project) = @_;
	my $trip = to_confirm($browser, $project);
	confirm_order($browser, $trip);
	my $state = state_of($trip);
	die "application is $state, not awaiting_review\n" unless $state eq 'awaiting_review';
	return $trip;
}

# In awaiting_correction: one form again, with only these fields.
sub mend {
	my ($browser, $trip, $form, %fields) = @_;
	open_page($browser, "apply/$form", $trip->{application});
	step($browser, \%fields, 'apply/status');
}

sub resubmit {
	my ($browser, $trip) = @_;
	open_page($browser, 'apply/status', $trip->{application});
	submit_page($browser, {}, undef, 'apply/resubmit');
	arrived($browser, 'apply/status');
}

# -- the clerk ------------------------------------------------------------------

# Back to the applicant, with the first reason on offer and a note pinned to
# one place, 'company.licence': of a scan field, to its first scan.
sub refuse {
	my ($clerk, $trip, $place, $note) = @_;
	open_page($clerk, 'clerk/case', $trip->{application});
	my ($name, $options) = $clerk->content
		=~ m{<select[^>]* name="reason\.(\Q$place\E(?:\.[0-9a-z]+)?)"[^>]*>(.*?)</select>}s
		or die "no reason can be pinned to $place on " . where($clerk) . "\n";
	my ($code) = $options =~ /value="(\w[^"]*)"/ or die "no reason on offer for $place\n";
	my $form = page_form($clerk, 'clerk/refuse');
	# these controls stand beside their fields, outside of the form
	my %value = ("reason.$name" => $code, "note.$name" => $note // '');
	for my $control (sort keys %value) {
		my $input = $form->find_input($control)
			|| $form->push_input('text', { name => $control }) || $form->find_input($control);
		$input->value($value{$control});
	}
	$clerk->request($form->click);
	arrived($clerk, 'clerk/queue');
	return $code;
}

sub approve {
	my ($clerk, $trip) = @_;
	open_page($clerk, 'clerk/case', $trip->{application});
	submit_page($clerk, {}, undef, 'clerk/approve');
	arrived($clerk, 'clerk/queue');
}

1;
