// identity-review.mjs: the identity check with a person on both sides: recorded
// on a phone, refused with a reason at the desk, recorded again, sent back once
// more because it was too dark, recorded a third time, passed, on to the payment.
import { is, ok, press, run, setting } from "./browser.mjs";
import { deskOf, main, perl, picture } from "./behind.mjs";
import { CAMERA, choose, logIn, open, record, state, work } from "./identity-walk.mjs";
import { see } from "./see.mjs";

const intranet = setting("YJ_INTRANET_URL");

// With all its scans, so that the desk has a card to compare with.
const application = () => JSON.parse(perl(`
	my $t = seed(state => 'awaiting_identity', project => 'gzgjj');
	printf '{"openid":"%s","application":"%s","id":%d}', @$t{qw(openid application id)};`));

async function look(name, page) {
	await see(name, page);
	await picture(name, page);
}

// The applicant records; what Chromium recorded is looked through.
async function handIn(phone, one) {
	await choose(phone, one, "recorded");
	await phone.waitForURL(/\/apply\/record/);
	await record(phone);
	is(await phone.locator("h1").textContent(), "视频已收到，正在检查", "the recording is handed in");
	work();
	is(state(one), "awaiting_identity_review", "a clerk is to look at it");
}

// The clerk comes by the queue, opens the faces and stands before the decision.
async function compare(desk, one, count) {
	await desk.goto(`${intranet}/clerk/queue?state=awaiting_identity_review&order=newest`);
	await desk.locator(`a[href*="${one.application}"]`).first().click();
	await desk.getByRole("link", { name: "核对身份" }).click();
	await desk.waitForURL(/\/clerk\/identity/);
	ok((await main(desk)).includes(`第 ${count} 次，录制视频 · 待人工核对`), `attempt ${count} waits`);
	await press(desk, "打开人像材料");
	await desk.locator(".yj-frames img").first().waitFor();
	await desk.evaluate(() => Promise.all([...document.images].map((img) => img.decode().catch(() => {}))));
	ok(await desk.locator('.yj-frames img[src*="kind=frame"]').count() >= 5, "a picture beside the card and of each step");
	is(await desk.evaluate(() => [...document.images].filter((img) => !img.naturalWidth).length), 0, "every picture is there");
}

async function decide(desk, button, flash) {
	await press(desk, button);
	await desk.waitForURL(/\/clerk\/queue/);
	is(await desk.locator(".yj-flash").innerText(), flash, "the queue says what was done");
}

// What both pages of the applicant say, where the check is to be made again.
async function told(phone, one, name, words) {
	await open(phone, "status", one);
	ok((await main(phone)).includes(words), `the status says: ${words}`);
	await look(`${name}-status`, phone);
	await phone.getByRole("link", { name: "去做身份鉴别" }).click();
	await phone.waitForURL(/\/apply\/identity\?/);
	ok((await main(phone)).includes(words), "… and so does the page of the check");
	await look(name, phone);
}

async function journey(browser) {
	const one = application();
	const phone = await logIn(browser, one);
	const desk = await deskOf(browser, "clerk");

	await handIn(phone, one);
	await open(phone, "status", one);
	await look("review-waits", phone);
	await compare(desk, one, 1);
	await look("desk-review", desk);
	await desk.locator("select[name=reason-refuse]").selectOption("face-other");
	await decide(desk, "不通过", "身份核对未通过，已通知申请人");
	is(state(one), "awaiting_identity", "failed: back to the applicant");
	await told(phone, one, "review-refused", "录像里的人和身份证照片不像同一个人。请由本人办理，也可以带身份证原件到窗口核验。");
	ok(/还剩 2 次/.test(await main(phone)), "it has cost a try");

	await handIn(phone, one);
	await compare(desk, one, 2);
	await desk.locator("select[name=reason-repeat]").selectOption("face-dark");
	await decide(desk, "请重录", "已请申请人重录");
	is(state(one), "awaiting_identity", "to be recorded again");
	await told(phone, one, "review-repeat", "画面太暗，看不清脸。请到光线充足的地方重新录制，这次不计入次数。");
	ok(/还剩 2 次/.test(await main(phone)), "it has cost no try");
	ok(!/不像同一个人/.test(await main(phone)), "what was said before is over");

	await handIn(phone, one);
	await compare(desk, one, 3);
	await decide(desk, "通过", "身份核对已通过");
	is(state(one), "awaiting_payment", "passed");
	await open(phone, "identity-return", one);
	await phone.waitForURL(/\/apply\/(status|payment)/);
	await open(phone, "status", one);
	await look("review-passed", phone);
	await phone.getByRole("link", { name: "去付款" }).click();
	await phone.waitForURL(/\/apply\/payment/);
	ok(await phone.getByRole("button", { name: /微信支付/ }).count() > 0, "the applicant goes on to the payment");

	await desk.goto(`${intranet}/clerk/case?application=${one.application}`);
	await desk.evaluate(() => Promise.all([...document.images].map((img) => { img.loading = "eager"; return img.decode().catch(() => {}); })));
	await look("desk-review-case", desk);
	is(phone.complaints.join("\n"), "", "the phone's console is clean");
	is(desk.complaints.join("\n"), "", "the desk's console is clean");
}

await run(journey, CAMERA);
