package Yj::Fields;

# Fields.pm: what a form page says at its fields, and posts that no browser
# would make.

use strict;
use warnings;
use utf8;
use Encode ();
use Exporter 'import';
use HTTP::Request ();
use Yj ();

our @EXPORT = qw(error_at hint_at value_of post_bytes thumbs summary_leads);

sub text {
	my ($html) = @_;
	$html =~ s/<[^>]+>//g;
	my %char = (lt => '<', gt => '>', quot => '"', amp => '&');
	$html =~ s/&(\w+);/$char{$1} \/\/ "&$1;"/ge;
	return $html;
}

# The message at a control, '' if none.
sub error_at {
	my ($browser, $control) = @_;
	my ($html) = $browser->content =~ m{<p[^>]* id="\Q$control\E-error"[^>]*>(.*?)</p>}s;
	return text($html // '');
}

sub hint_at {
	my ($browser, $control) = @_;
	my ($html) = $browser->content =~ m{<p[^>]* id="\Q$control\E-hint"[^>]*>(.*?)</p>}s;
	return text($html // '');
}

# The value of a control of the page's form.
sub value_of {
	my ($browser, $control) = @_;
	for my $form ($browser->forms) {
		my $input = $form->find_input($control) or next;
		return $input->value;
	}
	return;
}

# How many pictures a scan field shows.
sub thumbs {
	my ($browser, $field) = @_;
	my ($html) = $browser->content =~ m{<fieldset[^>]* id="field-\Q$field\E".*?</fieldset>}s;
	return () = ($& // '') =~ /<img /g;
}

# Whether every link of the error summary leads to a control of the page.
sub summary_leads {
	my ($browser) = @_;
	my $html = $browser->content;
	my ($box) = $html =~ m{<div class="yj-errors"(.*?)</div>}s or return 0;
	my @to = $box =~ /href="#([^"]+)"/g;
	return @to && !grep { $html !~ /<(?:input|select|div)[^>]* id="\Q$_\E"/ } @to;
}

# Posts the page's form with these values as bytes, whatever the controls
# would allow; the other controls as they stand.
sub post_bytes {
	my ($browser, %typed) = @_;
	my ($form) = grep { $_->method eq 'POST' && $_->action->path eq $browser->uri->path }
		$browser->forms;
	my %send;
	for my $input ($form->inputs) {
		my $name = $input->name // next;
		next if $input->type =~ /^(?:submit|file|button)$/;
		my $value = $input->value;
		$send{$name} = Encode::encode('UTF-8', $value) if defined $value;
	}
	%send = (%send, %typed);
	delete @send{ grep { !defined $send{$_} } keys %send };
	my $body = join '&', map { escape($_) . '=' . escape($send{$_}) } sort keys %send;
	my $request = HTTP::Request->new(POST => $form->action,
		[ 'Content-Type' => 'application/x-www-form-urlencoded' ], $body);
	$request->header(Referer => $browser->uri);
	$request->header(Origin => Yj::public());
	$browser->request($request);
	return $browser;
}

sub escape {
	my ($bytes) = @_;
	$bytes =~ s/([^A-Za-z0-9_.-])/sprintf '%%%02X', ord $1/ge;
	return $bytes;
}

1;
