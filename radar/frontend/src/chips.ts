// The chips that filter by state, each with its count, and the map's legend.
import { h, say } from "./dom";
import type { Mark } from "./honesty";
import { estimateIcon, markIcon, ORDER, wayIcon, WORDS } from "./marks";
import { FILTERS, MAP } from "./texts";

export type ChipKey = Mark | "all";

export class StateChips {
  private readonly chips = new Map<ChipKey, { button: HTMLButtonElement; count: HTMLElement }>();

  constructor(place: HTMLElement, toggled: (key: ChipKey) => void) {
    for (const key of ["all", ...ORDER] as const) {
      const word = key === "all" ? FILTERS.all : WORDS[key];
      const button = h("button", { class: "chip", type: "button", "data-filter": key, title: word });
      const count = h("b", {}, "0");
      if (key !== "all") button.append(markIcon(key, 11));
      button.append(count, h("span", { class: "lbl" }, word));
      button.addEventListener("click", () => toggled(key));
      this.chips.set(key, { button, count });
      place.append(button);
    }
  }

  update(total: number, counts: Map<Mark, number>, chosen: ReadonlySet<Mark>): void {
    for (const [key, { button, count }] of this.chips) {
      say(count, String(key === "all" ? total : (counts.get(key) ?? 0)));
      button.setAttribute("aria-pressed", String(key === "all" ? chosen.size === 0 : chosen.has(key)));
    }
  }
}

export function legend(): HTMLElement[] {
  const states = ORDER.map((mark) => h("span", {}, markIcon(mark, 10), WORDS[mark]));
  return [...states, h("span", {}, wayIcon("5 4"), FILTERS.out), h("span", {}, wayIcon("1.5 4"), FILTERS.back), h("span", { title: MAP.estimated }, estimateIcon(), MAP.estimate)];
}
