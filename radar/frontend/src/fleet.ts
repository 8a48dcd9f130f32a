// The fleet as this browser knows it: a snapshot and the frames after it.
import type { Counts, FleetEvent, Frame, ShipState, Source } from "./protocol";

const MOST_EVENTS = 200;

export class Fleet {
  readonly ships = new Map<string, ShipState>();
  events: FleetEvent[] = [];
  counts: Counts = {};
  made: number | null = null;
  newest: number | null = null;
  source: Source | null = null;
  /** Frames that the server merged into later ones because this browser was slow. */
  merged = 0;
  private last = 0;

  /** Takes a frame in; false when one is missing before it, and a new snapshot is needed. */
  apply(frame: Frame): boolean {
    if (!frame.full && frame.base !== this.last) return false;
    this.last = frame.n;
    if (frame.full) {
      this.ships.clear();
      this.events = [];
    }
    for (const name of frame.gone) this.ships.delete(name);
    for (const [name, ship] of Object.entries(frame.ships)) this.ships.set(name, ship);
    this.hear(frame.events);
    this.counts = frame.counts;
    this.made = frame.made;
    this.newest = frame.newest;
    this.source = frame.source;
    this.merged += frame.merged;
    return true;
  }

  /** A beat takes a number of its own between the frames. */
  beat(n: number, made: number | null): void {
    this.last = n;
    this.made = made;
  }

  /** A new socket starts anew; what is known stays in sight until its snapshot comes. */
  restart(): void {
    this.last = 0;
  }

  private hear(events: FleetEvent[]): void {
    const newest = this.events[0]?.id ?? 0;
    const fresh = events.filter((event) => event.id > newest).sort((a, b) => b.id - a.id);
    if (fresh.length) this.events = [...fresh, ...this.events].slice(0, MOST_EVENTS);
  }
}
