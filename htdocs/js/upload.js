// upload.js: scans go up one by one, made smaller first, with progress,
// retry and delete. The server answers each with the field as it is now.
//
// An upload's key stays the same over its retries, so a picture whose answer
// was lost on the way is stored once.

const SIDE_MAX = 2048;
const KEEP_BYTES = 1500000;
const QUALITY = 0.88;
const WAIT_MS = 120000;

const queue = [];
let busy = false;
let element, wire;

async function shrink(file) {
	let bitmap;
	try {
		bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
	} catch {
		return file; // unknown here; the server says what it is
	}
	const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height));
	if (scale === 1 && file.size <= KEEP_BYTES) {
		bitmap.close();
		return file;
	}
	const canvas = element("canvas", {});
	canvas.width = Math.round(bitmap.width * scale);
	canvas.height = Math.round(bitmap.height * scale);
	const pen = canvas.getContext("2d");
	pen.fillStyle = "#fff";
	pen.fillRect(0, 0, canvas.width, canvas.height);
	pen.imageSmoothingQuality = "high";
	pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
	bitmap.close();
	const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
	canvas.width = canvas.height = 0;
	return blob || file;
}

// -- the wire -------------------------------------------------------------

function place(field) {
	const query = new URLSearchParams({
		application: new URLSearchParams(location.search).get("application"),
		form: field.dataset.form,
		field: field.dataset.yjScan,
	});
	return "/apply/scan?" + query;
}

// Answers with the new field; throws a sentence for the applicant.
async function send(field, parts, onProgress) {
	const values = { csrf: field.closest("form").elements.csrf.value, ...parts };
	const { status, page } = await wire.post(place(field), wire.formData(values, "scan.jpg"), WAIT_MS, onProgress)
		.catch(() => { throw "网络不好，没有成功。请再试一次。"; });
	const fresh = page.querySelector("[data-yj-scan]");
	if (fresh) return fresh;
	throw wire.said(page) ||
		(status === 413 ? "照片太大，请用手机相机重新拍一张。" : "系统忙，没有成功。请稍后再试一次。");
}

// The sentence for a failure: the one that send() threw, or that of a fault of ours.
function words(reason) {
	return typeof reason === "string" ? reason : "没有成功。请再试一次。";
}

// -- what one sees ----------------------------------------------------------

function fieldNamed(name) {
	return document.querySelector(`[data-yj-scan="${CSS.escape(name)}"]`);
}

function jobs(field) {
	let list = field.querySelector(".yj-scan__jobs");
	if (!list) field.append(list = element("div", { class: "yj-scan__jobs", "aria-live": "polite" }));
	return list;
}

function replace(name, fresh) {
	const old = fieldNamed(name);
	const running = old.querySelector(".yj-scan__jobs");
	if (running) fresh.append(running);
	old.replaceWith(fresh);
}

function show(job, text, share) {
	const bar = share === undefined ? [] :
		[element("progress", { max: "1", value: String(share), "aria-label": "上传进度" })];
	job.view.replaceChildren(text, ...bar);
}

function showFailure(job, text) {
	const retry = element("button", { type: "button", class: "weui-btn weui-btn_default" }, "重试");
	const drop = element("button", { type: "button", class: "weui-btn weui-btn_default" }, "不传了");
	retry.addEventListener("click", () => { queue.push(job); work(); });
	drop.addEventListener("click", () => job.view.remove());
	job.view.replaceChildren(element("p", { class: "yj-field__error" }, text),
		element("div", { class: "yj-buttons" }, retry, drop));
}

async function upload(job) {
	show(job, "正在准备照片…");
	job.small = job.small || await shrink(job.file);
	show(job, "正在上传…", 0);
	const field = fieldNamed(job.name);
	const parts = { key: job.key, page: job.page, file: job.small };
	const fresh = await send(field, parts, (share) => {
		const bar = job.view.querySelector("progress");
		if (bar) bar.value = share;
		if (share === 1) show(job, "正在检查照片是否清晰…", 1);
	});
	job.view.remove();
	replace(job.name, fresh);
}

async function work() {
	if (busy) return;
	busy = true;
	for (let job = queue.shift(); job; job = queue.shift()) {
		try {
			await upload(job);
		} catch (reason) {
			showFailure(job, words(reason));
		}
	}
	busy = false;
}

function choose(input) {
	const field = input.closest("[data-yj-scan]");
	// A page's own control and the only page take the place of what is there.
	const page = input.dataset.page || (field.dataset.pages === "1" ? "1" : "0");
	for (const file of input.files) {
		const view = element("div", { class: "yj-scan__job" });
		jobs(field).append(view);
		queue.push({ file, view, name: field.dataset.yjScan, page, key: wire.newKey() });
		show(queue.at(-1), "等待上传…");
	}
	input.value = ""; // the form must not carry it a second time
	work();
}

async function remove(button) {
	const field = button.closest("[data-yj-scan]");
	if (!confirm("删除这张照片？")) return;
	button.disabled = true;
	try {
		replace(field.dataset.yjScan, await send(field, { key: wire.newKey(), remove: button.value }));
	} catch (reason) {
		button.disabled = false;
		alert(words(reason));
	}
}

export function begin(tools) {
	({ element, wire } = tools);
	document.addEventListener("change", (event) => {
		if (event.target.type === "file" && event.target.closest("[data-yj-scan]")) choose(event.target);
	});
	document.addEventListener("click", (event) => {
		const button = event.target.closest("button[name=remove_scan]");
		if (!button) return;
		event.preventDefault();
		remove(button);
	});
	document.addEventListener("submit", (event) => {
		if (!busy) return;
		event.preventDefault();
		alert("照片还在上传，传完再点。");
	}, true);
	for (const input of document.querySelectorAll("[data-yj-scan] input[type=file]"))
		if (input.files.length) choose(input);
}
