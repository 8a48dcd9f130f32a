// What the replay says. Pure.
import { age, clock, number } from "../format";
import type { Gap, Range, TrackMark } from "./span";
import type { Speed } from "./clock";

export const WORDS = {
  replay: "Replay",
  play: "Play",
  pause: "Pause",
  back: "Back 10 s",
  toLive: "Return to live",
  slider: "Replayed moment",
  waiting: "Loading the record",
  atEnd: "The record ends here so far",
  empty: "Nothing has been recorded yet; the record follows the fleet within a minute or two",
  left: "Live again.",
} as const;

const RANGE_WORDS: Record<Range, string> = { 1800: "30 min", 10800: "3 h", 86400: "24 h" };

export function rangeWord(range: Range): string {
  return RANGE_WORDS[range];
}

export function speedWord(speed: Speed): string {
  return `${speed}×`;
}

export function behind(at: number, now: number): string {
  return `${age(Math.max(0, Math.floor((now - at) / 1000) * 1000))} behind live`;
}

/** For a screen reader: the moment, and how far back it is. */
export function momentWords(at: number, now: number): string {
  return `${clock(at)} UTC, ${behind(at, now)}`;
}

/** A moment under the track: with its day, when that is not the day of now. */
export function stamp(at: number, now: number): string {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  return day(at) === day(now) ? clock(at) : `${day(at).slice(5)} ${clock(at)}`;
}

export function gapWords({ begin, end, missing }: Gap): string {
  return missing === null ? `nothing recorded for ${age(end - begin)}` : `${number(missing)} ${missing === 1 ? "message" : "messages"} missing`;
}

export function markWords({ at, kind, ship, many }: TrackMark): string {
  const others = many > 1 ? `, and ${number(many - 1)} more close by` : "";
  return kind === "failure" ? `${ship} lost at ${clock(at)}${others}` : `${ship} in repair from ${clock(at)}${others}`;
}

export function alertWords(count: number): string {
  return count === 1 ? "1 live alert" : `${number(count)} live alerts`;
}

export function enteredWords(at: number): string {
  return `Replay from ${clock(at)} UTC. L returns to live.`;
}
