// focus.mjs: on every page of the walk each control shows by a ring that it has
// the keyboard's focus, in light and dark; links that stand by themselves keep
// apart from each other.
import { apply, approve, deskPage, fixture, is, newPage, openCase, ok, run, setting } from "./browser.mjs";

const GAP_MIN = 12;
let controls = 0;

// The focus goes from control to control as a keyboard moves it: the Tab before
// makes :focus-visible hold for what script focuses afterwards.
async function ringless(page) {
	await page.keyboard.press("Tab");
	return page.evaluate(async () => {
		const visible = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
			&& !/transparent|, 0\)$/.test(style.outlineColor);
		const bare = [];
		let count = 0;
		for (const node of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea,"
			+ " summary, iframe, video[controls], [tabindex]")) {
			if (node.disabled || node.tabIndex < 0 || !node.checkVisibility()) continue;
			// a hidden file input wears its label's ring
			const wearers = [node, node.closest("label")].filter((one) => one);
			if (document.activeElement) document.activeElement.blur();
			const before = wearers.map((one) => visible(getComputedStyle(one)));
			node.focus();
			if (document.activeElement !== node) continue; // behind an open dialog
			count++;
			if (!wearers.some((one, i) => !before[i] && visible(getComputedStyle(one))))
				bare.push(node.outerHTML.slice(0, 120));
		}
		return { count, bare: bare.join("\n") };
	});
}

// Pairs of links or buttons, one line, that a finger cannot tell apart.
async function crowded(page) {
	return page.evaluate((least) => {
		const boxes = [...document.querySelectorAll("main a, main button, main summary")]
			.filter((node) => node.checkVisibility() && getComputedStyle(node).display !== "inline")
			.map((node) => ({ node, box: node.getBoundingClientRect() }))
			.filter(({ box }) => box.width && box.height);
		const pairs = [];
		for (const one of boxes)
			for (const other of boxes) {
				const gap = other.box.left - one.box.right;
				const beside = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top) > 4;
				if (one !== other && one.node.parentNode === other.node.parentNode && beside && gap > -4 && gap < least
					&& !getComputedStyle(one.node).backgroundColor.match(/rgb\(/))
					pairs.push(`${one.node.textContent} | ${other.node.textContent}: ${gap}`);
			}
		return pairs.join("\n");
	}, GAP_MIN);
}

async function look(name, page) {
	const focused = await page.evaluateHandle(() => document.activeElement);
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme });
		const { count, bare } = await ringless(page);
		is(bare, "", `${name}: every control shows its focus, ${colorScheme}`);
		controls += count;
	}
	is(await crowded(page), "", `${name}: links stand apart`);
	await page.emulateMedia({ colorScheme: "light" });
	await focused.evaluate((node) => node.focus());
}

async function prints(page) {
	const links = await page.locator(".yj-scan__example").evaluateAll((nodes) => nodes.map((node) => {
		const box = node.getBoundingClientRect();
		return { text: node.textContent, width: box.width, height: box.height };
	}));
	ok(links.length >= 6, "the agent's prints have their links", JSON.stringify(links));
	is(links.filter((link) => link.width < 44 || link.height < 44).map((link) => link.text).join(" "), "",
		"each is 44 px wide and high");
}

await run(async (browser) => {
	const phone = await newPage(browser);
	const application = await apply(phone, fixture(), async (name, page) => {
		await look(name, page);
		if (name === "agent") await prints(page);
	});
	for (const path of ["/apply/mine", `/apply/cancel?application=${application}`, "/static/help/index.html"]) {
		await phone.goto(setting("YJ_PUBLIC_URL") + path);
		await look(path.replace(/\?.*/, ""), phone);
	}
	const desk = await deskPage(browser, look);
	await openCase(desk, application, look);
	await desk.locator("details.yj-pin summary").first().click();
	await look("clerk-case-pin", desk);
	await approve(desk, look);
	ok(controls > 500, "and there were many", controls);
});
