{# What the buttons beside the addresses do. Without this script they stay hidden. #}
(() => {
  const said = document.getElementById("said");
  // Where the clipboard is closed to pages, as on http:, a selection can still be copied.
  const copySelected = (text) => {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  };
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copySelected(text);
    }
  };
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const label = button.firstElementChild;
    const words = label.textContent;
    let timer;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(button.dataset.copy);
      button.focus();
      said.textContent = "";
      clearTimeout(timer);
      label.textContent = done ? button.dataset.done : button.dataset.failed;
      // A screen reader speaks when the text changes, also when it is the same as before.
      setTimeout(() => { said.textContent = label.textContent; }, 100);
      timer = setTimeout(() => { label.textContent = words; said.textContent = ""; }, 4000);
    });
  }
})();
