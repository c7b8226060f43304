// record.js: records the identity check within the page: camera and microphone
// on, each step asked of the server when its turn has come, the recording sent up.
//
// The server notes when it showed each step. All that is measured here is when
// the first one came, from the beginning of the recording. Where a phone has no
// recorder for pages, nothing is changed: the steps are then shown one page
// each, and the phone's own camera makes the recording.

const STEP_MS = 5000;
const DIGITS_MS = 7000;
const LEAD_MS = 2000;
const WAIT_MS = 300000;
const TYPES = ["video/mp4;codecs=avc1,mp4a.40.2", "video/webm;codecs=vp8,opus", "video/mp4", "video/webm"];
const BITS_VIDEO = 1000000;
const BITS_SOUND = 64000;

let element, own, wire;

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const canRecord = () => "MediaRecorder" in window && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;

// -- the wire -------------------------------------------------------------

function address(name) {
	const application = new URLSearchParams(location.search).get("application");
	return `/apply/${name}?` + new URLSearchParams({ application });
}

// Answers with the fragment; throws a sentence for the applicant. `again` says
// whether the same may be tried once more.
async function send(name, values, onProgress) {
	const answer = await wire.post(address(name), wire.formData(values, "recording"), WAIT_MS, onProgress)
		.catch(() => { throw { words: "网络不好，没有传完。", again: true }; });
	if (answer.status === 200) return answer.page;
	throw { words: wire.said(answer.page) || "系统忙，没有成功。", again: answer.status >= 500 };
}

// -- what one sees ----------------------------------------------------------

function button(words, press, kind = "weui-btn_primary") {
	const node = element("button", { type: "button", class: `weui-btn ${kind}` }, words);
	node.addEventListener("click", press);
	return node;
}

function link(words, name) {
	return element("a", { class: "weui-btn weui-btn_default", href: address(name) }, words);
}

function show(stage, ...children) {
	stage.replaceChildren(...children);
}

function showTrouble(stage, words, ...buttons) {
	show(stage, element("p", { class: "yj-field__error", role: "alert" }, words),
		element("div", { class: "yj-buttons" }, ...buttons));
}

// -- recording ----------------------------------------------------------------

function recorderOf(stream) {
	const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
	return new MediaRecorder(stream, { ...(mimeType ? { mimeType } : {}),
		videoBitsPerSecond: BITS_VIDEO, audioBitsPerSecond: BITS_SOUND });
}

function begun(recorder) {
	return new Promise((done, fail) => {
		recorder.addEventListener("start", () => done(performance.now()), { once: true });
		recorder.addEventListener("error", () => fail({ words: "录像没有开始。", again: false }), { once: true });
		recorder.start(1000);
	});
}

function ended(recorder) {
	return new Promise((done) => {
		recorder.addEventListener("stop", done, { once: true });
		recorder.stop();
	});
}

// A step that did not arrive is asked for again: the server shows the same one.
async function nextStep(run, step) {
	for (let tries = 3; ; tries--) {
		try {
			return await send("record-step", { ...run.values, step: String(step) });
		} catch (reason) {
			if (!reason.again || tries === 1) throw reason;
			await pause(1000);
		}
	}
}

async function capture(run, stage) {
	const cue = element("div", { class: "yj-record__now", "aria-live": "assertive" });
	const picture = element("video", { class: "yj-record__picture", muted: true, playsinline: true, "aria-label": "您的画面" });
	picture.muted = true;
	picture.srcObject = run.stream;
	show(stage, cue, picture);
	await picture.play().catch(() => {});
	const recorder = recorderOf(run.stream);
	const pieces = [];
	recorder.addEventListener("dataavailable", (event) => { if (event.data.size) pieces.push(event.data); });
	const start = await begun(recorder);
	cue.replaceChildren(element("p", { class: "yj-record__words" }, "请正对镜头，马上开始"));
	await pause(LEAD_MS);
	for (let step = 0; step < run.steps; step++) {
		const answer = await nextStep(run, step);
		if (step === 0) run.offset = Math.round(performance.now() - start);
		cue.replaceChildren(answer);
		await pause(step === run.steps - 1 ? DIGITS_MS : STEP_MS);
	}
	await ended(recorder);
	run.recording = new Blob(pieces, { type: recorder.mimeType });
}

function release(run) {
	if (run.stream) for (const track of run.stream.getTracks()) track.stop();
	run.stream = null;
}

async function upload(run, stage) {
	const bar = element("progress", { max: "1", value: "0", "aria-label": "上传进度" });
	const words = element("p", { class: "yj-record__words", role: "status" }, "录好了，正在上传…");
	show(stage, words, bar, element("p", { class: "yj-hint" }, "请不要关闭这一页。"));
	try {
		const answer = await send("record-upload",
			{ ...run.values, key: run.key, offset_ms: String(run.offset), recording: run.recording }, (share) => {
				bar.value = share;
				if (share === 1) words.textContent = "正在保存…";
			});
		location.assign(answer.querySelector("a[data-yj-next]").href);
	} catch (reason) {
		const again = button("再传一次", () => upload(run, stage));
		showTrouble(stage, reason.again ? `${reason.words}录像还在，不用重录，请再传一次。` : reason.words,
			...(reason.again ? [again] : [link("返回", "identity")]));
	}
}

async function record(run, stage, byHand) {
	show(stage, element("p", { role: "status" }, "正在打开摄像头，请点“允许”…"));
	try {
		run.stream = await navigator.mediaDevices.getUserMedia({ audio: true,
			video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 20 } } });
	} catch {
		// No step was shown yet, so the way by hand is still open.
		stage.remove();
		byHand.hidden = false;
		run.advice.forEach((advice) => { advice.hidden = false; });
		byHand.prepend(element("p", { class: "yj-warning", role: "alert" },
			"摄像头没有打开。可以在手机设置里允许使用摄像头和麦克风后刷新，也可以按下面的步骤用手机相机录。"));
		return;
	}
	try {
		await capture(run, stage);
	} catch (reason) {
		showTrouble(stage, reason.words || "录像中断了，请返回重新开始。", link("返回重新开始", "identity"));
		return;
	} finally {
		release(run);
	}
	await upload(run, stage);
}

export function begin(tools) {
	({ element, own, wire } = tools);
	const place = document.querySelector("[data-yj-record]");
	if (!place || !canRecord()) return;
	const form = place.querySelector("form");
	const byHand = element("div", { class: "yj-record__other" }, form);
	const run = { advice: [...place.querySelectorAll(".yj-record__by-hand")], key: wire.newKey(), steps: Number(place.dataset.yjRecord), offset: 0,
		values: { csrf: own(form, "elements").csrf.value, nonce: own(form, "elements").nonce.value } };
	const stage = element("div", { class: "yj-record__stage" });
	const start = button("打开摄像头，开始录像", () => {
		run.advice.forEach((advice) => { advice.hidden = true; });
		record(run, stage, byHand);
	});
	stage.append(element("div", { class: "yj-buttons" }, link("上一步", "identity"), start));
	byHand.hidden = true;
	place.append(stage, byHand);
}
