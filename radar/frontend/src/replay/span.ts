// How far the record goes back and has come, and what stands out in it; asked for again while it is looked at.
import { ask } from "./ask";

export interface TrackMark {
  at: number;
  kind: string;
  ship: string;
  mission: number;
  /** How many such things lie close together here. */
  many: number;
}

export interface Gap {
  begin: number;
  end: number;
  missing: number | null;
}

export interface Span {
  now: number;
  begin: number;
  earliest: number | null;
  latest: number | null;
  bars: number[];
  marks: TrackMark[];
  gaps: Gap[];
}

/** How far the track goes back, s. */
export const RANGES = [1_800, 10_800, 86_400] as const;
export type Range = (typeof RANGES)[number];
const AGAIN_MS = 15_000;

/** The shortest track that holds a moment, with a little room before it. */
export function rangeFor(at: number, now: number): Range {
  return RANGES.find((range) => now - at <= range * 1000 * 0.95) ?? 86_400;
}

export class SpanFeed {
  span: Span | null = null;
  range: Range = RANGES[0];
  private asked = -Infinity;
  private stop: AbortController | null = null;

  constructor(private readonly changed: () => void) {}

  /** Brings the span up to date; to be called often. */
  see(): void {
    if (this.stop || performance.now() - this.asked < AGAIN_MS) return;
    this.asked = performance.now();
    void this.fetch(this.range);
  }

  look(range: Range): void {
    if (range === this.range && this.span) return;
    this.range = range;
    this.clear();
    this.see();
  }

  clear(): void {
    this.stop?.abort();
    this.stop = null;
    this.asked = -Infinity;
  }

  private async fetch(range: Range): Promise<void> {
    const stop = (this.stop = new AbortController());
    try {
      const answer = await ask("/span", { seconds: range }, stop.signal);
      const span = (await answer.json()) as Span;
      if (stop.signal.aborted) return;
      this.span = span;
      this.changed();
    } catch {
      // The windows of the record say what is wrong; the track keeps what it had.
    } finally {
      if (this.stop === stop) this.stop = null;
    }
  }
}
