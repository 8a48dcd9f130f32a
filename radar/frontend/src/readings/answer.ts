// What the history's API answers, and what of it a chart draws. Pure.

export interface Series {
  at: number[];
  value: number[];
  seq: (number | null)[];
  breaks: number[];
}

export interface Gap {
  begin: number;
  end: number;
  missing: number | null;
}

export interface History {
  rows: number;
  thinned: boolean;
  complete_until: string | null;
  series: Record<string, Series>;
  gaps: Gap[];
  gap_count: number;
}

export type Drawn = [number[], (number | null)[]];

const LEAST = 100;
const MOST = 10_000;

/** Points to ask for so that each `step` s of a flight of `seconds` has its lowest and its highest. */
export function pointsFor(seconds: number, step: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.ceil((2 * seconds) / step)));
}

/** Times in s and values, with nothing in the middle of each break, so that no line is drawn over it. */
export function withBreaks(series: Series, scale = 1): Drawn {
  const times: number[] = [];
  const values: (number | null)[] = [];
  const broken = new Set(series.breaks);
  series.at.forEach((at, place) => {
    if (broken.has(place)) {
      times.push((at + series.at[place - 1]!) / 2000);
      values.push(null);
    }
    times.push(at / 1000);
    values.push(series.value[place]! / scale);
  });
  return [times, values];
}

/** Place of the point that is nearest to a time in ms; -1 when there is none. Times are in order. */
export function nearest(at: readonly number[], ms: number): number {
  let low = 0;
  let high = at.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return low > 0 && ms - at[low - 1]! < at[low]! - ms ? low - 1 : at.length ? low : -1;
}

/** How the answer stands, in a sentence for below the charts; empty when there is nothing to say. */
export function remark(history: History): string {
  const said: string[] = [];
  if (history.gap_count > 0) {
    const gaps = history.gap_count === 1 ? "1 gap" : `${history.gap_count.toLocaleString("en-US")} gaps`;
    said.push(`${gaps} in the record, hatched.`);
  }
  if (history.thinned) said.push("Of each span the lowest and the highest value are drawn.");
  if (history.complete_until === null) said.push("How far the record is complete can't be said: Kafka does not answer.");
  return said.join(" ");
}
