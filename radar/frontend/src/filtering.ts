// The filters of the page and all that shows them: chips of the toolbar, search, menu, and the list of those that are set.
import { StateChips } from "./chips";
import { h, need, say } from "./dom";
import type { Favourites } from "./favourites";
import { EVERYTHING, extras, isEverything, passes, toggledMark, type Filters } from "./filters";
import { FilterForm } from "./filtermenu";
import { chosenFilters } from "./filterwords";
import type { Mark } from "./honesty";
import { Menu } from "./menu";
import type { ShipState } from "./protocol";
import { FILTERS } from "./texts";
import type { Planet } from "./world";

export class Filtering {
  private filters = EVERYTHING;
  private readonly find = need<HTMLInputElement>("#find");
  private readonly chips = new StateChips(need("#chips"), (key) => this.change((filters) => (key === "all" ? { ...filters, show: [] } : toggledMark(filters, key))));
  private readonly form = new FilterForm(need("#filters"), (change) => this.change(change), () => this.change(() => EVERYTHING));
  private readonly list = need<HTMLElement>("#chosen-filters");

  constructor(
    private readonly favourites: Favourites,
    private readonly planets: ReadonlyMap<string, Planet>,
    private readonly changed: () => void,
  ) {
    new Menu(need("#filters-open"), need("#filters"), () => this.show());
    this.find.addEventListener("input", () => this.change((filters) => ({ ...filters, find: this.find.value })));
  }

  get now(): Filters {
    return this.filters;
  }

  passes(ship: ShipState, mark: Mark): boolean {
    return passes(ship, mark, this.filters, this.favourites.all);
  }

  set(filters: Filters): void {
    this.filters = filters;
    this.show();
  }

  /** Lets all pass again; false when all did. */
  clear(): boolean {
    if (document.activeElement === this.find) this.find.blur();
    if (isEverything(this.filters)) return false;
    this.change(() => EVERYTHING);
    return true;
  }

  search(): void {
    if (this.find.offsetParent) this.find.focus();
    else need<HTMLElement>("#filters-open").click();
  }

  count(total: number, counts: Map<Mark, number>): void {
    this.chips.update(total, counts, new Set(this.filters.show));
  }

  private change(change: (filters: Filters) => Filters): void {
    this.set(change(this.filters));
    this.changed();
  }

  private show(): void {
    if (document.activeElement !== this.find) this.find.value = this.filters.find;
    this.form.offer([...this.planets.values()].filter((planet) => planet.band !== "home").map((planet) => planet.name).sort());
    this.form.show(this.filters);
    const chosen = extras(this.filters);
    say(need("#filters-count"), chosen ? FILTERS.count(chosen) : "");
    this.list.hidden = chosen === 0;
    const focused = this.list.contains(document.activeElement);
    this.list.replaceChildren(
      ...chosenFilters(this.filters).map(({ key, text, without }) => {
        const chip = h("button", { class: "chip on", type: "button", "data-chosen": key, "aria-label": FILTERS.remove(text) }, text);
        chip.addEventListener("click", () => this.change(() => without));
        return chip;
      }),
    );
    if (focused) (this.list.querySelector<HTMLElement>("button") ?? need<HTMLElement>("#filters-open")).focus();
  }
}
