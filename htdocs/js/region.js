// region.js: 选择地区 as a half-screen dialog: province, city, county, and a
// search over all names, in the place of the field's select.
//
// Data (schema/regions): index.json [[code, name, leaf], …] of provinces,
// PP.json [[code, name, leaf, [[code, name], …]], …] of one province's cities,
// search.json [[code, name, "province city"], …] of all that may be chosen.

const HITS_MAX = 60;

let element;
const store = new Map();

async function read(name) {
	if (!store.has(name)) {
		const answer = await fetch(`/static/regions/${name}.json`);
		if (!answer.ok) throw new Error(name);
		store.set(name, await answer.json());
	}
	return store.get(name);
}

async function children(path) {
	if (path.length === 0)
		return (await read("index")).map(([code, name, leaf]) => ({ code, name, leaf }));
	const cities = await read(path[0].code.slice(0, 2));
	if (path.length === 1)
		return cities.map(([code, name, leaf, counties]) =>
			({ code, name, leaf: leaf && !(counties && counties.length) }));
	const city = cities.find(([code]) => code === path[1].code);
	return city[3].map(([code, name]) => ({ code, name, leaf: true }));
}

class Picker {
	constructor(chosen) {
		this.chosen = chosen;
		this.path = [];
		this.search = element("input", { type: "search", class: "yj-input", placeholder: "搜索，例如 章贡",
			"aria-label": "搜索地区", autocomplete: "off" });
		this.crumbs = element("div", { class: "yj-sheet__path" });
		this.list = element("div", { class: "yj-sheet__list", tabindex: "-1" });
		const close = element("button", { type: "button", class: "yj-close", "aria-label": "关闭" }, "×");
		this.dialog = element("dialog", { class: "yj-sheet", "aria-labelledby": "yj-region-title" },
			element("div", { class: "yj-sheet__head" },
				element("h2", { id: "yj-region-title" }, "选择地区"), close),
			element("div", { class: "yj-sheet__search" }, this.search), this.crumbs, this.list);
		close.addEventListener("click", () => this.dialog.close());
		this.dialog.addEventListener("close", () => this.dialog.remove());
		this.dialog.addEventListener("click", (event) => {
			if (event.target === this.dialog) this.dialog.close();
		});
		this.search.addEventListener("input", () => this.find());
		this.search.addEventListener("keydown", (event) => {
			if (event.key === "Enter") event.preventDefault();
		});
	}

	open() {
		document.body.append(this.dialog);
		this.dialog.showModal();
		this.show();
	}

	row(label, small, onClick) {
		const button = element("button", { type: "button" }, element("span", {}, label,
			...(small ? [element("small", {}, small)] : [])));
		button.addEventListener("click", onClick);
		return button;
	}

	say(text) {
		this.list.replaceChildren(element("p", { class: "yj-sheet__empty", role: "status" }, text));
	}

	showCrumbs() {
		const words = [...this.path.map((step) => step.name), "请选择"];
		this.crumbs.replaceChildren(...words.map((word, i) => {
			const last = i === this.path.length;
			const button = element("button", { type: "button", class: "yj-link-button",
				"aria-current": last ? "step" : null }, word);
			button.addEventListener("click", () => { this.path.length = i; this.show(); });
			return button;
		}));
	}

	async show() {
		this.showCrumbs();
		let rows;
		try {
			rows = await children(this.path);
		} catch {
			this.say("地区列表没有取到，请检查网络，关闭后再试。");
			return;
		}
		if (this.path.length === 1 && rows.length === 1 && !rows[0].leaf) {
			this.step(rows[0]); // a municipality has one group of counties
			return;
		}
		this.list.replaceChildren(...rows.map((row) => this.row(row.name, "", () => this.step(row))));
		this.list.scrollTop = 0;
		if (this.path.length) this.list.querySelector("button").focus();
	}

	step(row) {
		this.path.push(row);
		if (row.leaf) this.take(row.code, this.path.map((step) => step.name));
		else this.show();
	}

	async find() {
		const words = this.search.value.trim().split(/\s+/).filter(Boolean);
		if (words.length === 0) {
			this.show();
			return;
		}
		const wanted = this.search.value;
		let hits;
		try {
			hits = (await read("search")).filter(([, name, above]) =>
				words.every((word) => `${above} ${name}`.includes(word)));
		} catch {
			this.say("地区列表没有取到，请检查网络后再搜。");
			return;
		}
		if (wanted !== this.search.value) return; // typed on meanwhile
		this.crumbs.replaceChildren();
		if (hits.length === 0) this.say("没有这个地区，请换一个词。");
		else this.list.replaceChildren(...hits.slice(0, HITS_MAX).map(([code, name, above]) =>
			this.row(name, above, () => this.take(code, [above, name]))));
	}

	take(code, words) {
		this.chosen(code, words.join(" "));
		this.dialog.close();
	}
}

// The select stays as the holder of the value; a button stands in its place.
function enhance(select) {
	if (select.disabled) return; // locked: nothing to choose
	const { id } = select;
	const label = document.querySelector(`label[for="${CSS.escape(id)}"]`);
	const button = element("button", { type: "button", class: "yj-input yj-region__button", "aria-haspopup": "dialog",
		"aria-describedby": select.getAttribute("aria-describedby") },
	select.value ? select.selectedOptions[0].textContent : "请选择地区");

	select.id = id + "_value";
	button.id = id; // the error summary leads here
	if (label) {
		label.id = label.id || id + "_label";
		button.setAttribute("aria-labelledby", `${label.id} ${id}`);
	}
	button.addEventListener("click", () => new Picker((code, text) => {
		select.replaceChildren(new Option(text, code, true, true));
		button.textContent = text;
		select.dispatchEvent(new Event("input", { bubbles: true }));
	}).open());
	select.hidden = true;
	select.before(button);
}

export function begin(tools) {
	element = tools.element;
	for (const select of document.querySelectorAll("select[data-yj-region]")) enhance(select);
}
