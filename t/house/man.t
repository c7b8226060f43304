# The manual pages: mandoc has nothing to complain of, every installed program has
# one, and every command, option, variable, key of the config and element of a
# grammar stands in it, and no other.
use lib 't/lib';
use Yj;
use File::Copy qw(copy);
use File::Temp qw(tempdir);

chdir top();
my @pages = sort map { glob } 'docs/man/*.[0-9]';
cmp_ok scalar @pages, '>=', 11, 'there are pages';
my %text = map { my $t = slurp($_); utf8::decode($t); m{([^/]+)$}; $1 => $t } @pages;

my @listed = slurp('docs/local.mk') =~ m{\b(docs/man/\S+\.\d)\b}g;
is join(' ', sort @listed), "@pages", 'docs/local.mk installs each of them';

# mandoc looks for pages that others refer to beside them too.
my $folder = tempdir(CLEANUP => 1);
sub lint { return scalar `cd '$_[0]' && mandoc -Tlint *.[0-9] 2>&1` . $? }
is lint('docs/man'), '0', 'mandoc -Tlint says nothing';
copy($_, $folder) or die $! for @pages;
for (["$folder/yuanjian-config.1", qr/^\.Xr yuanjian\.conf 5/m, '.Xr no-such-page 5', qr/no-such-page/],
	["$folder/yuanjian-cron.8", qr/^\.El$/m, '.Xx', qr/unknown macro/])
{
	my ($file, $good, $bad, $said) = @$_;
	my $broken = slurp($file) =~ s/$good/$bad/r;
	open my $out, '>:raw', $file or die $!;
	print {$out} $broken;
	close $out or die $!;
	like lint($folder), $said, '… but of a page that is broken';
}

# The items of the lists of a page by their macro: 'Cm' gives commands.
sub items {
	my ($page, $macro) = @_;
	return map { /^\.It $macro (\S+)/ ? $1 : () } split /\n/, $text{$page};
}

# -- programs -----------------------------------------------------------------

# installed(variable): what the makefiles add to it.
my $makefiles = join "\n", map { slurp($_) =~ s/\\\n//gr } split /\n/, `find lib bin cron schema etc -name local.mk`;
sub installed {
	my ($variable) = @_;
	return sort map { split ' ' } $makefiles =~ /^\Q$variable\E \+?= (.*)$/mg;
}
my (%page_of, %seen);
for my $page (sort keys %text) {
	my ($head) = $text{$page} =~ /^\.Sh NAME\n(.*?)^\.Nd \S/ms or fail("$page says what it is about");
	push @{ $page_of{$_} }, $page for $head =~ /^\.Nm (\S+)/mg;
}
my @tools = installed('bin_PROGRAMS');
my @others = (installed('cron_PROGRAMS'), grep { !/\.so$/ } installed('pkglibexec_PROGRAMS'));
cmp_ok scalar @tools, '>=', 6, 'tools are installed';
cmp_ok scalar @others, '>=', 11, 'and jobs and decoders';
is join(' ', grep { m{([^/]+)$}; !$page_of{$1} } @tools, @others), '', 'each has a page';
my %program = map { m{([^/]+)$}; $1 => $_ } @tools, @others;
is join(' ', grep { my $name = $_; !$program{$name} && grep { /\.[18]$/ } @{ $page_of{$name} } } sort keys %page_of),
	'', 'no page is of a program that there is not';

# -- commands and options, as the tool itself tells them ----------------------

for my $tool (@tools) {
	my ($name) = $tool =~ m{([^/]+)$};
	my ($page) = grep { /\.[18]$/ } @{ $page_of{$name} };
	my $usage = `@{[built($tool)]} 2>&1 </dev/null`;
	is $? >> 8, 2, "$name without arguments tells its usage";
	my %says;
	for my $line (split /\n/, $usage) {
		my ($form) = $line =~ /^(?:usage:| {6}) \Q$name\E (.*)/ ? $1 : $line =~ /^  (?! )(.*)/ ? $1 : next;
		$form =~ s/ {2,}.*|,.*//;
		$says{$_} = 1 for map { split ' ', s/[^\w-]/ /gr } grep { /^(?:--)?[a-z]/ } split ' ', $form;
	}
	cmp_ok scalar(keys %says), '>=', 2, "$name has commands";
	my %documented = map { $_ => 1 } items($page, 'Cm'), map { "-$_" } items($page, 'Fl');
	$documented{$_} = 1 for map { split ' ', s/[|,.]//gr } $text{$page} =~ /^\.Cm (.*)$/mg;
	is join(' ', grep { !$documented{$_} } sort keys %says), '', "$page has all of them";
	my ($list) = $text{$page} =~ /^The (?:commands|options) are:\n(.*?)^\.El/ms;
	like $list, qr/^\.It/m, "$page lists them";
	is join(' ', grep { !$says{$_} && $_ ne '--help' } map { s/^Fl -/--/r =~ s/^Cm //r } $list =~ /^\.It (Fl \S+|Cm \S+)/mg),
		'', 'and no other';
	my $help = `@{[built($tool)]} --help 2>&1 </dev/null`;
	is $? == 0 ? 1 : 0, $text{$page} =~ /^\.It Fl -help$/m ? 1 : 0, "$page is right about --help";
}

# -- the environment ----------------------------------------------------------

for my $tool (@tools) {
	my ($name) = $tool =~ m{([^/]+)$};
	my ($page) = grep { /\.[18]$/ } @{ $page_of{$name} };
	my $variable = $tool =~ s/\W/_/gr;
	my ($sources) = $makefiles =~ /^${variable}_SOURCES = (.*)$/m;
	my $code = join '', map { slurp($_) } split ' ', $sources // "$tool.c";
	my %reads = map { $_ => 1 } $code =~ /getenv\("(\w+)"\)/g, $code =~ /config_open\(/ ? 'YJ_CONFIG' : ();
	is join(' ', sort { $a cmp $b } items($page, 'Ev')), join(' ', sort keys %reads),
		"$page: the variables that $name reads";
}

# -- keys of the config -------------------------------------------------------

my $table = slurp('lib/base/config-keys.c');
utf8::decode($table);
my $page = $text{'yuanjian.conf.5'};
my @rows = $table =~ /^\t\{ ("\w+", CONFIG_.*?) \},$/msg;
cmp_ok scalar @rows, '>', 50, 'the config has keys';
my ($settings, $secrets) = $page =~ /^\.Sh SETTINGS\n(.*)^\.Sh SECRETS\n(.*?)^\.Sh KEY RING/ms;
my %item = map { /^(\S+)\n(.*)/s ? ($1 => $2) : () } split /^\.It Va /m, $settings;
my %secret_item = map { /^(\S+)\n(.*)/s ? ($1 => $2) : () } split /^\.It Va /m, $secrets;
for my $row (@rows) {
	my ($key, $type, $fallback) = $row =~ /^"(\w+)", (CONFIG_\w+)(?:, ((?:[A-Z]+ )?"[^"]*"))?/;
	$seen{$key} = 1;
	if ($row =~ /\.secret = true/) {
		ok defined $secret_item{$key}, "$key stands among the secrets";
		next;
	}
	my $words = $item{$key};
	ok defined $words, "$key stands among the settings" or next;
	my ($default) = ($fallback // '') =~ /"(.*)"$/;
	like $words, qr/The default is\s.*\Q$default\E/s, "$key: its default" if length($default // '');
	unlike $words, qr/The default is/, "$key has no default" if !length($default // '');
	is $words =~ /^Required\.$/m ? 1 : 0, $row =~ /\.required = true/ ? 1 : 0, "$key: whether it is required";
	like $words, qr/\b$_\b/, "$key: its bounds" for $row =~ /\.(?:min|max) = (\d+)/g;
	my %kind = (CONFIG_PATH => qr/\b(?:Path|Folder)\b/, CONFIG_URL => qr/\bAddress\b/, CONFIG_FLAG => qr/^Flag:/m);
	like $words, $kind{$type}, "$key: its type" if $kind{$type};
}
is join(' ', grep { !$seen{$_} } sort keys %item, sort keys %secret_item), '', 'there are no other keys';
my %purpose = map { $_ => 1 } slurp('lib/vault/vault.c') =~ /"(seal|index|face)"/g;
is join(' ', sort((split /^\.Sh KEY RING/m, $page)[1] =~ /^\.It Cm (\w+)$/mg)), join(' ', sort keys %purpose),
	'the purposes of the key ring';

# -- grammars -----------------------------------------------------------------

sub names { my %once = map { $_ => 1 } @_; return join ' ', sort keys %once }

my $forms = slurp('forms/forms.rng');
my ($types, $attributes) = $text{'yuanjian-form.5'} =~ /^\.Ss Types of fields\n(.*)^\.Ss Attributes of fields\n(.*)^\.Sh FILES/ms;
is names($types =~ /^\.It Cm (\S+)$/mg),
	names(grep { !/^(?:form|option)$/ } $forms =~ /<element name="([\w-]+)"/g, $forms =~ /<name>([\w-]+)</g),
	'the types of fields';
my ($root) = $forms =~ m{<element name="form">(.*?)<oneOrMore>}s;
is names(($text{'yuanjian-form.5'} =~ /root element(.*?)^\.El/ms)[0] =~ /^\.It Cm (\S+)$/mg),
	names($root =~ /<attribute name="([\w-]+)"/g), 'the attributes of a form';
my ($rest) = $forms =~ m{</start>(.*)}s;
is names($attributes =~ /^\.It Cm (\S+)$/mg, 'value'), names($rest =~ /<attribute name="([\w-]+)"/g),
	'the attributes of fields';
like $attributes, qr/^\.Cm $_\b/m, "and $_ of an option" for qw(value label hint);
my $project = slurp('schema/projects/project.rng');
my ($elements) = $project =~ m{<start>(.*)</start>}s;
is names($text{'yuanjian-project.5'} =~ /^\.It Cm (\S+)$/mg),
	names(grep { $_ ne 'project' } $elements =~ /<element name="([\w-]+)"/g, $elements =~ /<ref name="(package|agreement)"/g),
	'the elements of a project';
ok scalar($text{'yuanjian-project.5'} =~ /^\.(?:It )?Cm \Q$_\E\b/m), "and $_"
	for $project =~ /<(?:attribute|element) name="([\w-]+)"/g;
done_testing;
