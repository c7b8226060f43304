# Our signature and an independent one from npm: t/service/tc3.mjs.
use lib 't/lib';
use Yj;

-x built('t/service/tc3') or plan skip_all => 'tc3 is not built';
-d top() . '/node_modules/@tencent-sdk/capi' or plan skip_all => 'no npm packages: ./dev up';
$ENV{YJ_TOP} = top();
$ENV{YJ_BUILD} = build_dir();
$ENV{TZ} = 'Asia/Shanghai'; # where the date is another for eight hours
exec 'node', top() . '/t/service/tc3.mjs' or die "node: $!\n";
