// The events before a replayed moment, from the films that are here and, further back, from the track's marks. Pure.
import type { FleetEvent } from "../protocol";
import type { Film } from "./film";
import type { TrackMark } from "./span";

const MOST = 100;
/** A film tells events from so long before its first moment on. */
const BEFORE_MS = 60_000;
const LAST_ID = 999;
const ALERTS = new Set(["failure", "lost"]);

/** Newest first. */
export function happenedBefore(at: number, films: readonly Film[], marks: readonly TrackMark[]): FleetEvent[] {
  const found = new Map<number, FleetEvent>();
  for (const film of films) for (const event of film.events) if (event.at <= at) found.set(event.id, event);
  const told = (moment: number): boolean => films.some(({ begin, until }) => begin - BEFORE_MS < moment && moment <= until);
  for (const mark of marks) if (mark.at <= at && !told(mark.at)) found.set(mark.at * 1000 + LAST_ID, asEvent(mark));
  return [...found.values()].sort((a, b) => b.id - a.id).slice(0, MOST);
}

/** How many live events since a moment need a person. */
export function alertsSince(began: number, events: readonly FleetEvent[]): number {
  return events.filter((event) => event.at >= began && ALERTS.has(event.kind)).length;
}

function asEvent({ at, kind, ship, mission }: TrackMark): FleetEvent {
  const text = kind === "failure" ? `is lost; mission ${mission} failed` : "stopped for repair";
  return { id: at * 1000 + LAST_ID, at, kind, text, ship, mission };
}
