// identity-walk.mjs: the applicant's side of the identity check with Chromium's
// fake camera, for the tests that go on from there.
import { newPage, press, setting } from "./browser.mjs";
import { perl, value } from "./behind.mjs";

export const CAMERA = ["--use-fake-device-for-media-stream=fps=10", "--use-fake-ui-for-media-stream"];
const url = setting("YJ_PUBLIC_URL");

// An application in awaiting_identity, by the walk without script.
export const application = () => JSON.parse(perl(`my $b = applicant(); my $t = to_identity($b);
	printf '{"openid":"%s","application":"%s","id":%d}', $b->{yj_openid}, $t->{application}, $t->{id};`));
export const state = (one) => value(`SELECT state FROM application WHERE id = ${one.id}`);
export const work = () => perl("run_worker();");
export const open = (page, name, one) => page.goto(`${url}/apply/${name}?application=${one.application}`);

export async function logIn(browser, one, options) {
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

export async function choose(page, one, method) {
	await open(page, "identity", one);
	await page.locator(`input[name=method][value=${method}]`).check();
	const consent = page.locator("input[name=consent]");
	if (await consent.count()) await consent.check();
	await press(page, "下一步");
}

// From the button to the page that waits for the result; gives what was asked for.
export async function record(page, onStep = async () => {}) {
	await page.getByRole("button", { name: "打开摄像头，开始录像" }).click();
	const asked = [];
	for (let step = 0; step < 4; step++) {
		const cue = page.locator(`[data-step="${step}"]`);
		await cue.waitFor();
		asked.push(await cue.locator(".yj-record__words").textContent());
		await onStep(step);
	}
	await page.waitForURL(/\/apply\/identity-return/, { timeout: 60000 });
	return asked;
}
