// desk.mjs: the clerk's side of the identity check: faces beside the card, a recording
// that plays and can be moved in, the window, the final refusal. Every page and
// state is looked at by axe, wide and narrow.
import { deskPage, is, ok, press, run, setting } from "./browser.mjs";
import { deskOf, perl, picture } from "./behind.mjs";
import { see } from "./see.mjs";

const url = setting("YJ_INTRANET_URL");
const blind = async () => {};

// With all its scans and, when `recording`, a recording that waits for a clerk.
const application = (recording) => perl(`my $b = applicant();
	my $t = seed(state => 'awaiting_identity', project => 'gzgjj', browser => $b);
	if (${recording ? 1 : 0}) {
		choose($b, $t, 'recorded', 1); show_steps($b, $t);
		db_do('UPDATE identity_step s JOIN (SELECT attempt, revealed_at FROM identity_step WHERE ord = 0) f
			ON f.attempt = s.attempt SET s.revealed_at = f.revealed_at + INTERVAL 2 * s.ord SECOND
			WHERE s.attempt = (SELECT MAX(i.id) FROM identity_attempt i JOIN application a ON a.id = i.application
			WHERE a.public_id = ?)', $t->{application});
		my $form = page_form($b, 'apply/record-upload');
		$b->post($form->action, Content_Type => 'form-data', 'X-Yj-Fragment' => 1, Content => [
			(map { $_ => $form->value($_) } qw(csrf key nonce)), offset_ms => 1500, recording => [recording('good')] ]);
		run_worker();
	}
	print $t->{application};`);
const open = (page, name, one) => page.goto(`${url}/clerk/${name}?application=${one}`);

// Passed by the face service, but with another person's number.
const doubted = () => perl(`my $b = applicant(); my $t = to_identity($b); face_calm(); at_service($b, $t, 'pass');
	face_faults(info => 'other', 1); fetch_now($t); print $t->{application};`);

const pictures = (page) => page.evaluate(() =>
	Promise.all([...document.images].map((img) => img.decode().catch(() => {}))));

async function identity(page) {
	const one = application(true);
	await page.goto(`${url}/clerk/queue?state=awaiting_identity_review&order=newest`);
	await see("queue-identity", page);
	await open(page, "case", one);
	await page.getByRole("link", { name: "核对身份" }).click();
	await page.waitForURL(/\/clerk\/identity/);
	await see("identity-closed", page);
	await press(page, "打开人像材料");
	await page.locator(".yj-frames img").first().waitFor();
	await pictures(page);
	is(await page.evaluate(() => [...document.images].filter((img) => !img.naturalWidth).length), 0, "every picture is there");
	ok(!await page.locator("details[open]").count(), "scores are folded");
	const recording = await page.evaluate(async () => {
		const video = document.querySelector("video");
		video.muted = true;
		if (video.readyState < 1) await new Promise((done) => video.addEventListener("loadedmetadata", done, { once: true }));
		const moved = new Promise((done) => video.addEventListener("seeked", done, { once: true }));
		video.currentTime = video.duration - 2;
		await moved;
		await video.play();
		await new Promise((done) => video.addEventListener("timeupdate", done, { once: true }));
		video.pause();
		return { duration: video.duration, at: video.currentTime, error: video.error && video.error.message };
	});
	ok(recording.duration > 5 && recording.at >= recording.duration - 2.1 && !recording.error, "the recording plays and can be moved in", JSON.stringify(recording));
	await see("identity-open", page);
	await picture("desk-identity", page);
	await press(page, "不通过");
	await page.locator("[role=alert]").waitFor();
	await see("identity-no-reason", page);
	await press(page, "通过");
	await page.waitForURL(/\/clerk\/queue/);
	await see("queue-accepted", page);
}

async function cloud(page) {
	await open(page, "identity", doubted());
	await see("identity-doubt-closed", page);
	await press(page, "打开人像材料");
	await page.getByText("核验服务截取的人像").waitFor();
	await pictures(page);
	await page.locator("summary").click();
	await see("identity-doubt", page);
	await picture("desk-identity-doubt", page);
	await page.locator("select[name=reason-refuse]").selectOption("face-other");
	await press(page, "不通过");
	await page.waitForURL(/\/clerk\/queue/);
	ok(true, "a check by the face service is decided");
}

async function inPerson(page) {
	const one = application(false);
	await open(page, "in-person", one);
	await see("in-person", page);
	await press(page, "显示完整号码（会留下记录）");
	await see("in-person-revealed", page);
	await picture("desk-in-person", page);
	await press(page, "确认核验通过");
	await page.locator("[role=alert]").waitFor();
	await see("in-person-not-ticked", page);
	for (const tick of ["original", "in_person", "matches"]) await page.locator(`input[name=${tick}]`).check();
	await press(page, "确认核验通过");
	await page.waitForURL(/\/clerk\/queue/);
	ok(true, "confirmed at the window");
}

async function reject(page) {
	const one = perl("print seed(state => 'awaiting_review')->{application};");
	await open(page, "case", one);
	await press(page, "不予通过，结束申请");
	await page.waitForURL(/\/clerk\/reject/);
	await see("reject", page);
	await page.locator("select[name=reason]").selectOption("company-closed");
	await press(page, "下一步");
	await page.getByRole("heading", { name: "确认不予通过" }).waitFor();
	await see("reject-confirm", page);
	await picture("desk-reject", page);
	await press(page, "确认不予通过");
	await page.waitForURL(/\/clerk\/queue/);
	ok(true, "rejected");
}

async function faces(browser) {
	const page = await deskOf(browser, "admin");
	perl("run_program('cron/retention', {});");
	await page.goto(`${url}/admin/faces`);
	await page.locator("table").waitFor();
	await see("faces", page);
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
}

await run(async (browser) => {
	const page = await deskPage(browser, blind);
	await identity(page);
	await cloud(page);
	await inPerson(page);
	await reject(page);
	await faces(browser);
	is(page.complaints.join("\n"), "", "the console is clean");
	await page.context().close();
});
