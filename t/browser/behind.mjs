// behind.mjs: what the browser tests do behind the pages: Perl of the walk
// without script, people of the desk, and pictures for whoever looks.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newPage, press, setting } from "./browser.mjs";

// One Perl for the whole test, at the other end of two pipes: to start one for
// each question takes longer than most answers.
let pipes;

function open() {
	const folder = mkdtempSync(join(tmpdir(), "behind-"));
	const [requests, answers] = ["requests", "answers"].map((name) => join(folder, name));
	execFileSync("mkfifo", [requests, answers]);
	const child = spawn("perl", ["-I", `${setting("YJ_TOP")}/t/lib`,
		`${setting("YJ_TOP")}/t/browser/behind.pl`, requests, answers], { stdio: ["ignore", "ignore", "inherit"] });
	child.unref();
	const opened = { requests: openSync(requests, "w"), answers: openSync(answers, "r") };
	rmSync(folder, { recursive: true });
	return opened;
}

function readLine() {
	const byte = Buffer.alloc(1);
	let line = "";
	while (readSync(pipes.answers, byte) === 1 && byte[0] !== 10) line += byte.toString("latin1");
	return line;
}

function readBytes(length) {
	const bytes = Buffer.alloc(length);
	for (let at = 0; at < length;) {
		const count = readSync(pipes.answers, bytes, at, length - at);
		if (count === 0) throw new Error("the Perl behind the test has ended");
		at += count;
	}
	return bytes.toString("utf8");
}

// What the script prints.
export function perl(script) {
	pipes ??= open();
	const bytes = Buffer.from(script);
	writeSync(pipes.requests, `${bytes.length}\n`);
	writeSync(pipes.requests, bytes);
	const [status, length] = readLine().split(" ").map(Number);
	const said = readBytes(length);
	if (status !== 0) throw new Error(`the Perl behind the test failed: ${script}`);
	return said.trim();
}

export const value = (sql) => perl(`print db_value(q{${sql}}) // "";`);

// A job of cron, run until nothing is due.
export function job(name) {
	execFileSync(`${setting("YJ_BUILD")}/cron/${name}`, ["0"],
		{ env: { PATH: process.env.PATH, YJ_CONFIG: setting("YJ_CONFIG") }, stdio: "ignore" });
}

// A page on the intranet for a new person of that role, logged in.
export async function deskOf(browser, role) {
	const [login, password] = perl(`use Yj::Staff; my $p = hire('${role}'); print "$p->{login} $p->{password}";`).split(" ");
	const page = await newPage(browser, { viewport: { width: 1280, height: 900 },
		userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/120" });
	await page.goto(`${setting("YJ_INTRANET_URL")}/clerk/login`);
	await page.locator("input[name=login]").fill(login);
	await page.locator("input[name=password]").fill(password);
	await press(page, "登录");
	return page;
}

export const main = (page) => page.locator("main").innerText();

// As it looks at 375 and 1280 px, light and dark, in $YJ_VAR/screenshots, for who
// asks with YJ_PICTURES: four pictures take longer than the page.
export async function picture(name, page) {
	if (!process.env.YJ_PICTURES) return;
	const folder = `${setting("YJ_VAR")}/screenshots`;
	const viewport = page.viewportSize();
	mkdirSync(folder, { recursive: true });
	for (const colorScheme of ["light", "dark"]) {
		await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
		for (const width of [375, 1280]) {
			await page.setViewportSize({ width, height: viewport.height });
			await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
		}
	}
	await page.emulateMedia({ colorScheme: "light", reducedMotion: null });
	await page.setViewportSize(viewport);
}
