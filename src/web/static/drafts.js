// What is typed and not saved is kept on this device, for each card and the version it began with: it comes back
// after a lost connection, an ended login, a closed tab or the back button.

export function drafts(form, rows) {
  const prefix = `cardinal.draft.${form.dataset.card ?? "new"}.`;
  const key = () => `${prefix}${form.elements.version?.value ?? 0}`;
  const travels = new Set(["version", "base", "idempotency_key"]);
  const contents = () => [...new FormData(form)].filter(([name]) => !travels.has(name));
  const told = () => JSON.stringify(contents());
  let clean = form.hasAttribute("data-dirty") ? "" : told();
  let stored = true;

  const keep = () => {
    try {
      if (told() === clean) localStorage.removeItem(key());
      else {
        const { version, base } = form.elements;
        localStorage.setItem(key(), JSON.stringify({ version: version?.value, base: base?.value, contents: contents() }));
      }
      stored = true;
    } catch {
      stored = false;
    }
  };

  const fill = (fields) => {
    const values = new Map(fields);
    const last = fields.reduce((n, [name]) => Math.max(n, Number(/^link\.(\d+)\./.exec(name)?.[1] ?? -1)), -1);
    while (rows.list.children.length > last + 1) rows.list.lastElementChild.remove();
    while (rows.list.children.length < last + 1) rows.add();
    for (const field of form.elements) {
      if (!field.name || travels.has(field.name) || field.type === "submit") continue;
      if (field.type === "checkbox") field.checked = values.has(field.name);
      else if (field.type === "radio") field.checked = values.get(field.name) === field.value;
      else if (values.has(field.name)) field.value = values.get(field.name);
    }
    rows.number();
  };

  // All that is kept of this card, the latest version's first.
  const all = () => {
    const keys = Object.keys(localStorage).filter((name) => name.startsWith(prefix));
    return keys.sort((a, b) => b.slice(prefix.length) - a.slice(prefix.length));
  };
  const forget = () => {
    try {
      all().forEach((name) => localStorage.removeItem(name));
    } catch {
      // Where nothing can be kept nothing has to be forgotten.
    }
  };

  addEventListener("beforeunload", (event) => {
    keep();
    if (!stored && told() !== clean) event.preventDefault();
  });
  addEventListener("pagehide", keep);
  form.addEventListener("input", keep);
  form.addEventListener("changed", keep);

  return {
    isDirty: () => told() !== clean,
    told,
    keep,
    // What stands in the form is what stands on the server.
    settle(sent) {
      forget();
      clean = sent;
      keep();
    },
    forget,
    // Brings back what was kept, with what it began with: what was saved since is put together with it. Where a
    // save has led here, what was kept is what has been saved.
    restore() {
      if (/[?&]note=(saved|merged)/.test(location.search)) {
        forget();
        history.replaceState(null, "", location.pathname + location.hash);
        return false;
      }
      if (form.hasAttribute("data-dirty") || document.querySelector(".faults")) return false;
      let kept = null;
      try {
        kept = JSON.parse(localStorage.getItem(all()[0]) ?? "null");
      } catch {
        forget();
      }
      if (!kept?.contents || JSON.stringify(kept.contents) === clean) return false;
      fill(kept.contents);
      const { version, base } = form.elements;
      if (base && kept.base) [version.value, base.value] = [kept.version, kept.base];
      form.dispatchEvent(new CustomEvent("restored"));
      return true;
    },
  };
}
