// wechat-crypt.mjs: our cipher against npm's wechat-crypto, both ways. Speaks TAP.
import { spawnSync } from 'node:child_process';
import { createCipheriv, randomBytes, randomInt } from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.YJ_TOP}/package.json`);
process.removeAllListeners('warning'); // the package makes buffers the old way
const WXBizMsgCrypt = require('wechat-crypto');
const program = `${process.env.YJ_BUILD}/t/service/wechat-crypt`;
const MESSAGES = 10000;
let tests = 0;

function ok(good, what, detail = '') {
	console.log(`${good ? 'ok' : 'not ok'} ${++tests} - ${what}`);
	if (!good && detail) console.log(`# ${detail}`);
}

function ours(key, appid, lines) {
	const run = spawnSync(program, [key, appid], { input: lines.join('\n') + '\n', maxBuffer: 1 << 28 });
	if (run.status !== 0) throw new Error(`wechat-crypt ended with ${run.status}`);
	return run.stdout.toString('latin1').trimEnd().split('\n');
}

// Text, because theirs takes and gives strings.
function message(i) {
	const alphabet = ['x', '<', '>', '&', '"', ']]>', '赣', '州', '😀', '\n', ' ', '\u0000'];
	let text = '';
	for (let n = i < 200 ? i : randomInt(400); n > 0; n--) text += alphabet[randomInt(alphabet.length)];
	return text;
}

const appid = 'wx' + randomBytes(8).toString('hex');
const key = randomBytes(32).toString('base64').slice(0, 43);
const theirs = new WXBizMsgCrypt('token123', key, appid);
const messages = Array.from({ length: MESSAGES }, (_, i) => message(i));
const pads = new Set(messages.map((m) => 32 - (20 + Buffer.byteLength(m) + appid.length) % 32));
ok(pads.size === 32, 'every pad value comes up', [...pads].join(' '));

const sealed = ours(key, appid, messages.map((m) => `e ${Buffer.from(m).toString('hex')}`));
let wrong = messages.filter((m, i) => {
	const open = theirs.decrypt(sealed[i]);
	return open.message !== m || open.id !== appid;
});
ok(sealed.length === MESSAGES && wrong.length === 0, `they open ${MESSAGES} of ours`, `${wrong.length} wrong`);

const opened = ours(key, appid, messages.map((m) => `d ${theirs.encrypt(m)}`));
wrong = messages.filter((m, i) => opened[i] !== `ok ${Buffer.from(m).toString('hex')}`);
ok(opened.length === MESSAGES && wrong.length === 0, `we open ${MESSAGES} of theirs`, `${wrong.length} wrong`);

const stranger = new WXBizMsgCrypt('token123', key, appid + '0');
ok(ours(key, appid, [`d ${stranger.encrypt('x')}`])[0].trim() === 'other_appid', 'another appid is seen');

// Every value of the last byte, in 16 bytes of padding: one is right.
const secret = Buffer.from(key + '=', 'base64');
const head = Buffer.concat([randomBytes(16), Buffer.from([0, 0, 0, 14]), Buffer.alloc(14, 'm'), Buffer.from('wx12345678901x')]);
const padded = Array.from({ length: 256 }, (_, value) => {
	const cipher = createCipheriv('aes-256-cbc', secret, secret.subarray(0, 16)).setAutoPadding(false);
	return Buffer.concat([cipher.update(Buffer.concat([head, Buffer.alloc(16, value)])), cipher.final()]).toString('base64');
});
const answers = ours(key, 'wx12345678901x', padded.map((p) => `d ${p}`));
const good = answers.map((a, value) => (a.startsWith('ok ') ? value : -1)).filter((v) => v >= 0);
ok(good.length === 1 && good[0] === 16, 'of 256 pad values one is good', good.join(' '));
ok(answers.filter((a) => a.startsWith('bad_padding')).length >= 239, 'the impossible ones are named so');
console.log(`1..${tests}`);
