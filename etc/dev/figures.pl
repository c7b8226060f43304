#!/usr/bin/perl
# figures.pl [FOLDER]: the figures of the house, one a line: name, value. FOLDER is
# a tree of this shape; without one, this tree.
#
# A function is what ends in a line "{" and the next line "}": .clang-format puts
# both at the left margin for functions and for nothing else (t/house/lint.t), and
# t/house/figures.t has clang count them too. Its length is the number of lines from
# its head, comments apart, to the closing brace. A comment line has nothing but
# comment on it. Lines are lines, empty ones too.
use strict;
use warnings;
use File::Basename qw(dirname);

my $top = $ARGV[0] // dirname(__FILE__) . '/../..';
chdir $top or die "$top: $!\n";
my @files = -e '.git'
	? split /\0/, `git ls-files -z -co --exclude-standard`
	: map { s{^\./}{}r } split /\0/, `find . -type f -print0`;
@files = sort grep { -f } @files;

sub slurp {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	local $/;
	return <$in> // '';
}

sub percentile {
	my ($part, @numbers) = @_;
	@numbers = sort { $a <=> $b } @numbers or return 0;
	return $numbers[int($part * $#numbers + 0.5)];
}

# The lines on which nothing but comment stands.
sub comment_lines {
	my ($text) = @_;
	my ($count, $inside) = (0, 0);
	for my $line (split /\n/, $text) {
		my ($comment, $code) = ($inside, 0);
		while ($line =~ m{\G(?:(\s+)|(/\*)|(\*/)|(//.*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(.))}g) {
			if ($inside) {
				$inside = 0 if defined $3;
				# a quote in a comment begins nothing
				pos($line) = $-[5] + 1 if defined $5;
				next;
			}
			$inside = $comment = 1, next if defined $2;
			$comment = 1, next if defined $4;
			$code = 1 if defined $3 || defined $5 || defined $6;
		}
		$count++ if $comment && !$code;
	}
	return $count;
}

sub functions {
	my ($text) = @_;
	my (@lengths, $head, $inside);
	my ($n, $before) = (0, '');
	for my $line (split /\n/, $text) {
		$n++;
		# a head begins at the margin, behind what has ended
		$head = $n if !$inside && $line =~ /^[A-Za-z_]/ && $before !~ /[,(]$|^[\w ]*[\w*)]$/;
		$inside = 1 if $line eq '{';
		push(@lengths, $n - $head + 1), $inside = 0 if $line eq '}' && $inside;
		$before = $line;
	}
	return @lengths;
}

# The calls of lib/db that send a statement, and those that read by position.
my $STATEMENT = qr/\bdb_(?:exec|select|try|one|number|exists|call)\s*\(/;
my $POSITION = qr/\bdb_(?:int_at|text_at|bytes_at|is_null)\s*\(/;

my (%lines, %comments, @functions, @c_files, %statements);
my ($positions, $code, $tests) = (0, 0, 0);
for my $file (@files) {
	if ($file =~ m{^t/} && $file =~ /\.(?:t|pm|pl|c|h|mjs|sh)$/) {
		$tests += slurp($file) =~ tr/\n//;
		next;
	}
	next unless $file =~ m{^(lib|cgi-bin|cron|bin|sim|schema|etc|forms|messages)/.*\.([ch])$};
	my ($room, $kind, $text) = ($1, $2, slurp($file));
	my $lines = $text =~ tr/\n//;
	$code += $lines;
	$lines{$kind} += $lines;
	$comments{$kind} += comment_lines($text);
	next if $kind eq 'h';
	push @c_files, $lines;
	push @functions, functions($text);
	next if $file =~ m{^lib/db/};
	$positions += () = $text =~ /$POSITION/g;
	$statements{$room} += () = $text =~ /$STATEMENT/g;
}

my %out = map { $_ => 1 } qw(cgi-bin cron bin);
my ($all, $abroad) = (0, 0);
for (keys %statements) {
	$all += $statements{$_};
	$abroad += $statements{$_} if $out{$_};
}

sub share { return $_[1] ? sprintf '%.1f %%', 100 * $_[0] / $_[1] : '0.0 %' }

my @figures = (
	['C files' => scalar @c_files],
	['lines of C and headers' => $code],
	['functions' => scalar @functions],
	['function, median' => percentile(0.5, @functions)],
	['function, nine in ten' => percentile(0.9, @functions)],
	['function, longest' => percentile(1, @functions)],
	['C file, median' => percentile(0.5, @c_files)],
	['C file, longest' => percentile(1, @c_files)],
	['comment lines in .c' => share($comments{c} // 0, $lines{c})],
	['comment lines in .h' => share($comments{h} // 0, $lines{h})],
	['test lines per code line' => $code ? sprintf('%.2f', $tests / $code) : 0],
	['reads of a row by position' => $positions],
	['statements to the database' => $all],
	['those of them in programs' => $abroad],
);
binmode STDOUT, ':raw';
printf "%-36s %10s\n", @$_ for @figures;
