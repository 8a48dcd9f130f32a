// Ships glide from one known place to the next, for at most a second, and never beyond it. Pure.
import type { Point } from "./world";

const LONGEST_MS = 1000;

interface Glide {
  from: Point;
  to: Point;
  began: number;
  lasts: number;
  arrived: number;
}

export class Motion {
  private readonly glides = new Map<string, Glide>();

  /** A ship is known to be at a place now; `still` jumps there (reduced motion, first sight, a snapshot). */
  move(name: string, to: Point, now: number, still: boolean): void {
    const glide = this.glides.get(name);
    if (glide && glide.to.x === to.x && glide.to.y === to.y) return;
    const since = glide ? now - glide.arrived : 0;
    const lasts = still || !glide ? 0 : Math.min(LONGEST_MS, Math.max(0, since));
    this.glides.set(name, { from: glide ? place(glide, now) : to, to, began: now, lasts, arrived: now });
  }

  /** Where a ship is drawn now. */
  at(name: string, now: number): Point | null {
    const glide = this.glides.get(name);
    return glide ? place(glide, now) : null;
  }

  /** Whether any ship is still on its way to where it is known to be. */
  moving(now: number): boolean {
    for (const glide of this.glides.values()) if (now < glide.began + glide.lasts) return true;
    return false;
  }

  keepOnly(names: ReadonlyMap<string, unknown>): void {
    for (const name of this.glides.keys()) if (!names.has(name)) this.glides.delete(name);
  }
}

function place(glide: Glide, now: number): Point {
  const part = glide.lasts > 0 ? Math.min(1, Math.max(0, (now - glide.began) / glide.lasts)) : 1;
  return { x: glide.from.x + (glide.to.x - glide.from.x) * part, y: glide.from.y + (glide.to.y - glide.from.y) * part };
}
