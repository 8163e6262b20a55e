// Walks with nothing but keys: from place to place with Tab, and at each of them a look whether one sees where one
// is (WCAG 2.2, 2.4.7 and 2.4.11): a ring around it, within the window, and nothing in front of it.

import assert from "node:assert/strict";

/** More steps than any page has. */
const MANY = 300;

/** What has the focus: how it is called, and what is wrong with the way it shows. Nothing where the page has not. */
function look(page) {
  return page.evaluate(() => {
    let here = document.activeElement;
    // A frame's place is within the frame, and counts from there.
    const origin = { left: 0, top: 0 };
    while (here?.localName === "iframe" && here.contentDocument?.activeElement) {
      const { left, top } = here.getBoundingClientRect();
      origin.left += left + here.clientLeft;
      origin.top += top + here.clientTop;
      here = here.contentDocument.activeElement;
    }
    const page = here?.ownerDocument;
    if (!here || here === page.body || here === page.documentElement) return null;
    const text = (node) => node?.textContent.replace(/\s+/g, " ").trim();
    const named = here.getAttribute("aria-label") || here.title;
    const called = named || text(here.labels?.[0]) || text(here) || here.value || "";
    const faults = [];
    // The ring may be drawn by what is around it, as with a field that is a picture.
    const around = [here, here.parentElement, here.parentElement?.parentElement].filter(Boolean);
    const ring = around.some((node) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(node);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 1.5;
    });
    if (!ring) faults.push("has no ring");
    const box = here.getBoundingClientRect();
    const [left, top] = [box.left + origin.left, box.top + origin.top];
    const [wide, high] = [document.documentElement.clientWidth, innerHeight];
    if (box.width < 2 || box.height < 2) faults.push("has no size");
    const whole = top >= -0.5 && left >= -0.5 && left + box.width <= wide + 0.5 && top + box.height <= high + 0.5;
    // Of what has many lines the one that is written in is shown.
    const isLong = box.height >= high || here.localName === "textarea";
    if (!whole && !isLong) faults.push(`is not in the window: ${left} ${top} ${box.width} × ${box.height}`);
    const own = [here, ...(here.labels ?? [])];
    const covers = new Set();
    for (const across of [0.2, 0.5, 0.8]) for (const down of isLong ? [0.1] : [0.2, 0.5, 0.8]) {
      const [x, y] = [box.left + box.width * across, box.top + box.height * down];
      const outer = document.elementFromPoint(x + origin.left, y + origin.top);
      const hit = outer?.localName === "iframe" && outer !== here ? page.elementFromPoint(x, y) : outer;
      if (hit && !own.some((node) => node.contains(hit) || hit.contains(node))) {
        covers.add(`${hit.cloneNode(false).outerHTML} at ${Math.round(x)} ${Math.round(y)}`);
      }
    }
    if (covers.size > 0) faults.push(`is covered by ${[...covers].join(" ")}`);
    return { called, faults };
  });
}

/** Presses a key, and looks where that has led; nothing where it has led out of the page. */
export async function step(page, key = "Tab") {
  await page.keyboard.press(key);
  const seen = await look(page);
  if (seen) assert.deepEqual(seen.faults, [], `${new URL(page.url()).pathname}: “${seen.called}”`);
  return seen;
}

/** Goes on with Tab until something of that name has the focus. */
export async function go(page, name, key = "Tab") {
  const passed = [];
  for (let n = 0; n < MANY; n += 1) {
    const seen = await step(page, key);
    if (seen && (name instanceof RegExp ? name.test(seen.called) : seen.called === name)) return;
    passed.push(seen?.called);
  }
  assert.fail(`there is no “${name}” on the way: ${[...new Set(passed)].join(", ")}`);
}

/** All that Tab leads to, by name and in order, until it leads out of the page again: nothing holds one back. */
export async function tour(page, key = "Tab") {
  const names = [];
  for (let n = 0; n < MANY; n += 1) {
    const seen = await step(page, key);
    if (!seen) return names;
    names.push(seen.called);
  }
  assert.fail(`there is no way out: ${names.slice(-8).join(", ")}`);
}
