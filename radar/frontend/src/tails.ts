// Marks of ships under way with their heading lines, drawn once for each direction: thousands of lines in a picture take too long.
import { drawMark, type Colours } from "./marks";
import { sheet, type Stamp } from "./sheet";
import type { Projection } from "./view";
import { STRIDE_KM, type Space } from "./world";

/** A heading line leads to where the ship will be in 12 s at a tick a second. */
export const AHEAD_TICKS = 12;
const REACH_KM = AHEAD_TICKS * STRIDE_KM;
/** Shorter lines can't be told from the mark; longer ones make large stamps, and so near there are few ships. */
const LEAST_PX = 3;
const LONGEST_PX = 90;
const ROOM = 8;
const WIDTH = 1.2;
const ALPHA = 0.8;

export class Tails {
  private readonly tails: (Stamp | undefined)[] = [];
  private by: Projection | null = null;

  constructor(
    private readonly colours: Colours,
    private readonly lines: string,
    private readonly density: number,
  ) {}

  /** Whether lines of this view's length are worth a stamp. */
  aim(by: Projection): boolean {
    const { by: old } = this;
    if (!old || old.across !== by.across || old.up !== by.up || old.rise !== by.rise) this.tails.length = 0;
    this.by = by;
    const longest = REACH_KM * by.across * 2;
    return longest > LEAST_PX && longest < LONGEST_PX;
  }

  /** The stamp of a ship that flies on straight for the whole line; null when it does not, and wants a line of its own. */
  of(at: Space, to: Space): Stamp | null {
    const [a, b, d] = [sign(to.x - at.x), sign(to.y - at.y), sign(to.z - at.z)];
    return a === null || b === null || d === null ? null : (this.tails[(a + 1) * 9 + (b + 1) * 3 + d + 1] ??= this.drawn(a, b, d));
  }

  private drawn(a: number, b: number, d: number): Stamp {
    const by = this.by ?? { x0: 0, y0: 0, across: 0, up: 0, rise: 0 };
    const [dx, dy] = [a * REACH_KM * by.across, -(b * by.up + d * by.rise) * REACH_KM];
    const [left, top] = [Math.ceil(ROOM + Math.max(0, -dx)), Math.ceil(ROOM + Math.max(0, -dy))];
    const picture = sheet(left + ROOM + Math.max(0, dx), top + ROOM + Math.max(0, dy), this.density, (c) => {
      if (Math.abs(dx) + Math.abs(dy) > LEAST_PX) strokeHeadings(c, this.lines, () => (c.moveTo(left, top), c.lineTo(left + dx, top + dy)));
      drawMark(c, "ok", left, top, this.colours);
    });
    return { picture, x: left * this.density, y: top * this.density, pixels: null };
  }
}

/** Strokes heading lines that `path` draws. */
export function strokeHeadings(c: CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D, colour: string, path: () => void): void {
  c.strokeStyle = colour;
  c.globalAlpha = ALPHA;
  c.lineWidth = WIDTH;
  c.beginPath();
  path();
  c.stroke();
  c.globalAlpha = 1;
}

/** The direction on an axis; null when the ship gets there before the line ends. */
function sign(gap: number): -1 | 0 | 1 | null {
  if (gap >= REACH_KM) return 1;
  if (gap <= -REACH_KM) return -1;
  return Math.abs(gap) < 1 ? 0 : null;
}
