// yuanjian.js: comfort for pages that are whole without it.
//
// Loads each of the other scripts only where the page has something for it.
// Hooks are data- attributes and yj- classes; no style and no script is ever
// written into the page, as its security policy demands.

const version = new URL(import.meta.url).search;

document.documentElement.classList.add("yj-script");

function element(name, attributes = {}, ...children) {
	const node = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		if (value !== null && value !== false) node.setAttribute(key, value === true ? "" : value);
	node.append(...children);
	return node;
}

// A property of the form itself: form.method is the control of that name, where
// there is one, and so is every other property.
function own(form, name) {
	const value = Reflect.get(HTMLFormElement.prototype, name, form);
	return typeof value === "function" ? value.bind(form) : value;
}

// -- a picture on the whole screen ---------------------------------------

function showPicture(address, description) {
	const img = element("img", { src: address, alt: description });
	const frame = element("div", { class: "yj-look__picture", tabindex: "0" }, img);
	const zoom = element("button", { type: "button", "aria-pressed": "false" }, "放大");
	const close = element("button", { type: "button", autofocus: true }, "关闭");
	const dialog = element("dialog", { class: "yj-look", "aria-label": description }, frame,
		element("div", { class: "yj-look__bar" }, zoom, close));
	const toggle = () => {
		const large = frame.classList.toggle("yj-look__picture_large");
		zoom.textContent = large ? "缩小" : "放大";
		zoom.setAttribute("aria-pressed", String(large));
	};
	zoom.addEventListener("click", toggle);
	img.addEventListener("click", toggle);
	close.addEventListener("click", () => dialog.close());
	dialog.addEventListener("close", () => dialog.remove());
	document.body.append(dialog);
	dialog.showModal();
}

document.addEventListener("click", (event) => {
	const link = event.target.closest("a[data-yj-picture]");
	if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
	event.preventDefault();
	const img = link.querySelector("img");
	showPicture(link.href, (img && img.alt) || link.textContent.trim());
});

// -- forms: sent once, and not left by mistake -----------------------------

let dirty = false;

function release(form) {
	delete own(form, "dataset").yjSent;
	for (const button of own(form, "querySelectorAll")("button[data-yj-held]")) {
		button.disabled = false;
		delete button.dataset.yjHeld;
	}
}

function hold(form) {
	own(form, "dataset").yjSent = "";
	// After the event, so that the pressed button's own value is still sent.
	setTimeout(() => {
		for (const button of own(form, "querySelectorAll")("button:not([type=button]):enabled")) {
			button.disabled = true;
			button.dataset.yjHeld = "";
		}
	});
}

document.addEventListener("submit", (event) => {
	const form = event.target;
	if (event.defaultPrevented || own(form, "method") !== "post") return;
	if ("yjSent" in own(form, "dataset")) {
		event.preventDefault();
		return;
	}
	dirty = false;
	hold(form);
});

document.addEventListener("input", (event) => {
	if (event.target.type !== "file" && event.target.form) dirty = true;
});

addEventListener("beforeunload", (event) => {
	if (dirty) event.preventDefault();
});

addEventListener("pageshow", () => {
	for (const form of document.querySelectorAll("form[data-yj-sent]")) release(form);
});

// -- a new address is typed only when it is chosen ------------------------------

for (const part of document.querySelectorAll("[data-yj-address-new]")) {
	const { form } = part.querySelector("input");
	const radios = [...own(form, "elements")].filter((control) =>
		control.type === "radio" && control.name === part.dataset.yjAddressNew);
	const follow = () => {
		part.hidden = radios.length > 0 && !radios.some((radio) => radio.checked && radio.value === "new");
	};
	for (const radio of radios) radio.addEventListener("change", follow);
	follow();
}

// -- what the page brings along ----------------------------------------------

const errors = document.querySelector(".yj-errors");
if (errors) errors.focus();

const bring = (name) => import(`./${name}.js${version}`);

if (document.querySelector("[data-yj-scan]"))
	Promise.all([bring("upload"), bring("wire")]).then(([upload, wire]) => upload.begin({ element, wire }));
if (document.querySelector("[data-yj-region]"))
	bring("region").then((region) => region.begin({ element }));
if (document.querySelector("[data-yj-record]"))
	Promise.all([bring("record"), bring("wire")]).then(([record, wire]) => record.begin({ element, own, wire }));
if (document.querySelector("[data-yj-subscribe]"))
	bring("subscribe").then((subscribe) => subscribe.begin());
if (document.querySelector("[data-yj-pay], [data-yj-pay-go]"))
	bring("pay").then((pay) => pay.begin());
