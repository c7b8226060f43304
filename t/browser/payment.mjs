// payment.mjs: paying in a real browser, in every way there is. Pictures of each
// state at 375 px, light and dark, go to $YJ_VAR/screenshots.
import { mkdirSync } from "node:fs";
import { is, overflow, run, setting } from "./browser.mjs";
import { walkPayment } from "./payment-walk.mjs";

const shots = `${setting("YJ_VAR")}/screenshots`;
mkdirSync(shots, { recursive: true });

async function see(name, page) {
	const viewport = page.viewportSize();
	await page.setViewportSize({ width: 375, height: 812 });
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		await page.screenshot({ path: `${shots}/${name}-${colorScheme}.png`, fullPage: true });
	}
	await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
	is(await overflow(page), 0, `${name}: nothing to scroll sideways`);
	await page.setViewportSize(viewport);
}

await run((browser) => walkPayment(browser, see));
