// Lines on a canvas.
import { visiblePart, type Size } from "./view";
import type { Point } from "./world";

/** A multiple of every dash pattern in use: [5, 4], [1, 4], [3, 3]. */
const DASH_PERIOD = 90;

export function line(c: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  c.moveTo(x1, y1);
  c.lineTo(x2, y2);
}

/** Strokes only what can be seen: seen from near, a dashed route would be cut into tens of thousands of dashes. */
export function polyline(c: CanvasRenderingContext2D, places: Point[], size: Size): void {
  let gone = 0;
  for (let i = 1; i < places.length; i++) {
    const [from, to] = [places[i - 1], places[i]];
    if (!from || !to) continue;
    const seen = visiblePart(from, to, size);
    if (seen) {
      c.lineDashOffset = (gone + Math.hypot(seen.from.x - from.x, seen.from.y - from.y)) % DASH_PERIOD;
      c.beginPath();
      line(c, seen.from.x, seen.from.y, seen.to.x, seen.to.y);
      c.stroke();
    }
    gone += Math.hypot(to.x - from.x, to.y - from.y);
  }
  c.lineDashOffset = 0;
}
