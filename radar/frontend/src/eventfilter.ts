// Which events are listed. Pure.
import type { FleetEvent } from "./protocol";

export const KIND_SORTS = ["all", "malfunctions", "losses", "signals", "arrivals", "departures"] as const;
export type KindSort = (typeof KIND_SORTS)[number];

const KINDS: Record<Exclude<KindSort, "all">, readonly string[]> = {
  malfunctions: ["repair", "mended"],
  losses: ["failure"],
  signals: ["late", "lost", "back"],
  arrivals: ["reached", "home"],
  departures: ["started", "returning"],
};

export interface EventFilter {
  sort: KindSort;
  /** Only those of the chosen ship, while one is chosen. */
  mine: boolean;
}

export function eventsOf(events: readonly FleetEvent[], { sort, mine }: EventFilter, chosen: string | null): FleetEvent[] {
  const kinds = sort === "all" ? null : KINDS[sort];
  return events.filter((event) => (!kinds || kinds.includes(event.kind)) && (!mine || chosen === null || event.ship === chosen));
}

export function isSort(value: string): value is KindSort {
  return KIND_SORTS.some((sort) => sort === value);
}
