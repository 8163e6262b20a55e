// How pages are to be shows at once, before it is saved.

const form = document.querySelector("form.needs");
const root = document.documentElement;

function show() {
  const ticked = (name) => form.elements[name].checked;
  const set = (name, value) => { if (value) root.dataset[name] = value; else delete root.dataset[name]; };
  set("contrast", ticked("high_contrast") && "high");
  set("motion", ticked("reduced_motion") && "reduced");
  set("font", ticked("dyslexia_font") && "dyslexia");
  set("keys", ticked("no_character_keys") && "off");
  const scale = Number(form.elements.text_scale.value) * (ticked("large_text") ? 1.25 : 1);
  // In the steps of five hundredths that there are rules for.
  const percent = Math.round(scale * 20) * 5;
  set("scale", percent !== 100 && String(percent));
}

form?.addEventListener("input", show);
