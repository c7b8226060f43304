// journey.mjs: on a phone's screen from the QR address to the approval, with
// 12-megapixel photos: a clerk refuses one scan, only that is mended, the
// clerk approves, the applicant sees it. Pictures of every page, light and
// dark, go to $YJ_VAR/screenshots.
import { mkdirSync } from "node:fs";
import { apply, approve, deskPage, fixture, is, newPage, ok, openCase, overflow, press, refuseScan, run,
	setting, upload } from "./browser.mjs";

const shots = `${setting("YJ_VAR")}/screenshots`;
mkdirSync(shots, { recursive: true });

async function see(name, page) {
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png`, fullPage: true });
	}
	await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
	is(await overflow(page), 0, `${name}: nothing to scroll sideways`);
}

async function entry(browser) {
	const page = await newPage(browser, { userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120" });
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/start?project=gzgjj`);
	ok(await page.locator("svg.yj-qr").isVisible(), "outside WeChat the page shows the QR code");
	await see("entry-qr", page);
	await page.context().close();
}

await run(async (browser) => {
	const person = fixture();
	await entry(browser);

	const phone = await newPage(browser);
	const application = await apply(phone, person, see);
	const status = `${setting("YJ_PUBLIC_URL")}/apply/status?application=${application}`;
	ok(/审核/.test(await phone.locator("main").innerText()), "the applicant reads that it is being reviewed");

	const desk = await deskPage(browser, see);
	await openCase(desk, application, see);
	ok((await desk.locator("main").innerText()).includes(person.company.name), "the clerk sees the company's name");
	await refuseScan(desk, "company", "licence", "四角没有拍全", see);

	await phone.goto(status);
	await see("status-correction", phone);
	ok((await phone.locator("main").innerText()).includes("四角没有拍全"), "the applicant reads the clerk's note");
	await phone.locator('main a[href^="/apply/company"]').first().click();
	await phone.waitForURL(/\/apply\/company/);
	await see("company-correction", phone);
	is(await phone.locator("main input.yj-input, main button.yj-region__button").count(), 0,
		"nothing but the refused scan can be changed");
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
	ok((await phone.locator("main").innerText()).includes("审核通过"), "the applicant sees the approval");
	await phone.goto(`${setting("YJ_PUBLIC_URL")}/apply/mine`);
	await see("mine", phone);
	ok((await phone.locator("main").innerText()).includes(person.company.name), "my applications lists it");

	is(phone.complaints.join("\n"), "", "the phone's console is clean");
	is(desk.complaints.join("\n"), "", "the desk's console is clean");
});
