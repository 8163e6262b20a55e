// Getting in, and the frame that all pages share.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PASSWORD, assertCalm, close, person, serve, setUp } from "./kit.mjs";

const site = await serve();
after(async () => {
  await close();
  await site.stop();
});

test("whoever is sent away to sign in comes back", async () => {
  const ada = await person(site);
  const page = await ada.newPage();
  await setUp(site, page);
  await page.waitForURL("**/cards/new");
  await page.goto("/settings");
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto("/settings?x=1");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Password").fill("not the password at all");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByText("do not match").waitFor();
  assert.equal(await page.getByLabel("E-mail").inputValue(), "ada@example.org");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL("**/settings?x=1");
  assertCalm(ada);
});

test("the language is chosen and stays", async () => {
  const ada = await person(site, { javaScriptEnabled: false });
  const page = await ada.newPage();
  await page.goto("/login");
  await page.getByLabel("E-mail").fill("ada@example.org");
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.goto("/settings");
  await page.getByLabel("Language").selectOption("de");
  await page.locator("form[action='/settings/language'] button").click();
  await page.getByRole("heading", { level: 1, name: "Einstellungen" }).waitFor();
  await page.goto("/settings");
  assert.equal(await page.locator("html").getAttribute("lang"), "de");
});
