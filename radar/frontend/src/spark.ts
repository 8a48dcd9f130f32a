// A line of the last three minutes, true to time. Pure.
import { GAP_MS, KEEP_MS } from "./series";

export const SPARK = { width: 150, height: 40, pad: 3 } as const;

export interface Spark {
  path: string;
  /** Where the newest value is. */
  end: { x: number; y: number } | null;
}

/** `least` is the least range of values that fills the height, so that noise looks like noise. A silence of more than 5 s stays a gap, and so does what is not known. */
export function sparkOf(times: readonly number[], values: readonly number[], least = 0): Spark {
  const { width, height, pad } = SPARK;
  const last = times.at(-1) ?? 0;
  const { low, high } = extremes(values);
  const range = Math.max(high - low, least) || 1;
  const middle = (low + high) / 2;
  const x = (at: number): number => pad + (1 - (last - at) / KEEP_MS) * (width - 2 * pad - 2);
  const y = (value: number): number => height / 2 - ((value - middle) / range) * (height - 2 * pad);
  const parts: string[] = [];
  let before = -Infinity;
  let end: Spark["end"] = null;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const at = times[i] ?? 0;
    end = { x: x(at), y: y(value) };
    parts.push(`${at - before > GAP_MS ? "M" : "L"}${end.x.toFixed(1)} ${end.y.toFixed(1)}`);
    before = at;
  });
  return { path: parts.join(""), end };
}

/** The least and the greatest of what is known; both 0 of nothing. */
export function extremes(values: readonly number[]): { low: number; high: number; known: number } {
  let [low, high, known] = [Infinity, -Infinity, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    known += 1;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return known ? { low, high, known } : { low: 0, high: 0, known };
}
