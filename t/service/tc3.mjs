// tc3.mjs: our signature against npm's @tencent-sdk/capi, on random inputs. Speaks TAP.
import { spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.YJ_TOP}/package.json`);
const { tencentSign } = require('@tencent-sdk/capi');
const program = `${process.env.YJ_BUILD}/t/service/tc3`;
const INPUTS = 1000;
let tests = 0;

function ok(good, what, detail = '') {
	console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${what}`);
	if (!good && detail) console.log(`# ${detail}`);
}

// Their clock, given: they ask it with `new Date()`.
const RealDate = Date;
let now = 0;
globalThis.Date = class extends RealDate {
	constructor(...given) {
		super(...(given.length ? given : [now * 1000]));
	}
};

function text(max) {
	const alphabet = ['a', 'Z', '0', ' ', '"', '\\', '\n', '<', '赣', '州', '😀', '\u0000', '\u2028', '/'];
	return Array.from({ length: randomInt(max) }, () => alphabet[randomInt(alphabet.length)]).join('');
}

function word(min, max) {
	const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
	return Array.from({ length: min + randomInt(max - min) }, () => alphabet[randomInt(62)]).join('');
}

// Up to 2100, and every 50th within a second of midnight in UTC.
function moment(i) {
	const t = randomInt(4102444800);
	return i % 50 ? t : t - (t % 86400) + randomInt(3) - 1;
}

const inputs = Array.from({ length: INPUTS }, (_, i) => ({
	serviceType: i % 3 ? 'faceid' : word(1, 12).toLowerCase(),
	host: i % 2 ? 'faceid.tencentcloudapi.com' : `127.0.0.1:${1 + randomInt(65535)}`,
	secretId: word(8, 40),
	secretKey: word(1, i % 10 ? 40 : 150),
	time: Math.max(1, moment(i)),
	payload: { Name: text(40), IdCard: word(18, 19), Extra: text(200), Padding: randomBytes(randomInt(99)).toString('hex') },
}));
const theirs = inputs.map((x) => {
	now = x.time;
	return tencentSign(x.payload, { ...x, path: '/', method: 'POST' }).authorization;
});
const lines = inputs.map((x) => [x.serviceType, x.host, 'application/json', '-', x.time, x.secretId, x.secretKey,
	Buffer.from(JSON.stringify(x.payload)).toString('hex')].join('\t'));
const run = spawnSync(program, [], { input: lines.join('\n') + '\n', maxBuffer: 1 << 28 });
ok(run.status === 0, 'our program runs', `status ${run.status}`);
const ours = run.stdout.toString().trimEnd().split('\n');
const wrong = theirs.filter((header, i) => header !== ours[i]);
ok(ours.length === INPUTS && wrong.length === 0, `the same header for ${INPUTS} inputs`,
	`${wrong.length} differ, the first: ${wrong[0]}`);
ok(new Set(theirs).size === INPUTS, 'and no two inputs have the same');

// The check can fail: one bit elsewhere is another signature.
const bent = spawnSync(program, [], { input: lines[0].replace(/..$/, '7c') + '\n' }).stdout.toString().trim();
ok(bent !== theirs[0] && bent.split('Signature=')[0] === theirs[0].split('Signature=')[0], 'another body, another signature');
console.log(`1..${tests}`);
