# Every effect of the flow has a message to the applicant, or is listed as internal;
# the grammar refuses XML that would break a message.
use lib 't/lib';
use Yj;
use File::Basename qw(basename);
use File::Temp qw(tempdir);

chdir top();
my %file = map { my $kind = basename($_, '.xml') =~ tr/-/_/r; $kind => $_ } glob 'messages/*.xml';

# Staff are told, or a job does it; the applicant hears of what came of it.
my %not_told = map { $_ => 1 } qw(escalated refund);
my %effect = map { $_ => 1 } map { /^\(\d.*'(\w+)'\)[,;]/ ? $1 : () }
	split /\n/, slurp('schema/flow.sql') =~ s/.*(?=^INSERT INTO flow_transition)//msr;
delete $effect{''};
cmp_ok scalar keys %effect, '>=', 15, 'the flow has effects';
is join(' ', grep { !$file{$_} && !$not_told{$_} } sort keys %effect), '', 'each has its message';
my %promised = map { $_ => 1 } slurp('schema/grants.sql') =~ /\('yj_\w+',\s+'(\w+)'\)/g;
is join(' ', grep { !$effect{$_} && !$promised{$_} } sort keys %file), '', 'each message is caused by something';

# In the lists that name them.
for my $list ('messages/messages.h', 'lib/message/all.c') {
	my @named = slurp($list) =~ /message_(\w+)[;,]/g;
	is join(' ', sort @named), join(' ', sort keys %file), $list;
}
my $made = slurp('messages/local.mk');
my @built = map { tr/-/_/r } $made =~ m{messages/([\w-]+)\.c\b}g;
is join(' ', sort @built), join(' ', sort keys %file), 'messages/local.mk';

# The grammar.
my $folder = tempdir(CLEANUP => 1);
sub passes {
	my ($xml) = @_;
	utf8::encode($xml);
	open my $out, '>:raw', "$folder/x.xml" or die $!;
	print {$out} $xml;
	close $out;
	return system("xmllint --nonet --noout --relaxng messages/messages.rng $folder/x.xml 2>/dev/null") == 0;
}
for my $kind (sort keys %file) {
	my $xml = slurp($file{$kind});
	utf8::decode($xml);
	ok passes($xml), "$kind keeps to the grammar";
	is +($xml =~ /kind="(\w+)"/)[0], $kind, 'and bears its name';
}
my $good = slurp('messages/refused.xml');
utf8::decode($good);
my %broken = (
	'a status of six characters' => $good =~ s/status="[^"]*"/status="一二三四五六"/r,
	'a note of 21 characters'    => $good =~ s/note="[^"]*"/'note="' . '长' x 21 . '"'/er,
	'no action'                  => $good =~ s/<action>.*<\/action>//r,
	'no subject'                 => $good =~ s/<subject>.*<\/subject>//r,
	'an open brace'              => $good =~ s/\{company\}/{company/r,
	'a brace around nothing'     => $good =~ s/\{company\}/{}/r,
	'a quote'                    => $good =~ s/<p>/<p>"/r,
	'a backslash'                => $good =~ s/<p>/<p>\\/r,
	'two lines'                  => $good =~ s/<p>/<p>\n/r,
	'markup in a paragraph'      => $good =~ s/<p>/<p><b>x<\/b>/r,
	'no word on what it asks'    => $good =~ s/ asks="\w+"//r,
	'another word on it'         => $good =~ s/ asks="\w+"/ asks="perhaps"/r,
	'an unknown scope'           => $good =~ s/about="\w+"/about="person"/r,
);
for my $what (sort keys %broken) {
	isnt $broken{$what}, $good, "$what: it is there";
	ok !passes($broken{$what}), "$what is refused";
}

# Nothing in a message can name a person or a number.
for my $kind (sort keys %file) {
	unlike slurp($file{$kind}), qr/\{(?!project|company|time|deadline|tracking|help_phone)/,
		"$kind uses nothing personal";
}
done_testing;
