// wx-bridge.js: plays WeixinJSBridge, which WeChat puts into its own browser. A
// page of the demo loads it; getBrandWCPayRequest is checked by the sim and
// opens a sheet that pays or cancels there.
(function () {
	'use strict';

	var place = '/sim/wechatpay';
	var fields = ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign'];

	function post(path, values) {
		return fetch(place + path, { method: 'POST', body: new URLSearchParams(values) });
	}

	function element(name, text, className) {
		var made = document.createElement(name);
		made.textContent = text;
		made.className = className || '';
		return made;
	}

	// Resolves to what the payer chose.
	function cashier(order) {
		return new Promise(function (resolve) {
			var sheet = element('dialog', '', 'yj-card');
			var buttons = element('div', '', 'yj-buttons');
			var pay = element('button', '付款', 'weui-btn weui-btn_primary');
			var cancel = element('button', '取消', 'weui-btn weui-btn_default');
			var yuan = Math.floor(order.total / 100) + '.' + String(order.total % 100).padStart(2, '0');

			function choose(act) {
				sheet.remove();
				resolve(act);
			}
			pay.type = cancel.type = 'button';
			pay.addEventListener('click', function () { choose('pay'); });
			cancel.addEventListener('click', function () { choose('cancel'); });
			sheet.addEventListener('cancel', function () { choose('cancel'); });
			sheet.setAttribute('aria-label', '微信支付（演示）');
			buttons.append(pay, cancel);
			sheet.append(element('p', order.description, 'yj-card__title'), element('p', '¥ ' + yuan), buttons);
			document.body.append(sheet);
			sheet.showModal();
		});
	}

	async function request(values) {
		var wanted = {}, name, answer, order, act;
		for (name of fields) {
			if (typeof values[name] !== 'string') return { end: 'fail', why: name };
			wanted[name] = values[name];
		}
		answer = await post('/bridge', wanted);
		order = await answer.json();
		if (!answer.ok) return { end: 'fail', why: order.why };
		act = await cashier(order);
		answer = await post('/cashier', { prepay_id: order.prepay_id, act: act });
		if (!answer.ok) return { end: 'fail', why: answer.status };
		return { end: act === 'pay' ? 'ok' : 'cancel' };
	}

	window.WeixinJSBridge = {
		invoke: function (name, values, done) {
			if (name !== 'getBrandWCPayRequest') return;
			request(values).catch(function (error) {
				return { end: 'fail', why: String(error) };
			}).then(function (result) {
				done({ err_msg: 'get_brand_wcpay_request:' + result.end, err_desc: result.why || '' });
			});
		},
	};
	document.dispatchEvent(new Event('WeixinJSBridgeReady'));
}());
