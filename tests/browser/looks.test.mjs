// How pages look where it can be measured: cards on paper, mirrored, in a narrow window and in letters of twice the
// size; small cards among others; and in the editor, that nothing covers what one is at.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { api, assertCalm, close, person, picture, serve, setUp } from "./kit.mjs";

const TEMPLATES = ["personal-small", "personal-detailed", "professional-small", "professional-detailed", "custom"];
const PHONE = { width: 360, height: 740 };

const site = await serve("--default-tier", "unlimited");
const ada = await person(site);
const cards = await fill(await ada.newPage());
const state = await ada.storageState();
after(async () => {
  await close();
  await site.stop();
});

async function fill(page) {
  await setUp(site, page);
  await page.waitForURL("**/cards/new");
  await api(page, "PUT", "/api/profile/personal", {
    pronouns: "she/her", primary_email: "ada@example.org", mobile_number: "+44 20 7946 0018",
    website: "https://example.org/ada", home_address: "1 Dorset Street\nLondon", bio: "I write.\n\nFor machines.", version: 0,
  });
  await api(page, "PUT", "/api/profile/professional", {
    designation: "Analyst", department: "Notes and Tables", company_name: "Analytical Engines",
    office_address: "5 Whitehall Place\nLondon", office_hours: "Mon–Fri 9–17", office_phone: "+44 20 7946 0019",
    office_email: "office@engines.example.org", version: 0,
  });
  const fields_config = {
    personal: ["pronouns", "bio", "website", "primary_email", "mobile_number", "home_address"],
    professional: ["designation", "department", "company_name", "office_address", "office_hours", "office_phone",
      "office_email"],
    links: "all",
  };
  const links = [
    { platform: "website", label: "Notes on the engine", url: "https://example.org/notes" },
    { platform: "mail", label: "Write", url: "mailto:ada@example.org?subject=Notes" },
  ];
  const made = {};
  for (const [name, slug] of [["Ada Lovelace", "ada"], ["ليلى العامري", "layla"]]) {
    for (const template_type of TEMPLATES) {
      const card = { name, slug: `${slug}-${template_type}`, template_type, fields_config, links };
      made[card.slug] = (await api(page, "POST", "/api/cards", card)).id;
    }
  }
  return made;
}

/** What stands outside its window, or is told in letters below one another. */
const misplaced = () => {
  const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
  const faults = wide > 0 ? [`wider than its window by ${wide} px`] : [];
  const name = document.querySelector(".p-name");
  const lines = name.getBoundingClientRect().height / parseFloat(getComputedStyle(name).lineHeight);
  if (lines > 2.5) faults.push(`the name takes ${lines} lines`);
  for (const link of document.querySelectorAll(".quick a")) {
    if (link.scrollWidth > link.clientWidth + 1) faults.push(`"${link.textContent}" runs out of its button`);
  }
  return faults;
};

test("a card fits the narrowest window, and one of letters of twice the size", async () => {
  const window = await person(site, { viewport: { width: 320, height: 640 }, locale: "de" });
  const page = await window.newPage();
  for (const template of TEMPLATES) {
    await page.goto(`/c/ada-${template}`);
    assert.deepEqual(await page.evaluate(misplaced), [], `${template}, 320 px`);
    await page.setViewportSize(PHONE);
    await page.evaluate(() => { document.documentElement.style.fontSize = "200%"; });
    assert.deepEqual(await page.evaluate(misplaced), [], `${template}, 200 %`);
    await picture(page, `look-large-${template}`);
    await page.setViewportSize({ width: 320, height: 640 });
  }
  assertCalm(window);
  await window.close();
});

test("a card whose name runs from right to left is mirrored as a whole", async () => {
  const window = await person(site, { viewport: PHONE });
  const page = await window.newPage();
  for (const template of TEMPLATES) {
    const sides = [];
    for (const name of ["ada", "layla"]) {
      await page.goto(`/c/${name}-${template}`);
      sides.push(await page.evaluate(() => {
        const middle = innerWidth / 2;
        const side = (box) => Math.sign(Math.round((box.left + box.right) / 2 - middle));
        return [...document.querySelectorAll("article :is(.p-name, .icon, .facts dt, .rest h2)")]
          .filter((element) => element.checkVisibility() && !element.closest(".exchange, .main"))
          .map((element) => side(element.getBoundingClientRect()));
      }));
      await picture(page, `look-${name}-${template}`);
    }
    const [left, right] = sides;
    assert.deepEqual(right.map((side) => side || 0), left.map((side) => -side || 0), template);
  }
  await window.close();
});

test("a card is one sheet of paper", async () => {
  const window = await person(site);
  const page = await window.newPage();
  for (const template of TEMPLATES) {
    await page.goto(`/c/ada-${template}`);
    const paper = (await page.pdf({ format: "A4", preferCSSPageSize: true })).toString("latin1");
    assert.equal(paper.match(/\/Type\s*\/Page\b/g)?.length, 1, template);
  }
  await window.close();
});

test("pages fit a phone in letters of two and a half times the size, by a setting of ours", async () => {
  const window = await person(site, { storageState: state, viewport: PHONE, locale: "de" });
  const page = await window.newPage();
  await page.goto("/settings");
  const needs = async (text_scale, large_text) => {
    const { version } = await api(page, "GET", "/api/settings/accessibility");
    await api(page, "PATCH", "/api/settings/accessibility", { text_scale, large_text, version });
  };
  await needs(2, true);
  const paths = ["/cards", `/cards/${cards["ada-custom"]}/edit`, `/cards/${cards["ada-custom"]}/stats`, "/leads", "/shares",
    "/credits", "/profile", "/settings", "/sessions", "/admin", "/admin/people", "/admin/flags", "/admin/invites"];
  const found = [];
  for (const path of paths) {
    await page.goto(path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 0) found.push(`${path}: wider than its window by ${wide} px`);
    await picture(page, `look-large${path.replaceAll("/", "-").slice(0, 20)}`);
  }
  await needs(1, false);
  assert.deepEqual(found, []);
  assertCalm(window);
  await window.close();
});

test("small cards are to be seen among one's own and those one has saved", async () => {
  const window = await person(site, { storageState: state, viewport: PHONE });
  const page = await window.newPage();
  for (const path of ["/cards", "/saved"]) {
    if (path === "/saved") for (const id of Object.values(cards)) await api(page, "PUT", `/api/saved/${id}`);
    await page.goto(path);
    const found = await page.evaluate(() => [...document.querySelectorAll(".face")].flatMap((face) => {
      const [around, name] = [face, face.querySelector(".p-name")].map((element) => element.getBoundingClientRect());
      const inside = name.top >= around.top && name.bottom <= around.bottom && name.right <= around.right + 1;
      return around.width > 200 && around.height > 150 && inside ? [] : [face.firstElementChild.className];
    }));
    assert.deepEqual(found, [], path);
    assert.equal(await page.locator(".face").count(), TEMPLATES.length * 2);
    await picture(page, `look-small${path.replace("/", "-")}`);
  }
  assertCalm(window);
  await window.close();
});

test("nothing covers the field that has the focus, with all of the card shown or its head, with scripts or without", async () => {
  for (const javaScriptEnabled of [true, false]) {
    const window = await person(site, { storageState: state, viewport: PHONE, javaScriptEnabled });
    const page = await window.newPage();
    await page.goto(`/cards/${cards["ada-custom"]}/edit`);
    const head = await page.locator("#preview iframe").boundingBox();
    for (const whole of [false, true]) {
      await page.locator(".peek").click();
      if (!whole) await page.locator(".peek").click();
      const shown = await page.locator("#preview iframe").boundingBox();
      assert.ok(whole ? shown.height > head.height * 2 : shown.height === head.height, `${shown.height}`);
      await page.locator("#name").focus();
      const covered = new Set();
      for (let n = 0; n < 40; n += 1) {
        await page.keyboard.press("Tab");
        const fault = await page.evaluate(() => {
          const at = document.activeElement;
          // The links of a bar that stays where it is, and the page within the page, cover nothing.
          if (at === document.body || at.closest(".rail") || at.localName === "iframe") return null;
          const box = (at.labels?.[0] && getComputedStyle(at).opacity === "0" ? at.labels[0] : at).getBoundingClientRect();
          const free = [.25, .5, .75].some((part) => {
            const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height * part);
            return top && (top === at || at.contains(top) || top.contains(at) || at.labels?.[0]?.contains(top));
          });
          return free ? null : at.outerHTML.slice(0, 90);
        });
        if (fault) covered.add(fault);
      }
      assert.deepEqual([...covered], [], `scripts: ${javaScriptEnabled}, all of the card: ${whole}`);
    }
    await window.close();
  }
});

test("the card's head follows what is typed, and stays in sight", async () => {
  const window = await person(site, { storageState: state, viewport: PHONE });
  const page = await window.newPage();
  await page.goto(`/cards/${cards["ada-personal-small"]}/edit`);
  const layout = page.getByLabel("Layout", { exact: true });
  assert.equal(await layout.isVisible(), false, "a layout is something that one template alone has");
  await page.getByRole("radio", { name: /^Your own/ }).check();
  assert.ok(await layout.isVisible());
  const card = page.frameLocator("#preview iframe").locator("article");
  await page.frameLocator("#preview iframe").locator("article.custom").waitFor();
  assert.equal(await card.locator(".rest").isVisible(), false, "its head alone");
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
  assert.equal(Math.round((await page.locator("#preview iframe").boundingBox()).y), 0);
  await picture(page, "look-peek");
  await page.locator(".peek").click();
  await card.locator(".rest").waitFor();
  assertCalm(window);
  await window.close();
});

test("a card that comes in pieces is shown when all of it is there, and does not move", async (t) => {
  const stranger = await person(site);
  const page = await stranger.newPage();
  const whole = {};
  for (const slug of Object.keys(cards)) {
    const reply = await stranger.request.get(`/c/${slug}`, { headers: { Accept: "text/html" } });
    whole[`/c/${slug}`] = await reply.text();
  }
  // Each piece is sent once the browser has shown what it shows of those before.
  const frames = () => page.evaluate(() => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve(document.querySelector("main")?.checkVisibility({
      checkVisibilityCSS: true,
    }))));
  }));
  let sent, go;
  const server = createServer((request, reply) => {
    const html = whole[request.url];
    if (!html) return reply.writeHead(404).end();
    reply.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    const cuts = [html.indexOf("</svg>", html.indexOf("<main")) + 6, html.indexOf('class="rest"') + 100, html.length];
    go = (n) => new Promise((done) => reply.write(html.slice(n ? cuts[n - 1] : 0, cuts[n]), done));
    go.end = () => reply.end();
    sent();
  });
  t.after(() => server.close().closeAllConnections());
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const found = [];
  for (const path of Object.keys(whole)) {
    const asked = new Promise((resolve) => { sent = resolve; });
    const loaded = page.goto(`http://127.0.0.1:${server.address().port}${path}`);
    // One that is cut off is told by what cut it off.
    loaded.catch(() => {});
    await asked;
    for (const n of [0, 1]) {
      await go(n);
      await page.waitForFunction((n) => document.querySelector(n ? ".rest" : "main svg"), n);
      assert.equal(await frames(), false, `${path}: half of it is shown`);
    }
    await go(2);
    go.end();
    await loaded;
    assert.equal(await frames(), true, path);
    const moved = await page.evaluate(() => window.moved.filter(({ by }) => by > 0.001));
    if (moved.length > 0) found.push([path, moved]);
  }
  assert.deepEqual(found, []);
});
