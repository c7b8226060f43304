// subscribe.mjs: the card on apply/status that asks through wx-open-subscribe.
import { execFileSync } from "node:child_process";
import { fixture, is, newPage, ok, run, setting, toCompany } from "./browser.mjs";

const job = () => execFileSync(`${setting("YJ_BUILD")}/cron/ticket`, { stdio: "ignore",
	env: { PATH: "/usr/bin:/bin", YJ_CONFIG: setting("YJ_CONFIG") } });
const card = (page) => page.locator("[data-yj-subscribe]");
const status = (page, application, more = "") =>
	page.goto(`${setting("YJ_PUBLIC_URL")}/apply/status?application=${application}${more}`);

async function press(page, answer) {
	await card(page).locator("wx-open-subscribe button.button").click();
	await card(page).locator(`wx-open-subscribe [data-answer=${answer}]`).click();
}

const said = (page) => page.waitForFunction(() =>
	document.querySelector("[data-yj-subscribe] [role=status]").textContent).then((text) => text.jsonValue());

await run(async (browser) => {
	const page = await newPage(browser);
	const application = await toCompany(page, fixture());

	await status(page, application);
	is(await card(page).count(), 0, "without a ticket there is no card");
	job();
	const answer = await status(page, application, "&flash=saved");
	await card(page).waitFor();
	ok(await card(page).getByRole("heading", { name: "接收办理进度通知" }).isVisible(),
		"with one the card is there, signed for this address");
	const policy = answer.headers()["content-security-policy"];
	ok(policy.includes(`script-src 'self' ${setting("YJ_PUBLIC_URL")}/static/sim/jweixin.js;`), "its script is allowed", policy);
	ok(policy.includes("frame-src https://*.qq.com webcompt:"), "and the tag's frames", policy);
	ok(!policy.includes("unsafe"), "and nothing unsafe", policy);
	is((await card(page).getAttribute("data-yj-subscribe")).split(",").length, 3, "three templates at once");

	const first = await card(page).getAttribute("data-yj-subscribe");
	await press(page, "reject");
	ok((await said(page)).startsWith("没有允许"), "a refusal is answered");
	await status(page, application);
	await card(page).waitFor();
	is(await card(page).getAttribute("data-yj-subscribe"), first, "and may be thought over");
	await press(page, "accept");
	ok((await said(page)).startsWith("已允许"), "so is an acceptance");
	is(await card(page).locator("wx-open-subscribe").count(), 0, "whose button goes");
	await status(page, application);
	await card(page).waitFor();
	const next = (await card(page).getAttribute("data-yj-subscribe")).split(",");
	is(next.filter((id) => first.split(",").includes(id)).length, 0, "what is accepted is not asked for again");

	// Another address than was signed: WeChat's client says no.
	await page.route("**/apply/status?*", async (route) => {
		const response = await route.fetch();
		const body = (await response.text()).replace(/data-signature="./, 'data-signature="x');
		await route.fulfill({ response, body });
	});
	await status(page, application);
	await page.waitForFunction(() => !document.querySelector("[data-yj-subscribe]"));
	ok(true, "a wrong signature leaves no card");
	await page.unroute("**/apply/status?*");

	await page.route("**/jweixin.js", (route) => route.abort());
	await status(page, application);
	await page.waitForFunction(() => !document.querySelector("[data-yj-subscribe]"));
	ok(await page.getByRole("heading", { name: "办理进度" }).isVisible(), "nor does a script that does not come; the page stands");
	is(page.complaints.filter((text) => !text.includes("ERR_FAILED")).join("\n"), "", "the console is clean");
});
