// Single keys: what is pressed outside of fields and controls.

export type Actions = Record<string, () => void>;

const TAKES_KEYS = "input, select, textarea, button, a, tr, dialog";

/** Runs the action of a key; Escape works wherever the focus is. */
export function listenToKeys(actions: Actions, escape: () => void): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") return escape();
    const target = event.target as HTMLElement;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest(TAKES_KEYS)) return;
    const action = actions[event.key] ?? actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
}
