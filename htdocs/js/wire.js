// wire.js: what upload.js and record.js send, and what comes back: a piece of a
// page, or a page that says what is wrong.

// 128 random bits in Crockford's base 32, as the server's own keys.
export function newKey() {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz";
	const bytes = crypto.getRandomValues(new Uint8Array(26));
	return Array.from(bytes, (byte, i) => digits[i ? byte & 31 : byte & 7]).join("");
}

// The fields of a form; a blob bears the file name.
export function formData(values, fileName) {
	const data = new FormData();
	for (const [name, value] of Object.entries(values)) {
		if (value instanceof Blob) data.append(name, value, fileName);
		else data.append(name, value);
	}
	return data;
}

// Answers with { status, page }; fails without a reason when nothing came back.
// onProgress is told what share has gone up.
export function post(address, data, waitMs, onProgress = () => {}) {
	return new Promise((done, fail) => {
		const request = new XMLHttpRequest();
		request.open("POST", address);
		request.setRequestHeader("X-Yj-Fragment", "1");
		request.timeout = waitMs;
		request.upload.addEventListener("progress", (event) => {
			if (event.lengthComputable) onProgress(event.loaded / event.total);
		});
		request.addEventListener("load", () => {
			const answer = document.createElement("template");
			answer.innerHTML = request.responseText;
			done({ status: request.status, page: document.importNode(answer.content, true) });
		});
		for (const event of ["error", "abort", "timeout"]) request.addEventListener(event, () => fail());
		request.send(data);
	});
}

// The server's own sentence, when it sent one.
export function said(page) {
	const text = page.querySelector(".yj-field__error, main p");
	return text && text.textContent.trim();
}
