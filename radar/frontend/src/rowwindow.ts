// Which rows of a long table are in the page: what is in view, some around it, and those that must stay. Pure.

/** Rows from `from` to before `to`. */
export interface Span {
  from: number;
  to: number;
}

/** The rows in view and `over` more at either side; `top` is how far (px) the first row is above the view's upper edge. */
export function inView(count: number, rowHeight: number, top: number, height: number, over: number): Span {
  const first = Math.floor(Math.max(0, top) / rowHeight) - over;
  const last = Math.ceil((top + Math.max(0, height)) / rowHeight) + over;
  const from = Math.min(Math.max(0, first), count);
  return { from, to: Math.max(from, Math.min(count, last)) };
}

/** The window, and single rows that are kept beside it, in order and without overlaps. */
export function withKept(window: Span, kept: readonly number[], count: number): Span[] {
  const outside = [...new Set(kept)].filter((at) => at >= 0 && at < count && (at < window.from || at >= window.to));
  const spans = [...outside.map((at) => ({ from: at, to: at + 1 })), ...(window.to > window.from ? [window] : [])];
  return spans.sort((a, b) => a.from - b.from);
}

/** Where to scroll so that a row is wholly in view, as little as may be. */
export function scrollTo(at: number, rowHeight: number, scroll: number, height: number): number {
  const [low, high] = [at * rowHeight, (at + 1) * rowHeight];
  if (low < scroll) return low;
  return high > scroll + height ? high - height : scroll;
}
