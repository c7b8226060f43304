// jweixin.js: stands in for the script of WeChat's JS-SDK in the demo and in
// tests: checks the signature as WeChat does and draws wx-open-subscribe. What
// WeChat's client knows of its user, the sim knows from its cookie.
(() => {
	const listeners = { ready: [], error: [] };
	let state = "waiting";
	let allowed = [];

	function settle(next, answer) {
		state = next;
		if (next === "ready") document.querySelectorAll("wx-open-subscribe").forEach((tag) => tag.draw());
		for (const listener of listeners[next]) listener(answer);
	}

	async function config({ appId, timestamp, nonceStr, signature, jsApiList, openTagList }) {
		const query = new URLSearchParams({ appId, timestamp, noncestr: nonceStr, signature,
			url: location.href.split("#")[0] });
		const answer = await (await fetch(`/sim/wechat/js/config?${query}`)).json();
		allowed = openTagList || [];
		if (!Array.isArray(jsApiList) || jsApiList.length === 0) answer.errMsg = "config:fail";
		settle(answer.errMsg === "config:ok" ? "ready" : "error", answer);
	}

	function listen(name, listener) {
		if (state === name) listener({});
		else listeners[name].push(listener);
	}

	window.wx = { config, ready: (listener) => listen("ready", listener),
		error: (listener) => listen("error", listener) };

	// Not through an element: the page's policy knows no inline style.
	function sheet(markup) {
		const style = new CSSStyleSheet();
		style.replaceSync(markup.replace(/^\s*<style>|<\/style>\s*$/g, ""));
		return style;
	}

	customElements.define("wx-open-subscribe", class extends HTMLElement {
		connectedCallback() {
			if (state === "ready") this.draw();
		}

		draw() {
			if (!allowed.includes("wx-open-subscribe") || this.shadowRoot) return;
			const shadow = this.attachShadow({ mode: "open" });
			const [style, body] = [":scope > [slot=style]", ":scope > script:not([slot])"]
				.map((selector) => this.querySelector(selector));
			if (style) shadow.adoptedStyleSheets = [sheet(style.textContent)];
			const parsed = new DOMParser().parseFromString(body.textContent, "text/html");
			shadow.append(...parsed.body.childNodes);
			shadow.addEventListener("click", (event) => {
				if (!event.target.dataset.answer) this.ask(shadow);
			});
		}

		// The client's own sheet, from below.
		ask(shadow) {
			const dialog = document.createElement("dialog");
			for (const [answer, label] of [["accept", "允许"], ["reject", "拒绝"]]) {
				const button = document.createElement("button");
				button.textContent = label;
				button.dataset.answer = answer;
				button.addEventListener("click", () => { dialog.remove(); this.answer(answer); });
				dialog.append(button);
			}
			shadow.append(dialog);
			dialog.showModal();
		}

		async answer(status) {
			const ids = this.getAttribute("template").split(",");
			const body = new URLSearchParams({ act: `subscribe-${status}`, templates: ids.join(",") });
			const reply = await fetch("/sim/wechat-user", { method: "POST", body });
			if (!reply.ok) {
				this.dispatchEvent(new CustomEvent("error", { detail: { errMsg: "subscribe:fail", errCode: "10005" } }));
				return;
			}
			const details = Object.fromEntries(ids.map((id) => [id, JSON.stringify({ status })]));
			this.dispatchEvent(new CustomEvent("success", { detail: { errMsg: "subscribe:ok",
				subscribeDetails: JSON.stringify(details) } }));
		}
	});
})();
