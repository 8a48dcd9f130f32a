// What of a view stands in the page's address, so that it can be shared. Pure.
import { CONDITIONS, PHASES, rangeOf, WHOLE, type Filters, type Range } from "./filters";
import { ORDER } from "./marks";
import { readMoment, tellMoment, type Moment } from "./replay/address";
import { COLUMNS, FIRST_SORT, type Sort } from "./order";

/** Where the map looks: its middle in M km, and how close; at 1 the picture is 1,000 M km wide, on whatever screen. */
export interface Place {
  x: number;
  y: number;
  k: number;
}

export interface Shared extends Moment {
  ship: string | null;
  filters: Filters;
  sort: Sort;
  place: Place | null;
  /** Seen from the side as well. */
  tilt: boolean;
  /** Ships stand where they were last seen, instead of gliding there. */
  raw: boolean;
}

/** Reads an address; what it can't mean is left out. */
export function read(search: string): Shared {
  const given = new URLSearchParams(search);
  const [x, y, k] = ["x", "y", "k"].map((name) => numberOf(given.get(name)));
  const whole = x !== undefined && y !== undefined && k !== undefined && k > 0;
  return {
    ship: given.get("ship") || null,
    filters: {
      show: among(given.get("show"), ORDER),
      phase: among(given.get("phase"), PHASES),
      planet: given.get("planet")?.split(",").filter(Boolean) ?? [],
      cond: among(given.get("cond"), CONDITIONS),
      fuel: range(given.get("fuel"), WHOLE.fuel),
      health: range(given.get("health"), WHOLE.health),
      fav: given.get("fav") === "1",
      find: given.get("find") ?? "",
    },
    sort: sortOf(given.get("sort") ?? ""),
    place: whole ? { x, y, k } : null,
    ...readMoment(given),
    tilt: given.get("view") === "tilt",
    raw: given.get("raw") === "1",
  };
}

/** The address' part from the question mark on; empty for a view that nobody has changed. */
export function write({ ship, filters, sort, place, tilt, raw, at, speed }: Shared): string {
  const told: [string, string][] = [];
  const tell = (name: string, value: string): unknown => value && told.push([name, value]);
  tell("ship", ship ?? "");
  tell("show", ORDER.filter((mark) => filters.show.includes(mark)).join());
  tell("phase", filters.phase.join().toLowerCase());
  tell("planet", filters.planet.join());
  tell("cond", filters.cond.join().toLowerCase());
  tell("fuel", filters.fuel ? `${filters.fuel.low}-${filters.fuel.high}` : "");
  tell("health", filters.health ? `${filters.health.low}-${filters.health.high}` : "");
  tell("fav", filters.fav ? "1" : "");
  tell("find", filters.find.trim());
  tell("sort", sort.by === FIRST_SORT.by && sort.down === FIRST_SORT.down ? "" : `${sort.down ? "-" : ""}${sort.by}`);
  if (place) told.push(["x", short(place.x)], ["y", short(place.y)], ["k", short(place.k)]);
  tell("view", tilt ? "tilt" : "");
  tell("raw", raw ? "1" : "");
  told.push(...tellMoment({ at, speed }));
  // Commas and colons may stand in a query, and read better so.
  const text = new URLSearchParams(told).toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return text && `?${text}`;
}

/** Those of `all` that a list names, in whatever case. */
function among<T extends string>(text: string | null, all: readonly T[]): T[] {
  const wanted = new Set((text ?? "").toLowerCase().split(","));
  return all.filter((one) => wanted.has(one.toLowerCase()));
}

function range(text: string | null, whole: Range): Range | null {
  const [, low, high] = /^(\d*\.?\d+)-(\d*\.?\d+)$/.exec(text ?? "") ?? [];
  return low === undefined || high === undefined ? null : rangeOf(Number(low), Number(high), whole);
}

function sortOf(text: string): Sort {
  const by = COLUMNS.find((column) => column === text.replace(/^-/, ""));
  return by ? { by, down: text.startsWith("-") } : FIRST_SORT;
}

function numberOf(text: string | null): number | undefined {
  const value = text ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** As few digits as tell places of a pixel apart. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
