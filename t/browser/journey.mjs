// journey.mjs: on a phone's screen from the QR address to the approval, with
// 12-megapixel photos: a clerk refuses one scan, only that is mended, the clerk
// approves, the applicant sees it. axe-core looks at every page, empty, filled and in
// error: no violation, no sideways scrolling, no break of the security policy, and a
// first page that a slow network can carry.
import { gzipSync } from "node:zlib";
import { apply, approve, deskPage, fixture, is, newPage, ok, openCase, press, refuseScan, run, setting,
	upload } from "./browser.mjs";
import { picture } from "./behind.mjs";
import { see as look } from "./see.mjs";

const BYTES_MAX = 60 * 1024;
const REQUESTS_MAX = 8;

async function see(name, page) {
	await look(name, page);
	await picture(name, page);
}

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
	ok(await page.locator("svg.yj-qr").isVisible(), "outside WeChat the page shows the QR code");
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

const words = (page) => page.locator("main").innerText();

await run(async (browser) => {
	const person = fixture();
	await weigh(browser);

	const phone = await newPage(browser);
	const application = await apply(phone, person, see);
	const status = `${setting("YJ_PUBLIC_URL")}/apply/status?application=${application}`;
	ok(/审核/.test(await words(phone)), "the applicant reads that it is being reviewed");

	const desk = await deskPage(browser, see);
	await openCase(desk, application, see);
	ok((await words(desk)).includes(person.company.name), "the clerk sees the company's name");
	await desk.locator('button[formaction^="/clerk/reveal"]').first().click();
	await desk.waitForURL(/\/clerk\/reveal/);
	await see("clerk-revealed", desk);
	await press(desk, "退回修改");
	await desk.locator("[role=alert]").waitFor();
	await see("clerk-refuse-errors", desk);
	await refuseScan(desk, "company", "licence", "四角没有拍全", see);

	await phone.goto(status);
	await see("status-correction", phone);
	ok((await words(phone)).includes("四角没有拍全"), "the applicant reads the clerk's note");
	await phone.locator('main a[href^="/apply/company"]').first().click();
	await phone.waitForURL(/\/apply\/company/);
	await see("company-correction", phone);
	is(await phone.locator("main input.yj-input, main button.yj-region__button").count(), 0,
		"nothing but the refused scan can be changed");
	await dialogs(phone, application);
	await upload(phone, "licence", person.photo["licence-again"]);
	await press(phone, "保存");
	await phone.waitForURL(/\/apply\/status/);
	await see("status-mended", phone);
	await press(phone, "重新提交");
	await phone.waitForURL(/\/apply\/status/);

	await openCase(desk, application, see);
	await approve(desk, see);
	await phone.goto(status);
	await see("status-approved", phone);
	ok((await words(phone)).includes("审核通过"), "the applicant sees the approval");
	is(phone.complaints.join("\n"), "", "the phone's console is clean");
	is(desk.complaints.join("\n"), "", "the desk's console is clean");
	await elsewhere(phone, application);
	await phone.goto(`${setting("YJ_PUBLIC_URL")}/apply/mine`);
	ok((await words(phone)).includes(person.company.name), "my applications lists it");
});
