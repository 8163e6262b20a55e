// What the tests in a browser share: the program as it is shipped on a scratch folder, people in windows of their
// own, and the watch that every page is under. No page may log an error, ask another server for anything, move
// after it has been shown, or be wider than its window.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "..", "..");
const target = process.env.CARGO_TARGET_DIR ?? join(root, "target");
const program = process.env.CARDINAL_PROGRAM ?? join(target, "release", "cardinal");
const pictures = join(root, "artifacts", "screenshots");
const axe = readFileSync(join(here, "node_modules", "axe-core", "axe.min.js"), "utf8");

export const PASSWORD = "correct horse battery staple";
export const CHROMIUM = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find(existsSync);
export const FLAGS = ["--no-sandbox", "--disable-dev-shm-usage"];

/** The program on a folder of its own, and what it said when it started. */
export async function serve(...options) {
  const folder = mkdtempSync(join(tmpdir(), "cardinal-browser-"));
  const args = ["serve", "--listen", "127.0.0.1:0", "--data-dir", join(folder, "data"), "--log", "warn", ...options];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"], env: {} });
  // A test that does not come to its end leaves nothing running.
  process.once("exit", () => child.kill("SIGKILL"));
  const lines = createInterface({ input: child.stdout });
  const said = {};
  for await (const line of lines) {
    said.url ??= line.match(/serves (http\S+)/)?.[1];
    said.setUp ??= line.match(/http\S+\/setup\S+/)?.[0];
    if (said.url && said.setUp) break;
  }
  assert.ok(said.url, "the program did not start");
  return {
    ...said,
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

let browser;

/** The browser that all windows of this file share. */
export async function open() {
  browser ??= await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
  return browser;
}

export async function close() {
  await browser?.close();
  browser = undefined;
}

/** A window of its own: nobody is signed in. Options as Playwright's contexts take them. */
export async function person(site, options = {}) {
  const context = await (await open()).newContext({
    baseURL: site.url,
    viewport: { width: 1280, height: 800 },
    locale: "en",
    ...options,
  });
  context.faults = [];
  await context.addInitScript(() => {
    window.moved = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const what = entry.sources.map(({ node }) => node?.cloneNode?.(false).outerHTML ?? node?.nodeName);
        if (!entry.hadRecentInput) window.moved.push({ by: entry.value, what });
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  context.on("page", (page) => watch(page, site.url, context.faults));
  return context;
}

function watch(page, origin, faults) {
  const where = () => page.url().slice(origin.length);
  page.on("pageerror", (error) => faults.push(`${where()}: ${error.message}`));
  page.on("console", (message) => {
    // The browser itself logs refusals, and that it is offline, which a page expects and tells.
    // Nothing runs in a preview, the watch of these tests neither.
    const expected = ["the server responded with a status of", "net::ERR_INTERNET_DISCONNECTED", "Blocked script execution"];
    const told = expected.some((words) => message.text().includes(words));
    if (["error", "warning"].includes(message.type()) && !told) faults.push(`${where()}: ${message.text()}`);
  });
  page.on("request", (request) => {
    const own = [origin, "data:", "blob:", "about:"].some((start) => request.url().startsWith(start));
    if (!own) faults.push(`${where()}: asks ${request.url()}`);
  });
}

/** Does `work` with each of `items`, two at a time, with which of the two it is. */
export async function byTwo(items, work) {
  const rest = items.values();
  await Promise.all([0, 1].map(async (which) => { for (const item of rest) await work(item, which); }));
}

/** Nothing has gone wrong in this window so far. */
export function assertCalm(context) {
  assert.deepEqual(context.faults, []);
}

/** All that axe-core knows. */
export const EVERY = undefined;
/** What of it depends on colours alone. */
export const COLOURS = ["color-contrast", "link-in-text-block"];

/** What is wrong with a page as it is shown now; of axe-core's rules these are asked. */
export async function examine(page, rules = EVERY) {
  const found = [];
  const [wide, moved] = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return [scrollWidth - clientWidth, window.moved ?? []];
  });
  if (wide > 0) found.push(`wider than its window by ${wide} px`);
  for (const { by, what } of moved) if (by > 0.001) found.push(`moved after it was shown by ${by}: ${what.join(" ")}`);
  if (rules?.length === 0) return found;
  await page.evaluate(axe);
  const options = { resultTypes: ["violations"], ...(rules && { runOnly: rules }) };
  const { violations } = await page.evaluate((options) => window.axe.run(options), options);
  for (const violation of violations) {
    const nodes = violation.nodes.map((node) => `${node.target}: ${node.failureSummary.split("\n")[1]?.trim()}`);
    found.push(`${violation.id}: ${nodes.slice(0, 3).join(" | ")}`);
  }
  return found;
}

/** Keeps a picture of a page for whoever wants to look, beside the build and not in the repository. */
export async function picture(page, name) {
  mkdirSync(pictures, { recursive: true });
  const browser = await page.context().newCDPSession(page);
  const asked = { format: "png", captureBeyondViewport: true, optimizeForSpeed: true };
  const { data } = await browser.send("Page.captureScreenshot", asked);
  writeFileSync(join(pictures, `${name}.png`), data, "base64");
  await browser.detach();
}

/** Sets the installation up as its first admin; leads to the form of the first card. */
export async function setUp(site, page, name = "Ada Lovelace") {
  await page.goto(site.setUp);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Set up Cardinal" }).click();
}

/** Registers somebody in this window. */
export async function register(page, name, email) {
  await page.goto("/register");
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/cards/new");
}

/** Calls the API as whoever is signed in in this window; the reply's JSON. */
export async function api(page, method, path, body, headers = {}) {
  const answer = await page.evaluate(async ([method, path, body, headers]) => {
    const init = { method, headers: { "Idempotency-Key": crypto.randomUUID(), ...headers } };
    if (body !== undefined) {
      init.body = JSON.stringify(body);
      init.headers["Content-Type"] = "application/json";
    }
    const reply = await fetch(path, init);
    return { status: reply.status, body: await reply.json().catch(() => null) };
  }, [method, path, body, headers]);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
