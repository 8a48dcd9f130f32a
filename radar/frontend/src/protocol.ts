// What travels over the radar's WebSocket; docs/contracts.md describes it. Times are ms since 1970 on the server's clock.

export interface ShipState {
  ship: string;
  mission: number;
  captain: string;
  target: string;
  at: number;
  seen: number;
  x: number;
  y: number;
  z: number;
  dist: number;
  fuel: number;
  motor: number;
  engine: number;
  core: number;
  signal: number;
  status: "OK" | "REPAIR" | "FAILURE";
  total: number;
  cond: string;
  health: [number, number, number, number];
  pace?: number;
  seq?: number;
  phase?: Phase;
  fault?: string;
  repair?: number;
  outcome?: "SUCCESS" | "FAILURE";
  ended?: number;
}

export type Phase = "OUTBOUND" | "ON_PLANET" | "RETURNING" | "HOME" | "LOST";

export interface FleetEvent {
  id: number;
  at: number;
  kind: string;
  text: string;
  ship?: string;
  mission?: number;
}

export interface Counts {
  messages?: number;
  invalid?: number;
  unknown?: number;
  old?: number;
  waiting?: number;
  silent?: number;
}

export type Source = "following" | "rebuilding" | "unreachable";

export interface Frame {
  t: "frame";
  n: number;
  base: number;
  full: boolean;
  now: number;
  made: number;
  newest: number | null;
  source: Source;
  counts: Counts;
  ships: Record<string, ShipState>;
  gone: string[];
  events: FleetEvent[];
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

/** Reads one message; throws an Error that says what was wrong with it. */
export function decode(text: string): Message {
  const message: unknown = JSON.parse(text);
  if (typeof message !== "object" || message === null || !("t" in message)) throw new Error("A message without a type.");
  const kind = (message as { t: unknown }).t;
  if (kind !== "frame" && kind !== "beat" && kind !== "history" && kind !== "refused") {
    throw new Error(`A message of the unknown type ${String(kind)}.`);
  }
  return message as Message;
}

export function encodeAck(n: number): string {
  return JSON.stringify({ t: "ack", n });
}

export function encodeHistory(ship: string): string {
  return JSON.stringify({ t: "history", ship });
}
