package Yj::Mailbox;

# Mailbox.pm: what arrived in the demo's mailbox, asked of its HTTP interface.
#
#     my ($mail) = mails_to('wang@example.com');      # oldest first
#     my ($pdf) = attachments($mail);                 # { name, type, bytes }

use strict;
use warnings;
use utf8;
use Exporter 'import';
use JSON ();
use Yj ();

our @EXPORT = qw(mails_to mail_source attachments any_email);

my $agent;

sub fetch {
	my ($path) = @_;
	$agent ||= Yj::new_browser();
	$agent->get(Yj::env('YJ_MAIL_URL') . $path);
	$agent->success or die "mailbox: $path: " . $agent->status . "\n";
	return $agent->res->decoded_content(charset => 'none');
}

my $count = 0;

sub any_email { return sprintf 'yj%d-%d-%d@example.com', time, $$, ++$count }

sub mails_to {
	my ($address) = @_;
	return sort { $a->{time} cmp $b->{time} }
		grep { grep { $_->{address} eq $address } @{ $_->{to} } }
		@{ JSON::decode_json(fetch('/email')) };
}

# As it came over the wire.
sub mail_source { return fetch("/email/$_[0]{id}/source") }

sub attachments {
	my ($mail) = @_;
	return map { {
		name => $_->{fileName}, type => $_->{contentType},
		bytes => fetch("/email/$mail->{id}/attachment/$_->{generatedFileName}"),
	} } @{ $mail->{attachments} || [] };
}

1;
