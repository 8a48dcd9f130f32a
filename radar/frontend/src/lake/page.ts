// The lake's page: brings tables, tabs, editor, runs and results together.
import { h, need, say } from "../dom";
import { age, number } from "../format";
import { download, plan, query, Refusal, tables, type Source, type Table } from "./api";
import { Editor } from "./editor";
import { EXAMPLES, type Example } from "./examples";
import { keep, load, titled, type Kept, type Piece } from "./kept";
import { ResultPanel } from "./result";
import { Saved } from "./saved";
import { offsetOf, statementAt, type Statement } from "./statements";
import { Tabs } from "./tabs";
import { Tree } from "./tree";
import { WAREHOUSE_EXAMPLES } from "./warehouse";

const TABLES_EVERY_MS = 30_000;
const LONGEST_LINK = 6_000;

class LakePage {
  private readonly csrf = need<HTMLElement>("#main").dataset["csrf"] ?? "";
  private readonly source: Source = need<HTMLElement>("#main").dataset["source"] === "warehouse" ? "warehouse" : "lake";
  private readonly examples: readonly Example[] = this.source === "lake" ? EXAMPLES : WAREHOUSE_EXAMPLES;
  private readonly kept: Kept = load(this.source);
  private readonly editor: Editor;
  private readonly panel = new ResultPanel();
  private readonly tabs = new Tabs(need("#tabs"), { open: (index) => this.open(index), close: (index) => this.close(index) });
  private readonly tree = new Tree(need("#tree"), (name) => this.editor.insert(name));
  private readonly saved = new Saved(need("#saved"), { open: (piece) => this.add(piece), drop: (piece) => this.drop(piece) });
  private known: readonly Table[] = [];
  private running: AbortController | null = null;
  private last: Statement | null = null;

  constructor() {
    const asked = new URLSearchParams(location.search).get("q");
    if (asked && !this.kept.tabs.some((tab) => tab.sql === asked)) this.kept.tabs.push({ title: titled(asked, "From a link"), sql: asked });
    if (asked) this.kept.open = this.kept.tabs.findIndex((tab) => tab.sql === asked);
    if (this.kept.tabs.length === 0) this.kept.tabs.push({ ...(this.examples[0] as Piece) });
    this.editor = new Editor(need("#editor"), this.tab.sql, this.source, { run: () => void this.run(), changed: () => this.changed() });
    this.controls();
    this.draw();
    void this.loadTables();
    setInterval(() => !document.hidden && void this.loadTables(), TABLES_EVERY_MS);
    setInterval(() => this.freshness(), 1_000);
    this.panel.note("Nothing has run yet. Run executes the statement at the cursor.");
    this.editor.focus();
  }

  private get tab(): Piece {
    return this.kept.tabs[this.kept.open] as Piece;
  }

  private async loadTables(): Promise<void> {
    try {
      this.known = (await tables(this.source)).tables;
      this.tree.show(this.known);
      this.editor.know(this.known);
      need("#tables-trouble").setAttribute("hidden", "");
    } catch (error) {
      say(need("#tables-why"), error instanceof Error ? error.message : "The tables can't be listed.");
      need("#tables-trouble").removeAttribute("hidden");
    }
    need("#tree").removeAttribute("aria-busy");
    this.draw();
    this.freshness();
  }

  private freshness(): void {
    const newest = Math.max(...this.known.map((table) => (table.committed ? Date.parse(table.committed) : 0)));
    say(need("#fresh"), newest > 0 ? `Newest commit ${age(Date.now() - newest).replace(/\.\d s/, " s")} ago` : "");
  }

  private async run(explain = false): Promise<void> {
    const text = this.editor.text;
    const statement = statementAt(text, this.editor.cursor);
    if (!statement || this.running) return;
    this.last = statement;
    this.editor.mark(null);
    await this.during(async (signal) => {
      if (explain) this.panel.explain(await plan(this.source, statement.text, this.csrf, signal));
      else {
        const answer = await query(this.source, statement.text, this.csrf, signal);
        this.panel.take(answer);
        say(need("#voice"), `${number(answer.row_count)} rows in ${number(answer.seconds, 2)} s.`);
        this.remember(statement);
      }
    }, (refusal) => this.explainRefusal(refusal, statement));
  }

  /** Runs something that Stop can end, with the time in the run bar. */
  private async during(work: (signal: AbortSignal) => Promise<void>, refused: (refusal: Refusal) => void): Promise<void> {
    const control = (this.running = new AbortController());
    const began = performance.now();
    const waiting = setTimeout(() => this.panel.wait(), 300);
    const ticking = setInterval(() => say(need("#elapsed"), `Running ${number((performance.now() - began) / 1000, 1)} s`), 100);
    this.busy(true);
    try {
      await work(control.signal);
    } catch (error) {
      if (control.signal.aborted) this.panel.note(`Stopped after ${number((performance.now() - began) / 1000, 1)} s.`);
      else refused(error instanceof Refusal ? error : new Refusal(String(error), 0));
    } finally {
      clearTimeout(waiting);
      clearInterval(ticking);
      this.running = null;
      this.busy(false);
    }
  }

  private explainRefusal(refusal: Refusal, statement: Statement): void {
    const at = refusal.line && refusal.column ? offsetOf(statement, refusal.line, refusal.column) : null;
    const again = button("Try again", () => void this.run());
    const actions = refusal.status === 401 ? [signIn()] : [again];
    if (at !== null && this.editor.text.slice(statement.from, statement.to) === statement.text) {
      this.editor.mark(at);
      actions.unshift(button("Show the place", () => this.editor.go(at)));
    }
    this.panel.refuse(refusal, actions);
  }

  private busy(on: boolean): void {
    const had = document.activeElement;
    need("#run").toggleAttribute("hidden", on);
    need("#stop").toggleAttribute("hidden", !on);
    need("#elapsed").toggleAttribute("hidden", !on);
    say(need("#elapsed"), on ? "Running 0.0 s" : "");
    for (const one of document.querySelectorAll<HTMLButtonElement>("#explain, [data-download]")) one.disabled = on;
    if (on && had?.id === "run") need<HTMLElement>("#stop").focus();
    if (!on && had?.id === "stop") need<HTMLElement>("#run").focus();
  }

  private remember(statement: Statement): void {
    this.tab.ran = Date.now();
    for (const piece of this.kept.saved) if (piece.title === this.tab.title) piece.ran = this.tab.ran;
    const address = new URL(location.href);
    if (statement.text.length <= LONGEST_LINK) address.searchParams.set("q", this.tab.sql.length <= LONGEST_LINK ? this.tab.sql : statement.text);
    else address.searchParams.delete("q");
    history.replaceState(null, "", address);
    this.draw();
  }

  private changed(): void {
    this.tab.sql = this.editor.text;
    keep(this.source, this.kept);
  }

  private open(index: number): void {
    this.kept.open = index;
    this.editor.open(this.tab.sql);
    this.editor.know(this.known);
    this.draw();
  }

  private add(piece: Piece): void {
    const there = this.kept.tabs.findIndex((tab) => tab.title === piece.title && tab.sql === piece.sql);
    if (there < 0) this.kept.tabs.push({ title: piece.title, sql: piece.sql });
    this.open(there < 0 ? this.kept.tabs.length - 1 : there);
    this.editor.focus();
  }

  private close(index: number): void {
    this.kept.tabs.splice(index, 1);
    this.open(Math.min(index, this.kept.tabs.length - 1));
  }

  private drop(piece: Piece): void {
    this.kept.saved = this.kept.saved.filter((one) => one !== piece);
    this.draw();
  }

  private save(title: string): void {
    this.tab.title = title;
    this.kept.saved = [{ ...this.tab }, ...this.kept.saved.filter((one) => one.title !== title)];
    this.draw();
    say(need("#voice"), `Saved as ${title} in this browser.`);
  }

  private draw(): void {
    keep(this.source, this.kept);
    this.tabs.draw(this.kept.tabs, this.kept.open);
    const names = new Set(this.known.map((table) => table.name));
    this.saved.draw(this.kept.saved, this.examples.filter((one) => names.size === 0 || one.needs.every((name) => names.has(name))));
  }

  private async load(format: "csv" | "parquet"): Promise<void> {
    const statement = this.last;
    if (!statement || this.running) return;
    await this.during(async (signal) => {
      const link = h("a", { href: URL.createObjectURL(await download(this.source, statement.text, format, this.csrf, signal)), download: `${this.tab.title.replace(/\W+/g, "-").toLowerCase()}.${format}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      need("#result").classList.remove("stale");
    }, (refusal) => this.panel.refuse(refusal, [button("Try again", () => void this.load(format))]));
  }

  private async copy(): Promise<void> {
    const address = new URL("/lake/", location.href);
    if (this.source !== "lake") address.searchParams.set("source", this.source);
    address.searchParams.set("q", this.tab.sql);
    const words = this.tab.sql.length > LONGEST_LINK ? "This query is too long for a link." : await navigator.clipboard.writeText(address.href).then(() => "Link copied.", () => "The browser did not let the link be copied; it stands in the address bar after a run.");
    say(need("#voice"), words);
    say(need("#copied"), words);
    setTimeout(() => say(need("#copied"), ""), 6_000);
  }

  private controls(): void {
    const dialog = need<HTMLDialogElement>("#save-as");
    const name = need<HTMLInputElement>("#save-name");
    need("#run").addEventListener("click", () => void this.run());
    need("#stop").addEventListener("click", () => this.running?.abort());
    need("#explain").addEventListener("click", () => void this.run(true));
    need("#copy").addEventListener("click", () => void this.copy());
    need("#new").addEventListener("click", () => this.add({ title: `Query ${this.kept.tabs.length + 1}`, sql: "" }));
    need("#tables-again").addEventListener("click", () => void this.loadTables());
    need("#find").addEventListener("input", (event) => this.tree.find((event.target as HTMLInputElement).value));
    need("#save").addEventListener("click", () => {
      name.value = titled(this.tab.sql, this.tab.title);
      dialog.showModal();
      name.select();
    });
    dialog.addEventListener("close", () => dialog.returnValue === "save" && name.value.trim() && this.save(name.value.trim()));
    for (const one of document.querySelectorAll<HTMLElement>("[data-download]")) one.addEventListener("click", () => void this.load(one.dataset["download"] as "csv" | "parquet"));
    const side = need("#side-switch");
    side.addEventListener("click", () => side.setAttribute("aria-expanded", String(need("#main").classList.toggle("with-side"))));
  }
}

function button(words: string, act: () => void): HTMLElement {
  const one = h("button", { type: "button", class: "btn" }, words);
  one.addEventListener("click", act);
  return one;
}

function signIn(): HTMLElement {
  return h("a", { class: "btn", href: `/login/?${new URLSearchParams({ next: location.pathname + location.search }).toString()}` }, "Sign in");
}

new LakePage();
