// see.mjs: looks at a page in light and dark, from 320 to 1280 px: axe-core finds
// nothing, nothing scrolls sideways, every target is large enough.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { is, overflow } from "./browser.mjs";

const WIDTHS = [320, 375, 768, 1280];
const TARGET_MIN = 44;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// The full counts (YJ_FULL) ask axe everything in every look. Else it is asked
// everything once a page, at its own size, and in the look that differs most the
// rules whose answer depends on width or colour: the others read the markup, which
// is the same everywhere.
const EVERYWHERE = process.env.YJ_FULL !== undefined;
const LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"];

// axe into the page: as Playwright evaluates a text, it is read twice.
async function bring(page) {
	const session = await page.context().newCDPSession(page);
	await session.send("Runtime.evaluate", { expression: axe });
	await session.detach();
}

async function violations(page, whole) {
	if (!await page.evaluate(() => "axe" in window)) await bring(page);
	const { violations: found } = await page.evaluate((only) => window.axe.run(document, {
		resultTypes: ["violations"], preload: only === null, rules: { "target-size": { enabled: true } },
		...only && { runOnly: { type: "rule", values: only } } }), whole ? null : LOOKS);
	return found.map((v) => `${v.id}: ${v.help}\n` + v.nodes.map((n) =>
		`  ${n.target.join(" ")}  ${n.failureSummary.replaceAll("\n", " ")}`).join("\n")).join("\n");
}

// What a finger must hit, of the applicant's pages: buttons, links that stand by
// themselves, controls with their labels.
async function smallTargets(page) {
	return page.evaluate((least) => [...document.querySelectorAll(
		"a, button, summary, select, input:not([type=hidden])")].filter((node) => {
		const target = node.closest("label.yj-choice, label.yj-scan__add") || node;
		const box = target.getBoundingClientRect();
		const shown = node.checkVisibility() && box.height > 1;
		const inText = node.matches("a") && getComputedStyle(node).display === "inline" && !node.querySelector("img");
		return shown && !inText && !node.matches(".yj-skip, [aria-hidden]") && box.height < least;
	}).map((node) => `${node.outerHTML.slice(0, 120)} ${node.getBoundingClientRect().height}`).join("\n"), TARGET_MIN);
}

export async function see(name, page) {
	const viewport = page.viewportSize();
	const own = WIDTHS.includes(viewport.width) ? viewport.width : 375;
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		for (const width of WIDTHS) {
			const light = colorScheme === "light";
			const whole = EVERYWHERE || (light && width === own);
			const other = !light && width === WIDTHS[0];
			if (!light && !whole && !other) continue;
			await page.setViewportSize({ width, height: viewport.height });
			if (whole || other)
				is(await violations(page, whole), "", `${name}: axe finds nothing, ${colorScheme}, ${width} px`);
			if (light)
				is(await overflow(page), 0, `${name}: nothing to scroll sideways, ${width} px`);
		}
	}
	await page.setViewportSize({ width: 375, height: viewport.height });
	await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
	is(await overflow(page), 0, `${name}: nothing to scroll sideways, letters of double size`);
	await page.evaluate(() => { document.documentElement.style.fontSize = ""; });
	await page.setViewportSize(viewport);
	if (new URL(page.url()).pathname.startsWith("/apply/"))
		is(await smallTargets(page), "", `${name}: every target is at least ${TARGET_MIN} px high`);
	await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
}
