package Yj::Content;

# Content.pm: what a page says, as tests.
#
#     contains($browser, '办理进度', $name);   # one test a word
#     lacks($browser, $secret);

use strict;
use warnings;
use utf8;
use Exporter 'import';
use Test::More ();

our @EXPORT = qw(contains lacks matches);

sub contains {
	my ($browser, @words) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	for my $word (@words) {
		my $path = $browser->uri->path;
		Test::More::ok(index($browser->content, $word) >= 0, "$path says: $word")
			or Test::More::diag($browser->status . "\n" . text_of($browser));
	}
}

sub lacks {
	my ($browser, @words) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	for my $word (@words) {
		my $path = $browser->uri->path;
		Test::More::ok(index($browser->content, $word) < 0, "$path does not say: $word");
	}
}

sub matches {
	my ($browser, $pattern, $name) = @_;
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	Test::More::like($browser->content, $pattern, $name);
}

# The page without its markup, for the reader of a failed test.
sub text_of {
	my ($browser) = @_;
	my ($main) = $browser->content =~ m{<main.*?>(.*)</main>}s;
	return ($main // '') =~ s/<[^>]+>/ /gr =~ s/\s+/ /gr;
}

1;
