// Every page, filled with what people put in: as a picture at three widths, in light, dark and high contrast, in
// both languages; not wider than its window, without anything that moves, without an error, without a request that
// leaves, and without a violation that axe-core finds wherever it can find another one than in another look.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { COLOURS, EVERY, api, assertCalm, byTwo, close, examine, person, picture, register, serve, setUp } from "./kit.mjs";

const TEMPLATES = ["personal-small", "personal-detailed", "professional-small", "professional-detailed", "custom"];

const site = await serve("--default-tier", "unlimited");
const ada = await person(site);
const { cards, lead, share, webhook, me } = await fill(await ada.newPage());
const state = await ada.storageState();
after(async () => {
  await close();
  await site.stop();
});

/** What hard contents look like: long, mirrored, without spaces, none at all. */
async function fill(page) {
  await setUp(site, page);
  await page.waitForURL("**/cards/new");
  await api(page, "PUT", "/api/profile/personal", {
    full_name: "Ada Lovelace", pronouns: "she/her", primary_email: "ada@example.org",
    mobile_number: "+44 20 7946 0018", website: "https://example.org/ada", home_address: "1 Dorset Street\nLondon",
    bio: "I write for a machine that is not built yet. ".repeat(40).slice(0, 2000).trim(), version: 0,
  });
  await api(page, "PUT", "/api/profile/professional", {
    designation: "Analyst", company_name: "Analytical Engines", office_address: "5 Whitehall Place\nLondon",
    office_hours: "Mon–Fri 9–17", office_phone: "+44 20 7946 0019", version: 0,
  });
  const shown = {
    personal: ["full_name", "pronouns", "bio", "website", "primary_email", "mobile_number", "home_address"],
    professional: ["designation", "company_name", "office_address", "office_hours", "office_phone"],
    links: "all",
  };
  const cards = [];
  for (const [at, template_type] of TEMPLATES.entries()) {
    const design_config = { primary_color: ["#a31a24", "#0b6e4f", "#1d4ed8", "#f5d90a", "#111111"][at] };
    cards.push(await api(page, "POST", "/api/cards", {
      name: `Ada ${template_type}`, template_type, design_config, fields_config: shown,
      lead_routing: at === 0 ? "team" : "owner",
      links: [
        { platform: "website", label: "Notes on the engine", url: "https://example.org/notes" },
        { platform: "github", label: "Programs", url: "https://github.com/ada" },
      ],
    }));
  }
  const many = Array.from({ length: 50 }, (_, n) => (
    { platform: "website", label: `Number ${n + 1}`, url: `https://example.org/${n + 1}` }));
  cards.push(await api(page, "POST", "/api/cards", {
    name: "Wolfeschlegelsteinhausenbergerdorff the Elder of Hamburg-Wandsbek", slug: "long",
    template_type: "professional-detailed", links: many,
  }));
  cards.push(await api(page, "POST", "/api/cards", { name: "ليلى العامري", slug: "layla", template_type: "custom" }));
  cards.push(await api(page, "POST", "/api/cards", { name: "李雷", slug: "li-lei", template_type: "personal-small" }));
  for (const [name, email] of [["Grace Hopper", "grace@example.org"], ["<b>Bobby</b>", "bobby@example.org"]]) {
    await api(page, "POST", `/api/public/cards/${cards[0].slug}/leads`, {
      name, email, company: "Navy", message: "We should talk about compilers.", consent: true,
    });
  }
  const { items: [lead] } = await api(page, "GET", "/api/leads");
  const share = await api(page, "POST", "/api/shares", { card_id: cards[0].id, channel: "link" });
  const { account } = await api(page, "GET", "/api/credits");
  const me = await api(page, "GET", "/api/me");
  assert.ok(account);
  await api(page, "POST", "/api/credits/grants", { user_id: me.id, amount: 1234567, reason: "promotion" });
  await api(page, "POST", "/api/credits/charges", { amount: 99, reason: "feature", memo: "A test" });
  await api(page, "POST", "/api/credits/reservations", { amount: 500, reason: "feature" });
  await api(page, "POST", "/api/progress/checkin", {});
  await api(page, "POST", "/api/invites/requests", { name: "Eve", email: "eve@example.org", motivation: "Cards!" });
  await api(page, "PUT", "/api/flags/new-editor", { enabled: true, percentage: 50, description: "The new editor" });
  const url = `https://hooks.example.org/${"long".repeat(60)}`;
  const webhook = await api(page, "POST", "/api/webhooks", { url, events: ["lead.claimed"], description: "CRM" });
  return { cards, lead, share, webhook, me };
}

const PUBLIC = [
  ["sign-in", "/login"], ["register", "/register"], ["invite", "/invite"], ["missing", "/no/such/page"],
  ...cards.map((card) => [`card-${card.slug}`, `/c/${card.slug}`]),
];
const OWN = [
  ["card-own", `/c/${cards[0].slug}`], ["card-own-broad", `/c/${cards[4].slug}`],
  ["cards", "/cards"], ["card-new", "/cards/new"], ["card-edit", `/cards/${cards[0].id}/edit`],
  ["card-edit-long", `/cards/${cards[5].id}/edit`], ["card-stats", `/cards/${cards[0].id}/stats`],
  ["leads", "/leads"], ["lead", `/leads/${lead.id}`], ["shares", "/shares"], ["share", `/shares/${share.tracking_id}`],
  ["saved", "/saved"], ["credits", "/credits"], ["progress", "/progress"], ["profile", "/profile"],
  ["settings", "/settings"], ["sessions", "/sessions"], ["tokens", "/tokens"], ["webhooks", "/webhooks"],
  ["admin", "/admin"], ["admin-people", "/admin/people"], ["admin-invites", "/admin/invites"],
  ["admin-flags", "/admin/flags"], ["admin-jobs", "/admin/jobs"], ["admin-person", `/admin/people/${me.id}`],
  ["admin-webhooks", "/admin/webhooks"], ["admin-webhook", `/admin/webhooks/${webhook.id}`],
  ["webhook", `/webhooks/${webhook.id}`],
];
// Between phone and desk, in another language and where the system chooses the colours the elements are the same and
// their colours are known: there axe-core would find what it finds elsewhere.
const LOOKS = [
  ["light", 360, { colorScheme: "light" }, EVERY],
  ["light", 768, { colorScheme: "light" }, []],
  ["light", 1280, { colorScheme: "light" }, EVERY],
  ["dark", 360, { colorScheme: "dark" }, COLOURS],
  ["contrast", 1280, { colorScheme: "dark", contrast: "more" }, COLOURS],
  ["forced", 768, { colorScheme: "dark", forcedColors: "active" }, []],
  ["german", 360, { colorScheme: "light", locale: "de" }, []],
];

for (const [look, width, options, rules] of LOOKS) {
  const viewport = { width, height: width < 500 ? 740 : 800 };
  for (const [whose, pages, storageState] of [["anybody's", PUBLIC, undefined], ["one's own", OWN, state]]) {
    test(`${whose} pages, ${look}, ${width} px`, async () => {
      const window = await person(site, { ...options, viewport, storageState });
      const found = [];
      const tabs = [await window.newPage(), await window.newPage()];
      await byTwo(pages, async ([name, path], which) => {
        const page = tabs[which];
        const reply = await page.goto(path);
        if (reply.status() !== (name === "missing" ? 404 : 200)) found.push(`${path}: ${reply.status()}`);
        for (const fault of await examine(page, rules)) found.push(`${path}: ${fault}`);
        await picture(page, `${name}-${width}-${look}`);
      });
      assert.deepEqual(found, []);
      assertCalm(window);
      await window.close();
    });
  }
}

test("pages that are empty", async () => {
  const window = await person(site);
  const page = await window.newPage();
  await register(page, "Nobody Yet", "nobody@example.org");
  const found = [];
  for (const path of ["/cards", "/leads", "/shares", "/saved", "/credits", "/progress", "/profile", "/webhooks"]) {
    await page.goto(path);
    for (const fault of await examine(page)) found.push(`${path}: ${fault}`);
    await picture(page, `empty${path.replaceAll("/", "-")}`);
  }
  assert.deepEqual(found, []);
  assertCalm(window);
});
