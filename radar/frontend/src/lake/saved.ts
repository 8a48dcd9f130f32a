// Saved queries of this browser, then the examples.
import { h } from "../dom";
import { clock } from "../format";
import type { Example } from "./examples";
import type { Piece } from "./kept";

const DAY_MS = 86_400_000;

export class Saved {
  constructor(
    private readonly host: HTMLElement,
    private readonly on: { open: (piece: Piece) => void; drop: (piece: Piece) => void },
  ) {}

  draw(saved: readonly Piece[], examples: readonly Example[]): void {
    this.host.replaceChildren(...saved.map((piece) => this.row(piece, ran(piece), true)), ...examples.map((example) => this.row({ title: example.title, sql: example.sql }, "example", false)));
  }

  private row(piece: Piece, note: string, own: boolean): HTMLElement {
    const open = h("button", { type: "button", class: "put" }, piece.title, h("small", {}, note));
    open.addEventListener("click", () => this.on.open(piece));
    if (!own) return h("li", {}, open);
    const drop = h("button", { type: "button", class: "shut", "aria-label": `Delete ${piece.title}` }, "\u00d7");
    drop.addEventListener("click", () => this.on.drop(piece));
    return h("li", {}, open, drop);
  }
}

function ran(piece: Piece): string {
  if (!piece.ran) return "saved";
  const day = Date.now() - piece.ran < DAY_MS ? "" : `${new Date(piece.ran).toISOString().slice(0, 10)} `;
  return `ran ${day}${clock(piece.ran)} UTC`;
}
