// browser.mjs: what the browser tests share: Chromium, TAP lines, the walk
// through all pages, and the people and photos that the walk needs.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync"];
// The shell is the same engine without the windows around it, a quarter cheaper.
const PROGRAMS = ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"];
export const WECHAT = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
	+ "(KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.50 Language/zh_CN";

export function setting(name) {
	const value = process.env[name];
	if (!value) throw new Error(`${name} is not set; run this by its .t file`);
	return value;
}

// -- TAP ----------------------------------------------------------------------

let count = 0;
let failures = 0;

export function ok(good, name, detail) {
	count++;
	if (!good) failures++;
	console.log(`${good ? "ok" : "not ok"} ${count} - ${name.replaceAll("#", "")}`);
	if (!good && detail) console.log(String(detail).replace(/^/gm, "# "));
	return good;
}

export const is = (got, wanted, name) => ok(got === wanted, name, `got    ${got}\nwanted ${wanted}`);

export async function run(test, flags = []) {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM
		|| PROGRAMS.find((path) => existsSync(path)), args: [...FLAGS, ...flags] });
	try {
		await test(browser);
	} catch (error) {
		ok(false, "the walk came to its end", `${error.stack}\n${error.cause ? error.cause.stack : ""}`);
	} finally {
		await browser.close();
	}
	console.log(`1..${count}`);
	process.exitCode = failures ? 1 : 0;
}

// -- people -------------------------------------------------------------------

// Valid random data and drawn photos, by the same code as the walk without script.
export function fixture() {
	const script = `
		use Yj; use Yj::Journey; use JSON::PP;
		print JSON::PP->new->ascii->encode({
			company => company_data(), legal_rep => person_data(), agent => person_data(),
			address => address_data(), openid => openid(), project => plain_project(),
			photo => { map { $_ => sample($_, 'phone') } qw(licence licence-again id-front id-back
				agent-id-front agent-id-back application-form-1 application-form-2 user-agreement-1) },
		});`;
	return JSON.parse(execFileSync("perl", ["-I", `${setting("YJ_TOP")}/t/lib`, "-e", script],
		{ encoding: "utf8", maxBuffer: 1 << 20 }));
}

// -- a page that watches itself -------------------------------------------------

// Everything the browser complains about ends in `complaints`.
export async function newPage(browser, options = {}) {
	const context = await browser.newContext({
		viewport: { width: 375, height: 812 }, locale: "zh-CN", userAgent: WECHAT, ...options });
	const page = await context.newPage();
	page.setDefaultTimeout(30000);
	page.complaints = [];
	page.on("console", (message) => {
		// A form answered with its errors has status 422: that is no fault.
		if (message.type() === "error" && !/status of 4(22|03|29)/.test(message.text()))
			page.complaints.push(message.text());
	});
	page.on("pageerror", (error) => page.complaints.push(error.message));
	page.on("dialog", (dialog) => dialog.accept());
	return page;
}

export async function overflow(page) {
	return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

// -- the walk -------------------------------------------------------------------

const main = (page) => page.locator("main");

export async function press(page, label) {
	await main(page).getByRole("button", { name: label, exact: true }).last().click();
	await page.waitForLoadState("load");
}

async function leave(page, label, path) {
	await Promise.all([page.waitForURL((url) => url.pathname === path), press(page, label)]);
}

export async function chooseRegion(page, control, words) {
	await page.locator(`button#${control}`).click();
	const sheet = page.locator("dialog.yj-sheet");
	for (const word of words)
		await sheet.locator(".yj-sheet__list").getByRole("button", { name: word }).first().click();
	await sheet.waitFor({ state: "detached" });
}

export async function upload(page, field, files) {
	const list = [files].flat();
	const box = page.locator(`[data-yj-scan="${field}"]`);
	const before = await box.locator(".yj-scan__page").evaluateAll((nodes) => nodes.map((n) => n.dataset.scan));
	await box.locator("input[type=file]").setInputFiles(list);
	await page.waitForFunction(([name, old, wanted]) => {
		const now = [...document.querySelectorAll(`[data-yj-scan="${name}"] .yj-scan__page`)];
		return now.filter((node) => !old.includes(node.dataset.scan)).length >= wanted
			&& !document.querySelector(".yj-scan__job");
	}, [field, before, list.length], { timeout: 60000 });
}

async function type(page, values) {
	for (const [name, value] of Object.entries(values))
		await page.locator(`main input[name="${name}"]`).fill(value);
}

// The error page of an empty form, as `name-errors`.
async function errors(page, see, name) {
	await press(page, "下一步");
	await page.locator(".yj-errors").waitFor();
	await see(`${name}-errors`, page);
}

const blind = async () => {};

// From the address in the QR code to the first form; gives the application's
// public id. `see(name, page)` looks at every page on the way.
export async function toCompany(page, person, see = blind) {
	const url = setting("YJ_PUBLIC_URL");
	await page.goto(`${url}/apply/start?project=${person.project}`);
	await page.locator("input[name=openid]").waitFor();
	await see("sim-wechat", page);
	await page.locator("input[name=openid]").fill(person.openid);
	await Promise.all([page.waitForURL(/\/apply\/start/), page.locator("form button").click()]);
	await see("start", page);
	await leave(page, "确认开始", "/apply/agreement");
	const application = new URL(page.url()).searchParams.get("application");
	await see("agreement", page);
	await press(page, "我已阅读，并同意继续操作");
	await page.locator(".yj-errors").waitFor();
	await see("agreement-errors", page);
	await page.locator("input[name=consent_identity]").check();
	await page.locator("input[name=consent_third_party]").check();
	await leave(page, "我已阅读，并同意继续操作", "/apply/company");
	return application;
}

// On from there to awaiting_review, with each form in error once.
export async function apply(page, person, see) {
	const application = await toCompany(page, person, see);
	await see("company", page);
	await errors(page, see, "company");
	await type(page, { name: person.company.name, uscc: person.company.uscc });
	await page.locator("button#region").click();
	await page.locator("dialog.yj-sheet .yj-sheet__list button").first().waitFor();
	await see("company-region", page);
	await page.keyboard.press("Escape");
	await chooseRegion(page, "region", ["江西省", "赣州市", "章贡区"]);
	await upload(page, "licence", person.photo.licence);
	await see("company-filled", page);
	await leave(page, "下一步", "/apply/legal-rep");

	await see("legal-rep", page);
	await errors(page, see, "legal-rep");
	await type(page, person.legal_rep);
	await upload(page, "id_front", person.photo["id-front"]);
	await upload(page, "id_back", person.photo["id-back"]);
	await see("legal-rep-filled", page);
	await leave(page, "下一步", "/apply/agent");

	await see("agent", page);
	await errors(page, see, "agent");
	await type(page, person.agent);
	await upload(page, "id_front", person.photo["agent-id-front"]);
	await upload(page, "id_back", person.photo["agent-id-back"]);
	await upload(page, "application_form", [person.photo["application-form-1"], person.photo["application-form-2"]]);
	await upload(page, "user_agreement", person.photo["user-agreement-1"]);
	await chooseNewAddress(page, person.address);
	await see("agent-filled", page);
	await leave(page, "下一步", "/apply/order");

	await see("order", page);
	await errors(page, see, "order");
	await page.locator("input[name=package]").first().check();
	await page.locator("input[name=identity_method]").last().check();
	await type(page, { invoice_title: person.company.name, invoice_tax_number: person.company.uscc,
		invoice_email: "caiwu@example.com" });
	await see("order-filled", page);
	await leave(page, "下一步", "/apply/confirm");
	await see("confirm", page);
	await leave(page, "确认订单", "/apply/status");
	await see("status-review", page);
	return application;
}

async function chooseNewAddress(page, address) {
	const fresh = page.locator('input[name=address][value=new]');
	if (await fresh.getAttribute("type") === "radio") await fresh.check();
	await type(page, { address_recipient: address.address_recipient, address_mobile: address.address_mobile,
		address_street: address.address_street });
	await chooseRegion(page, "address_region", ["江西省", "赣州市", "章贡区"]);
}

// -- the clerk --------------------------------------------------------------------

// A page on the intranet, logged in as the first clerk, standing on the queue.
export async function deskPage(browser, see) {
	const page = await newPage(browser, { viewport: { width: 1280, height: 900 },
		userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120" });
	await page.goto(`${setting("YJ_INTRANET_URL")}/clerk/login`);
	await see("clerk-login", page);
	await page.locator("input[name=login]").fill(setting("YJ_CLERK1_LOGIN"));
	await page.locator("input[name=password]").fill("wrong");
	await press(page, "登录");
	await see("clerk-login-refused", page);
	await page.locator("input[name=login]").fill(setting("YJ_CLERK1_LOGIN"));
	await page.locator("input[name=password]").fill(setting("YJ_CLERK1_PASSWORD"));
	await leave(page, "登录", "/clerk/queue");
	await see("clerk-queue", page);
	return page;
}

export async function openCase(page, application, see) {
	await page.goto(`${setting("YJ_INTRANET_URL")}/clerk/case?application=${application}`);
	await page.evaluate(() => Promise.all([...document.images].map((img) => {
		img.loading = "eager";
		return img.decode().catch(() => {});
	})));
	await see("clerk-case", page);
}

// Pins the first reason on offer, with a note, to the first scan of a field.
export async function refuseScan(page, form, field, note, see) {
	const pin = page.locator("details.yj-pin").filter({
		has: page.locator(`select[name^="reason.${form}.${field}"]`) }).first();
	await pin.locator("summary").click();
	await pin.locator("select").selectOption({ index: 1 });
	await pin.locator("textarea").fill(note);
	await see("clerk-refusing", page);
	await leave(page, "退回修改", "/clerk/queue");
	await see("clerk-queue-refused", page);
}

export async function approve(page, see) {
	await leave(page, "审核通过", "/clerk/queue");
	await see("clerk-queue-approved", page);
}
