// A picture of the fleet that stands still while data goes on coming in.
import type { Fleet } from "./fleet";
import type { Newest, ShipState } from "./protocol";

/** What map, table and dock show. */
export interface Picture {
  /** Server's clock. */
  now: number;
  connected: boolean;
  ships: ReadonlyMap<string, ShipState>;
  newestOf: ReadonlyMap<string, Newest>;
  events: Fleet["events"];
  counts: Fleet["counts"];
  merged: number;
}

export class Freeze {
  private held: Picture | null = null;

  /** The moment at which the picture stands still, server's clock; null while it goes on. */
  get at(): number | null {
    return this.held?.now ?? null;
  }

  hold(fleet: Fleet, now: number, connected: boolean): void {
    // The fleet puts new objects in the place of old ones, so copies of the lists are enough.
    this.held = { ...pictureOf(fleet, now, connected), ships: new Map(fleet.ships), newestOf: new Map(fleet.newestOf) };
  }

  release(): void {
    this.held = null;
  }

  /** The picture that is to be shown. */
  picture(fleet: Fleet, now: number, connected: boolean): Picture {
    return this.held ?? pictureOf(fleet, now, connected);
  }
}

function pictureOf(fleet: Fleet, now: number, connected: boolean): Picture {
  const { ships, newestOf, events, counts, merged } = fleet;
  return { now, connected, ships, newestOf, events, counts, merged };
}
