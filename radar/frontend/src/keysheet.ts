// The sheet of keys, with the switch for those who don't want single ones.
import { h } from "./dom";
import type { Keys } from "./keys";
import { KEYS } from "./texts";

export class KeySheet {
  private readonly box = h("input", { type: "checkbox", id: "single-keys" });

  constructor(
    private readonly dialog: HTMLDialogElement,
    place: HTMLElement,
    private readonly keys: Keys,
  ) {
    this.box.addEventListener("change", () => (this.keys.on = this.box.checked));
    place.append(...KEYS.groups.map(([title, rows]) => h("section", {}, h("h3", {}, title), h("dl", { class: "kv" }, ...rows.flatMap(([pressed, what]) => [h("dt", {}, ...caps(pressed)), h("dd", {}, what)])))));
    place.after(h("label", { class: "check" }, this.box, KEYS.singles));
  }

  open(): void {
    if (this.dialog.open) return;
    this.box.checked = this.keys.on;
    this.dialog.showModal();
  }
}

function caps(pressed: string): HTMLElement[] {
  return pressed.split(" ").map((key) => h("span", { class: "key" }, key));
}
