// The map's menu: raw positions, and where to go.
import { h, need } from "./dom";
import type { Planet } from "./world";

export class MapMenu {
  private readonly menu = need<HTMLElement>("#map-menu");
  private readonly button = need<HTMLButtonElement>("[data-act=map-menu]");
  private readonly places = need<HTMLElement>("#planet-places");

  constructor(private readonly go: (planet: Planet) => void) {
    this.menu.addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-go]")) this.close();
    });
    this.menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.show(false);
    });
    document.addEventListener("pointerdown", (event) => {
      const target = event.target as Node;
      if (!this.menu.hidden && !this.menu.contains(target) && !this.button.contains(target)) this.show(false, false);
    });
  }

  toggle(): void {
    this.show(this.menu.hidden);
  }

  close(): void {
    if (!this.menu.hidden) this.show(false);
  }

  /** The planets that it leads to. */
  fill(planets: Iterable<Planet>): void {
    const sorted = [...planets].sort((a, b) => a.name.localeCompare(b.name));
    this.places.replaceChildren(
      ...sorted.map((planet) => {
        const button = h("button", { type: "button", "data-planet": planet.name, "data-go": true }, planet.name);
        button.addEventListener("click", () => this.go(planet));
        return h("li", {}, button);
      }),
    );
  }

  private show(open: boolean, focus = true): void {
    this.menu.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (!focus) return;
    if (open) this.menu.querySelector<HTMLElement>("button")?.focus();
    else this.button.focus();
  }
}
