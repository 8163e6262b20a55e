// Where two changes met: who types something else means that.

for (const third of document.querySelectorAll(".collision .third")) {
  const pick = third.parentElement.querySelector("input[value=other]");
  third.addEventListener("input", () => { pick.checked = true; });
}
