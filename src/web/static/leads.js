// The inbox: what is chosen from a list is shown at once, and the lead that is open stays in sight in the list.

for (const select of document.querySelectorAll("select[data-submits]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

document.querySelector(".rows [aria-current]")?.scrollIntoView({ block: "nearest" });
