// From km to pixels: the map's view, straight from above or tilted about the x axis. Pure.
import type { Point, Space } from "./world";

export interface View {
  /** The point of the plane z = 0 in the middle of the picture, km. */
  x: number;
  y: number;
  /** Pixels a km. */
  scale: number;
  /** Angle from straight above, radians: y shrinks with its cosine, z rises with its sine. */
  tilt: number;
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

/** What makes pixels of km: x is x0 + x * across, y is y0 - y * up - z * rise. */
export interface Projection {
  x0: number;
  y0: number;
  across: number;
  up: number;
  rise: number;
}

export const NARROWEST_KM = 4e7;
export const WIDEST_KM = 1.2e10;
export const PLAN = 0;
export const TILTED = (55 * Math.PI) / 180;

/** The one place where the map's projection is written down. */
export function projection(view: View, size: Size): Projection {
  const up = view.scale * Math.cos(view.tilt);
  const rise = view.scale * Math.sin(view.tilt);
  return { x0: size.width / 2 - view.x * view.scale, y0: size.height / 2 + view.y * up, across: view.scale, up, rise };
}

/** Where a point is seen; written into `into` where many are asked for in each picture. */
export function project(point: Point, by: Projection, into: Point = { x: 0, y: 0 }): Point {
  into.x = by.x0 + point.x * by.across;
  into.y = by.y0 - point.y * by.up - (point.z ?? 0) * by.rise;
  return into;
}

export function toScreen(point: Point, view: View, size: Size): Point {
  return project(point, projection(view, size));
}

/** The point of the plane z = 0 that is seen at a pixel. */
export function toWorld(pixel: Point, view: View, size: Size): Point {
  const { x0, y0, across, up } = projection(view, size);
  return { x: (pixel.x - x0) / across, y: (y0 - pixel.y) / up };
}

/** A view moved so that a point, wherever above the plane, is in the middle. */
export function centredOn(point: Point, view: View): View {
  return { ...view, x: point.x, y: point.y + (point.z ?? 0) * Math.tan(view.tilt) };
}

/** The view that shows all points, inside the padding; there must be one. */
export function fit(points: Point[], size: Size, padding: Padding, tilt = PLAN): View {
  if (!points.length) throw new Error("There is nothing to fit the view to.");
  const flat = projection({ x: 0, y: 0, scale: 1, tilt }, { width: 0, height: 0 });
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const point of points) {
    const { x, y } = project(point, flat);
    left = Math.min(left, x);
    right = Math.max(right, x);
    bottom = Math.min(bottom, -y);
    top = Math.max(top, -y);
  }
  const width = Math.max(60, size.width - padding.left - padding.right);
  const height = Math.max(60, size.height - padding.top - padding.bottom);
  const scale = clampScale(Math.min(width / Math.max(right - left, 1), height / Math.max(top - bottom, 1)), size);
  return {
    x: (left + right) / 2 + (padding.right - padding.left) / 2 / scale,
    y: ((bottom + top) / 2 + (padding.top - padding.bottom) / 2 / scale) / flat.up,
    scale,
    tilt,
  };
}

/** The corners of a box about a point, for a view that shows it from near. */
export function around({ x, y, z }: Space, km: number): Space[] {
  return [{ x: x - km, y: y - km, z }, { x: x + km, y: y + km, z }];
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
