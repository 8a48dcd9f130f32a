// The replayed moment in the page's address: ?at=2026-11-25T08:18:03Z&speed=4. Pure.
import { isSpeed, type Speed } from "./clock";

export interface Moment {
  /** ms since 1970; null while the page is live. */
  at: number | null;
  speed: Speed;
}

export const LIVE: Moment = { at: null, speed: 1 };

/** What an address tells of a moment; what it can't mean is left out. */
export function readMoment(given: URLSearchParams): Moment {
  const text = given.get("at") ?? "";
  // Without a zone a browser would take it for its own.
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) return LIVE;
  const speed = Number(given.get("speed") ?? 1);
  return { at, speed: isSpeed(speed) ? speed : 1 };
}

/** Names and values for the address; none while the page is live. */
export function tellMoment({ at, speed }: Moment): [string, string][] {
  if (at === null) return [];
  const told: [string, string][] = [["at", new Date(at).toISOString().replace(/\.\d+Z$/, "Z")]];
  return speed === 1 ? told : [...told, ["speed", String(speed)]];
}
