// Health by part as one bar with the weights of the total, and the condition as four rising bars. Changed in place.
import { h, say, svg } from "./dom";
import { ABSENT, number } from "./format";
import type { Newest, ShipState } from "./protocol";
import { CONDITION_WORDS, PANEL } from "./texts";

const PARTS = ["motor", "engine", "core", "fuel"] as const;
/** 3:3:3:1 of 200, less three gaps. */
const WIDTHS = [57, 57, 57, 20];
const GAP = 3;
const STEPS: Record<string, number> = { GOOD: 4, MID: 3, BAD: 2, CRITICAL: 1 };
const TINT: Record<string, string> = { GOOD: "good", MID: "soft", BAD: "warn", CRITICAL: "bad" };

export class HealthBars {
  private readonly steps = [1, 2, 3, 4].map(() => h("i"));
  private readonly cond = h("span", { class: "cond", "aria-hidden": "true" }, ...this.steps);
  private readonly total = h("b");
  private readonly word = h("span");
  private readonly names = PARTS.map(() => h("span"));
  private readonly bars: SVGElement[] = [];
  private readonly image: SVGElement;
  readonly element: HTMLElement;

  constructor() {
    let x = 0;
    const backs = WIDTHS.map((width) => {
      const back = svg("rect", { class: "hb-back", x, y: 0, width, height: 5 });
      this.bars.push(svg("rect", { class: "hb-good", x, y: 0, width: 0, height: 5 }));
      x += width + GAP;
      return back;
    });
    this.image = svg("svg", { class: "hb", viewBox: "0 0 200 5", preserveAspectRatio: "none", role: "img" }, ...backs, ...this.bars);
    this.element = h(
      "div",
      { class: "health" },
      h("div", { class: "health-head" }, h("span", { class: "muted" }, PANEL.health), h("span", {}, this.cond, " ", this.total, " ", this.word)),
      this.image,
      h("div", { class: "health-names", "aria-hidden": "true" }, ...this.names),
    );
  }

  /** `health` by part is null until the ship's whole message has come. */
  show(ship: ShipState, health: Newest["health"] | null): void {
    const level = STEPS[ship.cond] ?? 0;
    this.steps.forEach((step, i) => step.classList.toggle("f", i < level));
    this.cond.className = `cond ${TINT[ship.cond] ?? "bad"}`;
    say(this.total, number(ship.total, 2));
    say(this.word, CONDITION_WORDS[ship.cond].toLowerCase());
    this.bars.forEach((bar, i) => {
      const value = health?.[i] ?? 0;
      bar.setAttribute("width", String((WIDTHS[i] ?? 0) * value));
      bar.setAttribute("class", value >= 0.5 ? "hb-good" : value > 0 ? "hb-warn" : "hb-bad");
    });
    this.image.setAttribute("aria-label", PARTS.map((name, i) => `${name} ${health ? number(health[i] ?? 0, 2) : ABSENT}`).join(", "));
    this.names.forEach((name, i) => say(name, i < 3 ? `${PARTS[i]} ${health ? short(health[i] ?? 0) : ABSENT}` : "fuel"));
  }
}

/** A share in little room: .95, 1.0 */
function short(value: number): string {
  return value >= 0.995 ? "1.0" : number(value, 2).replace("0.", ".");
}
