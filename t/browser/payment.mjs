// payment.mjs: paying in a real browser: inside WeChat, on a phone, on a desk,
// given up, twice, and after the order was closed. Every state is looked at by axe.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { is, newPage, ok, press, run, setting } from "./browser.mjs";
import { job, main, perl, picture } from "./behind.mjs";
import { see as look } from "./see.mjs";

const DESK = { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120", viewport: { width: 1000, height: 900 } };
const PHONE = { userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36" };
const BRIDGE_LATE_MS = 700;

// An applicant with applications that are to be paid.
function payers(count) {
	return JSON.parse(perl(`use Yj::Outbox; use Yj::Wechatpay; use JSON::PP;
		stop_cron(); pay_calm();
		my $browser = applicant();
		print JSON::PP->new->ascii->encode({ openid => $browser->{yj_openid},
			applications => [map { payable($browser)->{application} } 1 .. ${count}] });`));
}

async function see(name, page) {
	await look(name, page);
	await picture(name, page);
}

// What cron does each second.
const poll = () => job("poll");

async function logIn(browser, openid, options) {
	const page = await newPage(browser, options);
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/login?project=gzgjj`);
	await page.locator("input[name=openid]").fill(openid);
	await Promise.all([page.waitForURL(/\/apply\/start/), page.locator("form button").click()]);
	return page;
}

// A page that loads itself again is held while it is looked at.
async function holdStill(page, hold) {
	const address = /\/apply\/payment\?/;
	await page.unroute(address);
	if (!hold) return;
	await page.route(address, async (route) => {
		if (route.request().method() !== "GET") return route.continue();
		const answer = await route.fetch({ maxRedirects: 0 });
		const headers = answer.headers();
		delete headers.refresh;
		return route.fulfill({ response: answer, headers });
	});
}

async function seeStill(page, name) {
	await holdStill(page, true);
	await page.reload();
	await see(name, page);
	await holdStill(page, false);
}

const bill = (application) => `${setting("YJ_PUBLIC_URL")}/apply/payment?application=${application}`;

async function arrives(page, name) {
	await page.waitForURL(/\/apply\/payment\?.*after=/, { timeout: 15000 });
	poll();
	await page.waitForURL(/\/apply\/status/, { timeout: 30000 });
	ok(/待审核/.test(await main(page)), name);
}

async function insideWechat(browser, who) {
	const page = await logIn(browser, who.openid, {});
	const script = readFileSync(`${setting("YJ_TOP")}/sim/wx-bridge.js`, "utf8");
	await page.addInitScript(`setTimeout(() => { ${script} }, ${BRIDGE_LATE_MS});`);
	await page.goto(bill(who.applications[0]));
	await see("payment-wechat", page);
	await press(page, "微信支付 200.00 元");
	await page.locator("dialog").getByRole("button", { name: "取消" }).click();
	await page.waitForURL(/after=cancel/);
	ok(/正在确认付款结果/.test(await main(page)), "cancelled: the page looks for itself");
	await seeStill(page, "payment-waiting");
	poll();
	await page.goto(`${bill(who.applications[0])}&after=ok&n=80`);
	await see("payment-not-found", page);
	await press(page, "重新付款");
	await page.waitForURL(/ticket=/);
	await page.locator("dialog").getByRole("button", { name: "付款" }).click();
	await arrives(page, "paid inside WeChat, by a bridge that came late");
	is(page.complaints.join("\n"), "", "WeChat's console is clean");
	await page.goto(bill(who.applications[1]));
	await press(page, "微信支付 200.00 元");
	await page.locator("dialog").waitFor();
	await page.reload();
	await page.locator("[data-yj-pay] button").waitFor();
	await see("payment-bridge", page);
	await page.locator("[data-yj-pay] button").click();
	await page.locator("dialog").getByRole("button", { name: "取消" }).click();
	await page.waitForURL(/after=cancel/);
	await page.context().close();
}

async function onAPhone(browser, who) {
	const page = await logIn(browser, who.openid, PHONE);
	await page.goto(bill(who.applications[1]));
	await see("payment-phone", page);
	await press(page, "打开微信付款 200.00 元");
	await page.waitForURL(/\/sim\/wechatpay\/cashier/);
	ok(await page.evaluate(() => document.referrer) !== "", "WeChat sees from which site the payer comes");
	await page.goBack();
	await page.waitForURL(/\/apply\/payment\?.*ticket=/);
	await page.locator("[data-yj-pay-go]").waitFor();
	await see("payment-visit", page);
	await page.locator("[data-yj-pay-go]").click();
	await page.getByRole("button", { name: "关闭订单" }).click();
	await page.getByRole("link", { name: "返回商家" }).click();
	await page.waitForURL(/after=back/);
	await press(page, "重新付款");
	await page.waitForURL(/\/sim\/wechatpay\/cashier/);
	await page.getByRole("button", { name: "付款", exact: true }).click();
	await page.getByRole("link", { name: "返回商家" }).click();
	await arrives(page, "paid on a phone, after the first order was closed");
	is(page.complaints.join("\n"), "", "the phone's console is clean");
	await page.context().close();
}

// Reads the code from the screen, as a phone does.
async function scan(page) {
	const picture = `${mkdtempSync(`${tmpdir()}/yj-`)}/code.png`;
	await page.locator("svg.yj-qr").screenshot({ path: picture });
	return execFileSync("zbarimg", ["-q", "--raw", picture], { encoding: "utf8" }).trim();
}

async function onADesk(browser, who) {
	const page = await logIn(browser, who.openid, DESK);
	await page.goto(bill(who.applications[2]));
	await see("payment-desk", page);
	await press(page, "扫码付款 200.00 元");
	await page.waitForURL(/ticket=/);
	await seeStill(page, "payment-code");
	await page.reload();
	const address = await scan(page);
	const phone = await newPage(browser);
	await phone.goto(address);
	await phone.getByRole("button", { name: "付款", exact: true }).click();
	await phone.getByText("支付成功").waitFor();
	await phone.context().close();
	poll();
	await page.waitForURL(/\/apply\/status/, { timeout: 30000 });
	ok(/待审核/.test(await main(page)), "a code that another phone scanned leads on by itself");
	await see("status-paid", page);
	is(page.complaints.join("\n"), "", "the desk's console is clean");
	await page.context().close();
}

// Without script all but WeChat's own call works.
async function withoutScript(browser, who) {
	const page = await logIn(browser, who.openid, { ...PHONE, javaScriptEnabled: false });
	await page.goto(bill(who.applications[3]));
	await page.getByRole("button", { name: "打开微信付款 200.00 元" }).click();
	await page.getByRole("link", { name: "打开微信付款" }).click();
	await page.getByRole("button", { name: "付款", exact: true }).click();
	await page.getByRole("link", { name: "返回商家" }).click();
	await arrives(page, "paid on a phone without script");
	await page.context().close();
}

// Shown on a desk, cancelled there, closed at the service: who scans the old code
// cannot pay, and money that was on its way all the same comes back.
async function afterTheClose(browser, who) {
	const application = who.applications[4];
	const page = await logIn(browser, who.openid, DESK);
	await page.goto(bill(application));
	await press(page, "扫码付款 200.00 元");
	await page.waitForURL(/ticket=/);
	const code = await scan(page);
	const address = page.url();
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/cancel?application=${application}`);
	await press(page, "确定取消申请");
	await page.waitForURL(/\/apply\/status/);
	const [id, number, fen] = perl(`use Yj::Wechatpay; my ($p) = db_rows('SELECT p.* FROM payment p JOIN application a
		ON a.id = p.application WHERE a.public_id = "${application}"');
		db_do('UPDATE payment SET created_at = created_at - INTERVAL 6 MINUTE, ask_at = UTC_TIMESTAMP(3) WHERE id = ?', $p->{id});
		poll(); print join ' ', $p->{application}, $p->{out_trade_no}, $p->{amount_fen};`).split(" ");
	const ledger = () => perl(`print db_value('SELECT CONCAT(p.state, " ", a.state) FROM payment p
		JOIN application a ON a.id = p.application WHERE p.out_trade_no = "${number}"');`);
	is(ledger(), "closed cancelled", "cancelled: the order is closed");
	const phone = await newPage(browser);
	await phone.goto(code);
	ok(/这笔订单已关闭/.test(await main(phone)), "the code on the screen leads to a closed order");
	await phone.context().close();
	await page.goto(address);
	ok(page.url().includes("/apply/status"), "the page with the code leads to the status");
	await see("payment-closed", page);

	perl(`use Yj::Wechatpay; push_notification(sealed_notification('TRANSACTION.SUCCESS', trade('${number}', ${fen}))); poll();`);
	is(ledger(), "paid awaiting_refund", "the money comes after the close: booked, and to go back");
	perl(`use Yj::Outbox; db_do('UPDATE outbox SET due_at = UTC_TIMESTAMP(3) WHERE application = ${id} AND kind = "refund"
		AND done_at IS NULL'); work_off();`);
	await page.reload();
	const words = await main(page);
	ok(/退款中/.test(words) && /200\.00 元\s*已登记，等待财务确认/.test(words), "the applicant reads that it comes back", words);
	await see("payment-after-close", page);
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
}

// An order left open inside WeChat, another one paid by a code, then the first.
async function twice(browser, who) {
	const page = await logIn(browser, who.openid, {});
	const script = readFileSync(`${setting("YJ_TOP")}/sim/wx-bridge.js`, "utf8");
	await page.addInitScript(script);
	await page.goto(bill(who.applications[5]));
	await press(page, "微信支付 200.00 元");
	await page.locator("dialog").waitFor();
	perl(`use Yj::Wechatpay; my ($a) = db_rows('SELECT a.id, c.openid FROM application a JOIN applicant c ON c.id = a.applicant
		WHERE a.public_id = "${who.applications[5]}"');
		pay_native(applicant($a->{openid}), { application => "${who.applications[5]}", id => $a->{id} }); poll();`);
	await page.locator("dialog").getByRole("button", { name: "付款" }).click();
	await page.waitForURL(/\/apply\/(payment\?.*after=ok|status)/);
	poll();
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/status?application=${who.applications[5]}`);
	const words = await main(page);
	ok(/待审核/.test(words) && /200\.00 元\s*已登记，等待财务确认/.test(words), "paid twice: it moves on, and one comes back", words);
	await see("payment-twice", page);
	await page.context().close();
}

await run(async (browser) => {
	const who = payers(6);
	await insideWechat(browser, who);
	await onAPhone(browser, who);
	await onADesk(browser, who);
	await withoutScript(browser, who);
	await afterTheClose(browser, who);
	await twice(browser, who);
});
