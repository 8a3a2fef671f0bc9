// Keys 1, 2 and 3 for the answers of a page that has them: a quicker way, never the only one.
export function startAnswers(root) {
  const form = root.querySelector("[data-answers]");
  if (!form) return;
  const hint = root.querySelector("[data-answers-hint]");
  if (hint) hint.hidden = false;
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
    if (event.target.closest("input, select, textarea")) return;
    const button = form.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) button.click();
  });
}
