// The row of open queries.
import { h } from "../dom";
import type { Piece } from "./kept";

export class Tabs {
  constructor(
    private readonly host: HTMLElement,
    private readonly on: { open: (index: number) => void; close: (index: number) => void },
  ) {
    host.addEventListener("keydown", (event) => this.move(event));
  }

  draw(tabs: readonly Piece[], open: number): void {
    const focused = this.host.contains(document.activeElement);
    this.host.replaceChildren(...tabs.map((tab, index) => this.tab(tab, index, index === open, tabs.length > 1)));
    if (focused) this.host.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  }

  private tab(tab: Piece, index: number, on: boolean, closes: boolean): HTMLElement {
    const button = h("button", { type: "button", role: "tab", "aria-selected": String(on), "aria-controls": "query", tabindex: on ? "0" : "-1", title: tab.title }, tab.title);
    button.addEventListener("click", () => this.on.open(index));
    button.addEventListener("keydown", (event) => event.key === "Delete" && closes && this.on.close(index));
    if (!on || !closes) return h("span", { class: on ? "tab on" : "tab", role: "presentation" }, button);
    const close = h("button", { type: "button", class: "shut", "aria-label": `Close ${tab.title}`, tabindex: "-1" }, "\u00d7");
    close.addEventListener("click", () => this.on.close(index));
    return h("span", { class: "tab on", role: "presentation" }, button, close);
  }

  private move(event: KeyboardEvent): void {
    const all = [...this.host.querySelectorAll<HTMLElement>('[role="tab"]')];
    const at = all.findIndex((one) => one.getAttribute("aria-selected") === "true");
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    this.on.open(to);
  }
}
