// pay.js: opens WeChat's payment: inside WeChat by its bridge, in another
// browser of a phone by following the page's link.
//
// What the bridge answers is no proof of anything: it only names the page to
// wait on, which asks the ledger.

const BRIDGE_MS = 4000; // an old phone needs a while to bring the bridge

const openAgain = "没有自动打开微信支付，请点“打开微信支付”。";

// WeixinJSBridge may be there already, or come later with an event.
function bridge() {
	if (window.WeixinJSBridge) return Promise.resolve(window.WeixinJSBridge);
	return new Promise((resolve, reject) => {
		document.addEventListener("WeixinJSBridgeReady", () => resolve(window.WeixinJSBridge), { once: true });
		setTimeout(() => reject(new Error("no bridge")), BRIDGE_MS);
	});
}

function outcome(answer) {
	const word = String((answer && answer.err_msg) || "").split(":").pop();
	return ["ok", "cancel"].includes(word) ? word : "fail";
}

function openInWechat(place) {
	const { appId, timeStamp, nonceStr, signType, paySign, yjPay } = place.dataset;
	const fields = { appId, timeStamp, nonceStr, package: place.dataset.package, signType, paySign };
	const words = document.querySelector("[data-yj-pay-words]");
	return bridge().then(
		(found) => found.invoke("getBrandWCPayRequest", fields,
			(answer) => location.replace(yjPay + outcome(answer))),
		() => { words.textContent = openAgain; });
}

// A user who returns here by the back button has been there.
function isFirstVisit() {
	const [entry] = performance.getEntriesByType("navigation");
	return !entry || entry.type === "navigate";
}

export function begin() {
	const place = document.querySelector("[data-yj-pay]");
	if (place) {
		place.hidden = false;
		place.querySelector("button").addEventListener("click", () => openInWechat(place));
		if (isFirstVisit()) openInWechat(place);
		else document.querySelector("[data-yj-pay-words]").textContent = openAgain;
	}
	const link = document.querySelector("[data-yj-pay-go]");
	if (link && isFirstVisit()) link.click();
}
