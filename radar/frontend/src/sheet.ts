// Small pictures to be stamped many times.

/** A picture, where its anchor is in it, and its pixels once somebody has asked for them. All in the screen's own pixels. */
export interface Stamp {
  picture: ImageBitmap;
  x: number;
  y: number;
  pixels: Pixels | null;
}

/** Pixels that are not clear, for an image of some width: places from the anchor on, and colours as an ImageData has them. */
export interface Pixels {
  width: number;
  /** No pixel is further from the anchor. */
  reach: number;
  dx: Int16Array;
  dy: Int16Array;
  offsets: Int32Array;
  colours: Uint32Array;
}

/** Draws a picture of some px, at the screen's density. */
export function sheet(width: number, height: number, density: number, draw: (c: OffscreenCanvasRenderingContext2D) => void): ImageBitmap {
  const { canvas, c } = blank(width * density, height * density);
  c.setTransform(density, 0, 0, density, 0, 0);
  draw(c);
  return canvas.transferToImageBitmap();
}

export function pixelsOf(stamp: Stamp, imageWidth: number): Pixels {
  if (stamp.pixels?.width === imageWidth) return stamp.pixels;
  const { width, height } = stamp.picture;
  const { c } = blank(width, height);
  c.drawImage(stamp.picture, 0, 0);
  const all = new Uint32Array(c.getImageData(0, 0, width, height).data.buffer);
  const kept = [...all.keys()].filter((i) => (all[i] ?? 0) >>> 24 > 8);
  const [x, y] = [Math.round(stamp.x), Math.round(stamp.y)];
  stamp.pixels = {
    width: imageWidth,
    reach: Math.max(width, height),
    dx: Int16Array.from(kept, (i) => (i % width) - x),
    dy: Int16Array.from(kept, (i) => Math.floor(i / width) - y),
    offsets: Int32Array.from(kept, (i) => (Math.floor(i / width) - y) * imageWidth + (i % width) - x),
    colours: Uint32Array.from(kept, (i) => all[i] ?? 0),
  };
  return stamp.pixels;
}

function blank(width: number, height: number): { canvas: OffscreenCanvas; c: OffscreenCanvasRenderingContext2D } {
  const canvas = new OffscreenCanvas(Math.max(1, Math.ceil(width)), Math.max(1, Math.ceil(height)));
  const c = canvas.getContext("2d");
  if (!c) throw new Error("This browser has no canvas.");
  return { canvas, c };
}
