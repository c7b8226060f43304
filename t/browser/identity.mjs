// identity.mjs: the identity check in a browser with a camera (Chromium's fake
// one): chosen, recorded within the page, handed in, looked at; the phone's own
// camera where pages may not record; the face service's page; the counter. Every
// page and state is looked at by axe.
import { execFileSync } from "node:child_process";
import { is, newPage, ok, press, run, setting } from "./browser.mjs";
import { see } from "./see.mjs";

const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const url = setting("YJ_PUBLIC_URL");

// An application in awaiting_identity, by the walk without script.
function perl(script) {
	return execFileSync("perl", ["-I", `${setting("YJ_TOP")}/t/lib`, "-e",
		`use Yj; use Yj::Journey; use Yj::Identity; ${script}`], { encoding: "utf8", maxBuffer: 1 << 20 }).trim();
}

const application = () => JSON.parse(perl(`my $b = applicant(); my $t = to_identity($b);
	printf '{"openid":"%s","application":"%s","id":%d}', $b->{yj_openid}, $t->{application}, $t->{id};`));
const value = (sql) => perl(`print db_value(q{${sql}}) // "";`);
const state = (one) => value(`SELECT state FROM application WHERE id = ${one.id}`);
const work = () => perl("run_worker();");
const film = perl("print film('good');");

async function logIn(browser, one, options) {
	const page = await newPage(browser, options);
	await page.goto(`${url}/apply/start?project=gzgjj`);
	await page.locator("input[name=openid]").fill(one.openid);
	await Promise.all([page.waitForURL(/\/apply\/start/), page.locator("form button").click()]);
	// a page that refreshes itself cannot be looked at in peace
	await page.route(/identity-return/, async (route) => {
		const response = await route.fetch({ maxRedirects: 0 });
		const headers = response.headers();
		delete headers.refresh;
		await route.fulfill({ response, headers });
	});
	return page;
}

const open = (page, name, one) => page.goto(`${url}/apply/${name}?application=${one.application}`);

async function choose(page, one, method) {
	await open(page, "identity", one);
	await page.locator(`input[name=method][value=${method}]`).check();
	const consent = page.locator("input[name=consent]");
	if (await consent.count()) await consent.check();
	await press(page, "下一步");
}

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
	await page.getByRole("button", { name: "打开摄像头，开始录像" }).click();
	const asked = [];
	for (let step = 0; step < 4; step++) {
		const cue = page.locator(`[data-step="${step}"]`);
		await cue.waitFor();
		asked.push(await cue.locator(".yj-record__words").textContent());
		if (step === 0) await page.screenshot({ path: `${setting("YJ_VAR")}/record-cue.png` });
	}
	is(new Set(asked).size, 4, `four different steps are shown: ${asked.join(" / ")}`);
	ok(/^\d{4}$/.test(await page.locator(".yj-record__digits").textContent()), "the digits come last");
	await page.waitForURL(/\/apply\/identity-return/, { timeout: 60000 });
	is(await page.locator("h1").textContent(), "视频已收到，正在检查", "the film is handed in");
	const offset = Number(value(`SELECT s.at_ms FROM identity_step s JOIN identity_attempt i ON i.id = s.attempt
		WHERE i.application = ${one.id} AND s.ord = 0`));
	ok(offset >= 2000 && offset < 20000, `the first step came ${offset} ms into the film`);
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

// A connection that breaks in the upload: the film is still there.
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
		"after a broken upload the same film goes up");
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
	await page.locator("input[name=film]").waitFor();
	await see("record-file", page);
	await page.locator("input[name=film]").setInputFiles({ name: "a.mp4", mimeType: "video/mp4", buffer: Buffer.from("no film") });
	await press(page, "上传视频");
	is(await page.locator("h1").textContent(), "视频没有收下", "what is no film is not taken");
	await see("record-refused", page);
	await open(page, "record", one);
	await page.locator("input[name=film]").setInputFiles(film);
	await Promise.all([page.waitForURL(/\/apply\/identity-return/), press(page, "上传视频")]);
	work();
	is(state(one), "awaiting_identity_review", "a film of the phone's own camera goes the same way");
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
	await see("identity-counter", page);
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
}

async function cloud(browser) {
	const one = application();
	const page = await logIn(browser, one);
	await choose(page, one, "cloud");
	await page.waitForURL(/\/sandbox\/faceid/);
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
	await page.waitForURL(/\/sandbox\/faceid/);
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
