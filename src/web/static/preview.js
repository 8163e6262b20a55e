// The card beside the form follows what is typed: the server draws it, and what it drew takes the frame's place
// without a flash and without an entry in the history.

export function preview(form) {
  const frame = document.querySelector("iframe[name=preview]");
  const section = frame?.closest("section");
  if (!frame || !("adoptedStyleSheets" in Document.prototype)) return () => {};
  section.classList.add("live");
  let timer = 0;
  let turn = 0;
  const draw = async () => {
    const mine = ++turn;
    const body = new URLSearchParams(new FormData(form));
    const reply = await fetch("/cards/preview", { method: "POST", body, headers: { Accept: "text/html" } }).catch(() => null);
    if (!reply?.ok || mine !== turn) return;
    const text = await reply.text();
    // Its rules come in as objects: the policies here know other hashes.
    const rules = [...text.matchAll(/<style>([^]*?)<\/style>/g)].map(([, css]) => css).join("");
    const drawn = new DOMParser().parseFromString(text.replaceAll(/<style>[^]*?<\/style>/g, ""), "text/html");
    const page = frame.contentDocument;
    if (mine !== turn || !page?.body) return;
    const sheet = new frame.contentWindow.CSSStyleSheet();
    sheet.replaceSync(rules);
    const scrolled = page.scrollingElement?.scrollTop ?? 0;
    page.adoptedStyleSheets = [sheet];
    page.querySelectorAll("style").forEach((style) => style.remove());
    page.body.replaceChildren(...[...drawn.body.childNodes].map((node) => page.importNode(node, true)));
    if (page.scrollingElement) page.scrollingElement.scrollTop = scrolled;
  };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(draw, 250);
  };
  // All of the card lies over the form for as long as somebody looks at it, not while they write.
  const whole = form.querySelector(".peek input");
  form.addEventListener("focusin", ({ target }) => {
    if (whole && target !== whole && target.matches("input, select, textarea")) whole.checked = false;
  });
  form.addEventListener("input", soon);
  form.addEventListener("changed", soon);
  return soon;
}
