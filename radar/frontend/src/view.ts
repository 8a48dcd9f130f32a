// From km to pixels: the map's view. Pure.
import type { Point } from "./world";

export interface View {
  /** Centre of the picture, km. */
  x: number;
  y: number;
  /** Pixels a km. */
  scale: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface Padding {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const NARROWEST_KM = 4e7;
export const WIDEST_KM = 1.2e10;

export function toScreen(point: Point, view: View, size: Size): Point {
  return { x: size.width / 2 + (point.x - view.x) * view.scale, y: size.height / 2 - (point.y - view.y) * view.scale };
}

export function toWorld(pixel: Point, view: View, size: Size): Point {
  return { x: view.x + (pixel.x - size.width / 2) / view.scale, y: view.y - (pixel.y - size.height / 2) / view.scale };
}

/** The view that shows all points, inside the padding; there must be one. */
export function fit(points: Point[], size: Size, padding: Padding): View {
  if (!points.length) throw new Error("There is nothing to fit the view to.");
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [bottom, top] = [Math.min(...ys), Math.max(...ys)];
  const width = Math.max(60, size.width - padding.left - padding.right);
  const height = Math.max(60, size.height - padding.top - padding.bottom);
  const scale = clampScale(Math.min(width / Math.max(right - left, 1), height / Math.max(top - bottom, 1)), size);
  return {
    x: (left + right) / 2 + (padding.right - padding.left) / 2 / scale,
    y: (bottom + top) / 2 + (padding.top - padding.bottom) / 2 / scale,
    scale,
  };
}

/** The part of a line that lies in the picture or close beside it; null when none does (Liang and Barsky). */
export function visiblePart(from: Point, to: Point, size: Size, beside = 20): { from: Point; to: Point } | null {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  let [enters, leaves] = [0, 1];
  const sides: [number, number][] = [
    [-dx, from.x + beside],
    [dx, size.width + beside - from.x],
    [-dy, from.y + beside],
    [dy, size.height + beside - from.y],
  ];
  for (const [towards, room] of sides) {
    if (towards === 0 && room < 0) return null;
    if (towards < 0) enters = Math.max(enters, room / towards);
    if (towards > 0) leaves = Math.min(leaves, room / towards);
  }
  if (enters > leaves) return null;
  const at = (part: number): Point => ({ x: from.x + dx * part, y: from.y + dy * part });
  return { from: at(enters), to: at(leaves) };
}

export function clampScale(scale: number, size: Size): number {
  return Math.min(size.width / NARROWEST_KM, Math.max(size.width / WIDEST_KM, scale));
}

/** A round length in km whose bar is at most `most` pixels wide. */
export function scaleBar(scale: number, most: number): number {
  const longest = most / scale;
  const power = 10 ** Math.floor(Math.log10(longest));
  return [5, 2, 1].map((step) => step * power).find((step) => step <= longest) ?? power;
}
