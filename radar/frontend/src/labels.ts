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
  /** The place that it had before, tried first: labels that jump about can't be read. */
  before?: number | undefined;
}

export interface Placed {
  left: number;
  top: number;
  /** End of the leader line at the text, null when the text stands beside its mark. */
  leader: Point | null;
  /** Which place it is, to ask for it again. */
  spot: number;
}

const MARGIN = 4;
const RINGS = [22, 34, 50, 70, 95, 125];
/** Pixels of a cell's side. */
const CELL = 2;

/** Keeps what is taken as cells of 2 px, so that a question costs the same however much is taken. */
export class Placer {
  private readonly columns: number;
  private readonly rows: number;
  private readonly taken: Uint8Array;

  constructor(private readonly size: Size) {
    this.columns = Math.ceil(size.width / CELL) + 1;
    this.rows = Math.ceil(size.height / CELL) + 1;
    this.taken = new Uint8Array(this.columns * this.rows);
  }

  /** Keeps labels away from a place. */
  reserve({ left, top, right, bottom }: Box): void {
    const [from, to] = [this.column(left), this.column(right)];
    if (to <= from) return;
    for (let row = this.row(top), last = this.row(bottom); row < last; row++) this.taken.fill(1, row * this.columns + from, row * this.columns + to);
  }

  reserveAround(point: Point, radius: number): void {
    this.reserve({ left: point.x - radius, top: point.y - radius, right: point.x + radius, bottom: point.y + radius });
  }

  /** A free place for a label, taken from now on; null when there is none. */
  place(wish: Wish): Placed | null {
    const spots = wish.must ? FAR : NEAR;
    if (wish.before !== undefined && wish.before < spots) {
      const kept = this.tried(wish, wish.before);
      if (kept) return kept;
    }
    for (let spot = 0; spot < spots; spot++) {
      const found = this.tried(wish, spot);
      if (found) return found;
    }
    return null;
  }

  private tried(wish: Wish, spot: number): Placed | null {
    const [dx, dy] = offset(wish, spot);
    const left = wish.at.x + dx;
    const top = wish.at.y + dy;
    const box = { left: left - 2, top: top - 1, right: left + wish.width + 2, bottom: top + wish.height + 1 };
    if (!this.free(box)) return null;
    this.reserve(box);
    return { left, top, leader: spot >= NEAR ? nearest(wish.at, box) : null, spot };
  }

  private free(box: Box): boolean {
    if (box.left <= MARGIN || box.top <= MARGIN || box.right >= this.size.width - MARGIN || box.bottom >= this.size.height - MARGIN) return false;
    const [from, to, last] = [this.column(box.left), this.column(box.right), this.row(box.bottom)];
    for (let row = this.row(box.top); row < last; row++) {
      for (let at = row * this.columns + from, end = row * this.columns + to; at < end; at++) if (this.taken[at]) return false;
    }
    return true;
  }

  private column(x: number): number {
    return Math.max(0, Math.min(this.columns, Math.round(x / CELL)));
  }

  private row(y: number): number {
    return Math.max(0, Math.min(this.rows, Math.round(y / CELL)));
  }
}

/** Places beside a mark; those beyond lie on rings around it. */
const NEAR = 8;
const STEPS = 16;
const FAR = NEAR + RINGS.length * STEPS;

function offset({ width, height, gap }: Wish, spot: number): [number, number] {
  switch (spot) {
    case 0: return [gap, -height / 2];
    case 1: return [-gap - width, -height / 2];
    case 2: return [-width / 2, -gap - height];
    case 3: return [-width / 2, gap];
    case 4: return [gap - 2, -gap - height + 3];
    case 5: return [gap - 2, gap - 3];
    case 6: return [-gap - width + 2, -gap - height + 3];
    case 7: return [-gap - width + 2, gap - 3];
  }
  const ring = RINGS[Math.floor((spot - NEAR) / STEPS)] ?? 0;
  const angle = (((spot - NEAR) % STEPS) * Math.PI) / (STEPS / 2);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c > 0.1 ? c * ring : c < -0.1 ? c * ring - width : -width / 2, s * ring - height / 2];
}

function nearest(point: Point, box: Box): Point {
  return { x: Math.max(box.left, Math.min(point.x, box.right)), y: Math.max(box.top, Math.min(point.y, box.bottom)) };
}
