// What of an answer is drawn: one column along, others upward.
import type { Answer } from "./api";
import { isNumber, isTime } from "./values";

export const MOST_LINES = 6;
export const MOST_BARS = 2;

/** Numbers that name something and measure nothing. */
const IDENTIFIER = /(^|_)id$|^seq$|^kafka_/;

export interface Choice {
  /** Index of the column along. */
  readonly x: number;
  /** Indexes of the columns upward. */
  readonly y: readonly number[];
  /** Times and numbers that rise are joined by lines, where some stand twice they are points; all else is bars. */
  readonly kind: "line" | "point" | "bar";
}

/** Columns that can be drawn upward. */
export function numeric(answer: Answer): number[] {
  return answer.columns.flatMap((column, index) => (isNumber(column.type) ? [index] : []));
}

/** A choice to begin with; null when there is nothing to draw. */
export function choose(answer: Answer): Choice | null {
  const numbers = numeric(answer);
  if (answer.rows.length === 0 || numbers.length === 0) return null;
  const time = answer.columns.findIndex((column) => isTime(column.type));
  const name = answer.columns.findIndex((column) => !isNumber(column.type));
  const x = time >= 0 ? time : name >= 0 ? name : (numbers[0] as number);
  const others = numbers.filter((index) => index !== x);
  const telling = others.filter((index) => !IDENTIFIER.test(answer.columns[index]?.name ?? ""));
  const y = (telling.length > 0 ? telling : others).slice(0, 2);
  return along(answer, x, y.length > 0 ? y : numbers.slice(0, 1));
}

/** The kind of drawing that fits these columns. */
export function along(answer: Answer, x: number, y: readonly number[]): Choice {
  const column = answer.columns[x];
  const measured = column !== undefined && (isTime(column.type) || isNumber(column.type)) && answer.rows.length > 1;
  const kind = measured ? order(positions(answer, x)) : "bar";
  return { x, y: y.slice(0, kind === "bar" ? MOST_BARS : MOST_LINES), kind };
}

/** Where the rows stand along: seconds of a time, a number itself, else 0, 1, 2. */
export function positions(answer: Answer, x: number): number[] {
  const column = answer.columns[x];
  if (column && isTime(column.type)) return answer.rows.map((row) => instant(row[x]));
  if (column && isNumber(column.type)) return answer.rows.map((row) => Number(row[x] ?? NaN));
  return answer.rows.map((_, index) => index);
}

/** A column upward: null stays a gap. */
export function heights(answer: Answer, y: number): (number | null)[] {
  return answer.rows.map((row) => {
    const value = row[y];
    const number = value === null || value === undefined ? NaN : Number(value);
    return Number.isFinite(number) ? number : null;
  });
}

function instant(value: unknown): number {
  const text = String(value);
  return Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text.slice(10)) ? text : `${text.includes("T") ? text : `${text}T00:00:00`}Z`) / 1000;
}

function order(values: readonly number[]): Choice["kind"] {
  let kind: Choice["kind"] = "line";
  for (const [index, value] of values.entries()) {
    const before = index > 0 ? (values[index - 1] as number) : -Infinity;
    if (!Number.isFinite(value) || value < before) return "bar";
    if (value === before) kind = "point";
  }
  return kind;
}
