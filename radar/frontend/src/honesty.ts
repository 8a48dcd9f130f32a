// What may be shown as live. The server judges by the same two limits.
import type { ShipState, Source } from "./protocol";

export const LIVE_MS = 5_000;
export const LOST_MS = 60_000;

export type Link = "live" | "late" | "lost" | "ended";
export type Mark = "failure" | "lost" | "repair" | "late" | "ok" | "ended";
export type Feed = "live" | "late" | "disconnected";

/** The state of the link to a ship; without a connection no ship is live. */
export function linkOf(ship: ShipState, now: number, connected: boolean): Link {
  if (ship.outcome) return "ended";
  const silent = now - ship.seen;
  if (silent >= LOST_MS) return "lost";
  return silent > LIVE_MS || !connected ? "late" : "live";
}

/** How a ship is drawn: by its link first, then by what it last said of itself. */
export function markOf(ship: ShipState, now: number, connected: boolean): Mark {
  const link = linkOf(ship, now, connected);
  if (link === "ended") return ship.outcome === "FAILURE" ? "failure" : "ended";
  if (link === "live") return ship.status === "OK" ? "ok" : ship.status === "REPAIR" ? "repair" : "failure";
  return link;
}

export interface FeedFacts {
  connected: boolean;
  /** When the last frame was made, server's clock; null before the first. */
  made: number | null;
  newest: number | null;
  now: number;
  source: Source | null;
}

export interface FeedState {
  feed: Feed;
  /** What stands still, as a sentence; empty while all is well. */
  trouble: string;
}

/** The state of the feed as a whole, and what stopped. */
export function feedOf(facts: FeedFacts): FeedState {
  if (!facts.connected) return { feed: "disconnected", trouble: "No connection to headquarters." };
  if (facts.made === null) return { feed: "late", trouble: "The radar has not sent anything yet." };
  if (facts.now - facts.made > LIVE_MS) return { feed: "late", trouble: "The radar has stopped sending." };
  if (facts.source === "unreachable") return { feed: "late", trouble: "The radar can't reach Kafka." };
  if (facts.source === "rebuilding") return { feed: "late", trouble: "The radar is reading the last minute again." };
  if (facts.newest !== null && facts.now - facts.newest > LIVE_MS) return { feed: "late", trouble: "No ship is sending." };
  return { feed: "live", trouble: "" };
}

/** The server's clock against this browser's: the least delayed message of the last ones tells it best. */
export class ClockOffset {
  private readonly samples: number[] = [];

  add(serverNow: number, localNow: number): void {
    this.samples.push(serverNow - localNow);
    if (this.samples.length > 40) this.samples.shift();
  }

  /** ms to add to the local clock to get the server's. */
  get value(): number {
    return this.samples.length ? Math.max(...this.samples) : 0;
  }
}
