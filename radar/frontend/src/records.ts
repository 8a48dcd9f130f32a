// A ship on the map in 22 bytes, as radar/records.py packs it; docs/contracts.md says what each byte means.
import type { Phase } from "./protocol";

const SIZE = 22;
const KM = 1_000;
const SEEN_MS = 10;

const STATUSES = ["OK", "REPAIR", "FAILURE"] as const;
const PHASES = [undefined, "OUTBOUND", "ON_PLANET", "RETURNING", "HOME", "LOST"] as const satisfies readonly (Phase | undefined)[];
const CONDITIONS = ["GOOD", "MID", "BAD", "CRITICAL", "REPAIRING", "UNOPERATIONAL"] as const;
const FAULTS = [undefined, "motor_temp_c", "engine_pressure_kpa", "power_core_temp_c", "navigation_signal_db"] as const;
const OUTCOMES = [undefined, "SUCCESS", "FAILURE"] as const;

export type Condition = (typeof CONDITIONS)[number];

/** What a record tells: places in km, `seen` in ms since 1970, `total` health 0..1, `fuel` in %. */
export interface Seen {
  slot: number;
  status: (typeof STATUSES)[number];
  phase: (typeof PHASES)[number];
  cond: Condition;
  fault: (typeof FAULTS)[number];
  repair: number;
  outcome: (typeof OUTCOMES)[number];
  x: number;
  y: number;
  z: number;
  seen: number;
  total: number;
  fuel: number;
}

/** Reads the records of a frame that was made at `made` (ms since 1970); throws when they end in the middle of one. */
export function readRecords(bytes: Uint8Array, made: number): Seen[] {
  if (bytes.length % SIZE) throw new Error(`Records of ${bytes.length} bytes are not whole.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: Seen[] = [];
  for (let at = 0; at < bytes.length; at += SIZE) found.push(readRecord(view, at, Math.floor(made / SEEN_MS)));
  return found;
}

function readRecord(view: DataView, at: number, now: number): Seen {
  const flags = view.getUint16(at + 3, true);
  // The counter of 32 bits turns over; a difference of signed 32 bits tells what is meant.
  const ago = (now - view.getUint32(at + 14, true)) | 0;
  return {
    slot: view.getUint16(at, true) | (view.getUint8(at + 2) << 16),
    status: STATUSES[flags & 3] ?? "OK",
    phase: PHASES[(flags >> 2) & 7],
    cond: CONDITIONS[(flags >> 5) & 7] ?? "UNOPERATIONAL",
    fault: FAULTS[(flags >> 8) & 7],
    repair: (flags >> 11) & 7,
    outcome: OUTCOMES[(flags >> 14) & 3],
    x: thousands(view, at + 5),
    y: thousands(view, at + 8),
    z: thousands(view, at + 11),
    seen: (now - ago) * SEEN_MS,
    total: view.getUint16(at + 18, true) / 10_000,
    fuel: view.getUint16(at + 20, true) / 100,
  };
}

function thousands(view: DataView, at: number): number {
  return ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) * KM;
}
