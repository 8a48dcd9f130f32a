// A window of the past as the server tells it, and the fleet at any moment of it. Pure.
import { decode as unpack } from "@msgpack/msgpack";
import { LIVE_MS } from "../honesty";
import { factsOf, type FactsRow, type FleetEvent, type ShipState } from "../protocol";
import { readRecords, type Seen } from "../records";

/** From the moment `from` on a ship was as `state` says. */
interface Take {
  from: number;
  state: Seen;
}

/** One flight: what was known of it, oldest first, and from when on it is not shown. */
interface Reel {
  ship: ShipState;
  takes: Take[];
  gone: number;
}

export interface Film {
  begin: number;
  step: number;
  /** The last moment of which the fleet is known; the window's end, or where the record ends so far. */
  until: number;
  reels: Reel[];
  /** Oldest first. */
  events: FleetEvent[];
}

/** Reads the answer for a window; throws an Error when it is none. */
export function readFilm(bytes: ArrayBuffer | Uint8Array): Film {
  const told: unknown = unpack(bytes);
  if (!Array.isArray(told) || told[0] !== "replay") throw new Error("The server's answer is no window of the record.");
  const [, begin, step, , facts, moments, events] = told as [string, number, number, number, FactsRow[], [Uint8Array, number[]][], FleetEvent[]];
  const reels = new Map<number, Reel>();
  const names = new Map(facts.map((row) => [row[0], factsOf(row)]));
  moments.forEach(([records, gone], number) => {
    const from = begin + number * step;
    for (const slot of gone) {
      const reel = reels.get(slot);
      if (reel) reel.gone = from;
    }
    for (const state of readRecords(records, from)) {
      const known = names.get(state.slot);
      if (!known) continue;
      const reel = reels.get(state.slot) ?? { ship: { ...known, ...state, dist: 0 }, takes: [], gone: Infinity };
      reel.takes.push({ from, state });
      reels.set(state.slot, reel);
    }
  });
  // Beyond its last moment every ship would seem to fall silent.
  const until = begin + (moments.length - 1) * step;
  return { begin, step, until, reels: [...reels.values()], events };
}

/** Puts the ships of a moment into `ships`; those that were not there leave it. Each flight keeps its object. */
export function show(film: Film, at: number, ships: Map<string, ShipState>): void {
  const there = new Set<string>();
  for (const reel of film.reels) {
    const number = at < reel.gone ? lastBefore(reel.takes, at) : -1;
    const take = reel.takes[number];
    if (!take) continue;
    place(reel.ship, take, reel.takes[number + 1], at, film.step);
    ships.set(reel.ship.ship, reel.ship);
    there.add(reel.ship.ship);
  }
  for (const name of ships.keys()) if (!there.has(name)) ships.delete(name);
}

/** From one moment to the next a ship moves evenly; across a silence it stands, and its age grows. */
function place(ship: ShipState, take: Take, next: Take | undefined, at: number, step: number): void {
  const { state } = take;
  Object.assign(ship, state);
  const silence = next ? next.state.seen - state.seen : 0;
  const follows = next !== undefined && next.from - take.from <= step;
  if (next && silence > 0 && (follows || silence <= LIVE_MS)) {
    const part = Math.min(1, Math.max(0, (at - state.seen) / silence));
    ship.x += (next.state.x - state.x) * part;
    ship.y += (next.state.y - state.y) * part;
    ship.z += (next.state.z - state.z) * part;
    // It was heard between two moments too, though only the last message before each is known here.
    if (follows) ship.seen = Math.min(next.state.seen, state.seen + Math.max(0, at - take.from));
  }
  ship.dist = Math.hypot(ship.x, ship.y, ship.z);
}

/** The place of the last take at or before a moment; -1 when there is none. */
function lastBefore(takes: Take[], at: number): number {
  let [low, high] = [0, takes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((takes[middle]?.from ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
