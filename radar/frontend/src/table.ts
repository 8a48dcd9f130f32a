// The fleet table: the map's full equivalent for keyboard and screen reader. Only rows in view are in the page.
import { arrange } from "./arrange";
import { h, say } from "./dom";
import { number } from "./format";
import { entriesOf, FIRST_SORT, held, stepFrom, stepWithin, type Assessed, type Entry, type Group, type Sort } from "./order";
import { headingRow, sayHeading, ShipRow, type RowFacts } from "./row";
import { inView, scrollTo, withKept, type Span } from "./rowwindow";
import { listenToTable, type TableListener } from "./tableinput";
import { TABLE } from "./texts";

const OVER = 8;

export interface TableParts {
  scroller: HTMLElement;
  table: HTMLTableElement;
  heads: HTMLElement;
  body: HTMLElement;
  /** Brings in what waits. */
  fresh: HTMLButtonElement;
}

export interface TableFacts extends Omit<RowFacts, "lit" | "stop"> {
  ships: Assessed[];
}

export class FleetTable {
  private entries: Entry[] = [];
  private places = new Map<string, number>();
  private readonly rows = new Map<string, ShipRow>();
  private readonly headings = new Map<Group, HTMLTableRowElement>();
  private readonly pads: HTMLTableRowElement[] = [];
  private facts: TableFacts | null = null;
  private sort = FIRST_SORT;
  private lit: string | null = null;
  /** Which row has the focus, or had it last. */
  private current: string | null = null;
  private pointed = false;
  private rowHeight = 26;
  private loose = false;

  constructor(
    private readonly parts: TableParts,
    listener: TableListener,
  ) {
    listenToTable(parts, this, listener);
    // The page scrolls on a phone, and else the panel: either way what is in view changes.
    document.addEventListener("scroll", () => this.draw(), { capture: true, passive: true });
    parts.body.addEventListener("pointerenter", (event) => (this.pointed = event.pointerType === "mouse"));
    parts.body.addEventListener("pointerleave", () => (this.pointed = false));
    parts.fresh.addEventListener("click", () => this.renew());
    this.sorted = FIRST_SORT;
  }

  get sorted(): Sort {
    return this.sort;
  }

  set sorted(sort: Sort) {
    this.sort = sort;
    for (const head of this.parts.heads.querySelectorAll<HTMLElement>("th")) {
      const by = head.querySelector<HTMLElement>("[data-sort]")?.dataset["sort"];
      if (by === sort.by) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    }
    this.renew();
  }

  update(facts: TableFacts): void {
    this.facts = facts;
    const fresh = entriesOf(facts.ships, this.sort, facts.planets);
    const { entries, waiting } = this.holds && !this.loose ? held(this.entries, fresh) : { entries: fresh, waiting: 0 };
    this.loose = false;
    this.entries = entries;
    this.places.clear();
    entries.forEach((entry, at) => "ship" in entry && this.places.set(entry.ship.ship, at));
    this.parts.fresh.hidden = waiting === 0;
    say(this.parts.fresh, TABLE.waiting(number(waiting)));
    this.draw();
  }

  /** Put all in order now, whatever is under the pointer: somebody has asked for another view. */
  renew(): void {
    this.loosen();
    if (this.facts) this.update(this.facts);
  }

  /** The same, with the next update. */
  loosen(): void {
    this.loose = true;
  }

  /** The ship that comes so many places after another. */
  next(from: string | null, by: number, attention = false): string | null {
    return stepFrom(this.entries, from, by, attention);
  }

  within(from: string, by: number): string | null {
    return stepWithin(this.entries, from, by);
  }

  light(ship: string | null): void {
    if (this.lit) this.rows.get(this.lit)?.element.classList.remove("lit");
    this.lit = ship;
    if (ship) this.rows.get(ship)?.element.classList.add("lit");
  }

  /** The row with the focus, else the one where Tab enters. */
  get stop(): string | null {
    if (this.current && this.places.has(this.current)) return this.current;
    const chosen = this.facts?.chosen ?? null;
    return chosen && this.places.has(chosen) ? chosen : this.next(null, 1);
  }

  /** The ship whose row has the focus. */
  get focused(): string | null {
    const row = document.activeElement?.closest<HTMLElement>("tr[data-ship]");
    return row?.dataset["ship"] ?? null;
  }

  focus(ship: string | null): void {
    if (!ship) return;
    this.current = ship;
    this.draw();
    this.rows.get(ship)?.element.focus();
  }

  /** Scroll the panel, and never the page, so that a ship's row is in view. */
  reveal(ship: string): void {
    const { scroller, heads } = this.parts;
    const at = this.places.get(ship);
    if (at === undefined || scroller.scrollHeight <= scroller.clientHeight) return;
    scroller.scrollTop = scrollTo(at, this.rowHeight, scroller.scrollTop, scroller.clientHeight - heads.offsetHeight);
  }

  get pageSize(): number {
    const { from, to } = this.inSight();
    return Math.max(1, to - from - 2 * OVER);
  }

  /** Nothing may move under the pointer, or under the focus of somebody who works by keyboard. */
  private get holds(): boolean {
    const focused = document.activeElement;
    return this.pointed || (focused !== null && this.parts.body.contains(focused) && focused.matches(":focus-visible"));
  }

  private inSight(): Span {
    const { scroller, body, heads } = this.parts;
    const view = scroller.getBoundingClientRect();
    const top = Math.max(0, view.top + heads.offsetHeight);
    const above = top - body.getBoundingClientRect().top;
    return inView(this.entries.length, this.rowHeight, above, Math.min(innerHeight, view.bottom) - top, OVER);
  }

  private draw(): void {
    const { facts, parts } = this;
    if (!facts) return;
    const focused = parts.body.contains(document.activeElement) ? (document.activeElement?.closest<HTMLElement>("tr") ?? null) : null;
    const { stop } = this;
    const kept = [focused?.dataset["ship"], stop, this.current].map((ship) => this.places.get(ship ?? "") ?? -1);
    const spans = withKept(this.inSight(), kept, this.entries.length);
    arrange(parts.body, this.nodes(spans, { ...facts, lit: this.lit, stop }), focused);
    this.forget();
    parts.table.setAttribute("aria-rowcount", String(this.entries.length + 1));
    this.measure();
  }

  private nodes(spans: Span[], facts: RowFacts): HTMLElement[] {
    const nodes: HTMLElement[] = [];
    let at = 0;
    let pads = 0;
    const pad = (rows: number): unknown => rows > 0 && nodes.push(this.pad(pads++, rows));
    for (const { from, to } of spans) {
      pad(from - at);
      for (at = from; at < to; at++) {
        const entry = this.entries[at];
        if (!entry) continue;
        const row = "ship" in entry ? this.shipRow(entry, facts) : this.heading(entry);
        row.setAttribute("aria-rowindex", String(at + 2));
        nodes.push(row);
      }
    }
    pad(this.entries.length - at);
    return nodes;
  }

  private shipRow(entry: Assessed, facts: RowFacts): HTMLTableRowElement {
    const name = entry.ship.ship;
    let row = this.rows.get(name);
    if (!row) this.rows.set(name, (row = new ShipRow(name)));
    row.update(entry, facts);
    return row.element;
  }

  private heading(entry: Extract<Entry, { group: Group }>): HTMLTableRowElement {
    let row = this.headings.get(entry.group);
    if (!row) this.headings.set(entry.group, (row = headingRow(entry.group)));
    sayHeading(row, entry);
    return row;
  }

  /** An empty row as high as those that it stands for. */
  private pad(at: number, rows: number): HTMLTableRowElement {
    const pad = (this.pads[at] ??= h("tr", { class: "pad", "aria-hidden": "true" }, h("td", { colspan: "6" })));
    const cell = pad.cells[0] as HTMLTableCellElement;
    const height = `${rows * this.rowHeight}px`;
    if (cell.style.height !== height) cell.style.height = height;
    return pad;
  }

  private forget(): void {
    for (const [name, row] of this.rows) if (!row.element.isConnected) this.rows.delete(name);
  }

  /** Larger letters, and fingers, make rows higher. */
  private measure(): void {
    for (const { element } of this.rows.values()) {
      const height = element.getBoundingClientRect().height;
      if (height > 0 && Math.abs(height - this.rowHeight) > 0.01) {
        this.rowHeight = height;
        this.draw();
      }
      return;
    }
  }
}
