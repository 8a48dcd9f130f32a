// Where ships are drawn between their messages: one update behind, so that they move evenly. Pure.
import { ahead, type Space } from "./world";

/** A place that a ship was known to be at, by the time of its message (ms, the server's clock). */
export interface Known extends Space {
  seen: number;
  mission: number;
}

interface Track {
  /** Oldest first. */
  known: Known[];
  /** How far behind the clock the ship is drawn, ms. */
  delay: number;
  /** The moment that was drawn last; a longer delay must not move a ship back. */
  drawn: number;
}

/** A longer silence is a gap, and no rhythm to go by. */
const LONGEST_INTERVAL_MS = 2_500;
const LONGEST_DELAY_MS = 4_000;
/** Room for messages that take a little longer than the last ones did. */
const MARGIN_MS = 120;
/** How much of a shorter delay is taken over with each message. */
const EASE = 0.1;
const MOST_KNOWN = 12;

/** Nothing is guessed further than this. */
export const LONGEST_ESTIMATE_MS = 5_000;

export class Motion {
  private readonly tracks = new Map<string, Track>();

  /** A message of a ship is here `now`, on the server's clock. */
  hear(name: string, at: Known, now: number): void {
    const track = this.tracks.get(name);
    const last = track?.known.at(-1);
    if (!track || !last || last.mission !== at.mission || at.seen < last.seen) {
      this.tracks.set(name, { known: [at], delay: 0, drawn: 0 });
      return;
    }
    if (at.seen === last.seen) {
      track.known[track.known.length - 1] = at;
      return;
    }
    track.known.push(at);
    // Until now it stood at its only place; it starts from there.
    if (track.known.length === 2 && track.delay === 0) track.drawn = 0;
    const interval = at.seen - last.seen;
    if (interval <= LONGEST_INTERVAL_MS) {
      const wanted = Math.min(LONGEST_DELAY_MS, interval + Math.max(0, now - at.seen) + MARGIN_MS);
      track.delay += wanted > track.delay ? wanted - track.delay : (wanted - track.delay) * EASE;
    }
    while (track.known.length > 2 && ((track.known[1]?.seen ?? 0) <= now - track.delay || track.known.length > MOST_KNOWN)) track.known.shift();
  }

  /** Writes where a ship is drawn `now` into `into`, and returns for how many ms an update is overdue by then; null for an unknown ship. */
  place(name: string, now: number, into: Space): number | null {
    const track = this.tracks.get(name);
    if (!track) return null;
    const { known } = track;
    const last = known[known.length - 1];
    if (!last) return null;
    track.drawn = Math.max(track.drawn, now - track.delay);
    let after = 0;
    while (after < known.length && (known[after]?.seen ?? 0) <= track.drawn) after++;
    const to = known[after] ?? last;
    const from = known[after - 1] ?? to;
    const part = to.seen > from.seen ? (track.drawn - from.seen) / (to.seen - from.seen) : 0;
    into.x = from.x + (to.x - from.x) * part;
    into.y = from.y + (to.y - from.y) * part;
    into.z = from.z + (to.z - from.z) * part;
    // A ship that has told only one place has no rhythm yet, so nothing of it is overdue.
    return known.length > 1 ? Math.max(0, track.drawn - last.seen) : 0;
  }

  keepOnly(names: { has(name: string): boolean }): void {
    for (const name of this.tracks.keys()) if (!names.has(name)) this.tracks.delete(name);
  }
}

/** Where a ship must be by now that flew on at its pace (ticks a second) for `overdue` ms after its last known place. */
export function estimate(last: Space, to: Space, pace: number, overdue: number, into?: Space): Space {
  return ahead(last, to, (pace * Math.min(overdue, LONGEST_ESTIMATE_MS)) / 1000, into);
}
