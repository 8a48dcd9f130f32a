// How far a ship is between Hocotate and its target. Changed in place.
import { say, svg } from "./dom";
import type { ShipState } from "./protocol";
import { PANEL } from "./texts";

export class LegBar {
  private readonly way = svg("path", { class: "leg-way" });
  private readonly head = svg("path", { class: "m-ok" });
  private readonly target = svg("text", { class: "leg-text", x: 198, y: 25, "text-anchor": "end" });
  readonly element: SVGElement;

  constructor() {
    const home = svg("text", { class: "leg-text", x: 2, y: 25, "text-anchor": "start" });
    say(home, PANEL.homePlanet);
    this.element = svg(
      "svg",
      { class: "leg", viewBox: "0 0 200 28", role: "img" },
      svg("path", { class: "rb-ends", d: "M6 6H194" }),
      this.way,
      svg("circle", { class: "leg-home", cx: 6, cy: 6, r: 4 }),
      svg("circle", { class: "leg-target", cx: 194, cy: 6, r: 4 }),
      this.head,
      home,
      this.target,
    );
  }

  /** `part` is the share 0..1 of the leg that is flown. */
  show(ship: ShipState, part: number): void {
    const back = ship.phase === "RETURNING" || ship.phase === "HOME";
    const x = Math.round(10 * (6 + 188 * (ship.phase === "ON_PLANET" ? 1 : back ? 1 - part : part))) / 10;
    this.way.setAttribute("d", `M${back ? 194 : 6} 6H${x}`);
    this.head.setAttribute("d", back ? `M${x - 5} 6l7.5-4v8z` : `M${x + 5} 6l-7.5-4v8z`);
    this.element.setAttribute("aria-label", PANEL.way(Math.round(part * 100), back ? null : ship.target));
    say(this.target, ship.target);
  }
}
