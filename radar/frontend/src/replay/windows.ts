// Which windows of the record are asked for: aligned, so that many ask for the same ones, and longer at speed. Pure.
import type { Speed } from "./clock";

export interface Window {
  begin: number;
  seconds: number;
  step: number;
}

const STEP_S: Record<Speed, number> = { 1: 1, 4: 2, 16: 4, 60: 10 };
/** Steps of a window; fewer where a window would hold too many messages. */
export const MOST_STEPS = 60;
export const LEAST_STEPS = 4;

/** The window that a moment lies in. */
export function windowAt(at: number, speed: Speed, steps: number): Window {
  const step = STEP_S[speed];
  const length = step * steps * 1000;
  return { begin: Math.floor(at / length) * length, seconds: step * steps, step };
}

export function nextOf({ begin, seconds, step }: Window): Window {
  return { begin: begin + seconds * 1000, seconds, step };
}

export function keyOf({ begin, seconds, step }: Window): string {
  return `${begin}/${seconds}/${step}`;
}
