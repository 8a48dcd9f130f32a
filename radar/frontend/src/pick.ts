// Which ship a click means where marks overlap. Pure.
import { ORDER } from "./marks";
import type { Sight } from "./renderer";
import type { Point } from "./world";

/** Ships within reach of a pixel, the grave ones first, then the nearest. */
export function near(sights: readonly Sight[], at: Point, reach: number): Sight[] {
  const distance = ({ px }: Sight): number => Math.hypot(px.x - at.x, px.y - at.y);
  return sights
    .filter((sight) => sight.shown && sight.near && distance(sight) <= reach)
    .sort((a, b) => ORDER.indexOf(a.mark) - ORDER.indexOf(b.mark) || distance(a) - distance(b));
}

/** What a click chooses: the first, or when it is chosen already the one after it. */
export function picked(candidates: Sight[]): Sight | null {
  const here = candidates.findIndex((sight) => sight.chosen);
  return candidates[(here + 1) % candidates.length] ?? null;
}
