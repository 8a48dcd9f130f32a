// How often the map is drawn anew while ships fly: as often as somebody could see that they have moved. Pure.
import type { Rung } from "./ladder";

/** A ship that has moved by less looks the same. */
const STEP_PX = 0.35;
const SHORTEST_MS = 15;
const LONGEST_MS = 250;

/** ms between two pictures in which the fastest ship moves so many px a second. */
export function everyMs(pxPerSecond: number, rung: Rung): number {
  const wanted = Math.max(SHORTEST_MS, Math.min(LONGEST_MS, (1000 * STEP_PX) / Math.max(pxPerSecond, 1e-9)));
  return rung < 2 ? wanted : Math.min(LONGEST_MS, wanted * 2);
}

/** With reduced motion ships jump a second at a time. */
export function steady(now: number, still: boolean): number {
  return still ? Math.floor(now / 1000) * 1000 : now;
}
