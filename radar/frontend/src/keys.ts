// Single keys: what is pressed outside of fields. They can be switched off, for those who speak to their machine.
import { keep, kept, type Store } from "./stored";

export type Actions = Record<string, () => void>;

export const KEYS_KEY = "radar-single-keys";
const FIELDS = "input, select, textarea, dialog, [contenteditable]";
/** These have a meaning of their own on whatever has the focus. */
const OF_CONTROLS = new Set(["Enter", " ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
const CONTROLS = "button, a, tr, summary, [role=tab]";

export class Keys {
  private allowed: boolean;

  /** Escape works wherever the focus is, and is never off. */
  constructor(
    private readonly actions: Actions,
    private readonly escape: () => void,
    private readonly store: Store,
  ) {
    this.allowed = kept(store, KEYS_KEY) !== "off";
    document.addEventListener("keydown", (event) => this.press(event));
  }

  get on(): boolean {
    return this.allowed;
  }

  set on(on: boolean) {
    this.allowed = on;
    keep(this.store, KEYS_KEY, on ? "on" : "off");
  }

  private press(event: KeyboardEvent): void {
    if (event.defaultPrevented) return;
    const target = event.target as HTMLElement;
    if (event.key === "Escape") return target.closest("dialog") ? undefined : this.escape();
    const action = this.actions[event.key] ?? this.actions[event.key.toLowerCase()];
    if (!action || event.ctrlKey || event.metaKey || event.altKey || target.closest(FIELDS)) return;
    // Keys that are no letter or sign are what a keyboard has for just this.
    if (OF_CONTROLS.has(event.key) ? target.closest(CONTROLS) : !this.allowed) return;
    event.preventDefault();
    action();
  }
}
