#!/usr/bin/perl
# The card that asks for subscription notifications, with the stand-in for
# WeChat's script; see subscribe.mjs. The instance's pages read its config at
# each request, so it is changed while the test runs.
use Yj;
use Yj::Wechat;

need_instance();
my $config = env('YJ_CONFIG');
my $before = slurp($config);

sub put {
	open my $out, '>:raw', "$config.new" or die $!;
	print {$out} @_;
	close $out or die $!;
	chmod 0600, "$config.new";
	chown +(stat $config)[4, 5], "$config.new";
	rename "$config.new", $config or die $!;
}
END { put($before) if defined $before }
$SIG{$_} = sub { exit 1 } for qw(INT TERM);

db_do('DELETE FROM service_token WHERE name LIKE "wechat-ticket:%"');
put($before, "wechat_notify = subscription\n");
$ENV{"YJ_$_"} = env("YJ_$_") for qw(PUBLIC_URL TOP VAR BUILD CONFIG DB_SOCKET DB_SUPER);
$ENV{YJ_FROM_DEV} = 1;
my $status = system('node', top() . '/t/browser/subscribe.mjs');
put($before);
undef $before;
exit($status ? 1 : 0);
