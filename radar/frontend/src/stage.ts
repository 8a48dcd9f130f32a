// What the page shows: the fleet as it is, or as it was.
import type { Fleet } from "./fleet";
import type { Replay } from "./replay/replay";

/** A fleet to look at. */
export type FleetView = Pick<Fleet, "ships" | "newestOf" | "events" | "counts" | "made" | "newest" | "source" | "merged"> & {
  /** Whether this is the past; then the live feed's state says nothing of it. */
  readonly replaying: boolean;
};

export class Stage implements FleetView {
  constructor(
    private readonly live: Fleet,
    private readonly replay: Replay,
  ) {}

  get replaying(): boolean {
    return this.replay.on;
  }

  get ships(): Fleet["ships"] {
    return this.seen.ships;
  }

  get newestOf(): Fleet["newestOf"] {
    return this.seen.newestOf;
  }

  get events(): Fleet["events"] {
    return this.seen.events;
  }

  // Of the live feed there is but one.
  get counts(): Fleet["counts"] {
    return this.live.counts;
  }

  get merged(): number {
    return this.live.merged;
  }

  get made(): Fleet["made"] {
    return this.live.made;
  }

  get newest(): Fleet["newest"] {
    return this.live.newest;
  }

  get source(): Fleet["source"] {
    return this.live.source;
  }

  private get seen(): Pick<Fleet, "ships" | "newestOf" | "events"> {
    return this.replay.on ? this.replay : this.live;
  }
}
