# What each program loads: a page must start fast, so it carries no library it
# does not use. Read from the dynamic section of every built program.
use lib 't/lib';
use Yj;
use File::Find;

# Beside libc, libm and the loader. A program that is not here may load no more.
my @pdf = qw(libpangocairo libpangoft2 libpango libgobject libfontconfig libcairo libqrencode);
my %more = (
	'cgi-bin/apply/start'     => [qw(libqrencode)],
	'cgi-bin/apply/login'     => [qw(libcurl libjansson)],
	'cgi-bin/apply/print'     => [@pdf],
	'cgi-bin/apply/identity-start' => [qw(libcurl libjansson)],
	'cron/identity'           => [qw(libcurl libjansson)],
	'cgi-bin/admin/poster'    => [@pdf, qw(libcurl libjansson)],
	'sim/faceid'  => [qw(libjansson)],
	'sim/nuonuo'  => [qw(libjansson)],
	'sim/wechat'  => [qw(libjansson libqrencode)],
	'sim/wechat-user' => [qw(libcurl)],
	'sim/wechatpay' => [qw(libcurl libjansson)],
	'bin/yuanjian-wechat'     => [qw(libcurl libjansson)],
	'cgi-bin/apply/payment'   => [qw(libcurl libjansson libqrencode)],
	'cron/poll'               => [qw(libcurl libjansson)],
	'bin/yuanjian-wechatpay'  => [qw(libcurl libjansson)],
	'cron/ticket'             => [qw(libcurl libjansson)],
	'cron/outbox'             => [@pdf, qw(libcurl libjansson)],
	'cron/reconcile'          => [qw(libcurl libjansson)],
	'lib/scan/scan-normalise' => [qw(libMagickWand libMagickCore libseccomp)],
	'lib/video/video-seal'    => [qw(libseccomp)],
);
# Libraries by the only programs that may have them.
my %only = (
	libpangocairo => ['cgi-bin/admin/poster', 'cgi-bin/apply/print', 'cron/outbox'],
	libcurl       => ['bin/yuanjian-wechat',
		'bin/yuanjian-wechatpay',
		'cgi-bin/admin/poster',
		'cgi-bin/apply/identity-start',
		'cgi-bin/apply/login',
		'cgi-bin/apply/payment',
		'sim/wechat-user',
		'sim/wechatpay',
		'cron/identity',
		'cron/outbox',
		'cron/poll',
		'cron/reconcile',
		'cron/ticket'],
	libMagickWand => ['lib/scan/scan-normalise'],
	libqrencode   => ['cgi-bin/admin/poster',
		'cgi-bin/apply/print',
		'cgi-bin/apply/payment',
		'cgi-bin/apply/start',
		'sim/wechat',
		'cron/outbox'],
);

my $build = build_dir();
-f "$build/Makefile" or plan skip_all => 'nothing is built';
my $makefile = slurp("$build/Makefile");
my %makefile = $makefile =~ /^(DB_LIBS|SANITIZE|XML_LIBS) =(.*)$/mg;
$makefile{DB_LIBS} =~ /-l:/ or plan skip_all => 'built with shared libraries';
$makefile{SANITIZE} =~ /\S/ and plan skip_all => 'built with sanitizers';

sub needed {
	my ($file) = @_;
	open my $readelf, '-|', 'readelf', '-dW', $file or die $!;
	return map { /\(NEEDED\).*\[(\w+)/ ? $1 : () } <$readelf>;
}

my @programs;
find({ no_chdir => 1, wanted => sub {
	return unless -f && -x && !/\.(o|a|so|sh)$/;
	push @programs, substr $_, length "$build/" if slurp($_) =~ /\A\x7fELF/;
} }, grep { -d } map { "$build/$_" } qw(cgi-bin bin lib cron sim));

cmp_ok scalar @programs, '>=', 25, 'the programs are there';
my %has;
for my $program (sort @programs) {
	my @needed = needed("$build/$program");
	push @{ $has{$_} }, $program for @needed;
	my %allowed = map { $_ => 1 } qw(libc libm ld), @{ $more{$program} || [] };
	is join(' ', grep { !$allowed{$_} } @needed), '', "$program loads nothing it need not";
	my $text = `readelf -lW '$build/$program'`;
	like $text, qr/GNU_RELRO/, "$program: RELRO";
	like `readelf -hW '$build/$program'`, qr/DYN/, "$program: position independent";
	like `readelf -dW '$build/$program'`, qr/\bNOW\b/, "$program: bound at start";
	unlike $text, qr/GNU_STACK.*RWE/, "$program: no executable stack";
}
for my $library (sort keys %only) {
	is_deeply $has{$library}, [sort @{ $only{$library} }], "$library is loaded by these alone";
}
done_testing;
