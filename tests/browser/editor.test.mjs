// The editor in a real browser: two tabs, a lost connection, an ended login, a conflict with and without scripts.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PASSWORD, assertCalm, close, examine, person, serve, setUp } from "./kit.mjs";

const site = await serve();
after(async () => {
  await close();
  await site.stop();
});

const window = await person(site);
const first = await window.newPage();
await setUp(site, first);
await first.waitForURL("**/cards/new");
await first.getByRole("button", { name: "Make this card" }).click();
await first.waitForURL("**/ready");
const editor = first.url().replace(/\/ready$/, "/edit");
const save = (page) => page.getByRole("button", { name: "Save", exact: true }).last().click();
const says = (page, text) => page.locator("#standing .told", { hasText: text }).waitFor();

async function tab(context = window) {
  const page = await context.newPage();
  await page.goto(editor);
  return page;
}

test("the card beside the form follows what is typed", async () => {
  const page = await tab();
  await page.getByLabel("Name of the card").fill("Typed just now");
  await says(page, "Unsaved changes");
  await page.frameLocator("iframe").getByRole("heading", { name: "Typed just now" }).waitFor();
  await page.getByRole("button", { name: "Add a link" }).click();
  await page.keyboard.type("github.com/ada");
  await page.frameLocator("iframe").getByText("GitHub").first().waitFor();
  await save(page);
  await says(page, "Saved, version 2");
  assert.equal(await page.locator("ol.links input[inputmode=url]").inputValue(), "https://github.com/ada");
  assert.deepEqual(await examine(page), []);
  assertCalm(window);
  await page.close();
});

test("another tab is told, and what collides is asked", async () => {
  const [one, two] = [await tab(), await tab()];
  await one.getByLabel("Name of the card").fill("From one");
  await save(one);
  await says(one, "Saved, version");
  await says(two, "Changed in another tab");
  await two.getByLabel("Name of the card").fill("From two");
  await save(two);
  await two.getByRole("heading", { name: "Two changes met" }).waitFor();
  assert.deepEqual(await examine(two), []);
  await two.getByLabel("Something else").check();
  await two.getByLabel("Instead").fill("From both");
  await two.getByRole("button", { name: /Save as version/ }).click();
  await two.getByText("Saved, version").first().waitFor();
  assert.equal(await two.getByLabel("Name of the card").inputValue(), "From both");
  assertCalm(window);
  await one.close();
  await two.close();
});

test("what does not collide is put together", async () => {
  const [one, two] = [await tab(), await tab()];
  await one.getByLabel("Only you").check();
  await save(one);
  await says(one, "Saved, version");
  await two.getByLabel("Name of the card").fill("Put together");
  await save(two);
  await two.getByText("What was changed elsewhere").waitFor();
  assert.ok(await two.getByLabel("Only you").isChecked());
  await one.close();
  await two.close();
});

test("a save without a connection is kept and goes on by itself", async () => {
  const page = await tab();
  await page.getByLabel("Name of the card").fill("Without a connection");
  await window.setOffline(true);
  await save(page);
  await says(page, "Offline: kept on this device");
  await window.setOffline(false);
  await says(page, "Saved, version");
  await page.reload();
  assert.equal(await page.getByLabel("Name of the card").inputValue(), "Without a connection");
  await page.close();
});

test("what was typed is back after the tab was closed, and forgotten once it is saved", async () => {
  const page = await tab();
  await page.getByLabel("Name of the card").fill("Not saved yet");
  await page.close();
  const again = await tab();
  await says(again, "Unsaved changes from before are back");
  assert.equal(await again.getByLabel("Name of the card").inputValue(), "Not saved yet");
  await save(again);
  await says(again, "Saved, version");
  await again.reload();
  await says(again, "Saved, version");
  await again.close();
});

test("a login that has ended is renewed in place, and the save goes on", async () => {
  const context = await person(site);
  const page = await context.newPage();
  await page.goto(`/login?next=${encodeURIComponent(new URL(editor).pathname)}`);
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/edit");
  await page.getByLabel("Name of the card").fill("Signed in again");
  await context.clearCookies();
  await save(page);
  const dialog = page.getByRole("dialog", { name: "Sign in to save" });
  await dialog.getByLabel("E-mail").fill("ada@example.org");
  await dialog.getByLabel("Password").fill(PASSWORD);
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await says(page, "Saved, version");
  assertCalm(context);
  await context.close();
});

test("a conflict is decided without scripts", async () => {
  const state = await window.storageState();
  const plain = await person(site, { javaScriptEnabled: false, storageState: state });
  const [one, two] = [await tab(plain), await tab(plain)];
  await one.getByLabel("Name of the card").fill("Plain one");
  await save(one);
  await one.getByText("Saved, version").first().waitFor();
  await two.getByLabel("Name of the card").fill("Plain two");
  await save(two);
  await two.getByLabel("Plain two").check();
  await two.getByRole("button", { name: /Save as version/ }).click();
  await two.getByText("Saved, version").first().waitFor();
  assert.equal(await two.getByLabel("Name of the card").inputValue(), "Plain two");
  await plain.close();
});
