// What travels over the radar's WebSocket; docs/contracts.md describes it. Times are ms since 1970 on the server's clock.
import { decode as unpack } from "@msgpack/msgpack";
import type { Seen } from "./records";

export type Phase = "OUTBOUND" | "ON_PLANET" | "RETURNING" | "HOME" | "LOST";
export type Source = "following" | "rebuilding" | "unreachable";

/** What seldom changes of a ship. `pace` is its ticks a second, `ended` when its mission ended. */
export interface Facts {
  slot: number;
  ship: string;
  mission: number;
  captain: string;
  target: string;
  pace: number;
  ended: number | null;
}

/** A ship as the map, the table and the filters know it; `dist` is km from Hocotate. */
export interface ShipState extends Facts, Seen {
  dist: number;
}

/** The newest message of a ship, whole; `at` is its own clock. */
export interface Newest {
  ship: string;
  mission: number;
  at: number;
  seq: number | null;
  x: number;
  y: number;
  z: number;
  dist: number;
  fuel: number;
  motor: number;
  engine: number;
  core: number;
  signal: number;
  health: [number, number, number, number];
}

export interface FleetEvent {
  id: number;
  at: number;
  kind: string;
  text: string;
  ship?: string;
  mission?: number;
}

/** Messages since the radar started, by what became of them, and missions that can't be shown. */
export interface Counts {
  messages: number;
  invalid: number;
  unknown: number;
  old: number;
  waiting: number;
  silent: number;
}

export interface Frame {
  t: "frame";
  n: number;
  full: boolean;
  now: number;
  made: number;
  newest: number | null;
  source: Source;
  counts: Counts;
  facts: Facts[];
  records: Uint8Array;
  gone: number[];
  events: FleetEvent[];
  newestOf: Newest[];
  merged: number;
}

export interface Beat {
  t: "beat";
  n: number;
  now: number;
  made: number | null;
}

export interface History {
  t: "history";
  ship: string;
  mission: number | null;
  columns: string[];
  rows: number[][];
}

export interface Refused {
  t: "refused";
  ship: string;
  detail: string;
}

export type Message = Frame | Beat | History | Refused;

export type FactsRow = [number, string, number, string, string, number, number | null];
type CountsRow = [number, number, number, number, number, number];

/** Reads one message; throws an Error that says what was wrong with it. */
export function decode(bytes: ArrayBuffer | Uint8Array): Message {
  const message: unknown = unpack(bytes);
  if (!Array.isArray(message)) throw new Error("A message without a type.");
  const [kind, ...rest] = message as [unknown, ...unknown[]];
  if (kind === "frame") return frame(rest);
  if (kind === "beat") return { t: "beat", n: rest[0] as number, now: rest[1] as number, made: rest[2] as number | null };
  if (kind === "history") {
    return { t: "history", ship: rest[0] as string, mission: rest[1] as number | null, columns: rest[2] as string[], rows: rest[3] as number[][] };
  }
  if (kind === "refused") return { t: "refused", ship: rest[0] as string, detail: rest[1] as string };
  throw new Error(`A message of the unknown type ${String(kind)}.`);
}

export function factsOf([slot, ship, mission, captain, target, pace, ended]: FactsRow): Facts {
  return { slot, ship, mission, captain, target, pace, ended };
}

function frame(fields: unknown[]): Frame {
  const [n, full, now, made, newest, source, counts, facts, records, gone, events, newestOf, merged] = fields;
  const [messages, invalid, unknown_, old, waiting, silent] = counts as CountsRow;
  return {
    t: "frame",
    n: n as number,
    full: full as boolean,
    now: now as number,
    made: made as number,
    newest: newest as number | null,
    source: source as Source,
    counts: { messages, invalid, unknown: unknown_, old, waiting, silent },
    facts: (facts as FactsRow[]).map(factsOf),
    records: records as Uint8Array,
    gone: gone as number[],
    events: events as FleetEvent[],
    newestOf: newestOf as Newest[],
    merged: merged as number,
  };
}

export function encodeAck(n: number): string {
  return JSON.stringify({ t: "ack", n });
}

export function encodeHistory(ship: string): string {
  return JSON.stringify({ t: "history", ship });
}

export function encodeWatch(ships: string[]): string {
  return JSON.stringify({ t: "watch", ships });
}

export function encodeRate(frames: number): string {
  return JSON.stringify({ t: "rate", frames });
}
