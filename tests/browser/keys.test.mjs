// What people do in a day, with nothing but keys: nobody here has a pointer. Tab leads everywhere in the order in which
// the page is read, one sees where one is at every step, and nothing holds one back.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PASSWORD, api, assertCalm, byTwo, close, examine, person, serve, setUp } from "./kit.mjs";
import { go, step, tour } from "./keys.mjs";

const PLACES = ["Cards", "Leads", "Shares", "Saved", "Credits", "Progress", "Profile", "Settings", "Admin"];
const RAIL = ["Skip to the content", "Cardinal", ...PLACES, "Sign out"];
const BAR = ["Skip to the content", "Cards", "Leads", "Shares", "Profile", "Settings"];
const SIZES = [
  ["a desk", { width: 1280, height: 720 }, RAIL, "At home"],
  ["a phone", { width: 360, height: 640 }, BAR, "At work"],
];

let site, state, card, lead;

before(async () => {
  site = await serve();
  const window = await person(site);
  const page = await window.newPage();
  await setUp(site, page);
  await page.waitForURL("**/cards/new");
  const links = ["Notes", "Talks", "Code"].map((label) => (
    { platform: "website", label, url: `https://${label.toLowerCase()}.example` }));
  card = await api(page, "POST", "/api/cards", { name: "At work", slug: "at-work", lead_routing: "team", links });
  await api(page, "POST", "/api/cards", { name: "At home", slug: "at-home" });
  for (const name of ["Ida", "Joan", "Kay"]) {
    await api(page, "POST", "/api/public/cards/at-work/leads", { name, email: `${name}@example.com`, consent: true });
  }
  ({ items: [lead] } = await api(page, "GET", "/api/leads"));
  state = await window.storageState();
  await window.close();
});

after(async () => {
  await close();
  await site.stop();
});

/** A page in a window of its own; Ada's, where nothing else is said. */
async function open(path, options = {}) {
  const page = await (await person(site, { storageState: state, viewport: SIZES[0][1], ...options })).newPage();
  await page.goto(path);
  return page;
}

/** Nothing went wrong on the way; the window is closed. */
async function done(page) {
  assertCalm(page.context());
  await page.context().close();
}

const press = (page, key) => page.keyboard.press(key);
const says = (page, text) => page.locator("main").getByText(text).first().waitFor();

for (const [where, viewport, frame, other] of SIZES) {
  test(`Tab leads through every page and out again, at ${where}`, async () => {
    const own = (name) => [name, `${site.url}/c/${name.toLowerCase().replace(" ", "-")}`, "Edit", "Open", "Copy link", `More: ${name}`];
    const rows = ["Kay", "Joan", "Ida"].map((name) => new RegExp(`^${name}`));
    const list = ["Claim the next one", "All", "Open", "In work", "Closed", "Converted", "Search", "With", "Show", ...rows];
    const pane = ["Claim lead", "Kay@example.com", "at-work", "Hand on"];
    const places = [/^Logins/, /^API tokens/, /^Webhooks/];
    const more = ["Saved", "Credits", "Progress", "Admin", "Sign out"];
    const isDesk = frame === RAIL;
    const pages = [
      ["/cards", [...frame, "New card", ...own("At work"), ...own("At home")]],
      ["/leads", [...frame, ...list, "Download CSV"]],
      [`/leads/${lead.id}`, [...frame, ...(isDesk ? [...list, "Download CSV"] : ["← All leads"]), ...pane]],
      ["/settings", [
        ...frame, ...places, ...(isDesk ? [] : more), "Your name", "Handle", "Save account",
        "Current password", "New password", "Change password", "Language", "Save language",
        "High contrast", "Less motion", "Large text", "Letters that are easier to tell apart",
        "No single-character shortcuts", "Size of text", "Save", "I want to delete my account",
      ]],
      ["/c/at-work", ["Edit", "Save contact", /^Notes/, /^Talks/, /^Code/, "Exchange contact", "Share", "QR code"]],
      // Whether all of it is there and in which order is told above; what covers nothing and holds nobody is told here.
      ["/profile"], ["/shares"], ["/tokens"], ["/webhooks"], ["/credits"], ["/progress"], ["/admin"], ["/admin/flags"],
      ["/cards/new"], [`/cards/${card.id}/edit`], [`/cards/${card.id}/delete`], [`/cards/${card.id}/ready`],
    ];
    await byTwo(pages, async ([path, expected]) => {
      const page = await open(path, { viewport });
      const names = await tour(page);
      if (!expected) assert.deepEqual(names.slice(0, frame.length), frame, path);
      else {
        assert.equal(names.length, expected.length, `${path}: ${names.join(", ")}`);
        expected.forEach((name, n) => (name instanceof RegExp ? assert.match : assert.equal)(names[n], name, path));
        // And back again, past the same.
        const back = [];
        while (back.length < names.length) back.push((await step(page, "Shift+Tab"))?.called);
        assert.deepEqual(back.reverse(), names, path);
      }
      await done(page);
    });
  });

  test(`signing in, at ${where}`, async () => {
    const page = await open("/login?next=%2Fleads", { viewport, storageState: undefined });
    assert.deepEqual(await tour(page), ["E-mail", "Password", "Sign in", "Forgotten your password?", "Create an account"]);
    await go(page, "E-mail");
    await page.keyboard.type("ada@example.org");
    await step(page);
    await page.keyboard.type("not the password at all");
    await press(page, "Enter");
    await says(page, "do not match");
    await go(page, "Password");
    await page.keyboard.type(PASSWORD);
    await go(page, "Sign in");
    await press(page, "Space");
    await page.waitForURL("**/leads");
    // Past the places, straight to what the page is about.
    await go(page, "Skip to the content");
    await press(page, "Enter");
    assert.equal((await step(page)).called, "Claim the next one");
    await done(page);
  });

  test(`a card is paused, resumed and made the main one by its menu, at ${where}`, async () => {
    const page = await open("/cards", { viewport });
    const menu = async (name) => {
      await go(page, other);
      await go(page, `More: ${other}`);
      await press(page, "Enter");
      await go(page, name);
    };
    await menu("Pause");
    await press(page, "Enter");
    await says(page, "Paused. Its address says so until you resume it.");
    await menu("Resume");
    await press(page, "Space");
    await says(page, "Back on the web.");
    await menu("Make main card");
    await press(page, "Enter");
    await says(page, "This is your main card now.");
    // Escape closes the menu where one is in it.
    await menu("Statistics");
    assert.equal((await step(page, "Escape")).called, `More: ${other}`);
    assert.equal(await page.locator("details.more[open]").count(), 0);
    await done(page);
  });
}

test("a menu that is left covers nothing", async () => {
  const page = await open("/cards");
  await go(page, /^More: /);
  await press(page, "Enter");
  await go(page, "Delete…");
  assert.equal(await page.locator("details.more[open]").count(), 1);
  await step(page);
  assert.equal(await page.locator("details.more[open]").count(), 0);
  await done(page);
});

for (const [where, viewport] of SIZES) {
  test(`links are added, moved and taken off in the editor, at ${where}`, async () => {
    const page = await open(`/cards/${card.id}/edit`, { viewport });
    const addresses = () => page.locator("ol.links input[inputmode=url]").evaluateAll((all) => all.map(({ value }) => value));
    const told = page.locator(".links-told");
    await go(page, "Add a link");
    await press(page, "Enter");
    await page.keyboard.type("ada@example.org");
    // From its place, the last, to the first: the focus goes along, and each place is told.
    await go(page, "Move up");
    const before = (await addresses()).length;
    for (let place = before - 1; place >= 1; place -= 1) {
      await press(page, "Enter");
      assert.equal(await told.textContent(), `Moved to place ${place}.`);
    }
    assert.equal((await addresses())[0], "ada@example.org");
    // At the first place there is only one way to go.
    await press(page, "Space");
    assert.equal(await told.textContent(), "Moved to place 2.");
    await go(page, "Move up", "Shift+Tab");
    await press(page, "Space");
    await press(page, "Control+s");
    await page.locator("#standing .told", { hasText: "Saved, version" }).waitFor();
    await page.reload();
    assert.equal((await addresses())[0], "mailto:ada@example.org");
    await go(page, "Remove");
    await press(page, "Enter");
    assert.equal((await addresses()).length, before - 1);
    await press(page, "Control+s");
    await page.locator("#standing .told", { hasText: "Saved, version" }).waitFor();
    assert.deepEqual(await examine(page), []);
    await done(page);
  });
}

for (const [where, viewport] of SIZES) {
  test(`a contact is left on a card, at ${where}`, async () => {
    const page = await open("/c/at-home", { viewport, storageState: undefined });
    await go(page, "Exchange contact");
    await press(page, "Enter");
    for (const [field, text] of [[/^Your name/, "Lise"], [/^Your e-mail/, `lise@${viewport.width}.example`]]) {
      await go(page, field);
      await page.keyboard.type(text);
    }
    await go(page, /^Message/);
    await page.keyboard.type("One line.");
    await press(page, "Enter");
    await page.keyboard.type("Another.");
    await go(page, /may keep this and get in touch/);
    await press(page, "Space");
    await go(page, "Send");
    await press(page, "Enter");
    await says(page, "Thank you");
    await go(page, "Save contact");
    await done(page);
  });
}

test("a lead is found, claimed and noted by Tab alone", async () => {
  const page = await open("/leads", { viewport: SIZES[1][1] });
  await go(page, "Open");
  await press(page, "Enter");
  await page.waitForURL("**/leads?status=open");
  await go(page, /^Ida/);
  await press(page, "Enter");
  await says(page, "Nobody works on this yet.");
  await go(page, "Claim lead");
  await press(page, "Enter");
  await says(page, "It is yours.");
  await go(page, /^Notes/);
  await page.keyboard.type("Rang.");
  await go(page, "Save notes");
  await press(page, "Space");
  await says(page, "Saved.");
  await go(page, "Give back");
  await press(page, "Enter");
  await says(page, "Given back");
  await done(page);
});

test("keys of one character go through the inbox", async () => {
  const page = await open("/leads?status=open");
  await press(page, "j");
  await page.getByRole("heading", { level: 1 }).filter({ hasNotText: "Leads" }).waitFor();
  const first = page.url();
  await press(page, "j");
  await page.waitForURL((url) => url.href !== first);
  await press(page, "k");
  await page.waitForURL(first);
  const dialog = page.getByRole("dialog", { name: "Keys" });
  await press(page, "?");
  await dialog.waitFor();
  // What lies behind the list of keys does not hear them.
  await press(page, "c");
  await go(page, "Close");
  await press(page, "Enter");
  await dialog.waitFor({ state: "hidden" });
  assert.equal(page.url(), first);
  await press(page, "c");
  await says(page, "It is yours.");
  // Where one writes a letter is a letter.
  await go(page, /^Notes/);
  await page.keyboard.type("j, c and ? are letters");
  assert.equal(await page.getByLabel("Notes").inputValue(), "j, c and ? are letters");
  await go(page, "Give back");
  await press(page, "Enter");
  await says(page, "Given back");
  await page.goto("/admin/people");
  await press(page, "/");
  await page.keyboard.type("ada");
  assert.equal(await page.getByRole("searchbox").inputValue(), "ada");
  await done(page);
});

test("settings are made, and keys of one character turned off and on", async () => {
  const page = await open("/leads");
  await press(page, "?");
  await go(page, "Turn these shortcuts off");
  await press(page, "Enter");
  await page.waitForURL("**/settings#accessibility");
  await go(page, "No single-character shortcuts");
  await press(page, "Space");
  await go(page, "Size of text");
  await press(page, "ArrowDown");
  await go(page, "Save");
  await press(page, "Enter");
  await says(page, "Saved.");
  assert.equal(await page.locator("html").getAttribute("data-scale"), "110");
  await page.goto("/leads");
  assert.equal(await page.getByText("With a keyboard").count(), 0);
  for (const key of ["j", "k", "c", "n", "?"]) await press(page, key);
  // They would have led away before this.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  assert.equal(new URL(page.url()).pathname, "/leads");
  assert.equal(await page.locator("dialog[open]").count(), 0);
  await page.goto("/settings");
  await go(page, "No single-character shortcuts");
  await press(page, "Space");
  await go(page, "Save");
  await press(page, "Enter");
  await says(page, "Saved.");
  await page.goto("/leads");
  await press(page, "j");
  await page.getByRole("heading", { level: 1 }).filter({ hasNotText: "Leads" }).waitFor();
  await page.goto("/settings");
  await go(page, "Language");
  await press(page, "ArrowDown");
  await press(page, "ArrowDown");
  await go(page, "Save language");
  await press(page, "Space");
  await page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
  assert.deepEqual(await examine(page), []);
  await done(page);
});
