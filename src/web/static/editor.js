// The editor of a card. Without this it is a plain form; with it the card beside it follows what is typed, saving
// stays on the page, what is typed outlives whatever happens, and links are moved by hand.

import { drafts } from "./drafts.js";
import { links } from "./links.js";
import { preview } from "./preview.js";
import { saving } from "./saving.js";

const form = document.querySelector("form.editor");
if (form) {
  form.classList.add("live");
  const redraw = preview(form);
  if (form.id === "editor") {
    const rows = links(form);
    const kept = drafts(form, rows);
    saving(form, kept);
    if (kept.restore()) redraw();
  }
}
