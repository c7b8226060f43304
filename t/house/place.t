# ./dev up in a place where it cannot work says so, at once and in words.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);

my $place = tempdir(CLEANUP => 1);
chmod 0755, $place;
delete @ENV{ 'CI', grep { /^YJ_/ } keys %ENV };

# up ENVIRONMENT FOLDER [WORDS]: its status and what it said, with WORDS only until it
# has said them.
sub up {
	my ($environment, $folder, $words) = @_;
	local @ENV{ keys %{$environment} } = values %{$environment};
	my $until = $words ? "| sed '/$words/q'" : '';
	my $said = `cd '$folder' && ./dev up 2>&1 </dev/null $until`;
	return ($?, $said);
}

# A build folder of something else stands for one that cannot be built.
sub build_folder {
	my ($name, %file) = @_;
	mkdir "$place/$name" or die $!;
	for (keys %file) {
		open my $out, '>', "$place/$name/$_" or die $!;
		print {$out} $file{$_};
		close $out;
	}
	return { YJ_VAR => "$place/var-$name", YJ_BUILD => "$place/$name", PORT => 20000 + 4 * int rand 5000 };
}

my ($status, $said) = up(build_folder('broken', Makefile => "all: nowhere\n"), top());
isnt $status, 0, 'a build without rules fails';
like $said, qr/No rule to make target 'nowhere'/, 'with the last lines of make';
like $said, qr{^dev: make failed, see $place/var-broken/build\.log$}m, 'in words';

my $moved = build_folder('moved', Makefile => "PACKAGE = yuanjian\nabs_top_srcdir = /elsewhere\n", 'config.status' => '');
($status, $said) = up($moved, top(), 'building anew');
like $said, qr/the tree was moved: building anew in \Q$place\E\/moved/, 'a build of another place is done anew';
ok !-e "$place/moved/Makefile" || slurp("$place/moved/Makefile") !~ m{/elsewhere}, 'nothing of the old one is used';

SKIP: {
	skip 'an ordinary user is the runner', 3 if $>;
	mkdir "$place/closed", 0700 or die $!;
	system('cp', '-r', top() . '/dev', top() . '/etc', "$place/closed") == 0 or die 'cp';
	($status, $said) = up({}, "$place/closed");
	isnt $status, 0, 'a tree that servers cannot enter is refused';
	like $said, qr{cannot read \Q$place\E/closed.*Move the tree}s, 'with a way out';
	unlike $said, qr/^ *\d+s /m, 'before anything is done';
}
done_testing;
