// refund.mjs: money there and back, with a person on each side: paid on a phone,
// an invoice, the application refused at the desk, the refund confirmed by an
// accountant; the red invoice goes first, then the money, and the applicant is
// told at each turn. Every page and state is looked at by axe.
import { is, newPage, ok, press, run, setting } from "./browser.mjs";
import { deskOf, job, main, perl, picture, value } from "./behind.mjs";
import { see } from "./see.mjs";

const url = setting("YJ_PUBLIC_URL");
const intranet = setting("YJ_INTRANET_URL");
const PHONE = { userAgent: "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36" };

// Filled in, its agent's identity proved: awaiting_payment.
const application = () => JSON.parse(perl(`use Yj::Outbox; use Yj::Wechatpay;
	stop_cron(); pay_calm(); others_wait();
	my $t = seed(state => 'awaiting_payment', project => 'gzgjj');
	binmode STDOUT, ':utf8';
	my $fen = db_value('SELECT k.price_fen FROM package_offer k JOIN \`order\` o ON o.package = k.id
		WHERE o.application = ?', $t->{id});
	printf '{"openid":"%s","application":"%s","id":%d,"company":"%s","fen":%d}',
		@$t{qw(openid application id)}, $t->{company}{name}, $fen;`));
const yuan = (one) => `${(one.fen / 100).toFixed(2)} 元`;
const state = (one) => value(`SELECT state FROM application WHERE id = ${one.id}`);
const status = (page, one) => page.goto(`${url}/apply/status?application=${one.application}`);

async function look(name, page) {
	await see(name, page);
	await picture(name, page);
}

async function pay(browser, one) {
	const page = await newPage(browser, PHONE);
	await page.goto(`${url}/apply/login?project=gzgjj`);
	await page.locator("input[name=openid]").fill(one.openid);
	await Promise.all([page.waitForURL(/\/apply\/start/), page.locator("form button").click()]);
	await page.goto(`${url}/apply/payment?application=${one.application}`);
	await press(page, `打开微信付款 ${yuan(one)}`);
	await page.waitForURL(/\/sim\/wechatpay\/cashier/);
	await page.getByRole("button", { name: "付款", exact: true }).click();
	await page.getByRole("link", { name: "返回商家" }).click();
	await page.waitForURL(/\/apply\/payment\?.*after=/);
	job("poll");
	await page.waitForURL(/\/apply\/status/, { timeout: 30000 });
	is(state(one), "awaiting_review", "paid");
	return page;
}

// What the worker of cron does until the invoice is there.
function invoice(one) {
	one.payment = Number(value(`SELECT id FROM payment WHERE application = ${one.id} AND state = "paid"`));
	one.number = value(`SELECT out_trade_no FROM payment WHERE id = ${one.payment}`);
	perl(`use Yj::Billing; my $i; work_until(sub { $i = invoice_of(${one.payment});
		$i && $i->{state} eq 'issued' && db_value('SELECT COUNT(*) FROM invoice_pdf WHERE invoice = ?', $i->{id}) });`);
	one.invoice = value(`SELECT number FROM invoice WHERE payment = ${one.payment} AND kind = "blue" AND state = "issued"`);
	ok(/^\d{20}$/.test(one.invoice), `an invoice is issued: ${one.invoice}`);
}

async function refuse(browser, one) {
	const desk = await deskOf(browser, "clerk");
	await desk.goto(`${intranet}/clerk/case?application=${one.application}`);
	await press(desk, "不予通过，结束申请");
	await desk.waitForURL(/\/clerk\/reject/);
	ok((await main(desk)).includes(`申请人已付 ${yuan(one)}`), "the clerk is told that money goes back");
	await look("refund-reject", desk);
	await desk.locator("select[name=reason]").selectOption("not-eligible");
	await press(desk, "下一步");
	await desk.getByRole("heading", { name: "确认不予通过" }).waitFor();
	await see("refund-reject-confirm", desk);
	await press(desk, "确认不予通过");
	await desk.waitForURL(/\/clerk\/queue/);
	is(state(one), "awaiting_refund", "ended after the payment");
	is(desk.complaints.join("\n"), "", "the clerk's console is clean");
	await desk.context().close();
}

const row = (page, text) => page.locator("tr", { hasText: text });

async function confirm(browser, one) {
	const desk = await deskOf(browser, "accountant");
	await desk.goto(`${intranet}/clerk/refunds`);
	ok(/申请已结束/.test(await row(desk, one.number).innerText()), "the refund waits for an accountant");
	await look("refunds-requested", desk);
	await row(desk, one.number).getByRole("button", { name: "不退" }).click();
	await desk.getByRole("heading", { name: "请填写说明" }).waitFor();
	await look("refund-decide-note", desk);
	await desk.getByRole("link", { name: "回到列表" }).click();
	await row(desk, one.number).getByRole("button", { name: "确认退款" }).click();
	await desk.locator(".yj-flash").waitFor();
	is(await desk.locator(".yj-flash").innerText(), "已确认，退款会自动原路退回", "a second person confirms");
	return desk;
}

// Works on; gives the states of red invoice and refund, in the order they came.
const goBack = (one) => perl(`use Yj::Billing; my @seen; work_until(sub {
	my $red = (invoice_of(${one.payment}, 'red') || {})->{state} // 'none';
	my $refund = db_value('SELECT state FROM refund WHERE payment = ? AND live = 1', ${one.payment}) // 'none';
	push @seen, "$red $refund" unless @seen && $seen[-1] eq "$red $refund";
	return $refund =~ /^(?:sent|done)$/ }); print join ', ', @seen;`);
const refunded = (one) =>
	Number(perl(`use Yj::Pay; print pay_state()->{orders}{"${one.number}"}{refunded_fen};`));

async function invoices(desk, one) {
	await desk.goto(`${intranet}/clerk/invoices`);
	const lines = await row(desk, one.company).allInnerTexts();
	ok(lines.some((line) => /红字/.test(line) && line.includes(`-${yuan(one)}`)), "the red invoice is on the list", lines.join("\n"));
	ok(lines.some((line) => /蓝字/.test(line) && line.includes(one.invoice)), "… beside the blue one", lines.join("\n"));
	await look("invoices-issued", desk);
	const links = await row(desk, one.company).getByRole("link", { name: "查看 PDF" }).evaluateAll((all) => all.map((a) => a.href));
	is(links.length, 2, "each has its file");
	for (const link of links) {
		const answer = await desk.request.get(link);
		is(`${answer.headers()["content-type"]} ${(await answer.body()).subarray(0, 5)}`, "application/pdf %PDF-", "… which is a PDF");
	}
	await desk.goto(`${intranet}/clerk/invoice-pdf?invoice=0`);
	await see("invoice-pdf-none", desk);
	desk.complaints = desk.complaints.filter((text) => !/status of 404/.test(text));
	await desk.goto(`${intranet}/clerk/refunds`);
	ok(/已退款/.test(await row(desk, one.number).innerText()), "the refund is done");
	await look("refunds-done", desk);
}

async function journey(browser) {
	const one = application();
	const phone = await pay(browser, one);
	invoice(one);
	await status(phone, one);
	await look("refund-paid", phone);
	await refuse(browser, one);
	perl("use Yj::Outbox; work_off();");
	await status(phone, one);
	is(await phone.locator(".yj-warning").innerText(), "不符合本项目的申请条件。", "the applicant reads why it ended");
	ok(new RegExp(`${yuan(one)}\\s*已登记，等待财务确认`).test(await main(phone)), "… and that the money is coming");
	await look("refund-registered", phone);

	const desk = await confirm(browser, one);
	await status(phone, one);
	ok(/财务已确认/.test(await main(phone)), "confirmed: the applicant sees it");
	await see("refund-confirmed", phone);
	perl("use Yj::Outbox; work_off();");
	is(refunded(one), 0, "no money moves before the red invoice");
	await desk.goto(`${intranet}/clerk/refunds`);
	ok(/待发出\s*等发票处理完/.test(await row(desk, one.number).innerText()), "the list says what it waits for");
	await look("refunds-waiting", desk);
	await desk.goto(`${intranet}/clerk/invoices`);
	await see("invoices-red-asked", desk);
	const order = goBack(one);
	ok(/issued (?:sent|done)$/.test(order) && !/(?:none|due|asked) (?:sent|done)/.test(order),
		`the red invoice is issued first, then the money goes: ${order}`);
	is(refunded(one), one.fen, "all of it is back at the service");
	perl(`use Yj::Wechatpay; ask_all_now({ id => ${one.id} }); poll();`);
	is(state(one), "refunded", "the application has come to its end");
	await status(phone, one);
	ok(new RegExp(`${yuan(one)}\\s*已原路退回`).test(await main(phone)), "the applicant reads that the money is back");
	await look("refund-done", phone);
	await invoices(desk, one);
	is(phone.complaints.join("\n"), "", "the phone's console is clean");
	is(desk.complaints.join("\n"), "", "the accountant's console is clean");
}

await run(async (browser) => {
	try {
		await journey(browser);
	} finally {
		perl("use Yj::Outbox; others_go_on();");
	}
});
