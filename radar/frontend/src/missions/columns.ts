// Which columns the table shows: all but those that this browser keeps as hidden. The list's style sheet hides them.
import { h } from "../dom";
import { browserStore, keep, kept } from "../stored";

const KEY = "missions.hidden";
export const COLUMNS = ["status", "ship", "captain", "planet", "phase", "link", "started", "duration", "health", "messages", "reports", "value"];

/** The hidden columns that a browser has kept; what it can't mean is left out. */
export function hidden(text: string | null): string[] {
  const named = (text ?? "").split(",");
  return COLUMNS.filter((column) => named.includes(column));
}

export function columns(): void {
  const menu = document.querySelector<HTMLDetailsElement>("[data-columns]");
  const page = document.querySelector<HTMLElement>("#main");
  if (!menu || !page) return;
  const store = browserStore();
  let now = hidden(kept(store, KEY));
  const show = (): void => COLUMNS.forEach((column) => page.classList.toggle(`hide-${column}`, now.includes(column)));
  for (const column of COLUMNS) {
    const box = h("input", { type: "checkbox", checked: !now.includes(column) });
    box.addEventListener("change", () => {
      now = COLUMNS.filter((one) => (one === column ? !box.checked : now.includes(one)));
      keep(store, KEY, now.join());
      show();
    });
    menu.querySelector("fieldset")?.append(h("label", {}, box, column[0]!.toUpperCase() + column.slice(1)));
  }
  show();
  document.addEventListener("pointerdown", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
