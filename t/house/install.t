# make install, then make uninstall: what comes, where, and that all of it goes.
use lib 't/lib';
use Yj;
use File::Find;
use File::Temp qw(tempdir);

my $build = build_dir();
-f "$build/Makefile" or plan skip_all => 'nothing is built';
my $dest = tempdir(CLEANUP => 1);

sub make {
	my ($target) = @_;
	local $ENV{MAKEFLAGS} = '';
	my $said = `make -s -C '$build' $target DESTDIR='$dest' 2>&1`;
	is $?, 0, "make $target" or diag $said;
}

sub files {
	my @found;
	find({ no_chdir => 1, wanted => sub { push @found, substr $_, length $dest unless -d } }, $dest);
	return sort @found;
}

make('install');
my @files = files();
my ($prefix) = map { m{^(.*)/libexec/yuanjian/apply/company$} ? $1 : () } @files;
ok defined $prefix, 'a page is installed under libexec/yuanjian/apply' or BAIL_OUT('no page');
my %is = map { $_ => 1 } @files;
for my $file (qw(bin/yuanjian-migrate bin/yuanjian-staff bin/yuanjian-config
	libexec/yuanjian/clerk/queue share/yuanjian/schema/flow.sql share/yuanjian/schema/regions.tsv
	share/yuanjian/schema/migrations/0001-house.sql share/yuanjian/htdocs/css/yuanjian.css
	share/yuanjian/htdocs/error/404.html share/yuanjian/htdocs/regions/36.json
	share/yuanjian/fonts/regular.otf share/yuanjian/fonts/bold.otf share/yuanjian/httpd/common.conf
	bin/yuanjian-project share/yuanjian/schema/projects/project.rng share/yuanjian/schema/projects/gzgjj.xml
	share/yuanjian/httpd/site-public.conf.example share/yuanjian/httpd/site-intranet.conf.example
	share/yuanjian/logrotate share/yuanjian/crontab share/doc/yuanjian/yuanjian.conf.example))
{
	ok $is{"$prefix/$file"}, "$file is installed";
}
ok scalar(grep { m{/libexec/yuanjian/(?:.*/)?scan-normalise$} } @files), 'scan-normalise is installed';
for (['schema/migrations/*.sql', 'share/yuanjian/schema/migrations', 'migration'],
	['docs/man/*.[0-9]', 'share/man/man?', 'manual page'])
{
	my ($pattern, $place, $what) = @$_;
	my @there = map { s{.*/}{}r } glob top() . "/$pattern";
	$place =~ s/\?/\\d/;
	is join(' ', grep { my $name = $_; !grep { m{^\Q$prefix\E/$place/\Q$name\E$} } @files } @there), '',
		"every $what is installed";
}
is join(' ', grep { /^sim\b|\/sim\/|samples|-test$|bench|fuzz|\.(?:o|a|h)$/ } @files), '',
	'nothing of the sim or the tests is installed';
is join(' ', grep { m{libexec/} && m{/[^/]*\.[^/]*$} && !m{/mod_ask_first\.so$} } @files), '',
	'no program has a dot in its name';
is join(' ', grep { -f "$dest$_" && ((stat "$dest$_")[2] & 022) } @files), '', 'nobody else may write to any';
my ($sysconfdir) = slurp("$build/Makefile") =~ /^sysconfdir = (.*)$/m;
$sysconfdir =~ s/\$\{prefix\}/$prefix/;
is +(stat "$dest$sysconfdir/yuanjian")[2] & 07777, 0711, 'there is a place for config and secrets';
make('uninstall');
is join(' ', files()), '', 'uninstall leaves nothing';
done_testing;
