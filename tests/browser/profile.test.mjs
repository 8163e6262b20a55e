// The profile and a saved card in a real browser, with scripts and without: two tabs that meet, and a card that is put
// by where it is shown.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { api, assertCalm, close, examine, person, picture, register, serve, setUp } from "./kit.mjs";

const site = await serve();
after(async () => {
  await close();
  await site.stop();
});

const ada = await person(site);
const first = await ada.newPage();
await setUp(site, first);
await first.waitForURL("**/cards/new");
const card = await api(first, "POST", "/api/cards", { name: "Ada" });
const state = await ada.storageState();
const save = (page) => page.locator("#personal").getByRole("button", { name: "Save" }).click();

for (const javaScriptEnabled of [true, false]) {
  const how = javaScriptEnabled ? "with scripts" : "without a script";

  test(`two tabs of one profile, ${how}`, async () => {
    const window = await person(site, { storageState: state, javaScriptEnabled });
    const [one, two] = [await window.newPage(), await window.newPage()];
    for (const page of [one, two]) await page.goto("/profile");
    await two.getByLabel("Pronouns").fill(how);
    await two.getByLabel("Full name").fill("From two");
    await save(two);
    await two.waitForURL("**/profile?note=saved");
    // What does not collide is put together.
    await one.getByLabel("About you").fill(`Lines\nof one, ${how}`);
    await save(one);
    await one.waitForURL("**/profile?note=merged");
    assert.equal(await one.getByLabel("Pronouns").inputValue(), how);
    // What does is asked; what else was typed is kept.
    await one.getByLabel("Full name").fill("From one");
    await two.getByLabel("Full name").fill("Again from two");
    await two.getByLabel("Website").first().fill("https://example.org/two");
    await save(two);
    await two.waitForURL("**/profile?note=merged");
    await save(one);
    await one.getByRole("heading", { name: "Two changes met" }).waitFor();
    if (javaScriptEnabled) assert.deepEqual(await examine(one), []);
    await one.getByLabel("Instead").fill("From both");
    const other = one.getByLabel("Something else");
    assert.equal(await other.isChecked(), javaScriptEnabled, "who types means it");
    await other.check();
    await picture(one, `profile-conflict-${javaScriptEnabled ? "script" : "plain"}`);
    await one.getByRole("button", { name: /Save as version/ }).click();
    await one.waitForURL("**/profile?note=saved");
    assert.equal(await one.getByLabel("Full name").inputValue(), "From both");
    assert.equal(await one.getByLabel("Website").first().inputValue(), "https://example.org/two");
    assertCalm(window);
    await window.close();
  });

  test(`a card is saved where it is shown, ${how}`, async () => {
    const registered = await person(site);
    await register(await registered.newPage(), "Bob", `bob-${javaScriptEnabled}@example.org`);
    const window = await person(site, { storageState: await registered.storageState(), javaScriptEnabled });
    const page = await window.newPage();
    await page.goto(`/c/${card.slug}`);
    await page.getByRole("button", { name: "Save card" }).click();
    await page.getByRole("link", { name: "In your saved cards" }).waitFor();
    if (javaScriptEnabled) assert.deepEqual(await examine(page), []);
    await page.getByRole("button", { name: "Remove" }).click();
    await page.getByRole("button", { name: "Save card" }).waitFor();
    // Whoever signs out is a stranger, also by the back button.
    await page.goto("/cards");
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/login|\/$/);
    await page.goBack();
    await page.goBack();
    await page.waitForURL(`**/c/${card.slug}`);
    assert.equal(await page.getByRole("complementary").count(), 0);
    assertCalm(window);
    await window.close();
    await registered.close();
  });
}
