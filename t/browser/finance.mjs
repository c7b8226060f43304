// finance.mjs: the accountants' lists, filled: a refund that one asks for and
// another decides, one that finds no way, invoices entered by hand there and
// back, one that the provider refused, and differences with their reasons. Every
// page and state is looked at by axe.
import { writeFileSync } from "node:fs";
import { is, ok, press, run, setting } from "./browser.mjs";
import { deskOf, main, perl, picture, value } from "./behind.mjs";
import { see } from "./see.mjs";

const intranet = setting("YJ_INTRANET_URL");
const billing = (script) => perl(`use Yj::Outbox; use Yj::Billing; ${script}`);
const goTo = (page, name) => page.goto(`${intranet}/clerk/${name}`);
const row = (page, text) => page.locator("tr", { hasText: text });
const refundOf = (fee) => value(`SELECT state FROM refund WHERE payment = ${fee.payment} ORDER BY id DESC LIMIT 1`);

async function look(name, page) {
	await see(name, page);
	await picture(name, page);
}

// Paid at the sim; `odd`: in fen, another amount than was asked for.
const paid = (odd) => JSON.parse(billing(`my $f = paid(${odd ? `odd => ${odd}` : ""});
	print JSON::PP->new->encode($f);`.replace(/^/, "use JSON::PP; ")));

async function act(page, text, button, note) {
	const line = row(page, text);
	if (note) await line.locator("input[name=note]").fill(note);
	await line.getByRole("button", { name: button, exact: true }).click();
	await page.waitForLoadState("load");
}

// It ends, so that the money is to go back.
function ended(fee) {
	billing(`end_paid({ application => ${fee.application}, payment => ${fee.payment} });`);
	return fee;
}

const flash = (page) => page.locator(".yj-flash").innerText();

// One accountant asks, and may not confirm; another declines; asked again.
async function twoPersons(one, two) {
	const fee = paid(19999);
	await goTo(one, "refunds");
	ok(/200\.00 元\s*199\.99 元\s*异常/.test(await row(one, fee.trade_no).innerText()), "an odd payment is on the list");
	await look("refunds-odd", one);
	await act(one, fee.trade_no, "申请退款");
	is(await flash(one), "已提出，等另一位财务人员确认", "one asks for its refund");
	const own = row(one, fee.trade_no).first();
	ok(/须由另一位财务人员确认/.test(await own.innerText()) && !await own.getByRole("button").count(), "… and has no button to confirm it");
	await look("refunds-own", one);
	await goTo(two, "refunds");
	await act(two, fee.trade_no, "不退", "金额待查");
	is(await flash(two), "已记录：不退", "another declines, with a reason");
	await look("refunds-declined", two);
	await act(two, fee.trade_no, "申请退款");
	await goTo(one, "refunds");
	await act(one, fee.trade_no, "确认退款");
	is(refundOf(fee), "confirmed", "asked for again by the second, confirmed by the first");
}

// The service takes it, and cannot give it back.
async function noWay(one) {
	const fee = ended(paid());
	await goTo(one, "refunds");
	await act(one, fee.trade_no, "确认退款");
	perl(`use Yj::Outbox; use Yj::Billing; use Yj::Pay; pay_faults('refund-outcome', 'abnormal', 1);
		work_until(sub { db_value('SELECT state FROM refund WHERE payment = ?', ${fee.payment}) ne 'confirmed' });`);
	perl(`use Yj::Wechatpay; ask_all_now({ id => ${fee.application} }); poll();`);
	is(refundOf(fee), "abnormal", "a refund that found no way");
	await goTo(one, "refunds");
	await look("refunds-abnormal", one);
	await act(one, fee.trade_no, "已用其他方式退回");
	await one.getByRole("heading", { name: "请填写说明" }).waitFor();
	await one.getByRole("link", { name: "回到列表" }).click();
	await act(one, fee.trade_no, "已用其他方式退回", "对公转账，凭证 20260131-7");
	is(await flash(one), "已记录：已用其他方式退回", "settled by hand, with how");
	await look("refunds-by-hand", one);
}

// What an accountant types in of an invoice that was made elsewhere.
async function enter(page, title, number, pdf, name) {
	await goTo(page, "invoices");
	await look(`invoices-${name}`, page);
	await row(page, title).filter({ hasText: "处理" }).getByRole("link", { name: "处理" }).first().click();
	await page.waitForURL(/\/clerk\/invoice-enter/);
	await look(`invoice-enter-${name}`, page);
	await page.locator("input[name=number]").fill("123");
	await press(page, "录入并发送");
	await page.locator("[role=alert]").waitFor();
	await see(`invoice-enter-${name}-error`, page);
	await page.locator("input[name=number]").fill(number);
	await page.locator("input[name=issued_on]").fill("2026-01-31");
	await page.locator("input[name=pdf]").setInputFiles(pdf);
	await press(page, "录入并发送");
	await page.waitForURL(/\/clerk\/invoices/);
	is(await flash(page), "已记录", `${name}: entered`);
	ok(await row(page, number).getByRole("link", { name: "查看 PDF" }).count() === 1, "… and on the list with its file");
}

// Without a provider: an accountant makes the invoice and takes it back; the
// money waits for that.
async function byHand(one, two) {
	const fee = paid();
	const manual = "config_with(invoice_provider => 'manual')";
	const title = value(`SELECT invoice_title FROM \`order\` WHERE application = ${fee.application}`);
	const pdf = `${setting("YJ_VAR")}/invoice.pdf`;
	writeFileSync(pdf, "%PDF-1.4\nan invoice\n");
	billing(`promise(kind => 'invoice', application => ${fee.application}, payload => '{"payment":${fee.payment}}'); work_off(${manual});`);
	const stem = `${Date.now()}`.slice(-9);
	await enter(one, title, `2636${stem}0000001`, pdf, "manual");
	ended(fee);
	await goTo(two, "refunds");
	await act(two, fee.trade_no, "确认退款");
	billing(`work_off(${manual});`);
	is(refundOf(fee), "confirmed", "the money waits for the red invoice");
	await goTo(two, "refunds");
	ok(/等发票处理完/.test(await row(two, fee.trade_no).innerText()), "… and the list says so");
	await enter(one, title, `2637${stem}0000001`, pdf, "manual-red");
	billing(`work_until(sub { db_value('SELECT state FROM refund WHERE payment = ?', ${fee.payment}) ne 'confirmed' }, ${manual});`);
	ok(/^(?:sent|done)$/.test(refundOf(fee)), "then it goes");
}

// Refused by the provider until an accountant looks, who gives it up.
async function refused(one) {
	const fee = paid();
	billing(`new_browser()->get(public('/sim/nuonuo/faults?on=issue&what=fail&times=3'));
		promise(kind => 'invoice', application => ${fee.application}, payload => '{"payment":${fee.payment}}');
		work_until(sub { ((invoice_of(${fee.payment}) || {})->{state} // '') eq 'failed' });`);
	const id = value(`SELECT MAX(id) FROM invoice WHERE payment = ${fee.payment}`);
	await goTo(one, "invoices");
	await look("invoices-failed", one);
	await one.locator(`a[href="/clerk/invoice-enter?invoice=${id}"]`).click();
	ok(/失败原因/.test(await main(one)), "refused: the page says why");
	await look("invoice-enter-failed", one);
	await press(one, "不再开");
	await one.locator("[role=alert]").waitFor();
	await see("invoice-enter-no-reason", one);
	await one.locator("input[name=note]").fill("客户不要发票");
	await press(one, "不再开");
	is(await flash(one), "已记录", "given up, with a reason");
	await goTo(one, `invoice-enter?invoice=${id}`);
	await see("invoice-enter-over", one);
	one.complaints = one.complaints.filter((text) => !/status of 404/.test(text));
}

async function differences(one) {
	const number = `T-${Date.now()}`;
	billing(`db_do('INSERT IGNORE INTO bill_day (day, state, ask_at) VALUES ("2026-02-03", "read", UTC_TIMESTAMP())');
		db_do('INSERT INTO difference (day, kind, number, ours_fen, theirs_fen, found_at)
		VALUES ("2026-02-03", ?, ?, ?, ?, UTC_TIMESTAMP())', @$_) for ["amount", "${number}", 20000, 19900],
		["missing_there", "${number}-b", 20000, undef], ["refund_missing_here", "${number}-c", undef, 700];`);
	await goTo(one, "differences");
	ok(/付款金额不同/.test(await row(one, number).first().innerText()), "differences are on the list");
	await look("differences", one);
	await act(one, `${number}-b`, "已核对");
	await one.getByRole("heading", { name: "请填写说明" }).waitFor();
	await see("difference-clear-note", one);
	await one.getByRole("link", { name: "回到列表" }).click();
	await act(one, `${number}-b`, "已核对", "次日账单里有这一笔");
	is(await flash(one), "已记录核对结果", "with a reason one is cleared");
	ok(/次日账单里有这一笔/.test(await row(one, `${number}-b`).innerText()), "… and the reason stays");
	await look("differences-cleared", one);
}

await run(async (browser) => {
	try {
		perl("use Yj::Outbox; stop_cron(); others_wait();");
		const [one, two] = [await deskOf(browser, "accountant"), await deskOf(browser, "accountant")];
		await twoPersons(one, two);
		await noWay(one);
		await byHand(one, two);
		await refused(one);
		await differences(one);
		is(one.complaints.concat(two.complaints).join("\n"), "", "the console is clean");
	} finally {
		perl("use Yj::Outbox; others_go_on();");
	}
});
