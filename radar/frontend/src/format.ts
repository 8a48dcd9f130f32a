// Numbers, times and ages as people read them.

const MINUS = "\u2212";
export const ABSENT = "\u2013";

/** A number with a fixed precision, commas and a true minus sign. */
export function number(value: number, digits = 0): string {
  const text = Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? MINUS + text : text;
}

/** A distance in millions of km, without the unit. */
export function millions(km: number, digits = 1): string {
  return number(km / 1e6, digits);
}

/** 08:30:17 of a moment in ms, UTC. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}

/** An age in words: 0.4 s, 42 s, 4 min 12 s, 2 h 05 min. */
export function age(ms: number): string {
  const seconds = Math.max(0, ms / 1000);
  if (seconds < 9.95) return `${number(seconds, 1)} s`;
  const whole = Math.floor(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** An age for a narrow column: 0.4 s, 42 s, 4:12, 2:05 h. */
export function shortAge(ms: number): string {
  const whole = Math.floor(Math.max(0, ms) / 1000);
  if (whole < 60) return age(ms);
  return whole < 3600 ? minutes(ms) : `${Math.floor(whole / 3600)}:${two(Math.floor((whole % 3600) / 60))} h`;
}

/** A span as minutes and seconds: 0:40, 12:05. */
export function minutes(ms: number): string {
  const whole = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(whole / 60)}:${two(whole % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
