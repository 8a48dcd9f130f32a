// The fleet as this browser knows it: a snapshot and the frames after it.
import { readRecords } from "./records";
import type { Counts, Facts, FleetEvent, Frame, Newest, ShipState, Source } from "./protocol";

const MOST_EVENTS = 200;
const NONE: Counts = { messages: 0, invalid: 0, unknown: 0, old: 0, waiting: 0, silent: 0 };

export class Fleet {
  readonly ships = new Map<string, ShipState>();
  /** The newest messages of the ships that were asked for. */
  readonly newestOf = new Map<string, Newest>();
  events: FleetEvent[] = [];
  counts = NONE;
  made: number | null = null;
  newest: number | null = null;
  source: Source | null = null;
  /** Frames that the server merged into later ones because this browser was slow. */
  merged = 0;
  private readonly facts = new Map<number, Facts>();
  private last = 0;

  /** Takes a frame in; the ships that it moved, or null when one is missing before it, and a new snapshot is needed. */
  apply(frame: Frame): ShipState[] | null {
    if (!frame.full && frame.n !== this.last + 1) return null;
    this.last = frame.n;
    const before = new Set(frame.full ? this.ships.keys() : []);
    if (frame.full) {
      this.facts.clear();
      this.events = [];
    }
    for (const slot of frame.gone) this.forget(slot);
    for (const facts of frame.facts) this.name(facts);
    const moved: ShipState[] = [];
    for (const seen of readRecords(frame.records, frame.made)) {
      const facts = this.facts.get(seen.slot);
      if (!facts) continue;
      const ship = { ...facts, ...seen, dist: Math.hypot(seen.x, seen.y, seen.z) };
      this.ships.set(facts.ship, ship);
      before.delete(facts.ship);
      moved.push(ship);
    }
    for (const name of before) this.ships.delete(name);
    for (const newest of frame.newestOf) this.newestOf.set(newest.ship, newest);
    this.hear(frame.events);
    this.counts = frame.counts;
    this.made = frame.made;
    this.newest = frame.newest;
    this.source = frame.source;
    this.merged += frame.merged;
    return moved;
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

  private name(facts: Facts): void {
    const before = this.facts.get(facts.slot);
    if (before && before.ship !== facts.ship) this.forget(facts.slot);
    this.facts.set(facts.slot, facts);
    // Names may come without a place: who has ended, or whose pace has changed, need not have moved.
    const known = this.ships.get(facts.ship);
    if (known) this.ships.set(facts.ship, { ...known, ...facts });
  }

  private forget(slot: number): void {
    const facts = this.facts.get(slot);
    if (!facts) return;
    this.facts.delete(slot);
    this.ships.delete(facts.ship);
    this.newestOf.delete(facts.ship);
  }

  private hear(events: FleetEvent[]): void {
    const newest = this.events[0]?.id ?? 0;
    const fresh = events.filter((event) => event.id > newest).sort((a, b) => b.id - a.id);
    if (fresh.length) this.events = [...fresh, ...this.events].slice(0, MOST_EVENTS);
  }
}
