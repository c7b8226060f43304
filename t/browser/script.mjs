// script.mjs: what the script adds to pages that are whole without it.
import { writeFileSync } from "node:fs";
import { fixture, is, newPage, ok, press, run, setting, toCompany, upload } from "./browser.mjs";
import { application as identityApplication, choose, logIn } from "./identity-walk.mjs";

const pages = (page) => page.locator('[data-yj-scan="licence"] .yj-scan__page');
const input = (page) => page.locator('[data-yj-scan="licence"] input[type=file]');

// Notes what the page hands to the network: Chromium does not tell the bodies.
async function listen(page) {
	await page.evaluate(() => {
		window.sent = [];
		const { send } = XMLHttpRequest.prototype;
		XMLHttpRequest.prototype.send = function (body) {
			window.sent.push(body);
			send.call(this, body);
		};
	});
}

async function shrinking(page, person) {
	await listen(page);
	await upload(page, "licence", person.photo.licence);
	const sent = await page.evaluate(() => Promise.all(window.sent.map(async (body) => {
		const file = body.get("file");
		const bitmap = await createImageBitmap(file);
		return { type: file.type, bytes: file.size, side: Math.max(bitmap.width, bitmap.height) };
	})));
	is(sent.length, 1, "one picture is one upload");
	is(sent[0].type, "image/jpeg", "it goes up as a JPEG");
	is(sent[0].side, 2048, "its long side shrunk to 2048 px");
	ok(sent[0].bytes < 1500000, "to less than 1.5 MB", sent[0].bytes);
}

// The answer of the first try is lost after the server has taken the picture.
async function retrying(page, person) {
	const before = await pages(page).getAttribute("data-scan");
	let tries = 0;
	await page.route("**/apply/scan?*", async (route) => {
		if (tries++ > 0) return route.continue();
		await route.fetch();
		return route.abort();
	});
	await input(page).setInputFiles(person.photo["licence-again"]);
	await page.getByRole("button", { name: "重试" }).click();
	await page.waitForFunction(() => !document.querySelector(".yj-scan__job"));
	await page.unroute("**/apply/scan?*");
	const keys = await page.evaluate(() => window.sent.slice(-2).map((body) => body.get("key")));
	is(keys[0], keys[1], "the retry bears the same key");
	ok(/^[0-9a-z]{26}$/.test(keys[0]), "which is shaped as the server's own", keys[0]);
	is(await pages(page).count(), 1, "the picture is there once");
	ok(await pages(page).getAttribute("data-scan") !== before, "and it is the new one");
}

async function refusing(page) {
	const path = `${setting("YJ_VAR")}/not-a-picture.jpg`;
	writeFileSync(path, "<svg xmlns='http://www.w3.org/2000/svg'/>");
	await input(page).setInputFiles(path);
	const error = page.locator("#licence-error");
	await error.waitFor();
	ok((await error.innerText()).length > 5, "what is no picture is answered at the field");
	is(await pages(page).count(), 1, "and changes nothing");
	is(await page.locator(".yj-scan__job").count(), 0, "nothing is left waiting");
}

async function looking(page) {
	await pages(page).locator("a").click();
	const dialog = page.locator("dialog.yj-look");
	await dialog.waitFor();
	ok(await dialog.locator("img").evaluate((img) => img.decode().then(() => img.naturalWidth > 1000)),
		"a touch shows the whole picture");
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "detached" });
	await page.getByRole("link", { name: "查看示例" }).click();
	ok(await dialog.locator("img").evaluate((img) => img.decode().then(() => true)), "and the example");
	await dialog.getByRole("button", { name: "关闭" }).click();
	await dialog.waitFor({ state: "detached" });
}

async function picking(page) {
	const button = page.locator("button#region");
	await button.click();
	await page.getByRole("searchbox").fill("章贡");
	await page.locator(".yj-sheet__list").getByRole("button", { name: "章贡区" }).click();
	is(await button.innerText(), "江西省 赣州市 章贡区", "a region is found by name");
	is(await page.locator("select[name=region]").inputValue(), "360702", "and its code is what is sent");
	await button.click();
	await page.locator(".yj-sheet__list").getByRole("button", { name: "广东省" }).click();
	await page.locator(".yj-sheet__list").getByRole("button", { name: "东莞市" }).click();
	is(await button.innerText(), "广东省 东莞市", "a city without counties is chosen itself");
	await button.click();
	await page.locator(".yj-sheet__list").getByRole("button", { name: "北京市" }).click();
	await page.locator(".yj-sheet__list").getByRole("button", { name: "东城区" }).click();
	ok((await button.innerText()).endsWith("东城区"), "a municipality's county is two touches away");
}

// The answer is held back, the button pressed three times.
async function sendingOnce(page, person) {
	await page.locator("input[name=name]").fill(person.company.name);
	await page.locator("input[name=uscc]").fill(person.company.uscc);
	let posts = 0;
	await page.route("**/apply/company?*", async (route) => {
		if (route.request().method() === "POST") {
			posts++;
			await new Promise((done) => setTimeout(done, 700));
		}
		await route.continue();
	});
	const next = page.getByRole("button", { name: "下一步" });
	await next.evaluate((button) => { button.click(); button.click(); setTimeout(() => button.click(), 100); });
	await page.waitForURL(/\/apply\/legal-rep/);
	is(posts, 1, "a button pressed three times sends once");
	await page.unroute("**/apply/company?*");
}

// Controls may bear the names of what a form is itself.
async function shadowing(page, application) {
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/company?application=${application}`);
	await page.evaluate(() => {
		const form = document.querySelector("main input[name=name]").form;
		for (const name of ["method", "action", "elements", "dataset", "querySelectorAll", "id", "submit", "closest"]) {
			const control = document.createElement("input");
			Object.assign(control, { type: "hidden", name, value: name });
			form.append(control);
		}
	});
	let asked = 0;
	const count = (dialog) => { if (dialog.type() === "beforeunload") asked++; };
	page.on("dialog", count);
	await page.locator("input[name=name]").fill("改了一半");
	await page.locator("input[name=name]").fill("改完有限公司");
	let posts = 0;
	await page.route("**/apply/company?*", async (route) => {
		if (route.request().method() === "POST") {
			posts++;
			await new Promise((done) => setTimeout(done, 700));
		}
		await route.continue();
	});
	await page.getByRole("button", { name: "下一步" }).evaluate((button) => {
		button.click();
		setTimeout(() => button.click(), 100);
	});
	await page.waitForURL(/\/apply\/legal-rep/);
	is(posts, 1, "a form with controls named method, elements, dataset … is sent once");
	is(asked, 0, "and sending it is not taken for leaving it");
	await page.unroute("**/apply/company?*");
	page.off("dialog", count);
}

// The page of the identity check has a control named "method".
async function choosing(browser) {
	const one = identityApplication();
	const page = await logIn(browser, one);
	let asked = 0;
	page.on("dialog", (dialog) => { if (dialog.type() === "beforeunload") asked++; });
	for (const method of ["recorded", "counter", "cloud"]) {
		await choose(page, one, method);
		ok(!page.url().endsWith(`/apply/identity?application=${one.application}`), `${method}: 下一步 leads on`, page.url());
	}
	is(asked, 0, "and nobody is asked whether to leave");
	await page.context().close();
}

// Enter in a text field hands in the form and deletes nothing.
async function entering(page, application) {
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/company?application=${application}`);
	await page.locator("input[name=name]").press("Enter");
	await page.waitForURL(/\/apply\/legal-rep/);
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/company?application=${application}`);
	is(await pages(page).count(), 1, "the Enter key deletes no picture");
}

async function leaving(page) {
	let asked = 0;
	page.on("dialog", (dialog) => { if (dialog.type() === "beforeunload") asked++; });
	await page.locator("input[name=name]").fill("改了一半");
	await page.locator(".yj-tabs a").last().click();
	await page.waitForURL(/\/apply\/agent|\/apply\/legal-rep/);
	is(asked, 1, "leaving with unsaved changes is asked about");
	await page.goBack();
	await page.locator(".yj-tabs a").last().click();
	await page.waitForURL(/\/apply\/agent|\/apply\/legal-rep/);
	is(asked, 1, "and without changes it is not");
}

async function deleting(page, application) {
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/company?application=${application}`);
	await page.locator(".yj-scan__remove").click();
	await page.waitForFunction(() => !document.querySelector(".yj-scan__page"));
	ok(true, "a picture is deleted at once");
	await page.reload();
	is(await pages(page).count(), 0, "and stays deleted");
	await press(page, "下一步");
	await page.locator(".yj-errors").waitFor();
	is(await page.evaluate(() => document.activeElement.className), "yj-errors", "the errors get the focus");
}

await run(async (browser) => {
	const person = fixture();
	const page = await newPage(browser);
	const application = await toCompany(page, person);
	await shrinking(page, person);
	await retrying(page, person);
	await refusing(page);
	await looking(page);
	await picking(page);
	await sendingOnce(page, person);
	await entering(page, application);
	await shadowing(page, application);
	await page.goto(`${setting("YJ_PUBLIC_URL")}/apply/company?application=${application}`);
	await leaving(page);
	await deleting(page, application);
	await choosing(browser);
	is(page.complaints.filter((text) => !text.includes("ERR_FAILED")).join("\n"), "", "the console is clean");
});
