// A ship and a frame for tests, and the moment at which they happen.
import type { Frame, ShipState } from "../src/protocol";

export const NOW = 1_800_000_000_000;

export function aShip(change: Partial<ShipState> = {}): ShipState {
  return {
    slot: 0, ship: "SS_DOLPHIN", mission: 7, captain: "Olimar", target: "Koppai", pace: 1, ended: null, seen: NOW, x: 0, y: 0,
    z: 0, dist: 0, fuel: 99, status: "OK", total: 0.95, cond: "GOOD", phase: "OUTBOUND", fault: undefined, repair: 0,
    outcome: undefined, ...change,
  };
}

export function aFrame(change: Partial<Frame> = {}): Frame {
  const counts = { messages: 0, invalid: 0, unknown: 0, old: 0, waiting: 0, silent: 0 };
  return {
    t: "frame", n: 1, full: true, now: NOW, made: NOW, newest: null, source: "following", counts, facts: [],
    records: new Uint8Array(), gone: [], events: [], newestOf: [], merged: 0, ...change,
  };
}
