// One row of the fleet table: a ship, or the heading of a group.
import { h, say } from "./dom";
import { healthOf } from "./filters";
import { ABSENT, minutes, number, shortAge } from "./format";
import { linkOf, type Mark } from "./honesty";
import { markIcon, WORDS } from "./marks";
import type { Assessed, Group, Heading } from "./order";
import { routeBar } from "./routebar";
import { TABLE } from "./texts";
import { arrivesIn, share, type Planet } from "./world";

export interface RowFacts {
  planets: Map<string, Planet>;
  now: number;
  connected: boolean;
  chosen: string | null;
  lit: string | null;
  /** Where Tab goes into the table. */
  stop: string | null;
  favourites: ReadonlySet<string>;
}

export class ShipRow {
  private readonly cells = {
    mark: h("td"),
    ship: h("td", { class: "name" }),
    target: h("td"),
    route: h("td", { class: "route" }),
    health: h("td", { class: "num" }),
    eta: h("td", { class: "num eta" }),
    seen: h("td", { class: "num" }),
  };
  private readonly star: HTMLButtonElement;
  readonly element: HTMLTableRowElement;
  private mark: Mark | null = null;
  private route = "";

  constructor(name: string) {
    this.star = starButton(name);
    this.star.tabIndex = -1;
    this.cells.ship.append(h("span", { class: "mono" }, name), this.star);
    this.element = h("tr", { "data-ship": name }, ...Object.values(this.cells));
  }

  update({ ship, mark }: Assessed, facts: RowFacts): void {
    const { cells, element } = this;
    const link = linkOf(ship, facts.now, facts.connected);
    const chosen = facts.chosen === ship.ship;
    element.dataset["state"] = link;
    element.dataset["mark"] = mark;
    element.dataset["x"] = String(ship.x);
    element.dataset["y"] = String(ship.y);
    element.classList.toggle("sel", chosen);
    element.classList.toggle("old", link === "ended");
    element.classList.toggle("lit", facts.lit === ship.ship);
    element.setAttribute("aria-selected", String(chosen));
    element.tabIndex = facts.stop === ship.ship ? 0 : -1;
    setStar(this.star, facts.favourites.has(ship.ship));
    this.draw(ship, mark, facts);
    const eta = link === "live" ? arrivesIn(ship, facts.planets) : null;
    say(cells.target, ship.target);
    say(cells.health, mark === "failure" ? "0" : number(healthOf(ship, mark), 2));
    say(cells.eta, link === "live" && ship.phase === "ON_PLANET" ? TABLE.landed : eta === null ? ABSENT : minutes(eta));
    say(cells.seen, shortAge(facts.now - ship.seen));
    cells.seen.classList.toggle("warn", link === "late");
  }

  /** Mark and route, which seldom change. */
  private draw(ship: Assessed["ship"], mark: Mark, facts: RowFacts): void {
    if (this.mark !== mark) {
      this.cells.mark.replaceChildren(markIcon(mark, 12), h("span", { class: "vh" }, WORDS[mark]));
    }
    const part = Math.round(share(ship, facts.planets) * 40) / 40;
    const route = `${ship.phase}${part}${mark}`;
    if (this.route !== route) this.cells.route.replaceChildren(routeBar(ship, part, mark));
    this.mark = mark;
    this.route = route;
  }
}

/** A star that marks a ship as a favourite. */
export function starButton(ship: string): HTMLButtonElement {
  return h("button", { class: "star", type: "button", "data-star": ship, "aria-pressed": "false", "aria-label": TABLE.favouriteOf(ship), title: TABLE.favourite }, "☆");
}

export function setStar(star: HTMLButtonElement, on: boolean): void {
  star.setAttribute("aria-pressed", String(on));
  say(star, on ? "★" : "☆");
}

export function headingRow(group: Group): HTMLTableRowElement {
  return h("tr", { class: "grp", "data-group": group }, h("td", { colspan: "6" }), h("td", { class: "eta" }));
}

export function sayHeading(row: HTMLTableRowElement, heading: Heading): void {
  say(row.cells[0] as Element, `${TABLE.groups[heading.group]}, ${number(heading.count)}`);
}
