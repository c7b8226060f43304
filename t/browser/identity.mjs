// identity.mjs: the identity check in a browser with a camera (Chromium's fake
// one): chosen, recorded within the page, handed in, looked at; the phone's own
// camera where pages may not record; the face service's page; in person. Every
// page and state is looked at by axe.
import { is, ok, press, run, setting } from "./browser.mjs";
import { perl, value } from "./behind.mjs";
import { CAMERA, application, choose, logIn, open, record, state, work } from "./identity-walk.mjs";
import { see } from "./see.mjs";

const recording = perl("print recording('good');");

async function recorded(browser) {
	const one = application();
	const page = await logIn(browser, one);
	await open(page, "status", one);
	await page.getByRole("link", { name: "去做身份鉴别" }).click();
	await page.waitForURL(/\/apply\/identity/);
	await see("identity", page);
	await press(page, "下一步");
	await page.locator(".yj-errors").waitFor();
	await see("identity-errors", page);
	await choose(page, one, "recorded");
	await page.waitForURL(/\/apply\/record/);
	await page.getByRole("button", { name: "打开摄像头，开始录像" }).waitFor();
	await see("record", page);
	const asked = await record(page, async (step) => {
		if (step === 0) await page.screenshot({ path: `${setting("YJ_VAR")}/record-cue.png` });
		if (step === 3) ok(/^\d{4}$/.test(await page.locator(".yj-record__digits").textContent()), "the digits come last");
	});
	is(new Set(asked).size, 4, `four different steps are shown: ${asked.join(" / ")}`);
	is(await page.locator("h1").textContent(), "视频已收到，正在检查", "the recording is handed in");
	const offset = Number(value(`SELECT s.at_ms FROM identity_step s JOIN identity_attempt i ON i.id = s.attempt
		WHERE i.application = ${one.id} AND s.ord = 0`));
	ok(offset >= 2000 && offset < 20000, `the first step came ${offset} ms into the recording`);
	await see("identity-wait", page);
	work();
	is(state(one), "awaiting_identity_review", "what Chromium recorded becomes a clip for a clerk");
	ok(Number(value(`SELECT COUNT(DISTINCT m.action) FROM face_material m JOIN identity_attempt i ON i.id = m.attempt
		WHERE i.application = ${one.id} AND m.kind = 'frame'`)) === 4, "with frames of every step");
	await open(page, "identity-return", one);
	ok(page.url().includes("/apply/status"), "the page goes on");
	await see("status-identity-review", page);
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
}

// A connection that breaks in the upload: the recording is still there.
async function brokenUpload(browser) {
	const one = application();
	const page = await logIn(browser, one);
	await choose(page, one, "recorded");
	let broken = true;
	await page.route(/record-upload/, (route) => broken ? route.abort() : route.continue());
	await page.getByRole("button", { name: "打开摄像头，开始录像" }).click();
	await page.getByRole("button", { name: "再传一次" }).waitFor({ timeout: 60000 });
	await see("record-upload-broken", page);
	broken = false;
	await page.getByRole("button", { name: "再传一次" }).click();
	await page.waitForURL(/\/apply\/identity-return/);
	is(value(`SELECT GROUP_CONCAT(state) FROM identity_attempt WHERE application = ${one.id}`), "handed_in",
		"after a broken upload the same recording goes up");
	await page.context().close();
}

async function byHand(browser) {
	const one = application();
	const page = await logIn(browser, one);
	await page.addInitScript(() => { delete window.MediaRecorder; });
	await choose(page, one, "recorded");
	await see("record-by-hand", page);
	await press(page, "准备好了，看第 1 步");
	await page.locator('[data-step="0"]').waitFor();
	await see("record-step", page);
	for (let step = 1; step < 4; step++) await press(page, "记住了，下一步");
	await page.locator("input[name=recording]").waitFor();
	await see("record-file", page);
	await page.locator("input[name=recording]").setInputFiles({ name: "a.mp4", mimeType: "video/mp4", buffer: Buffer.from("no recording") });
	await press(page, "上传视频");
	is(await page.locator("h1").textContent(), "视频没有收下", "what is no recording is not taken");
	await see("record-refused", page);
	await open(page, "record", one);
	await page.locator("input[name=recording]").setInputFiles(recording);
	await Promise.all([page.waitForURL(/\/apply\/identity-return/), press(page, "上传视频")]);
	work();
	is(state(one), "awaiting_identity_review", "a recording of the phone's own camera goes the same way");
	await page.context().close();
}

// Nobody lets the page use the camera: nothing is lost.
async function refusedCamera(browser) {
	const one = application();
	const page = await logIn(browser, one);
	await page.addInitScript(() => {
		navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotAllowedError"));
	});
	await choose(page, one, "recorded");
	await page.getByRole("button", { name: "打开摄像头，开始录像" }).click();
	await page.getByText("摄像头没有打开").waitFor();
	await see("record-no-camera", page);
	await press(page, "准备好了，看第 1 步");
	await page.locator('[data-step="0"]').waitFor();
	ok(true, "the way by hand is open");
	await open(page, "face-consent", one);
	await see("face-consent", page);
	await press(page, "撤回同意");
	await page.waitForURL(/\/apply\/identity/);
	await see("identity-lapsed", page);
	await choose(page, one, "counter");
	await page.getByRole("heading", { name: "到窗口办理" }).waitFor();
	await see("identity-in-person", page);
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
}

async function cloud(browser) {
	const one = application();
	const page = await logIn(browser, one);
	await choose(page, one, "cloud");
	await page.waitForURL(/\/sim\/faceid/);
	await page.locator("button[value=fail]").click();
	await page.waitForURL(/\/apply\/identity-return/);
	is(await page.locator("h1").textContent(), "正在确认结果", "back from the service: nothing is believed yet");
	is(state(one), "awaiting_identity", "... and nothing has moved");
	await open(page, "identity-return", one); // came by a redirect: it refreshes itself
	await see("identity-return", page);
	work();
	await open(page, "identity-return", one);
	await page.getByText("上一次刷脸没有通过").waitFor();
	await see("identity-failed", page);
	await choose(page, one, "cloud");
	await page.waitForURL(/\/sim\/faceid/);
	await page.locator("button[value=pass]").click();
	await page.waitForURL(/\/apply\/identity-return/);
	work();
	is(state(one), "awaiting_payment", "what the service says moves the application");
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
}

await run(async (browser) => {
	await recorded(browser);
	await brokenUpload(browser);
	await byHand(browser);
	await refusedCamera(browser);
	await cloud(browser);
}, CAMERA);
