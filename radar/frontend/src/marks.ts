// One mark a state: shape, then colour, then word; the same on the map, in tables and in lists.
import { svg } from "./dom";
import type { Mark } from "./honesty";

export const WORDS: Record<Mark, string> = {
  failure: "Failure",
  lost: "Lost signal",
  repair: "Repair",
  late: "Late",
  ok: "OK",
  ended: "Home",
};

/** Grave first: the order of chips, groups, drawing and hit tests. */
export const ORDER: readonly Mark[] = ["failure", "lost", "repair", "late", "ok", "ended"];

export const NEEDS_ATTENTION: ReadonlySet<Mark> = new Set<Mark>(["failure", "lost", "repair", "late"]);

const PARTS: Record<Mark | "good" | "warn" | "bad" | "info", () => SVGElement[]> = {
  ok: () => [svg("circle", { class: "m-ok", cx: 6, cy: 6, r: 4.4 })],
  repair: () => [svg("path", { class: "m-repair", d: "M6 .8 11.6 11H.4Z" })],
  failure: () => [
    svg("rect", { class: "m-failrim", x: 0.2, y: 0.2, width: 11.6, height: 11.6 }),
    svg("rect", { class: "m-failbox", x: 1.2, y: 1.2, width: 9.6, height: 9.6 }),
    svg("path", { class: "m-failx", d: "m3.6 3.6 4.8 4.8m0-4.8-4.8 4.8" }),
  ],
  late: () => [svg("circle", { class: "m-late", cx: 6, cy: 6, r: 4.6 })],
  lost: () => [svg("circle", { class: "m-lost", cx: 6, cy: 6, r: 4.6 })],
  ended: () => [svg("circle", { class: "s-good", cx: 6, cy: 6, r: 5.2 }), svg("path", { class: "s-tick", d: "m3.6 6.2 1.7 1.7 3.2-3.7" })],
  good: () => [svg("circle", { class: "s-good", cx: 6, cy: 6, r: 4.6 })],
  warn: () => [svg("path", { class: "s-warn", d: "M6 .8 11.6 11H.4Z" })],
  bad: () => [svg("path", { class: "s-bad", d: "M1.4 1.4h9.2v9.2H1.4Zm2.4 2.4 4.4 4.4m0-4.4-4.4 4.4" })],
  info: () => [svg("path", { class: "s-info", d: "M6 .6 11.4 6 6 11.4.6 6Z" })],
};

/** A mark for the page. */
export function markIcon(kind: keyof typeof PARTS, size = 12): SVGElement {
  return svg("svg", { class: "i", width: size, height: size, viewBox: "0 0 12 12", "aria-hidden": "true" }, ...PARTS[kind]());
}

/** A place that is estimated, for the legend: a small dot away from where the ship was last known. */
export function estimateIcon(): SVGElement {
  return svg("svg", { class: "i", width: 22, height: 10, viewBox: "0 0 22 10", "aria-hidden": "true" }, svg("path", { class: "m-guess", d: "M1 5h14", "stroke-dasharray": "2 2" }), svg("circle", { class: "m-ok", cx: 18, cy: 5, r: 2.8 }));
}

/** A piece of a route, for the legend. */
export function wayIcon(dash: string): SVGElement {
  return svg("svg", { class: "i", width: 22, height: 6, viewBox: "0 0 22 6", "aria-hidden": "true" }, svg("path", { class: "way", d: "M0 3h22", "stroke-dasharray": dash }));
}

export type Colours = Record<string, string>;
type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** How a ship stands on the map: by its mark, or as an estimate of where it is by now. */
export type Kind = Mark | "estimated";

/** Draws a mark on the map, 9 px wide at scale 1. */
export function drawMark(c: Context, kind: Kind, x: number, y: number, colours: Colours, zoom = 1): void {
  const colour = (name: string): string => colours[name] ?? "#888";
  c.save();
  c.translate(x, y);
  c.scale(zoom, zoom);
  c.lineWidth = 1.4;
  c.beginPath();
  if (kind === "ok" || kind === "estimated") {
    c.arc(0, 0, kind === "ok" ? 4.4 : 2.8, 0, 7);
    paint(c, colour("mark-ok"), colour("mark-ok-edge"));
  } else if (kind === "repair") {
    c.moveTo(0, -6.4);
    c.lineTo(6.2, 4.6);
    c.lineTo(-6.2, 4.6);
    c.closePath();
    paint(c, colour("mark-repair"), colour("mark-repair-edge"));
  } else if (kind === "failure") {
    c.fillStyle = colour("mark-failure-rim");
    c.fillRect(-7, -7, 14, 14);
    c.rect(-5.5, -5.5, 11, 11);
    paint(c, colour("mark-failure"), colour("mark-failure-edge"));
    c.beginPath();
    c.moveTo(-3, -3);
    c.lineTo(3, 3);
    c.moveTo(3, -3);
    c.lineTo(-3, 3);
    c.lineWidth = 1.7;
    c.strokeStyle = colour("mark-failure-cross");
    c.stroke();
  } else {
    c.arc(0, 0, 4.8, 0, 7);
    c.lineWidth = 1.7;
    if (kind === "lost") c.setLineDash([2.5, 2]);
    paint(c, colour("map-bg"), colour(kind === "late" ? "mark-late" : kind === "lost" ? "mark-lost" : "good"));
  }
  c.restore();
}

function paint(c: Context, fill: string, stroke: string): void {
  c.fillStyle = fill;
  c.strokeStyle = stroke;
  c.fill();
  c.stroke();
}
