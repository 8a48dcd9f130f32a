// Moves of the view from one place to another. Pure; the moment comes in.
import type { View } from "./view";

/** As --t-slow and --ease-in-out in tokens.css. */
export const FLIGHT_MS = 280;
const CURVE = [0.5, 0, 0.2, 1] as const;

export class Flight {
  constructor(
    private readonly from: View,
    public to: View,
    private readonly began: number,
  ) {}

  over(moment: number): boolean {
    return moment >= this.began + FLIGHT_MS;
  }

  /** The view on the way. What lies in both pictures moves straight, also while the scale changes. */
  at(moment: number): View {
    const part = eased((moment - this.began) / FLIGHT_MS);
    if (part >= 1) return this.to;
    const { from, to } = this;
    const scale = from.scale * (to.scale / from.scale) ** part;
    const near = Math.abs(to.scale / from.scale - 1) < 1e-3;
    const moved = near ? part : (1 / scale - 1 / from.scale) / (1 / to.scale - 1 / from.scale);
    return {
      x: from.x + (to.x - from.x) * moved,
      y: from.y + (to.y - from.y) * moved,
      scale,
      tilt: from.tilt + (to.tilt - from.tilt) * part,
    };
  }
}

/** The curve's height at a share of the time, 0..1. */
export function eased(time: number): number {
  if (time <= 0) return 0;
  if (time >= 1) return 1;
  const [x1, y1, x2, y2] = CURVE;
  let [low, high] = [0, 1];
  for (let i = 0; i < 24; i++) {
    const middle = (low + high) / 2;
    if (bezier(middle, x1, x2) < time) low = middle;
    else high = middle;
  }
  return bezier((low + high) / 2, y1, y2);
}

function bezier(t: number, a: number, b: number): number {
  return 3 * (1 - t) ** 2 * t * a + 3 * (1 - t) * t ** 2 * b + t ** 3;
}
