// A ship for tests, and the moment at which they happen.
import type { ShipState } from "../src/protocol";

export const NOW = 1_800_000_000_000;

export function aShip(change: Partial<ShipState> = {}): ShipState {
  return {
    ship: "SS_DOLPHIN", mission: 7, captain: "Olimar", target: "Koppai", at: NOW, seen: NOW, x: 0, y: 0, z: 0, dist: 0,
    fuel: 99, motor: 90, engine: 325, core: 600, signal: -70, status: "OK", total: 0.95, cond: "GOOD", health: [1, 1, 1, 1],
    phase: "OUTBOUND", seq: 1, ...change,
  };
}
