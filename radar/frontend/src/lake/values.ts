// Values of an answer as the page shows them.
import { ABSENT, number } from "../format";
import type { Value } from "./api";

const NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DOUBLE|FLOAT|DECIMAL)/;
const TIME = /^(TIMESTAMP|DATE)/;

export function isNumber(type: string): boolean {
  return NUMBER.test(type) && !type.endsWith("]");
}

export function isTime(type: string): boolean {
  return TIME.test(type) && !type.endsWith("]");
}

/** A value as text: null as a dash, times without the zone (all are UTC), numbers as they came. */
export function shown(value: Value, type: string, digits: number | null = null): string {
  if (value === null) return ABSENT;
  if (typeof value === "number" && digits !== null) return value.toFixed(digits);
  if (typeof value === "string") return type.startsWith("TIMESTAMP") ? value.replace("T", " ").replace("+00:00", "") : value;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

const MOST_PADDED = 4;

/** Digits behind the point that all numbers of a column share, so that they stand in line; null to leave them as they are. */
export function digitsOf(values: readonly Value[], type: string): number | null {
  if (!/^(DOUBLE|FLOAT)/.test(type)) return null;
  let most = 0;
  for (const value of values) {
    if (typeof value !== "number") continue;
    const [, digits = ""] = String(value).split(".");
    if (digits.length > MOST_PADDED || String(value).includes("e")) return null;
    most = Math.max(most, digits.length);
  }
  return most;
}

/** 1.31 M, 22 k, 1,204. */
export function short(count: number): string {
  if (count < 10_000) return number(count);
  return count < 1_000_000 ? `${number(count / 1e3)} k` : `${number(count / 1e6, 2)} M`;
}

/** 11.2 MB, 1.84 GB. */
export function size(bytes: number): string {
  if (bytes < 1e6) return `${number(bytes / 1e3, 1)} kB`;
  return bytes < 1e9 ? `${number(bytes / 1e6, 1)} MB` : `${number(bytes / 1e9, 2)} GB`;
}
