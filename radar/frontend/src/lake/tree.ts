// The lake's tables with their columns; a click puts a name into the query.
import { h, svg } from "../dom";
import { number } from "../format";
import type { Table, TableColumn } from "./api";
import { short, size } from "./values";

const MAIN = "telemetry.raw";
const TRANSFORMS: Record<string, string> = { identity: "partition", day: "partition by day", hour: "partition by hour", month: "partition by month" };

export class Tree {
  private tables: readonly Table[] = [];
  private readonly folded = new Map<string, boolean>();
  private wanted = "";

  constructor(
    private readonly host: HTMLElement,
    private readonly chosen: (name: string) => void,
  ) {}

  show(tables: readonly Table[]): void {
    this.tables = [...tables].sort((a, b) => Number(b.name === MAIN) - Number(a.name === MAIN) || a.name.localeCompare(b.name));
    for (const table of tables) if (!this.folded.has(table.name)) this.folded.set(table.name, table.name !== MAIN);
    this.draw();
  }

  find(words: string): void {
    this.wanted = words.trim().toLowerCase();
    this.draw();
  }

  private draw(): void {
    const items = this.tables.flatMap((table) => this.table(table));
    this.host.replaceChildren(...(items.length > 0 ? items : [h("li", { class: "muted none" }, `No table or column is called ${this.wanted}.`)]));
  }

  private table(table: Table): HTMLElement[] {
    const itself = !this.wanted || table.name.includes(this.wanted) || table.comment.toLowerCase().includes(this.wanted);
    const columns = this.wanted ? table.columns.filter((one) => this.fits(one)) : table.columns;
    if (!itself && columns.length === 0) return [];
    const shut = this.wanted ? columns.length === 0 : this.folded.get(table.name) === true;
    const fold = h("button", { type: "button", class: "fold", "aria-expanded": String(!shut), "aria-label": `Columns of ${table.name}` }, chevron());
    fold.addEventListener("click", () => {
      this.folded.set(table.name, !shut);
      this.draw();
      [...this.host.querySelectorAll<HTMLElement>(".fold")].find((one) => one.getAttribute("aria-label")?.endsWith(table.name))?.focus();
    });
    const facts = `${table.comment ? `${table.comment}. ` : ""}${number(table.rows)} rows, ${size(table.bytes)}.`;
    const head = h("li", { class: "t" }, fold, this.name(table.name, table.name, facts), h("span", { class: "ty", title: `${number(table.rows)} rows` }, short(table.rows)));
    return shut ? [head] : [head, ...(columns.length > 0 ? columns : table.columns).map((column) => this.column(column))];
  }

  private column(column: TableColumn): HTMLElement {
    const said = column.comment ? `${column.name}: ${column.comment}` : column.name;
    const mark = column.partition ? h("span", { class: "part", title: TRANSFORMS[column.partition] ?? column.partition }, "partition") : null;
    return h("li", { class: "c" }, this.name(column.name, column.name, said), h("span", { class: "ty" }, column.type.replace("timestamptz", "timestamp")), mark);
  }

  private name(text: string, words: string, said: string): HTMLElement {
    const button = h("button", { type: "button", class: "put", title: said }, text);
    button.addEventListener("click", () => this.chosen(words));
    return button;
  }

  private fits(column: TableColumn): boolean {
    return column.name.includes(this.wanted) || column.comment.toLowerCase().includes(this.wanted);
  }
}

function chevron(): SVGElement {
  return svg("svg", { class: "i", width: 11, height: 11, viewBox: "0 0 12 12", "aria-hidden": "true" }, svg("path", { d: "m4 2 4 4-4 4", fill: "none", stroke: "currentColor", "stroke-width": 1.5 }));
}
