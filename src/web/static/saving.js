// Saving without leaving the page, and the truth about how things stand: saved, not saved, changed elsewhere, or
// kept on this device for want of a connection. Whatever is not plain success is sent once more as a plain form,
// and the server's page says what to do.

const EVERY = 5000;

export function saving(form, kept) {
  const standing = document.querySelector("#standing");
  const told = standing?.querySelector(".told");
  const review = standing?.querySelector(".review");
  const dialog = document.querySelector("#sign-in");
  const card = form.dataset.card;
  if (!card) return form.addEventListener("submit", () => kept.forget());

  let saved = told.textContent;
  if (standing.dataset.state !== "saved") saved = "";
  let version = Number(form.dataset.version);
  let tag = "";
  let elsewhere = false;
  let busy = false;
  let waiting = false;

  const tell = (state, text) => {
    if (standing.dataset.state === state && told.textContent === text) return;
    standing.dataset.state = state;
    told.textContent = text;
    review.hidden = state !== "elsewhere";
  };
  const look = () => {
    if (busy) return;
    if (waiting) tell("offline", standing.dataset.offline);
    else if (elsewhere === "gone") tell("gone", standing.dataset.gone);
    else if (elsewhere) tell("elsewhere", standing.dataset.elsewhere);
    else if (kept.isDirty() || !saved) tell("dirty", standing.dataset.dirty);
    else tell("saved", saved);
  };

  const tabs = "BroadcastChannel" in window ? new BroadcastChannel(`cardinal.card.${card}`) : null;
  tabs?.addEventListener("message", ({ data }) => {
    if (data > version) { elsewhere = true; look(); }
  });

  // Asks now and then whether the card is still the one that the form began with.
  const poll = async () => {
    if (document.hidden || busy) return;
    const headers = tag ? { "If-None-Match": tag } : {};
    const reply = await fetch(`/api/cards/${card}`, { headers, cache: "no-store" }).catch(() => null);
    if (!reply) return;
    if (waiting) { waiting = false; save(); return; }
    if (reply.status === 404) elsewhere = "gone";
    if (reply.ok) {
      tag = reply.headers.get("ETag") ?? "";
      const now = (await reply.json()).version;
      if (now > version) elsewhere = true;
    }
    look();
  };
  setInterval(poll, EVERY);
  document.addEventListener("visibilitychange", poll);
  addEventListener("online", poll);

  // The server's form after a save: what it begins with now, and the ids of links that were new.
  const take = (page, rows, same) => {
    const fresh = page.querySelector("form.editor");
    for (const name of ["version", "base"]) form.elements[name].value = fresh.elements[name].value;
    const ids = [...fresh.querySelectorAll("ol.links > li")].map((row) => row.dataset.id);
    rows.forEach((row, n) => {
      row.dataset.id = ids[n] ?? "";
      row.querySelector("input[type=hidden]").value = ids[n] ?? "";
      // An address is completed, and a kind follows from it.
      if (same) for (const member of ["url", "platform"]) {
        const [here, there] = [form, fresh].map((one) => one.elements[`link.${n}.${member}`]);
        if (here && there) here.value = there.value;
      }
    });
    version = Number(fresh.dataset.version);
    saved = page.querySelector("#standing .told").textContent;
  };

  const plainly = () => {
    busy = false;
    form.removeEventListener("submit", onSubmit);
    HTMLFormElement.prototype.submit.call(form);
  };

  async function save() {
    if (busy) return;
    busy = true;
    tell("saving", standing.dataset.saving);
    const rows = [...form.querySelectorAll("ol.links > li")];
    const body = new URLSearchParams(new FormData(form));
    const headers = { Accept: "text/html" };
    const reply = await fetch(form.action, { method: "POST", body, headers }).catch(() => null);
    if (reply?.status === 401) return again();
    if (!reply || reply.status === 503) {
      busy = false;
      waiting = true;
      kept.keep();
      return look();
    }
    if (!reply.ok || !reply.redirected) return plainly();
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    // Something came from elsewhere: the form has to show it.
    if (reply.url.includes("note=merged")) { kept.forget(); location.replace(reply.url); return; }
    const same = JSON.stringify([...body].filter(([name]) => !["version", "base"].includes(name))) === kept.told();
    take(page, rows, same);
    kept.settle(same ? kept.told() : "");
    elsewhere = false;
    tag = "";
    busy = false;
    tabs?.postMessage(version);
    look();
  }

  function again() {
    busy = false;
    look();
    const wrong = dialog.querySelector(".fault");
    wrong.hidden = true;
    const inner = dialog.querySelector("form");
    inner.onsubmit = async (event) => {
      if (event.submitter?.value === "cancel") return;
      event.preventDefault();
      const body = new URLSearchParams(new FormData(inner));
      const reply = await fetch("/login", { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
      if (!reply?.ok) { wrong.hidden = false; return; }
      inner.reset();
      dialog.close();
      save();
    };
    dialog.showModal();
  }

  function onSubmit(event) {
    const by = event.submitter;
    if (by?.name === "rearrange" || by?.formTarget) return;
    event.preventDefault();
    // To look at what they saved is to put it together with what is here.
    if (by?.name !== "review") return save();
    form.removeEventListener("submit", onSubmit);
    if (kept.isDirty()) form.requestSubmit(by);
    else location.reload();
  }
  form.addEventListener("submit", onSubmit);
  form.addEventListener("input", look);
  form.addEventListener("changed", look);
  form.addEventListener("restored", () => tell("dirty", standing.dataset.restored));
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    save();
  });
}
