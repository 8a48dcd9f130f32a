// The way of a ship as a bar: upper rail out, lower rail back, the head is the ship.
import { svg } from "./dom";
import type { Mark } from "./honesty";
import type { ShipState } from "./protocol";
import { TABLE } from "./texts";

export function routeBar(ship: ShipState, part: number, mark: Mark): SVGElement {
  const back = ship.phase === "RETURNING" || ship.phase === "HOME";
  const landed = ship.phase === "ON_PLANET";
  const [left, length, y] = [4, 50, back ? 8.5 : 3.5];
  const x = landed ? left + length : back ? left + length * (1 - part) : left + length * part;
  const dash = mark === "lost" || mark === "failure" ? { "stroke-dasharray": "2 2" } : {};
  const label = TABLE.route(landed, back, Math.round(part * 100));
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
