// An answer as a table. Rows are made as they are scrolled to: ten thousand at once would stop the page.
import { h } from "../dom";
import type { Answer } from "./api";
import { digitsOf, isNumber, shown } from "./values";

const AT_ONCE = 200;
const LONGEST = 300;

export class Grid {
  private readonly body = h("tbody");
  private readonly end = h("tr", { "aria-hidden": "true" });
  private readonly watcher: IntersectionObserver;
  private readonly digits: readonly (number | null)[];
  private made = 0;
  private lit: Element | null = null;

  constructor(
    private readonly host: HTMLElement,
    private readonly answer: Answer,
    private readonly hovered: (row: number | null) => void,
  ) {
    this.digits = answer.columns.map((column, at) => digitsOf(answer.rows.map((row) => row[at] ?? null), column.type));
    const heads = answer.columns.map((column) => h("th", { scope: "col", class: isNumber(column.type) ? "num" : "" }, h("span", { class: "mono" }, column.name), h("small", {}, column.type.toLowerCase().replace("timestamp with time zone", "timestamp, utc"))));
    const table = h("table", { "aria-label": "Result", "aria-rowcount": String(answer.rows.length + 1) }, h("thead", {}, h("tr", {}, h("th", { class: "rn", scope: "col" }, h("span", { class: "vh" }, "Row")), ...heads)), this.body);
    this.watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && this.more(), { root: host, rootMargin: "600px" });
    this.body.addEventListener("pointerover", (event) => this.hovered(this.rowOf(event.target)));
    this.body.addEventListener("pointerleave", () => this.hovered(null));
    this.more();
    host.replaceChildren(table);
    host.scrollTo(0, 0);
  }

  /** Lights a row, and shows it. */
  light(row: number | null): void {
    this.lit?.classList.remove("sel");
    this.lit = row === null ? null : (this.body.children[row] ?? null);
    this.lit?.classList.add("sel");
  }

  leave(): void {
    this.watcher.disconnect();
    this.host.replaceChildren();
  }

  private more(): void {
    this.watcher.unobserve(this.end);
    this.end.remove();
    const { rows, columns } = this.answer;
    const next = rows.slice(this.made, this.made + AT_ONCE).map((row, index) => {
      const cells = row.map((value, at) => {
        const type = columns[at]?.type ?? "";
        const text = shown(value, type, this.digits[at]);
        return h("td", { class: isNumber(type) ? "num" : value === null ? "muted" : "" }, text.length > LONGEST ? `${text.slice(0, LONGEST)}\u2026` : text);
      });
      return h("tr", { "aria-rowindex": String(this.made + index + 2) }, h("td", { class: "rn" }, String(this.made + index + 1)), ...cells);
    });
    this.made += next.length;
    this.body.append(...next);
    if (this.made < rows.length) {
      this.body.append(this.end);
      this.watcher.observe(this.end);
    }
  }

  private rowOf(target: EventTarget | null): number | null {
    const row = target instanceof Element ? target.closest("tr") : null;
    const index = row ? [...this.body.children].indexOf(row) : -1;
    return index >= 0 && index < this.answer.rows.length ? index : null;
  }
}
