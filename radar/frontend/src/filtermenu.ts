// The form of the filters that have no place in the toolbar.
import { h } from "./dom";
import { CONDITIONS, PHASES, rangeOf, toggled, WHOLE, type Filters } from "./filters";
import { CONDITION_WORDS, FILTERS, PHASE_WORDS } from "./texts";

type Change = (change: (filters: Filters) => Filters) => void;
type Shower = (filters: Filters) => void;

export class FilterForm {
  private readonly planets = h("div", { class: "chips" });
  private readonly showers: Shower[] = [];
  private named = "";

  constructor(
    place: HTMLElement,
    private readonly change: Change,
    clear: () => void,
  ) {
    const find = h("input", { type: "search", autocomplete: "off", spellcheck: "false", placeholder: FILTERS.find, "aria-label": FILTERS.find });
    find.addEventListener("input", () => change((filters) => ({ ...filters, find: find.value })));
    this.showers.push((filters) => document.activeElement === find || (find.value = filters.find));
    const clearing = h("button", { class: "btn", type: "button", "data-clear": true }, FILTERS.clear);
    clearing.addEventListener("click", clear);
    place.append(
      h("label", { class: "field find-small" }, find),
      h("div", { class: "chips" }, this.chip("fav", FILTERS.favourites, (filters) => filters.fav, (filters) => ({ ...filters, fav: !filters.fav }))),
      this.group(FILTERS.phase, h("div", { class: "chips" }, ...PHASES.map((phase) => this.chip(phase, PHASE_WORDS[phase], ({ phase: list }) => list.includes(phase), (filters) => ({ ...filters, phase: toggled(filters.phase, phase, PHASES) }))))),
      this.group(FILTERS.cond, h("div", { class: "chips" }, ...CONDITIONS.map((cond) => this.chip(cond, CONDITION_WORDS[cond], ({ cond: list }) => list.includes(cond), (filters) => ({ ...filters, cond: toggled(filters.cond, cond, CONDITIONS) }))))),
      this.group(FILTERS.planet, this.planets),
      this.range("fuel", FILTERS.fuel, 1),
      this.range("health", FILTERS.health, 0.05),
      clearing,
    );
  }

  show(filters: Filters): void {
    for (const shower of this.showers) shower(filters);
  }

  /** The planets that may be chosen, once they are known. */
  offer(planets: string[]): void {
    if (planets.join() === this.named) return;
    this.named = planets.join();
    const chips = planets.map((planet) => this.chip(planet, planet, ({ planet: list }) => list.includes(planet), (filters) => ({ ...filters, planet: toggled(filters.planet, planet, planets) })));
    this.planets.replaceChildren(...chips);
  }

  private group(title: string, ...content: HTMLElement[]): HTMLElement {
    return h("fieldset", {}, h("legend", {}, title), ...content);
  }

  private chip(key: string, text: string, isOn: (filters: Filters) => boolean, next: (filters: Filters) => Filters): HTMLElement {
    const chip = h("button", { class: "chip", type: "button", "data-choice": key, "aria-pressed": "false" }, text);
    chip.addEventListener("click", () => this.change(next));
    this.showers.push((filters) => chip.setAttribute("aria-pressed", String(isOn(filters))));
    return chip;
  }

  private range(name: "fuel" | "health", title: string, step: number): HTMLElement {
    const { low: least, high: most } = WHOLE[name];
    const field = (end: string): HTMLInputElement => h("input", { type: "number", inputmode: "decimal", min: String(least), max: String(most), step: String(step), "data-range": `${name}-${end}`, "aria-label": `${title}, ${end}` });
    const [low, high] = [field(FILTERS.from), field(FILTERS.to)];
    const read = (input: HTMLInputElement): number => (input.value === "" ? NaN : input.valueAsNumber);
    for (const input of [low, high]) input.addEventListener("input", () => this.change((filters) => ({ ...filters, [name]: rangeOf(read(low), read(high), WHOLE[name]) })));
    this.showers.push((filters) => {
      if (document.activeElement === low || document.activeElement === high) return;
      low.value = filters[name] ? String(filters[name].low) : "";
      high.value = filters[name] ? String(filters[name].high) : "";
    });
    return this.group(title, h("div", { class: "range" }, h("span", { class: "field" }, low), FILTERS.to, h("span", { class: "field" }, high)));
  }
}
