// The fleet table: the map's full equivalent for keyboard and screen reader.
import { h, say, svg } from "./dom";
import { ABSENT, minutes, number, shortAge } from "./format";
import { linkOf, markOf, type Mark } from "./honesty";
import { markIcon, NEEDS_ATTENTION, ORDER, WORDS } from "./marks";
import type { ShipState } from "./protocol";
import { arrivesIn, share, type Planet } from "./world";

export type Column = "state" | "ship" | "target" | "health" | "eta" | "seen";

export interface TableFacts {
  ships: ShipState[];
  planets: Map<string, Planet>;
  now: number;
  connected: boolean;
  chosen: string | null;
}

interface Row {
  element: HTMLTableRowElement;
  cells: Record<"mark" | "ship" | "target" | "route" | "health" | "eta" | "seen", HTMLTableCellElement>;
  mark: Mark | null;
  route: string;
}

export class FleetTable {
  sort: { by: Column; down: boolean } = { by: "state", down: false };
  private readonly rows = new Map<string, Row>();

  constructor(
    private readonly body: HTMLElement,
    private readonly heads: HTMLElement,
    private readonly choose: (ship: string, open: boolean) => void,
    private readonly hover: (ship: string | null) => void,
    private readonly sorted: () => void,
  ) {
    heads.addEventListener("click", (event) => {
      const by = (event.target as HTMLElement).closest<HTMLElement>("[data-sort]")?.dataset["sort"] as Column | undefined;
      if (!by) return;
      this.sort = { by, down: this.sort.by === by ? !this.sort.down : false };
      this.announce();
      this.sorted();
    });
    body.addEventListener("click", (event) => this.withShip(event, (ship) => this.choose(ship, false)));
    body.addEventListener("dblclick", (event) => this.withShip(event, (ship) => this.choose(ship, true)));
    body.addEventListener("mouseover", (event) => this.withShip(event, (ship) => this.hover(ship)));
    body.addEventListener("mouseleave", () => this.hover(null));
    body.addEventListener("keydown", (event) => this.key(event));
    this.announce();
  }

  update(facts: TableFacts): void {
    const marks = new Map(facts.ships.map((ship) => [ship.ship, markOf(ship, facts.now, facts.connected)]));
    const ships = [...facts.ships].sort((a, b) => this.compare(a, b, marks, facts));
    const wanted: Node[] = [];
    let group = "";
    for (const ship of ships) {
      const mark = marks.get(ship.ship) ?? "late";
      const next = this.sort.by === "state" ? groupOf(mark) : "";
      if (next !== group) wanted.push(this.groupRow(next, ships.filter((other) => groupOf(marks.get(other.ship) ?? "late") === next).length));
      group = next;
      wanted.push(this.row(ship, mark, facts));
    }
    for (const [name, row] of this.rows) {
      if (!marks.has(name)) {
        row.element.remove();
        this.rows.delete(name);
      }
    }
    arrange(this.body, wanted);
  }

  /** The ships in the order of the table. */
  order(): string[] {
    return [...this.body.querySelectorAll<HTMLElement>("tr[data-ship]")].map((row) => row.dataset["ship"] ?? "");
  }

  private groupRow(title: string, count: number): HTMLTableRowElement {
    const known = this.body.querySelector<HTMLTableRowElement>(`tr[data-group="${title}"]`);
    const row = known ?? h("tr", { class: "grp", "data-group": title }, h("td", { colspan: "7" }));
    say(row.cells[0] as Element, `${title}, ${count}`);
    return row;
  }

  private row(ship: ShipState, mark: Mark, facts: TableFacts): HTMLTableRowElement {
    const row = this.rows.get(ship.ship) ?? this.made(ship.ship);
    const { element, cells } = row;
    if (row.mark !== mark) {
      row.mark = mark;
      cells.mark.replaceChildren(markIcon(mark, 12), h("span", { class: "vh" }, WORDS[mark]));
    }
    const link = linkOf(ship, facts.now, facts.connected);
    const current = link === "live";
    element.dataset["state"] = link;
    element.dataset["mark"] = mark;
    element.dataset["x"] = String(ship.x);
    element.dataset["y"] = String(ship.y);
    element.className = [facts.chosen === ship.ship ? "sel" : "", link === "ended" ? "old" : ""].join(" ").trim();
    element.setAttribute("aria-selected", String(facts.chosen === ship.ship));
    element.tabIndex = facts.chosen === ship.ship || (!facts.chosen && facts.ships[0] === ship) ? 0 : -1;
    say(cells.target, ship.target);
    const eta = current ? arrivesIn(ship, facts.planets) : null;
    say(cells.health, mark === "failure" ? "0" : number(ship.total, 2));
    say(cells.eta, current && ship.phase === "ON_PLANET" ? "landed" : eta === null ? ABSENT : minutes(eta));
    say(cells.seen, shortAge(facts.now - ship.seen));
    cells.seen.classList.toggle("warn", link === "late");
    this.route(row, ship, mark, facts.planets);
    return element;
  }

  private route(row: Row, ship: ShipState, mark: Mark, planets: Map<string, Planet>): void {
    const part = Math.round(share(ship, planets) * 40) / 40;
    const key = `${ship.phase}${part}${mark}`;
    if (row.route === key) return;
    row.route = key;
    row.cells.route.replaceChildren(routeBar(ship, part, mark));
  }

  private made(name: string): Row {
    const cells = {
      mark: h("td"),
      ship: h("td", { class: "mono" }, name),
      target: h("td"),
      route: h("td", { class: "route" }),
      health: h("td", { class: "num" }),
      eta: h("td", { class: "num eta" }),
      seen: h("td", { class: "num" }),
    };
    const element = h("tr", { "data-ship": name }, ...Object.values(cells));
    const row: Row = { element, cells, mark: null, route: "" };
    this.rows.set(name, row);
    return row;
  }

  private compare(a: ShipState, b: ShipState, marks: Map<string, Mark>, facts: TableFacts): number {
    const { by, down } = this.sort;
    const rank = (ship: ShipState): number => ORDER.indexOf(marks.get(ship.ship) ?? "late");
    const by_name = a.ship.localeCompare(b.ship);
    const eta = (ship: ShipState): number => arrivesIn(ship, facts.planets) ?? Infinity;
    const found =
      by === "state" ? rank(a) - rank(b)
      : by === "target" ? a.target.localeCompare(b.target)
      : by === "health" ? a.total - b.total
      : by === "eta" ? compareNumbers(eta(a), eta(b))
      : by === "seen" ? b.seen - a.seen
      : by_name;
    return (down ? -found : found) || by_name;
  }

  private withShip(event: Event, action: (ship: string) => void): void {
    const ship = (event.target as HTMLElement).closest<HTMLElement>("tr[data-ship]")?.dataset["ship"];
    if (ship) action(ship);
  }

  private key(event: KeyboardEvent): void {
    const names = this.order();
    const here = names.indexOf((event.target as HTMLElement).closest<HTMLElement>("tr[data-ship]")?.dataset["ship"] ?? "");
    const to = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: names.length - 1 }[event.key];
    const name = names[to ?? here];
    if (event.key === "Enter" && name) this.choose(name, true);
    else if (event.key === " " && name) this.choose(name, false);
    else if (to !== undefined && name) {
      this.choose(name, false);
      this.rows.get(name)?.element.focus();
    } else return;
    event.preventDefault();
  }

  private announce(): void {
    for (const head of this.heads.querySelectorAll<HTMLElement>("th")) {
      const by = head.querySelector<HTMLElement>("[data-sort]")?.dataset["sort"];
      if (by === this.sort.by) head.setAttribute("aria-sort", this.sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
  }
}

function groupOf(mark: Mark): string {
  return NEEDS_ATTENTION.has(mark) ? "Needs attention" : mark === "ok" ? "On course" : "Home";
}

function compareNumbers(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** Puts nodes in order, and moves only those that are elsewhere, so that focus and hover stay. */
function arrange(parent: HTMLElement, wanted: Node[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.childNodes]) if (!keep.has(child)) child.remove();
  wanted.forEach((node, i) => {
    if (parent.childNodes[i] !== node) parent.insertBefore(node, parent.childNodes[i] ?? null);
  });
}

/** Upper rail out, lower rail back, the head is the ship. */
export function routeBar(ship: ShipState, part: number, mark: Mark): SVGElement {
  const back = ship.phase === "RETURNING" || ship.phase === "HOME";
  const landed = ship.phase === "ON_PLANET";
  const [left, length, y] = [4, 50, back ? 8.5 : 3.5];
  const x = landed ? left + length : back ? left + length * (1 - part) : left + length * part;
  const dash = mark === "lost" || mark === "failure" ? { "stroke-dasharray": "2 2" } : {};
  const label = landed ? "on the planet" : `${back ? "returning" : "outbound"} ${Math.round(part * 100)} %`;
  const head = landed ? svg("circle", { class: "rb-head", cx: x, cy: 6, r: 2.6 })
    : mark === "failure" ? svg("path", { class: "rb-cross", d: `M${x - 2.5} ${y - 2.5}l5 5m0-5l-5 5` })
    : svg("path", { class: "rb-head", d: back ? `M${x - 3} ${y}l5-3v6z` : `M${x + 3} ${y}l-5-3v6z` });
  return svg(
    "svg",
    { class: "i", width: 58, height: 12, viewBox: "0 0 58 12", role: "img", "aria-label": label },
    svg("path", { class: "rb-ends", d: `M${left} 2v8M${left + length} 2v8` }),
    svg("path", { class: "rb-rail", d: `M${left} ${y}H${left + length}` }),
    ...(landed ? [] : [svg("path", { class: "rb-way", d: back ? `M${left + length} ${y}H${x}` : `M${left} ${y}H${x}`, ...dash })]),
    head,
  );
}
