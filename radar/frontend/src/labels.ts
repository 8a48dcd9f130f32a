// Places labels greedily: the important ones first, the others where they fit. Pure; measured text comes in.
import type { Point } from "./world";
import type { Size } from "./view";

export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

export interface Wish {
  at: Point;
  width: number;
  height: number;
  /** Distance from the mark's centre to the text. */
  gap: number;
  /** Must be shown, further away and with a leader line if need be. */
  must: boolean;
}

export interface Placed {
  left: number;
  top: number;
  /** End of the leader line at the text, null when the text stands beside its mark. */
  leader: Point | null;
}

const MARGIN = 4;
const RINGS = [22, 34, 50, 70, 95, 125];

export class Placer {
  private readonly taken: Box[] = [];

  constructor(private readonly size: Size) {}

  /** Keeps labels away from a place. */
  reserve(box: Box): void {
    this.taken.push(box);
  }

  reserveAround(point: Point, radius: number): void {
    this.reserve({ left: point.x - radius, top: point.y - radius, right: point.x + radius, bottom: point.y + radius });
  }

  /** A free place for a label, taken from now on; null when there is none. */
  place(wish: Wish): Placed | null {
    for (const { dx, dy, far } of candidates(wish)) {
      const left = wish.at.x + dx;
      const top = wish.at.y + dy;
      const box = { left: left - 2, top: top - 1, right: left + wish.width + 2, bottom: top + wish.height + 1 };
      if (!this.free(box)) continue;
      this.taken.push(box);
      return { left, top, leader: far ? nearest(wish.at, box) : null };
    }
    return null;
  }

  private free(box: Box): boolean {
    const inside = box.left > MARGIN && box.top > MARGIN && box.right < this.size.width - MARGIN && box.bottom < this.size.height - MARGIN;
    return inside && !this.taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top);
  }
}

function* candidates({ width, height, gap, must }: Wish): Generator<{ dx: number; dy: number; far: boolean }> {
  const near: [number, number][] = [
    [gap, -height / 2],
    [-gap - width, -height / 2],
    [-width / 2, -gap - height],
    [-width / 2, gap],
    [gap - 2, -gap - height + 3],
    [gap - 2, gap - 3],
    [-gap - width + 2, -gap - height + 3],
    [-gap - width + 2, gap - 3],
  ];
  for (const [dx, dy] of near) yield { dx, dy, far: false };
  if (!must) return;
  for (const ring of RINGS) {
    for (let step = 0; step < 16; step++) {
      const [c, s] = [Math.cos((step * Math.PI) / 8), Math.sin((step * Math.PI) / 8)];
      const dx = c > 0.1 ? c * ring : c < -0.1 ? c * ring - width : -width / 2;
      yield { dx, dy: s * ring - height / 2, far: true };
    }
  }
}

function nearest(point: Point, box: Box): Point {
  return { x: Math.max(box.left, Math.min(point.x, box.right)), y: Math.max(box.top, Math.min(point.y, box.bottom)) };
}
