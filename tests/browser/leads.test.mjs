// One inbox in the windows of two members who press at once: one of them has the lead, the other is told who, and
// whatever was typed meanwhile is kept.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, assertCalm, close, examine, person, register, serve, setUp } from "./kit.mjs";

const site = await serve();
after(async () => {
  await close();
  await site.stop();
});

const ada = await (await person(site)).newPage();
await setUp(site, ada);
await ada.waitForURL("**/cards/new");
const card = await api(ada, "POST", "/api/cards", { name: "Our house", slug: "our-house", lead_routing: "team" });

/** A lead for the team; its page. */
async function lead(name) {
  const contact = { name, email: `${name.toLowerCase()}@example.com`, message: "Call me.", consent: true };
  await api(ada, "POST", `/api/public/cards/${card.slug}/leads`, contact);
  const { items } = await api(ada, "GET", "/api/leads");
  return `/leads/${items.find((lead) => lead.name === name).id}`;
}

/** A member of the team in a window of their own, which has the inbox open. */
async function member(name) {
  const window = await person(site);
  const page = await window.newPage();
  await register(page, name, `${name.toLowerCase()}@example.org`);
  await page.goto("/leads");
  return { name, window, page };
}

const claim = ({ page }) => page.getByRole("button", { name: "Claim lead" });
const notes = ({ page }) => page.getByLabel("Notes");
const says = ({ page }, text) => page.getByText(text).first().waitFor();
const team = [await member("Grace"), await member("Alan")];

/** Both have the lead open and press at once: who has it, and who is told so. */
async function race(path) {
  await Promise.all(team.map(({ page }) => page.goto(path)));
  const replies = await Promise.all(team.map(async (one) => {
    const [reply] = await Promise.all([
      one.page.waitForResponse((reply) => reply.url().endsWith(`${path}/claim`)),
      claim(one).click(),
    ]);
    return reply.status();
  }));
  assert.deepEqual([...replies].sort(), [303, 409], "one has it, one is told");
  const [winner, loser] = replies[0] === 303 ? team : [team[1], team[0]];
  await says(winner, "It is yours.");
  await says(loser, new RegExp(`${winner.name} claimed this .* before you`));
  return { winner, loser };
}

test("of two who claim a lead at once one has it, and the other is told who", async () => {
  const { winner, loser } = await race(await lead("Ida"));
  await says(winner, "You work on this.");
  await says(loser, `${winner.name} works on this.`);
  assert.equal(await claim(loser).count(), 0, "there is nothing left to press");
  assert.equal(await loser.page.getByRole("heading", { level: 1, name: "Ida" }).count(), 1, "the lead stays open");
  for (const { page, window } of team) {
    assert.deepEqual(await examine(page), []);
    assertCalm(window);
  }
});

test("a lead that is given back is claimed by the other, with the notes that were typed", async () => {
  const path = await lead("Joan");
  const { winner, loser } = await race(path);
  await notes(winner).fill("Rang twice.\nShe is in on Monday.");
  await winner.page.getByRole("button", { name: "Give back" }).click();
  await says(winner, "Given back: somebody else can claim it now.");
  await loser.page.goto(path);
  await says(loser, "Rang twice.");
  await claim(loser).click();
  await says(loser, "It is yours.");
  assert.equal(await notes(loser).inputValue(), "Rang twice.\nShe is in on Monday.");
  // Where it was given back the page still offers it.
  await claim(winner).click();
  await says(winner, `${loser.name} claimed this`);
  assert.deepEqual(await loser.page.locator(".timeline li > span").allTextContents(), [
    `${loser.name} claimed it`, "Given back to the team", `${winner.name} claimed it`, "Joan left it",
  ]);
});

test("a note that is written while the lead goes to somebody else is not lost", async () => {
  const path = await lead("Kay");
  const { winner, loser } = await race(path);
  await notes(winner).fill("She wants a hundred.");
  await ada.goto(path);
  await ada.getByText("Hand on", { exact: true }).first().click();
  await ada.getByLabel("To whom (e-mail)").fill(`${loser.name.toLowerCase()}@example.org`);
  await ada.getByRole("button", { name: "Hand on", exact: true }).click();
  await ada.getByText("Handed on.").waitFor();
  await winner.page.getByRole("button", { name: "Save notes" }).click();
  await says(winner, `${loser.name} works on this now, so nothing was saved. What you typed is below.`);
  await says(winner, "She wants a hundred.");
  assert.deepEqual(await examine(winner.page), []);
  await loser.page.goto(path);
  assert.equal(await notes(loser).inputValue(), "", "nothing of it is taken over unasked");
});

test("two tabs of the one who has it: neither note is overwritten", async () => {
  const path = await lead("Lise");
  const { winner } = await race(path);
  const second = { ...winner, page: await winner.window.newPage() };
  await second.page.goto(path);
  for (const [tab, text] of [[winner, "From one tab."], [second, "From the other."]]) {
    await notes(tab).fill(text);
    await tab.page.getByRole("button", { name: "Save notes" }).click();
  }
  await says(second, "The notes changed while you were typing.");
  await says(second, "From one tab.");
  assert.equal(await second.page.getByLabel("What you typed").inputValue(), "From the other.");
  assert.deepEqual(await examine(second.page), []);
  assertCalm(winner.window);
});
