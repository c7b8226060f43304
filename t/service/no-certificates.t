# A machine without certificates of authorities (Debian's ca-certificates): no request
# to a service leaves it, and the unit tests of lib/service/http hold.
use lib 't/lib';
use Yj;

$> == 0 or plan skip_all => 'only root can hide the certificates';
my $test = build_dir() . '/t/service/http-test';
-x $test or plan skip_all => 'the unit tests are not built';
local $ENV{CMOCKA_MESSAGE_OUTPUT} = 'TAP';
my $said = `unshare -m sh -ec 'mount -t tmpfs none /etc/ssl/certs; exec $test' 2>&1`;
is $?, 0, 'http-test passes' or diag $said;
like $said, qr/^ok \d+ - test_not_tls$/m, 'an address with TLS among it';
done_testing;
