// A picture is shown as soon as it is chosen, before it is sent; and nobody leaves what is not saved unasked.

const file = document.querySelector("#photo");
const portrait = document.querySelector(".portrait");

file?.addEventListener("change", () => {
  const [picture] = file.files;
  if (!picture?.type.startsWith("image/")) return;
  const image = new Image(128, 128);
  image.src = URL.createObjectURL(picture);
  image.alt = picture.name;
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  portrait.replaceChildren(image);
});

const unsaved = new Set();
for (const form of document.querySelectorAll(".panel form, #conflict")) {
  // What came back with its faults, or with a question, is not saved either.
  if ("dirty" in form.dataset) unsaved.add(form);
  form.addEventListener("input", () => unsaved.add(form));
  form.addEventListener("submit", () => unsaved.delete(form));
}
window.addEventListener("beforeunload", (event) => { if (unsaved.size > 0) event.preventDefault(); });
