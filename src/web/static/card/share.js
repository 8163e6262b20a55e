const button = document.querySelector("[data-share]");
if (button && (navigator.share || navigator.clipboard)) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const url = button.dataset.share;
    try {
      if (navigator.share) return await navigator.share({ title: document.title, url });
      await navigator.clipboard.writeText(url);
      button.lastElementChild.textContent = button.dataset.copied;
    } catch { /* Whoever changes their mind about sharing is told nothing. */ }
  });
}
