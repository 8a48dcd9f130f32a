// Marks drawn once and then stamped.
import { drawMark, ORDER, type Colours, type Kind } from "./marks";
import { sheet, type Stamp } from "./sheet";

const SIDE = 18;

export class Stamps {
  private readonly stamps = new Map<Kind, Stamp>();

  constructor(colours: Colours, density: number) {
    const middle = Math.ceil(SIDE * density) / density / 2;
    for (const kind of [...ORDER, "estimated"] as const) {
      const picture = sheet(SIDE, SIDE, density, (c) => drawMark(c, kind, middle, middle, colours));
      this.stamps.set(kind, { picture, x: middle * density, y: middle * density, pixels: null });
    }
  }

  of(kind: Kind): Stamp {
    const stamp = this.stamps.get(kind);
    if (!stamp) throw new Error(`There is no mark ${kind}.`);
    return stamp;
  }
}
