// The page's buttons: actions, layers, and the tabs of a phone.
import type { Actions } from "./keys";

/** Runs the action that a button names in `data-act`, wherever on the page it is. */
export function listenToButtons(actions: Actions): void {
  document.addEventListener("click", (event) => {
    const act = (event.target as HTMLElement).closest<HTMLElement>("[data-act]")?.dataset["act"];
    if (act) actions[act]?.();
  });
}

/** Switches of what the map draws. */
export function listenToLayers<L extends Record<string, boolean>>(layers: L, changed: () => void): void {
  for (const button of document.querySelectorAll<HTMLElement>("[data-layer]")) {
    button.addEventListener("click", () => {
      const layer = button.dataset["layer"] as keyof L;
      layers[layer] = !layers[layer] as L[keyof L];
      button.setAttribute("aria-pressed", String(layers[layer]));
      changed();
    });
  }
}

export function listenToTabs(): void {
  for (const tab of document.querySelectorAll<HTMLElement>("[data-tab]")) {
    tab.addEventListener("click", () => {
      document.body.dataset["tab"] = tab.dataset["tab"];
      for (const other of document.querySelectorAll<HTMLElement>("[data-tab][role=tab]")) other.setAttribute("aria-selected", String(other === tab));
    });
  }
}
