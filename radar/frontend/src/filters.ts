// Which ships are shown, on the map and in the table alike. Pure.
import type { Mark } from "./honesty";
import { ORDER } from "./marks";
import type { Phase, ShipState } from "./protocol";
import type { Condition } from "./records";

/** Both ends belong to it. */
export interface Range {
  low: number;
  high: number;
}

/** An empty list, and null, let all pass. */
export interface Filters {
  show: readonly Mark[];
  phase: readonly Phase[];
  planet: readonly string[];
  cond: readonly Condition[];
  /** % */
  fuel: Range | null;
  /** 0..1 */
  health: Range | null;
  fav: boolean;
  find: string;
}

export const EVERYTHING: Filters = { show: [], phase: [], planet: [], cond: [], fuel: null, health: null, fav: false, find: "" };
export const PHASES: readonly Phase[] = ["OUTBOUND", "ON_PLANET", "RETURNING", "HOME", "LOST"];
export const CONDITIONS: readonly Condition[] = ["GOOD", "MID", "BAD", "CRITICAL", "REPAIRING", "UNOPERATIONAL"];
/** The whole of each range. */
export const WHOLE = { fuel: { low: 0, high: 100 }, health: { low: 0, high: 1 } } as const;

export function passes(ship: ShipState, mark: Mark, filters: Filters, favourites: ReadonlySet<string>): boolean {
  return (
    among(mark, filters.show) &&
    among(phaseOf(ship), filters.phase) &&
    among(ship.target, filters.planet) &&
    among(ship.cond, filters.cond) &&
    within(ship.fuel, filters.fuel) &&
    within(healthOf(ship, mark), filters.health) &&
    (!filters.fav || favourites.has(ship.ship)) &&
    (filters.find === "" || wordsOf(ship).includes(filters.find.trim().toLowerCase()))
  );
}

/** A ship that doesn't say its phase flies by version 1 of the contract, and is taken to be on its way out. */
export function phaseOf(ship: ShipState): Phase {
  return ship.phase ?? "OUTBOUND";
}

/** What is shown as health: nothing is left of a lost ship. */
export function healthOf(ship: ShipState, mark: Mark): number {
  return mark === "failure" ? 0 : ship.total;
}

/** How many filters are set beside those by state and by words, which are in sight anyway. */
export function extras(filters: Filters): number {
  return filters.phase.length + filters.planet.length + filters.cond.length + Number(filters.fuel !== null) + Number(filters.health !== null) + Number(filters.fav);
}

export function isEverything(filters: Filters): boolean {
  return filters.show.length + extras(filters) === 0 && filters.find.trim() === "";
}

/** The list with a value added or, when it is there, taken out; in the order of `all`. */
export function toggled<T>(list: readonly T[], value: T, all: readonly T[]): T[] {
  const wanted = new Set(list);
  if (!wanted.delete(value)) wanted.add(value);
  return all.filter((one) => wanted.has(one));
}

export function toggledMark(filters: Filters, mark: Mark): Filters {
  return { ...filters, show: toggled(filters.show, mark, ORDER) };
}

/** A range from two fields; null when it is the whole, or no range at all. */
export function rangeOf(low: number, high: number, whole: Range): Range | null {
  const range = { low: clamp(low, whole, whole.low), high: clamp(high, whole, whole.high) };
  return (range.low <= whole.low && range.high >= whole.high) || range.low > range.high ? null : range;
}

function clamp(value: number, whole: Range, otherwise: number): number {
  return Number.isFinite(value) ? Math.min(whole.high, Math.max(whole.low, value)) : otherwise;
}

function among<T>(value: T, list: readonly T[]): boolean {
  return list.length === 0 || list.includes(value);
}

function within(value: number, range: Range | null): boolean {
  return range === null || (value >= range.low && value <= range.high);
}

const words = new Map<string, { mission: number; text: string }>();

/** What a search looks through; kept, since it is asked for every ship of every picture. */
function wordsOf(ship: ShipState): string {
  const known = words.get(ship.ship);
  if (known?.mission === ship.mission) return known.text;
  const text = [ship.ship, ship.captain, ship.target, ship.mission].join("\n").toLowerCase();
  words.set(ship.ship, { mission: ship.mission, text });
  return text;
}
