// The lower half of the page: an answer as table, chart or both; a plan; why there is none.
import { h, need, say } from "../dom";
import { clock, number } from "../format";
import { markIcon } from "../marks";
import type { Answer, Refusal } from "./api";
import { Chart } from "./chart";
import { along, choose, MOST_LINES, numeric, type Choice } from "./choose";
import { Grid } from "./grid";
import { size } from "./values";

const MOST_CHIPS = 6;

export type Show = "table" | "chart" | "both";

export class ResultPanel {
  private readonly parts = need<HTMLElement>("#parts");
  private readonly figures = need<HTMLElement>("#figures");
  private readonly message = need<HTMLElement>("#message");
  private grid: Grid | null = null;
  private chart: Chart | null = null;
  private answer: Answer | null = null;
  private choice: Choice | null = null;
  private show: Show = "both";

  constructor() {
    for (const button of document.querySelectorAll<HTMLElement>("[data-show]")) button.addEventListener("click", () => this.turn(button.dataset["show"] as Show));
    addEventListener("themechange", () => this.draw());
  }

  /** Shows an answer. */
  take(answer: Answer): void {
    this.clear();
    this.answer = answer;
    this.choice = choose(answer);
    const rows = `${number(answer.row_count)} ${answer.row_count === 1 ? "row" : "rows"}`;
    const facts = [`${number(answer.seconds, 2)} s`, answer.table_bytes ? `from tables of ${size(answer.table_bytes)}` : "", answer.snapshot ? `snapshot of ${clock(Date.parse(answer.snapshot))} UTC` : ""];
    this.figures.replaceChildren(h("span", { class: "st" }, markIcon(answer.truncated ? "warn" : "ended", 12), h("b", {}, answer.truncated ? `First ${rows}` : rows)), ...facts.filter(Boolean).map((fact) => h("span", { class: "soft" }, fact)));
    if (answer.truncated) this.figures.append(h("span", { class: "soft" }, "cut at the limit"));
    if (answer.row_count === 0) return this.say([h("p", {}, h("b", {}, "No row fits this query. ")), h("p", {}, "Widen event_time or another condition, and run it again.")], "empty");
    need("#tools").removeAttribute("hidden");
    this.parts.removeAttribute("hidden");
    this.grid = new Grid(need("#grid"), answer, (row) => this.chart?.point(row));
    this.draw();
  }

  /** Shows what EXPLAIN told. */
  explain(plan: string): void {
    this.clear();
    this.figures.replaceChildren(h("span", { class: "st" }, markIcon("ended", 12), h("b", {}, "Plan, as it ran")));
    this.say([h("pre", { class: "plan mono", tabindex: "0", "aria-label": "Plan" }, plan)], "");
  }

  /** Says why there is no answer. */
  refuse(refusal: Refusal, actions: readonly HTMLElement[]): void {
    this.clear();
    this.figures.replaceChildren(h("span", { class: "st" }, markIcon("bad", 12), h("b", {}, "No result")));
    this.say([h("p", { id: "why", role: "alert" }, refusal.message), h("p", { class: "acts" }, ...actions)], "trouble");
  }

  /** Says something else in place of a result. */
  note(words: string): void {
    this.clear();
    this.say([h("p", {}, words)], "empty");
  }

  /** Greys what an earlier query brought while the next runs. */
  wait(): void {
    need("#result").classList.add("stale");
  }

  private clear(): void {
    this.grid?.leave();
    this.chart?.leave();
    this.grid = this.chart = this.answer = this.choice = null;
    need("#result").classList.remove("stale");
    need("#tools").setAttribute("hidden", "");
    this.parts.setAttribute("hidden", "");
    this.message.setAttribute("hidden", "");
    this.figures.replaceChildren();
  }

  private say(children: HTMLElement[], kind: string): void {
    this.message.className = `message ${kind}`;
    this.message.replaceChildren(...children);
    this.message.removeAttribute("hidden");
  }

  private turn(show: Show): void {
    this.show = show;
    this.draw();
  }

  private draw(): void {
    const drawn = this.choice ? this.show : "table";
    for (const button of document.querySelectorAll<HTMLButtonElement>("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset["show"] === drawn));
      button.disabled = button.dataset["show"] !== "table" && !this.choice;
    }
    this.parts.dataset["shown"] = drawn;
    this.chart?.leave();
    this.chart = null;
    if (!this.answer || !this.choice) return;
    this.controls(this.answer, this.choice);
    if (drawn !== "table") this.chart = new Chart(need("#chart"), this.answer, this.choice, (row) => this.grid?.light(row));
  }

  /** Which columns are drawn: chips upward, a list along. */
  private controls(answer: Answer, choice: Choice): void {
    const could = numeric(answer).filter((index) => index !== choice.x);
    const few = could.length <= MOST_CHIPS;
    const chips: HTMLElement[] = could.filter((index) => few || choice.y.includes(index)).map((index) => {
      const on = choice.y.includes(index);
      const chip = h("button", { type: "button", class: "chip", "aria-pressed": String(on) }, answer.columns[index]?.name ?? "");
      chip.addEventListener("click", () => this.choose(choice.x, on ? choice.y.filter((one) => one !== index) : [...choice.y, index]));
      return chip;
    });
    if (!few) {
      const more = h("select", { "aria-label": "Draw another column" }, h("option", { value: "" }, "Add"), ...could.filter((index) => !choice.y.includes(index)).map((index) => h("option", { value: String(index) }, answer.columns[index]?.name ?? "")));
      more.addEventListener("change", () => this.choose(choice.x, [...choice.y, Number(more.value)].slice(-MOST_LINES)));
      chips.push(h("span", { class: "field" }, more));
    }
    const list = h("select", { "aria-label": "Column along" }, ...answer.columns.map((column, index) => h("option", { value: String(index), selected: index === choice.x }, column.name)));
    list.addEventListener("change", () => this.choose(Number(list.value), choice.y.filter((one) => one !== Number(list.value))));
    need("#drawn").replaceChildren(h("span", {}, { line: "Line of", point: "Points of", bar: "Bars of" }[choice.kind]), ...chips, h("span", {}, "by"), h("span", { class: "field" }, list));
  }

  private choose(x: number, y: readonly number[]): void {
    if (!this.answer) return;
    const wanted = y.length > 0 ? y : numeric(this.answer).filter((index) => index !== x).slice(0, 1);
    const latest = along(this.answer, x, wanted).kind === "bar" ? wanted.slice(-2) : wanted;
    if (wanted.length > 0) this.choice = along(this.answer, x, latest);
    this.draw();
    say(need("#voice"), "The chart is drawn anew.");
  }
}
