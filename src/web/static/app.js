// What every page of the app may do with a script, and does without one as well: tells times in the reader's
// zone, copies what stands beside a button, asks before what cannot be undone, and shows the keys.

const language = document.documentElement.lang;

for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (Number.isNaN(at.valueOf()) || !time.dateTime.includes("T")) continue;
  const style = time.dataset.style ?? "medium";
  time.textContent = new Intl.DateTimeFormat(language, style === "day"
    ? { dateStyle: "medium" }
    : { dateStyle: "medium", timeStyle: "short" }).format(at);
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  label.textContent = button.dataset.copied;
  setTimeout(() => { label.textContent = before; }, 2000);
});

// A button to copy with is of no use where there is no clipboard: over plain http from another machine.
if (!navigator.clipboard) for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = true;

document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.ask;
  if (question && !window.confirm(question)) event.preventDefault();
});

// Whatever is wrong is read first.
document.querySelector(".faults")?.scrollIntoView({ block: "nearest" });

// A menu that lies over the page is closed by Escape, and as soon as one goes on: it covers nothing then.
const menus = () => document.querySelectorAll("details.more[open]");

document.addEventListener("focusin", ({ target }) => {
  for (const menu of menus()) {
    const lies = getComputedStyle(menu.lastElementChild).position === "absolute";
    if (lies && !menu.contains(target)) menu.open = false;
  }
});

document.addEventListener("click", ({ target }) => {
  for (const menu of menus()) if (!menu.contains(target)) menu.open = false;
});

document.addEventListener("keydown", ({ key, target }) => {
  if (key !== "Escape") return;
  for (const menu of menus()) {
    if (menu.contains(target)) menu.querySelector("summary").focus();
    menu.open = false;
  }
});

// Keys of one character, for whoever has not turned them off (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  const writes = event.target.closest("input, textarea, select, [contenteditable]");
  if (event.ctrlKey || event.metaKey || event.altKey || writes) return;
  if (document.documentElement.dataset.keys === "off" || document.querySelector("dialog[open]")) return;
  if (event.key === "?") {
    document.querySelector("dialog#keys")?.showModal();
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("input")) target.focus();
  else target.click();
});
