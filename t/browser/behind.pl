# behind.pl: runs the Perl that a browser test hands over (behind.mjs): a length
# and the script on one pipe, then a status, a length and what it printed on the
# other. Each script has a process of its own, a copy of this one, in which the
# walk's modules are loaded already.
use Yj;
use Yj::Journey;
use Yj::Identity;
use Yj::Seed;
use Yj::Staff;

my ($requests, $answers) = @ARGV;
open my $in, '<:raw', $requests or die "$requests: $!";
open my $out, '>:raw', $answers or die "$answers: $!";
$out->autoflush;

sub answer {
	my ($script) = @_;
	my $pid = open(my $child, '-|') // die "fork: $!";
	if (!$pid) {
		binmode STDOUT, ':encoding(UTF-8)';
		eval "$script; 1" or do { print STDERR $@; exit 1 };
		exit 0;
	}
	binmode $child, ':raw';
	my $said = join '', <$child>;
	close $child;
	printf {$out} "%d %d\n", $?, length $said;
	print {$out} $said;
	return;
}

while (defined(my $length = <$in>)) {
	my $script;
	read $in, $script, $length;
	utf8::decode($script);
	answer($script);
}
