// The panel under the map: the chosen ship, one that has left the radar, or the fleet as a whole.
import { h } from "./dom";
import { FleetPanel, type FleetFacts } from "./fleetpanel";
import { ShipPanel, type PanelFacts } from "./shippanel";
import { PANEL } from "./texts";

export class Dock {
  private readonly fleet = new FleetPanel();
  private ship: ShipPanel | null = null;
  private showing: unknown = null;

  constructor(
    private readonly place: HTMLElement,
    starred: (ship: string) => void,
  ) {
    place.addEventListener("click", (event) => {
      const ship = (event.target as HTMLElement).closest<HTMLElement>("[data-star]")?.dataset["star"];
      if (ship) starred(ship);
    });
  }

  showFleet(facts: FleetFacts): void {
    this.fleet.show(facts);
    this.put(this.fleet, this.fleet.nodes);
  }

  showShip(facts: PanelFacts): void {
    const { ship } = facts.ship;
    if (this.ship?.name !== ship) this.ship = new ShipPanel(ship);
    this.ship.show(facts);
    this.put(this.ship, this.ship.nodes);
  }

  /** A ship that the radar doesn't know, from a shared address or an old event. */
  showGone(name: string): void {
    this.put(name, this.showing === name ? [] : [h("div", { class: "ident" }, h("div", { class: "name" }, h("span", { class: "mono" }, name)), h("p", { class: "muted small" }, PANEL.gone))]);
  }

  private put(what: unknown, nodes: Node[]): void {
    if (this.showing === what) return;
    this.showing = what;
    this.place.replaceChildren(...nodes);
  }
}
