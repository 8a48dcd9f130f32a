// Geometry of the overview: the whole system in a small box, seen from above. Pure.
import { fit, projection, toScreen, toWorld, type Size, type View } from "./view";
import type { Point, Space } from "./world";

const PADDING = { top: 6, right: 6, bottom: 6, left: 6 };

/** The view of the overview: all planets, however far the map has gone in. */
export function overviewOf(planets: Space[], size: Size): View {
  return fit(planets.map(({ x, y }) => ({ x, y })), size, PADDING);
}

/** What of the overview the map shows, in its pixels; at least a few of them, and not far beyond its edges. */
export function frameOf(view: View, map: Size, overview: View, size: Size): { left: number; top: number; width: number; height: number } {
  const { up } = projection(view, map);
  const half = { x: map.width / 2 / view.scale, y: map.height / 2 / up };
  const from = toScreen({ x: view.x - half.x, y: view.y + half.y }, overview, size);
  const to = toScreen({ x: view.x + half.x, y: view.y - half.y }, overview, size);
  const [left, right] = span(from.x, to.x, size.width);
  const [top, bottom] = span(from.y, to.y, size.height);
  return { left, top, width: right - left, height: bottom - top };
}

/** Where a pixel of the overview is in the plane. */
export function pointAt(pixel: Point, overview: View, size: Size): Point {
  return toWorld(pixel, overview, size);
}

const LEAST_PX = 5;

function span(from: number, to: number, length: number): [number, number] {
  const middle = (from + to) / 2;
  const half = Math.max(LEAST_PX, to - from) / 2;
  return [Math.max(-1, Math.min(length - LEAST_PX, middle - half)), Math.min(length + 1, Math.max(LEAST_PX, middle + half))];
}
