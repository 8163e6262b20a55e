// The list of links: rows are added, taken off and moved on the page, by buttons and by hand. The names of the
// fields follow the places of the rows.

export function links(form) {
  const list = form.querySelector("ol.links");
  const none = form.querySelector(".links-none");
  const told = form.querySelector(".links-told");
  const template = form.querySelector("#link-row");
  const most = 50;

  const number = () => {
    [...list.children].forEach((row, n) => {
      for (const field of row.querySelectorAll("[name^='link.']")) {
        const member = field.name.split(".").pop();
        field.name = `link.${n}.${member}`;
        if (field.id) {
          field.id = field.name;
          field.closest(".field").querySelector("label").htmlFor = field.name;
        }
      }
      const legend = row.querySelector("legend");
      legend.textContent = legend.textContent.replace(/\d+/, n + 1);
      row.querySelector("[data-verb=up]").disabled = n === 0;
      row.querySelector("[data-verb=down]").disabled = n === list.children.length - 1;
    });
    none.hidden = list.children.length > 0;
    const add = form.querySelector("button.add");
    if (add) add.hidden = list.children.length >= most;
    form.dispatchEvent(new Event("changed"));
  };

  // Where a row is now, for whoever does not see it move.
  const tell = (row) => {
    told.textContent = told.dataset.moved.replace(/\d+/, [...list.children].indexOf(row) + 1);
  };

  const add = () => {
    list.append(template.content.firstElementChild.cloneNode(true));
    number();
    return list.lastElementChild;
  };

  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=rearrange]");
    if (!button) return;
    event.preventDefault();
    if (button.value === "add") {
      add().querySelector("input:not([type=hidden])").focus();
      return;
    }
    const row = button.closest("li");
    const { verb } = button.dataset;
    if (verb === "remove") {
      const next = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      number();
      (next?.querySelector("[data-verb=remove]") ?? form.querySelector("button.add")).focus();
      return;
    }
    if (verb === "up") row.previousElementSibling?.before(row);
    else row.nextElementSibling?.after(row);
    number();
    tell(row);
    (button.disabled ? row.querySelector(".moves button:not(:disabled)") : button).focus();
  });

  // By hand: the row follows the pointer from place to place.
  let held = null;
  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip) return;
    event.preventDefault();
    held = grip.closest("li");
    held.classList.add("held");
    list.setPointerCapture(event.pointerId);
  });
  list.addEventListener("pointermove", (event) => {
    if (!held) return;
    for (const row of list.children) {
      const box = row.getBoundingClientRect();
      if (row === held || event.clientY < box.top || event.clientY > box.bottom) continue;
      const below = row.compareDocumentPosition(held) & Node.DOCUMENT_POSITION_PRECEDING;
      const past = below ? event.clientY > box.top + box.height / 2 : event.clientY < box.top + box.height / 2;
      if (past) below ? row.after(held) : row.before(held);
    }
  });
  const drop = () => {
    if (!held) return;
    held.classList.remove("held");
    number();
    tell(held);
    held = null;
  };
  list.addEventListener("pointerup", drop);
  list.addEventListener("pointercancel", drop);

  return { list, add, number };
}
