package Yj::Print;

# Print.pm: what a PDF says, by tools that are not ours.
#
#     my $pdf = print_file($bytes);     # a file that goes away with the test
#     pdf_text($pdf); pdf_pages($pdf);  # words; PNG files, one a page
#     codes($png);                      # what its QR codes say

use strict;
use warnings;
use utf8;
use Exporter 'import';
use File::Temp qw(tempdir);
use Yj ();

our @EXPORT = qw(need_print_tools print_file pdf_text pdf_info pdf_fonts pdf_pages codes);

my $dir = tempdir(CLEANUP => 1);
my $count = 0;

sub need_print_tools {
	for my $tool (qw(pdftotext pdftoppm pdffonts pdfinfo zbarimg)) {
		grep { -x "$_/$tool" } split /:/, $ENV{PATH} or Test::More::plan(skip_all => "no $tool");
	}
	return;
}

sub print_file {
	my ($bytes) = @_;
	my $path = sprintf '%s/%d.pdf', $dir, ++$count;
	open my $file, '>:raw', $path or die "$path: $!";
	print {$file} $bytes;
	close $file or die "$path: $!";
	return $path;
}

sub said {
	my ($command) = @_;
	my $said = `$command`;
	$? == 0 or die "$command: $?\n";
	utf8::decode($said) unless utf8::is_utf8($said);
	return $said;
}

sub pdf_text { return said("pdftotext -layout $_[0] -") }

sub pdf_info {
	return map { /^([^:]+):\s*(.*)/ ? ($1 => $2) : () } split /\n/, said("pdfinfo $_[0]");
}

# How many of its fonts are embedded: 'yes' or 'no'.
sub pdf_fonts {
	my ($pdf, $embedded) = @_;
	my (undef, undef, @font) = split /\n/, said("pdffonts $pdf");
	return scalar grep { (split)[-5] eq $embedded } @font;
}

sub pdf_pages {
	my ($pdf) = @_;
	said("pdftoppm -r 110 -png $pdf $pdf-page");
	return sort glob "$pdf-page*.png";
}

sub codes {
	my ($png) = @_;
	return split /\n/, `zbarimg -q --raw -Sdisable -Sqrcode.enable $png 2>/dev/null`;
}

1;
