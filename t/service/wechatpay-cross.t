# Our signatures and seals, those of openssl, and those of two independent clients
# from npm: t/service/wechatpay-cross.mjs. The packages also verify the sim.
use lib 't/lib';
use Yj;

need_instance();
-x built('t/service/wechatpay-cross') or plan skip_all => 'wechatpay-cross is not built';
-d top() . '/node_modules/wechatpay-axios-plugin' or plan skip_all => 'no npm packages: ./dev up';
$ENV{YJ_TOP} = top();
$ENV{YJ_BUILD} = build_dir();
$ENV{YJ_CONFIG} = env('YJ_CONFIG');
$ENV{YJ_PUBLIC_URL} = env('YJ_PUBLIC_URL');
exec 'node', '--no-deprecation', top() . '/t/service/wechatpay-cross.mjs' or die "node: $!\n";
