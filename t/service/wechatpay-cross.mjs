// wechatpay-cross.mjs: WeChat Pay's cryptography against openssl and the npm
// packages wechatpay-node-v3 and wechatpay-axios-plugin. Speaks TAP.
import { execFileSync, spawnSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomInt } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';

const require = createRequire(`${process.env.YJ_TOP}/package.json`);
const { Rsa, Aes, Formatter } = require('wechatpay-axios-plugin');
const NodeV3 = require('wechatpay-node-v3');
const INPUTS = process.env.YJ_FULL ? 1000 : 250; // requests, pages and seals each
const folder = mkdtempSync(`${tmpdir()}/wechatpay-`);
const program = `${process.env.YJ_BUILD}/t/service/wechatpay-cross`;
let tests = 0;

function ok(good, what, detail = '') {
	console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${what}`);
	if (!good && detail) console.log(`# ${detail}`);
}

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
	modulusLength: 2048,
	privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
	publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const keyFile = `${folder}/key.pem`;
writeFileSync(keyFile, privateKey, { mode: 0o600 });
writeFileSync(`${folder}/public.pem`, publicKey);

const hex = (text) => Buffer.from(text).toString('hex');

function ours(lines) {
	const input = lines.map((fields) => [fields[0], ...fields.slice(1).map(hex)].join('\t') + '\n').join('');
	const run = spawnSync(program, [keyFile], { input, maxBuffer: 1 << 28 });
	if (run.status !== 0) throw new Error(`wechatpay-cross ended with ${run.status}`);
	return run.stdout.toString().split('\n').slice(0, -1);
}

const alphabet = ['x', '"', '\\', '/', '&', '%2B', '赣', '州', '😀', '\n', ' ', '{', '}', ':', '0'];
function text(max) {
	let out = '';
	for (let n = randomInt(max + 1); n > 0; n--) out += alphabet[randomInt(alphabet.length)];
	return out;
}
const nonce = () => randomBytes(16).toString('hex').slice(0, 1 + randomInt(32));
const time = () => String(1600000000 + randomInt(400000000));

// -- signatures --

const v3 = new NodeV3({ appid: 'wx8888888888888888', mchid: '1900000001', serial_no: 'A1', publicKey, privateKey });
const requests = Array.from({ length: INPUTS }, (_, i) => {
	const get = i % 3 === 0;
	return ['r', get ? 'GET' : 'POST', `/v3/x/${randomInt(1e9)}?a=${encodeURIComponent(text(9))}`, time(), nonce(),
		get ? '' : `{${text(300)}}`];
});
const pages = Array.from({ length: INPUTS }, () => ['p', 'wx8888888888888888', time(), nonce(), `wx${randomInt(1e9)}`]);
const requestTexts = requests.map(([, method, path, at, once, body]) => `${method}\n${path}\n${at}\n${once}\n${body}\n`);
const pageTexts = pages.map(([, appid, at, once, id]) => `${appid}\n${at}\n${once}\nprepay_id=${id}\n`);

// openssl itself, a process for each text, all in one shell.
function byOpenssl(texts) {
	texts.forEach((t, i) => writeFileSync(`${folder}/${i}.txt`, t));
	execFileSync('sh', ['-ec', 'cd "$1"; i=0; while [ $i -lt $2 ]; do openssl dgst -sha256 -sign key.pem -out $i.sig $i.txt; i=$((i+1)); done',
		'-', folder, String(texts.length)]);
	return texts.map((_, i) => readFileSync(`${folder}/${i}.sig`).toString('base64'));
}

const wrong = (a, b) => a.filter((x, i) => x !== b[i]).length;
for (const [what, lines, texts, nodeV3, axios] of [
	['requests', requests, requestTexts,
		([, method, path, at, once, body]) => v3.getSignature(method, once, at, path, body),
		([, method, path, at, once, body]) => Rsa.sign(Formatter.request(method, path, at, once, body), privateKey)],
	['pages', pages, pageTexts,
		(line) => v3.sign(pageTexts[pages.indexOf(line)]),
		([, appid, at, once, id]) => Rsa.sign(Formatter.joinedByLineFeed(appid, at, once, `prepay_id=${id}`), privateKey)],
]) {
	const mine = ours(lines);
	ok(mine.length === INPUTS && new Set(mine).size === INPUTS, `${INPUTS} ${what} are signed`);
	for (const [who, theirs] of [['openssl', byOpenssl(texts)], ['wechatpay-node-v3', lines.map(nodeV3)],
		['wechatpay-axios-plugin', lines.map(axios)]]) {
		ok(wrong(mine, theirs) === 0, `${who} signs ${what} the same, to the byte`, `${wrong(mine, theirs)} differ`);
	}
}

// -- seals --

const key = randomBytes(16).toString('hex');
const v3Key = new NodeV3({ appid: 'a', mchid: 'm', serial_no: 'A1', publicKey, privateKey, key });
const plains = Array.from({ length: INPUTS }, (_, i) => ['s', key, randomBytes(6).toString('hex'), i % 4 ? 'transaction' : '', `t${text(200)}`]);
const sealed = ours(plains);
const theirs = plains.map(([, k, iv, aad, plain]) => Aes.AesGcm.encrypt(plain, k, iv, aad));
ok(sealed.length === INPUTS && wrong(sealed, theirs) === 0, `${INPUTS} seals are those of wechatpay-axios-plugin`);
ok(plains.every(([, , iv, aad, plain], i) => v3Key.decipher_gcm(sealed[i], aad, iv) === plain), 'wechatpay-node-v3 opens them');
const opened = ours(plains.map(([, k, iv, aad], i) => ['o', k, iv, aad, theirs[i]]));
ok(opened.every((line, i) => line === `ok ${hex(plains[i][4])}`), 'we open theirs');
const broken = ours(plains.map(([, k, iv, aad], i) => {
	const bytes = Buffer.from(theirs[i], 'base64');
	bytes[randomInt(bytes.length)] ^= 1 << randomInt(8);
	return ['o', k, iv, aad, bytes.toString('base64')];
}));
ok(broken.every((line) => line === 'broken '), 'one flipped bit and none opens');

// -- the sim: a call signed by their client, its answer verified by both --

const config = Object.fromEntries(readFileSync(process.env.YJ_CONFIG, 'utf8').split('\n')
	.map((line) => line.split(' = ')).filter((pair) => pair.length === 2));
const merchantKey = readFileSync(config.wechatpay_key_file, 'utf8');
const platformKey = readFileSync(config.wechatpay_public_key_file, 'utf8');
NodeV3.certificates = { [config.wechatpay_public_key_id]: platformKey };

async function ask(method, path, body = '') {
	const url = new URL(config.wechatpay_api_url + path);
	const at = String(Formatter.timestamp()), once = Formatter.nonce();
	const signature = Rsa.sign(Formatter.request(method, url.pathname + url.search, at, once, body), merchantKey);
	const answer = await fetch(url, {
		method,
		body: body || undefined,
		headers: {
			Accept: 'application/json', 'Content-Type': 'application/json', 'User-Agent': 'test',
			Authorization: Formatter.authorization(config.wechatpay_mchid, once, signature, at, config.wechatpay_serial),
		},
	});
	return { status: answer.status, body: await answer.text(), header: (name) => answer.headers.get(`wechatpay-${name}`) };
}

async function verified(what, answer) {
	const [at, once, signature, serial] = ['timestamp', 'nonce', 'signature', 'serial'].map(answer.header);
	ok(Rsa.verify(Formatter.response(at, once, answer.body), signature, platformKey), `${what}: wechatpay-axios-plugin verifies it`);
	ok(await v3Key.verifySign({ timestamp: at, nonce: once, body: answer.body, serial, signature }), `${what}: wechatpay-node-v3 too`);
}

const number = `X${Date.now()}${process.pid}`;
const order = JSON.stringify({
	appid: config.wechat_appid, mchid: config.wechatpay_mchid, description: '证书申请费', out_trade_no: number,
	notify_url: 'https://ca.example.cn/push/wechatpay', amount: { total: 1, currency: 'CNY' },
});
let answer = await ask('POST', '/v3/pay/transactions/native', order);
ok(answer.status === 200 && JSON.parse(answer.body).code_url, 'their client makes an order', answer.body);
await verified('an order', answer);
answer = await ask('GET', `/v3/pay/transactions/out-trade-no/${number}?mchid=${config.wechatpay_mchid}`);
ok(answer.status === 200 && JSON.parse(answer.body).trade_state === 'NOTPAY', 'asks for it');
await verified('a query', answer);
answer = await ask('POST', `/v3/pay/transactions/out-trade-no/${number}/close`, JSON.stringify({ mchid: config.wechatpay_mchid }));
ok(answer.status === 204 && answer.body === '', 'closes it');
await verified('an answer without a body', answer);
answer = await ask('GET', '/v3/refund/domestic/refunds/none');
ok(answer.status === 404, 'asks for what is not there');
await verified('an error', answer);

rmSync(folder, { recursive: true });
console.log(`1..${tests}`);
