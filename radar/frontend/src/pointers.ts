// Pointers at the map's edge to ships beyond it: each on its bearing, apart from each other, a few at most. Pure.
import type { Size } from "./view";
import type { Point } from "./world";

export interface Pointer<T> {
  what: T;
  /** Where the pointer stands, px, and the direction it points to (radians, y down). */
  x: number;
  y: number;
  angle: number;
}

export interface Edge {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

export const MOST_POINTERS = 6;
/** Two lines of text and their distance. */
const APART_PX = 34;
const WIDE_PX = 190;

/** Places pointers for what is most urgent first; what has no room, or is too many, is the rest. */
export function pointersTo<T>(beyond: { what: T; at: Point }[], size: Size, edge: Edge, free: (place: Point) => boolean = () => true, most = MOST_POINTERS): { pointers: Pointer<T>[]; rest: T[] } {
  const pointers: Pointer<T>[] = [];
  const rest: T[] = [];
  for (const { what, at } of beyond) {
    const place = pointers.length < most ? apart(onEdge(at, size, edge), pointers, size, edge, free) : null;
    if (!place) rest.push(what);
    else pointers.push({ what, ...place, angle: Math.atan2(at.y - place.y, at.x - place.x) });
  }
  return { pointers, rest };
}

/** Where the line from the middle to a point leaves the picture's inner box. */
export function onEdge(at: Point, size: Size, edge: Edge): Point {
  const middle = { x: (edge.left + size.width - edge.right) / 2, y: (edge.top + size.height - edge.bottom) / 2 };
  const half = { x: Math.max(1, size.width - edge.right - middle.x), y: Math.max(1, size.height - edge.bottom - middle.y) };
  const [dx, dy] = [at.x - middle.x, at.y - middle.y];
  const beyond = Math.max(Math.abs(dx) / half.x, Math.abs(dy) / half.y, 1e-9);
  return { x: middle.x + dx / beyond, y: middle.y + dy / beyond };
}

/** The nearest free place along the edge; null when there is none. */
function apart(wanted: Point, taken: Point[], size: Size, edge: Edge, free: (place: Point) => boolean): Point | null {
  const side = wanted.x <= edge.left + 1 || wanted.x >= size.width - edge.right - 1;
  // Text stands beside a pointer, so those of the upper and lower edge need more room.
  const gap = side ? APART_PX : WIDE_PX;
  for (let i = 0; i < 12; i++) {
    const shift = Math.ceil(i / 2) * gap * (i % 2 ? 1 : -1);
    const place = side ? { x: wanted.x, y: wanted.y + shift } : { x: wanted.x + shift, y: wanted.y };
    const inside = place.x >= edge.left - 1 && place.x <= size.width - edge.right + 1 && place.y >= edge.top - 1 && place.y <= size.height - edge.bottom + 1;
    if (inside && free(place) && taken.every((other) => Math.abs(other.y - place.y) >= APART_PX || Math.abs(other.x - place.x) >= WIDE_PX)) return place;
  }
  return null;
}
