#!/usr/bin/perl
# htdocs/vendor/weui.css is what weui.sh makes from the npm package, and the
# lock file names the version that the licence file belongs to.
use Yj;
use File::Temp qw(tempdir);
use JSON::PP;

my $folder = tempdir(CLEANUP => 1);
my $modules = top() . '/node_modules';

is system(top() . '/htdocs/weui.sh', $modules, "$folder/weui.css"), 0, 'weui.sh runs';
ok slurp("$folder/weui.css") eq slurp(top() . '/htdocs/vendor/weui.css'),
	'vendor/weui.css is what weui.sh makes';
ok slurp("$modules/weui/LICENSE.txt") eq slurp(top() . '/htdocs/vendor/weui-LICENSE.txt'),
	'its licence stands beside it';

my $lock = decode_json slurp(top() . '/package-lock.json');
my $packages = decode_json(slurp(top() . '/package.json'))->{devDependencies};
for my $name (sort keys %$packages) {
	is $lock->{packages}{"node_modules/$name"}{version}, $packages->{$name},
		"$name is locked at the version asked for";
}
is_deeply [grep { $lock->{packages}{$_}{resolved} } sort keys %{ $lock->{packages} }], [],
	'the lock file names no download address';
like slurp(top() . '/htdocs/vendor/weui.css'),
	qr/WeUI v\Q$lock->{packages}{'node_modules\/weui'}{version}\E /, 'the version in the file is the locked one';

done_testing();
