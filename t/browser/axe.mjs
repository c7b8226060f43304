// axe.mjs: axe-core on every page, empty, filled and in error, in light and
// dark, from 320 to 1280 px: no violation, no sideways scrolling, no break
// of the security policy, and a first page that a slow network can carry.
import { gzipSync } from "node:zlib";
import { apply, approve, deskPage, fixture, is, newPage, ok, openCase, press, refuseScan, run, setting,
	upload } from "./browser.mjs";
import { see } from "./see.mjs";
import { walkPayment } from "./payment-walk.mjs";

const BYTES_MAX = 60 * 1024;
const REQUESTS_MAX = 8;

// Headers not counted; what the server sends uncompressed counts as it is.
async function weigh(browser) {
	const page = await newPage(browser, { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120" });
	const answers = [];
	page.on("response", (response) => answers.push(response));
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/start?project=gzgjj`, { waitUntil: "networkidle" });
	let bytes = 0;
	for (const answer of answers) {
		const body = await answer.body();
		bytes += answer.headers()["content-encoding"] === "gzip" ? gzipSync(body).length : body.length;
	}
	ok(bytes <= BYTES_MAX, `the first page weighs at most ${BYTES_MAX} bytes`, `${bytes} bytes`);
	ok(answers.length <= REQUESTS_MAX, `… in at most ${REQUESTS_MAX} requests`, answers.map((a) => a.url()).join("\n"));
	console.log(`# first page: ${bytes} bytes in ${answers.length} requests`);
	await see("entry-qr", page);
	is(page.complaints.join("\n"), "", "entry-qr: the console is clean");
	await page.context().close();
}

async function dialogs(page, application) {
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/company?application=${application}`);
	await page.locator(".yj-scan__page a").first().click();
	await page.locator("dialog.yj-look").waitFor();
	await see("picture", page);
	await page.keyboard.press("Escape");
}

async function elsewhere(page, application) {
	const url = setting("YJ_PUBLIC_URL");
	const pages = { mine: "/apply/mine", cancel: `/apply/cancel?application=${application}`,
		help: "/static/help/index.html", "not-mine": "/apply/status?application=00000000000000000000000000",
		"no-page": "/apply/nothing" };
	for (const [name, path] of Object.entries(pages)) {
		const answer = await page.goto(url + path);
		if (answer.status() < 400 || await page.locator("main").count()) await see(name, page);
		else ok(false, `${name}: an answer with words`, `${answer.status()}`);
	}
}

await run(async (browser) => {
	const person = fixture();
	await weigh(browser);
	const phone = await newPage(browser);
	const application = await apply(phone, person, see);
	const desk = await deskPage(browser, see);
	await openCase(desk, application, see);
	await desk.locator('button[formaction^="/clerk/reveal"]').first().click();
	await desk.waitForURL(/\/clerk\/reveal/);
	await see("clerk-revealed", desk);
	await press(desk, "退回修改");
	await desk.locator("[role=alert]").waitFor();
	await see("clerk-refuse-errors", desk);
	await refuseScan(desk, "company", "licence", "四角没有拍全", see);
	await phone.goto(`${setting("YJ_PUBLIC_URL")}/apply/status?application=${application}`);
	await see("status-correction", phone);
	await phone.locator('main a[href^="/apply/company"]').first().click();
	await phone.waitForURL(/\/apply\/company/);
	await see("company-correction", phone);
	await dialogs(phone, application);
	await upload(phone, "licence", person.photo["licence-again"]);
	await press(phone, "保存");
	await phone.waitForURL(/\/apply\/status/);
	await press(phone, "重新提交");
	await phone.waitForURL(/\/apply\/status/);
	await openCase(desk, application, see);
	await approve(desk, see);
	await phone.goto(`${setting("YJ_PUBLIC_URL")}/apply/status?application=${application}`);
	await see("status-approved", phone);
	is(phone.complaints.join("\n"), "", "the phone's console is clean");
	is(desk.complaints.join("\n"), "", "the desk's console is clean");
	await elsewhere(phone, application);
	await walkPayment(browser, see);
});
