// A ship's readings over the last minutes: the server's history, which live messages then go on. Pure.
import type { History, Newest } from "./protocol";

export const KEEP_MS = 180_000;
/** Moments that lie closer together are one. */
const APART_MS = 900;
/** A longer silence stays a gap. */
export const GAP_MS = 5_000;

/** `columns` are the server's, then `total` (health 0..1, known from live messages on) and `speed` (km/s). */
export interface Readings {
  mission: number | null;
  columns: string[];
  rows: number[][];
}

const DERIVED = ["total", "speed"];

export function readingsOf(history: History): Readings {
  const readings: Readings = { mission: history.mission, columns: [...history.columns, ...DERIVED], rows: [] };
  for (const row of history.rows) add(readings, row, NaN);
  return readings;
}

/** Adds the newest message of the ship; keeps three minutes, and at most one point in 0.9 s. */
export function extend(readings: Readings, newest: Newest, total: number): void {
  const last = readings.rows.at(-1)?.[0] ?? 0;
  if (readings.mission !== newest.mission || newest.at - last < APART_MS) return;
  const given = readings.columns.slice(0, -DERIVED.length);
  add(readings, given.map((column) => valueOf(newest, column) ?? NaN), total);
  while (readings.rows.length && (readings.rows[0]?.[0] ?? 0) < newest.at - KEEP_MS) readings.rows.shift();
}

export function valueOf(newest: Newest, column: string): number | undefined {
  const value: unknown = newest[column as keyof Newest];
  return typeof value === "number" ? value : undefined;
}

/** The values of a column, oldest first; NaN where one is not known. */
export function seriesOf(readings: Readings | null, column: string): number[] {
  const at = readings?.columns.indexOf(column) ?? -1;
  return at < 0 || !readings ? [] : readings.rows.map((row) => row[at] ?? NaN);
}

function add(readings: Readings, row: number[], total: number): void {
  readings.rows.push([...row, total, speed(readings, readings.rows.at(-1), row)]);
}

function speed({ columns }: Readings, before: number[] | undefined, now: number[]): number {
  const apart = (column: string): number => (now[columns.indexOf(column)] ?? NaN) - (before?.[columns.indexOf(column)] ?? NaN);
  const ms = apart("at");
  return ms > 0 && ms <= GAP_MS ? (Math.hypot(apart("x"), apart("y"), apart("z")) / ms) * 1000 : NaN;
}
