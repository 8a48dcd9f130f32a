// The order of the fleet table: sorting, groups, and what waits while somebody looks at a row. Pure.
import { healthOf } from "./filters";
import type { Mark } from "./honesty";
import { NEEDS_ATTENTION, ORDER } from "./marks";
import type { ShipState } from "./protocol";
import { arrivesIn, type Planet } from "./world";

export const COLUMNS = ["state", "ship", "target", "health", "eta", "seen"] as const;
export type Column = (typeof COLUMNS)[number];

export interface Sort {
  by: Column;
  down: boolean;
}

export const FIRST_SORT: Sort = { by: "state", down: false };

export interface Assessed {
  ship: ShipState;
  mark: Mark;
}

export type Group = "attention" | "course" | "home";
export interface Heading {
  group: Group;
  count: number;
}
export type Entry = Heading | Assessed;

/** The ships in order, and in groups when it is their state that orders them. */
export function entriesOf(ships: readonly Assessed[], sort: Sort, planets: Map<string, Planet>): Entry[] {
  const ordered = sorted(ships, sort, planets);
  if (sort.by !== "state") return ordered;
  const counts = countGroups(ordered);
  const entries: Entry[] = [];
  let group: Group | null = null;
  for (const one of ordered) {
    const next = groupOf(one.mark);
    if (next !== group) entries.push({ group: next, count: counts.get(next) ?? 0 });
    group = next;
    entries.push(one);
  }
  return entries;
}

function sorted(ships: readonly Assessed[], { by, down }: Sort, planets: Map<string, Planet>): Assessed[] {
  // Keys are worked out once a ship, not once a comparison.
  const keyed = ships.map((one) => ({ one, key: keyOf(one, by, planets) }));
  const way = down ? -1 : 1;
  keyed.sort((a, b) => way * compare(a.key, b.key) || compare(a.one.ship.ship, b.one.ship.ship));
  return keyed.map(({ one }) => one);
}

function keyOf({ ship, mark }: Assessed, by: Column, planets: Map<string, Planet>): number | string {
  if (by === "state") return ORDER.indexOf(mark);
  if (by === "ship") return ship.ship;
  if (by === "target") return ship.target;
  if (by === "health") return healthOf(ship, mark);
  return by === "eta" ? (arrivesIn(ship, planets) ?? Infinity) : -ship.seen;
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export interface Held {
  entries: Entry[];
  /** Rows that are new, or belong to another group by now. */
  waiting: number;
}

/** The order as it was, with what is known now: nothing moves under the pointer. Who has left stays in its row as it last was. */
export function held(before: readonly Entry[], fresh: readonly Entry[]): Held {
  const now = new Map<string, Assessed>();
  for (const entry of fresh) if ("ship" in entry) now.set(entry.ship.ship, entry);
  const grouped = before.some((entry) => "group" in entry);
  const counts = countGroups([...now.values()]);
  let group: Group | null = null;
  let waiting = now.size;
  const entries = before.map((entry): Entry => {
    if ("group" in entry) {
      group = entry.group;
      return { group: entry.group, count: counts.get(entry.group) ?? 0 };
    }
    const found = now.get(entry.ship.ship);
    if (found && (!grouped || groupOf(found.mark) === group)) waiting -= 1;
    return found ?? entry;
  });
  return { entries, waiting };
}

function countGroups(ships: readonly Assessed[]): Map<Group, number> {
  const counts = new Map<Group, number>();
  for (const { mark } of ships) counts.set(groupOf(mark), (counts.get(groupOf(mark)) ?? 0) + 1);
  return counts;
}

export function groupOf(mark: Mark): Group {
  return NEEDS_ATTENTION.has(mark) ? "attention" : mark === "ok" ? "course" : "home";
}

/** The ship so many places after another in the table, round at its ends; from none, its first or last. */
export function stepFrom(entries: readonly Entry[], from: string | null, by: number, attention = false): string | null {
  const names = namesOf(entries, (one) => !attention || NEEDS_ATTENTION.has(one.mark) || one.ship.ship === from);
  const here = from === null ? -1 : names.indexOf(from);
  if (here < 0) return (by > 0 ? names[0] : names.at(-1)) ?? null;
  return names[(((here + by) % names.length) + names.length) % names.length] ?? null;
}

/** The same, but no further than the ends. */
export function stepWithin(entries: readonly Entry[], from: string, by: number): string | null {
  const names = namesOf(entries, () => true);
  return names[Math.min(names.length - 1, Math.max(0, names.indexOf(from) + by))] ?? null;
}

function namesOf(entries: readonly Entry[], wanted: (one: Assessed) => boolean): string[] {
  return entries.flatMap((entry) => ("ship" in entry && wanted(entry) ? [entry.ship.ship] : []));
}
