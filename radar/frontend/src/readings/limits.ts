// Beyond which values a part is broken, and which of these a chart shows. Pure.

export interface Limits {
  low: number;
  best: number;
  high: number | null;
}

/** A reading that has come so far from its best value to a limit shows the limit; else the line would be flat. */
const NEAR = 1 / 3;

/** The limits that readings from `least` to `most` have come near, lower one first. */
export function near({ low, best, high }: Limits, least: number, most: number): number[] {
  const found = least < best - NEAR * (best - low) ? [low] : [];
  return high !== null && most > best + NEAR * (high - best) ? [...found, high] : found;
}
