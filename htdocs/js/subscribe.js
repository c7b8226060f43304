// subscribe.js: asks through WeChat's open tag whether WeChat may tell how the
// application goes on. The card stays hidden where WeChat's client is not there
// or does not take our signature.

const BUTTON = "<button class=\"button\">接收办理进度通知</button>";
const STYLE = "<style>.button { box-sizing: border-box; width: 100%; min-height: 48px; border: 0;"
	+ " border-radius: 8px; font-size: 17px; color: #fff; background: #06753f; }</style>";

const WORDS = {
	accept: "已允许，办理进度会通过微信通知您。",
	part: "已允许一部分，其余的会发到您的邮箱。",
	reject: "没有允许，办理结果会发到您的邮箱，也可以随时打开本页查看。",
	error: "现在不能设置微信通知，请稍后再试。您可以随时打开本页查看进度。",
};

function load(address) {
	return new Promise((done, failed) => {
		const script = document.createElement("script");
		script.src = address;
		script.addEventListener("load", () => done(window.wx));
		script.addEventListener("error", () => failed(new Error("no WeChat client")));
		document.head.append(script);
	});
}

// The signature covers the address of this page without its fragment.
function configure(wx, { app, timestamp, nonce, signature }) {
	return new Promise((done, failed) => {
		wx.ready(done);
		wx.error((answer) => failed(new Error(answer.errMsg)));
		wx.config({ debug: false, appId: app, timestamp: Number(timestamp), nonceStr: nonce,
			signature, jsApiList: ["checkJsApi"], openTagList: ["wx-open-subscribe"] });
	});
}

// Scripts of a type that no browser runs, as the tag wants its contents: no
// rule of the page's security policy is about them.
function slot(markup, name) {
	const script = document.createElement("script");
	script.type = "text/wxtag-template";
	if (name) script.slot = name;
	script.textContent = markup;
	return script;
}

// {"TEMPLATE": "{\"status\":\"accept\"}", ...}
function standing(details) {
	const answers = Object.values(JSON.parse(details)).map((answer) => JSON.parse(answer).status);
	const accepted = answers.filter((status) => status === "accept").length;
	return accepted === 0 ? "reject" : accepted < answers.length ? "part" : "accept";
}

function show(card) {
	const tag = document.createElement("wx-open-subscribe");
	const say = (word) => { card.querySelector("[role=status]").textContent = WORDS[word]; };
	tag.setAttribute("template", card.dataset.yjSubscribe);
	tag.append(slot(STYLE, "style"), slot(BUTTON));
	tag.addEventListener("success", (event) => {
		const word = standing(event.detail.subscribeDetails);
		say(word);
		if (word !== "reject") tag.remove();
	});
	tag.addEventListener("error", () => say("error"));
	card.querySelector(".yj-subscribe").append(tag);
	card.hidden = false;
}

export async function begin() {
	for (const card of document.querySelectorAll("[data-yj-subscribe]")) {
		try {
			await configure(await load(card.dataset.sdk), card.dataset);
			show(card);
		} catch {
			card.remove();
		}
	}
}
