// Texts of the map, drawn once each and then stamped: to stroke letters anew in each picture takes too long.
import type { Palette } from "./palette";
import { sheet } from "./sheet";

export const LINE = 12;
const HALO = 3.5;
const PAD = 3;
const MOST_KEPT = 900;
const MOST_WIDTHS = 20_000;

export interface Line {
  text: string;
  /** A token's name. */
  colour: string;
  font: string;
}

export interface Lettering {
  stamp: ImageBitmap;
  width: number;
  height: number;
  used: number;
}

export class Letters {
  private readonly kept = new Map<string, Lettering>();
  private readonly widths = new Map<string, Map<string, number>>();
  private readonly ruler: CanvasRenderingContext2D | null;
  private round = 0;

  constructor(private readonly palette: Palette, private readonly density: number) {
    this.ruler = document.createElement("canvas").getContext("2d");
  }

  width({ text, font }: Line): number {
    let known = this.widths.get(font);
    if (!known) this.widths.set(font, (known = new Map()));
    let width = known.get(text);
    if (width === undefined && this.ruler) {
      this.ruler.font = font;
      width = this.ruler.measureText(text).width;
      if (known.size > MOST_WIDTHS) known.clear();
      known.set(text, width);
    }
    return width ?? 0;
  }

  /** The size that lines of text take, px. */
  measure(lines: Line[]): { width: number; height: number } {
    let width = 0;
    for (const line of lines) width = Math.max(width, this.width(line));
    return { width, height: lines.length * LINE };
  }

  of(lines: Line[]): Lettering {
    let key = "";
    for (const { text, colour, font } of lines) key += `${colour}\n${font}\n${text}\n`;
    let found = this.kept.get(key);
    if (!found) this.kept.set(key, (found = this.drawn(lines)));
    found.used = this.round;
    return found;
  }

  /** Ends a round of placing: texts that nobody wants any more are forgotten. */
  sweep(): void {
    this.round++;
    if (this.kept.size < MOST_KEPT) return;
    for (const [key, { used }] of this.kept) {
      if (used >= this.round - 1) continue;
      this.kept.delete(key);
    }
  }

  /** Puts a text with its upper left corner at a place in px; the context must be untransformed. */
  put(c: CanvasRenderingContext2D, { stamp }: Lettering, left: number, top: number): void {
    c.drawImage(stamp, Math.round((left - PAD) * this.density), Math.round((top - PAD) * this.density));
  }

  private drawn(lines: Line[]): Lettering {
    const { width, height } = this.measure(lines);
    const stamp = sheet(width + 2 * PAD, height + 2 * PAD, this.density, (c) => {
      c.textBaseline = "top";
      c.lineJoin = "round";
      c.lineWidth = HALO;
      c.strokeStyle = this.palette.of("map-halo");
      lines.forEach(({ text, colour, font }, i) => {
        c.font = font;
        c.strokeText(text, PAD, PAD + i * LINE);
        c.fillStyle = this.palette.of(colour);
        c.fillText(text, PAD, PAD + i * LINE);
      });
    });
    return { stamp, width, height, used: this.round };
  }
}
