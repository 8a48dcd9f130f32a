// What of a view stands in the page's address, so that it can be shared. Pure.
import { ORDER } from "./marks";
import type { Mark } from "./honesty";

/** Where the map looks: its middle in M km, and how close; at 1 the picture is 1,000 M km wide, on whatever screen. */
export interface Place {
  x: number;
  y: number;
  k: number;
}

export interface Shared {
  ship: string | null;
  /** Marks that are shown; none means all. */
  show: Mark[];
  find: string;
  place: Place | null;
}

/** Reads an address; what it can't mean is left out. */
export function read(search: string): Shared {
  const given = new URLSearchParams(search);
  const wanted = new Set((given.get("show") ?? "").split(","));
  const [x, y, k] = ["x", "y", "k"].map((name) => numberOf(given.get(name)));
  const whole = x !== undefined && y !== undefined && k !== undefined && k > 0;
  return {
    ship: given.get("ship") || null,
    show: ORDER.filter((mark) => wanted.has(mark)),
    find: given.get("find") ?? "",
    place: whole ? { x, y, k } : null,
  };
}

/** The address' part from the question mark on; empty for a view that nobody has changed. */
export function write(shared: Shared): string {
  const told: [string, string][] = [];
  if (shared.ship) told.push(["ship", shared.ship]);
  if (shared.show.length) told.push(["show", ORDER.filter((mark) => shared.show.includes(mark)).join(",")]);
  if (shared.find.trim()) told.push(["find", shared.find.trim()]);
  if (shared.place) {
    const { x, y, k } = shared.place;
    told.push(["x", short(x)], ["y", short(y)], ["k", short(k)]);
  }
  // Commas may stand in a query, and read better so.
  const text = new URLSearchParams(told).toString().replaceAll("%2C", ",");
  return text && `?${text}`;
}

function numberOf(text: string | null): number | undefined {
  const value = text ? Number(text) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

/** As few digits as tell places of a pixel apart. */
function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
