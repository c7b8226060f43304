# autoreconf, configure and make check say in words which package a machine lacks.
use lib 't/lib';
use Yj;
use File::Temp qw(tempdir);

my $place = tempdir(CLEANUP => 1);
my $cache = build_dir() . '/config.cache';
-x top() . '/configure' && -f $cache or plan skip_all => 'nothing is configured';
delete @ENV{ grep { /^(?:YJ_|MAKE)/ } keys %ENV };

# All programs of this machine but one; ccache's links would find no compiler behind them.
sub path_without {
	my ($name) = @_;
	mkdir "$place/$name" or die $!;
	for my $program (map { glob "$_/*" } grep { !m{/ccache$} } reverse split /:/, $ENV{PATH}) {
		my ($base) = $program =~ m{([^/]+)$};
		next if $base eq $name || !-x $program;
		unlink "$place/$name/$base";
		symlink $program, "$place/$name/$base" or die $!;
	}
	return "$place/$name";
}

# configure in a folder of its own; what it knows of compilers and libraries is known already.
sub configure {
	my ($folder, %environment) = @_;
	local @ENV{ keys %environment } = values %environment;
	mkdir "$place/$folder" or die $!;
	system("grep -v -e XMLLINT -e PKG_CONFIG -e CMOCKA '$cache' >'$place/$folder/config.cache'");
	my $said = `cd '$place/$folder' && @{[top()]}/configure --config-cache 2>&1`;
	return ($?, $said);
}

my ($status, $said) = configure('build-1', PATH => path_without('xmllint'));
isnt $status, 0, 'configure fails without xmllint';
like $said, qr/error: xmllint \(libxml2-utils\) is needed/, 'in words';

open my $wrapper, '>', "$place/pkg-config" or die $!;
print {$wrapper} "#!/bin/sh\ncase \$* in *cmocka*) exit 1 ;; esac\nexec pkg-config \"\$@\"\n";
close $wrapper;
chmod 0755, "$place/pkg-config";
($status, $said) = configure('build-2', PKG_CONFIG => "$place/pkg-config");
is $status, 0, 'configure is content without cmocka' or diag $said;
like $said, qr/unit tests +no, cmocka is missing/, 'and says so';
is `make -s -C $place/build-2 print-check-programs` =~ s/\s//gr, '', 'make check then builds no unit test';
like `make -n -C $place/build-2 check-local`, qr/no unit tests: configure has found no cmocka/, 'and says so';

SKIP: {
	skip 'only root can hide the macros of pkg-config', 2 if $>;
	my $macros = "$place/aclocal";
	mkdir $macros or die $!;
	system("cp -r \$(aclocal --print-ac-dir)/* $macros && rm -f $macros/pkg.m4") == 0 or die 'cp';
	mkdir "$place/tree" or die $!;
	my $files = join ' ', 'configure.ac', 'Makefile.am', map { substr $_, 1 + length top() }
		map { glob top() . "/$_/local.mk" } '*', '*/*';
	system("cd @{[top()]} && cp --parents $files $place/tree") == 0 or die 'cp';
	$said = `unshare -m sh -ec 'mount --bind $macros \$(aclocal --print-ac-dir); cd $place/tree; autoreconf -i' 2>&1`;
	isnt $?, 0, 'autoreconf fails without pkg-config';
	like $said, qr/error: pkg-config is needed to find libraries/, 'in words';
}
done_testing;
