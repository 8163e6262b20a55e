// The first minute: from the link that a fresh installation prints to a card that a stranger opens. With scripts and
// without them it is the same few steps.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { PASSWORD, assertCalm, close, examine, person, serve } from "./kit.mjs";

after(close);

for (const [how, javaScriptEnabled] of [["with scripts", true], ["without scripts", false]]) {
  test(`the first card of a fresh installation, ${how}`, async (told) => {
    const site = await serve();
    told.after(() => site.stop());
    const began = performance.now();
    const steps = { pages: 0, fields: 0, clicks: 0 };
    const newcomer = await person(site, { javaScriptEnabled });
    const page = await newcomer.newPage();
    page.on("framenavigated", (frame) => { if (frame === page.mainFrame()) steps.pages += 1; });
    const type = async (label, text) => {
      await page.getByLabel(label).fill(text);
      steps.fields += 1;
    };
    const press = async (name, onward) => {
      await page.getByRole("button", { name }).click();
      await page.waitForURL(onward);
      steps.clicks += 1;
    };

    // The front page of a house that nobody runs yet says where the link is.
    const lost = await newcomer.newPage();
    await lost.goto("/");
    await lost.getByText("Open the set-up link that the program printed").waitFor();
    await lost.close();

    await page.goto(site.setUp);
    await type("Your name", "Ada Lovelace");
    await type("E-mail", "ada@example.org");
    await type("Password", PASSWORD);
    await press("Set up Cardinal", "**/cards/new");
    await page.getByRole("heading", { level: 1, name: "Your first card" }).waitFor();
    assert.equal(await page.getByLabel("Name of the card").inputValue(), "Ada Lovelace");
    await page.frameLocator("iframe").getByRole("heading", { name: "Ada Lovelace" }).waitFor();
    await press("Make this card", "**/ready");
    await page.getByRole("heading", { level: 1, name: "Your card is ready" }).waitFor();
    const drawn = page.getByRole("img", { name: /QR code that leads to/ });
    assert.ok(await drawn.evaluate((image) => image.complete && image.naturalWidth > 0), "the code is drawn");
    const address = await page.locator("main .link a").textContent();

    const strangers = await person(site, { javaScriptEnabled, viewport: { width: 360, height: 740 } });
    const card = await strangers.newPage();
    assert.equal((await card.goto(address)).status(), 200);
    await card.getByRole("heading", { level: 1, name: "Ada Lovelace" }).waitFor();
    const took = performance.now() - began;
    assert.deepEqual(steps, { pages: 3, fields: 3, clicks: 2 });
    told.diagnostic(`${JSON.stringify(steps)}; the machine's part of it took ${Math.round(took)} ms`);

    const contact = await strangers.request.get(await card.getByRole("link", { name: "Save contact" }).getAttribute("href"));
    assert.match(await contact.text(), /^FN:Ada Lovelace\r$/m);
    if (javaScriptEnabled) for (const shown of [page, card]) assert.deepEqual(await examine(shown), []);
    // The link has done what it was for.
    assert.equal((await page.goto(site.setUp)).status(), 409);
    assertCalm(newcomer);
    assertCalm(strangers);
    await newcomer.close();
    await strangers.close();
  });
}
