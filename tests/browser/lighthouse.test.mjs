// Lighthouse on the public card, as a phone on a slow line sees it: 100 in accessibility, best practices and SEO, 98
// or more in performance.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as launcher from "chrome-launcher";
import lighthouse from "lighthouse";
import { CHROMIUM, FLAGS, api, close, person, serve, setUp } from "./kit.mjs";

const site = await serve();
after(async () => {
  await close();
  await site.stop();
});

test("the public card as Lighthouse sees it", async () => {
  const page = await (await person(site)).newPage();
  await setUp(site, page);
  await page.waitForURL("**/cards/new");
  await api(page, "PUT", "/api/profile/personal", {
    full_name: "Ada Lovelace", bio: "I write for a machine that is not built yet.", primary_email: "ada@example.org", version: 0,
  });
  const card = await api(page, "POST", "/api/cards", {
    name: "Ada Lovelace", template_type: "personal-detailed",
    links: [{ platform: "website", label: "Notes", url: "https://example.org/notes" }],
  });
  const profile = mkdtempSync(join(tmpdir(), "cardinal-lighthouse-"));
  const chrome = await launcher.launch({
    chromePath: CHROMIUM, chromeFlags: ["--headless=new", ...FLAGS], userDataDir: profile,
  });
  const { lhr } = await lighthouse(`${site.url}/c/${card.slug}`, {
    port: chrome.port, output: "json", logLevel: "error",
    onlyCategories: ["performance", "accessibility", "best-practices", "seo"],
  });
  await chrome.kill();
  rmSync(profile, { recursive: true, force: true });
  const scores = Object.fromEntries(Object.entries(lhr.categories).map(([name, { score }]) => [name, score * 100]));
  // Whether the server is far away is not the card's doing: over plain http everything else has to hold.
  const faults = Object.values(lhr.audits).filter(({ score, scoreDisplayMode }) => scoreDisplayMode === "binary" && score === 0);
  const told = `${JSON.stringify(scores)} ${faults.map(({ id, title }) => `${id}: ${title}`).join("; ")}`;
  for (const name of ["accessibility", "best-practices", "seo"]) assert.equal(scores[name], 100, told);
  assert.ok(scores.performance >= 98, told);
});
