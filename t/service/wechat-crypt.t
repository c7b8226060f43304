# Our cipher and an independent one from npm, both ways: t/service/wechat-crypt.mjs.
use lib 't/lib';
use Yj;

-x built('t/service/wechat-crypt') or plan skip_all => 'wechat-crypt is not built';
-d top() . '/node_modules/wechat-crypto' or plan skip_all => 'no npm packages: ./dev up';
$ENV{YJ_TOP} = top();
$ENV{YJ_BUILD} = build_dir();
exec 'node', '--no-deprecation', top() . '/t/service/wechat-crypt.mjs' or die "node: $!\n";
