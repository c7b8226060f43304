// payment-walk.mjs: paying in a real browser: inside WeChat, on a phone, on a
// desk, given up, and after the order was closed. `see(name, page)` looks at
// every state; payment.mjs takes pictures, axe.mjs looks for faults.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { is, newPage, ok, press, setting } from "./browser.mjs";

const DESK = { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120", viewport: { width: 1000, height: 900 } };
const PHONE = { userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36" };
const BRIDGE_LATE_MS = 700;

// An applicant with applications that are to be paid.
function payers(count) {
	const script = `
		use Yj; use Yj::Outbox; use Yj::Wechatpay; use JSON::PP;
		stop_cron(); pay_calm();
		my $browser = applicant();
		print JSON::PP->new->ascii->encode({ openid => $browser->{yj_openid},
			applications => [map { payable($browser)->{application} } 1 .. ${count}] });`;
	return JSON.parse(execFileSync("perl", ["-I", `${setting("YJ_TOP")}/t/lib`, "-e", script], { encoding: "utf8" }));
}

// What cron does each second.
function poll() {
	execFileSync(`${setting("YJ_BUILD")}/cron/poll`, ["0"],
		{ env: { PATH: process.env.PATH, YJ_CONFIG: setting("YJ_CONFIG") }, stdio: "ignore" });
}

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

async function seeStill(page, see, name) {
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
	ok(/待审核/.test(await page.locator("main").innerText()), name);
}

async function insideWechat(browser, who, see) {
	const page = await logIn(browser, who.openid, {});
	const script = readFileSync(`${setting("YJ_TOP")}/cgi-bin/sandbox/wx-bridge.js`, "utf8");
	await page.addInitScript(`setTimeout(() => { ${script} }, ${BRIDGE_LATE_MS});`);
	await page.goto(bill(who.applications[0]));
	await see("payment-wechat", page);
	await press(page, "微信支付 200.00 元");
	await page.locator("dialog").getByRole("button", { name: "取消" }).click();
	await page.waitForURL(/after=cancel/);
	ok(/正在确认付款结果/.test(await page.locator("main").innerText()), "cancelled: the page looks for itself");
	await seeStill(page, see, "payment-waiting");
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

async function onAPhone(browser, who, see) {
	const page = await logIn(browser, who.openid, PHONE);
	await page.goto(bill(who.applications[1]));
	await see("payment-phone", page);
	await press(page, "打开微信付款 200.00 元");
	await page.waitForURL(/\/sandbox\/wechatpay\/cashier/);
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
	await page.waitForURL(/\/sandbox\/wechatpay\/cashier/);
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

async function onADesk(browser, who, see) {
	const page = await logIn(browser, who.openid, DESK);
	await page.goto(bill(who.applications[2]));
	await see("payment-desk", page);
	await press(page, "扫码付款 200.00 元");
	await page.waitForURL(/ticket=/);
	await seeStill(page, see, "payment-code");
	await page.reload();
	const address = await scan(page);
	const phone = await newPage(browser);
	await phone.goto(address);
	await phone.getByRole("button", { name: "付款", exact: true }).click();
	await phone.getByText("支付成功").waitFor();
	await phone.context().close();
	poll();
	await page.waitForURL(/\/apply\/status/, { timeout: 30000 });
	ok(/待审核/.test(await page.locator("main").innerText()), "a code that another phone scanned leads on by itself");
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

export async function walkPayment(browser, see) {
	const who = payers(4);
	await insideWechat(browser, who, see);
	await onAPhone(browser, who, see);
	await onADesk(browser, who, see);
	await withoutScript(browser, who);
}
