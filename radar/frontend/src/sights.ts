// What stands on the map of a ship beside its mark: the one fact that matters, and where it was in the last minutes.
import { age, number } from "./format";
import type { Mark } from "./honesty";
import type { ShipState } from "./protocol";
import type { Readings } from "./series";
import { SIGHT } from "./texts";
import { arrivesIn, type Planet, type Space } from "./world";

export function factOf(ship: ShipState, mark: Mark, now: number, planets: ReadonlyMap<string, Planet>): string {
  if (mark === "repair") return SIGHT.repair(ship.repair);
  if (mark === "failure") return SIGHT.failed(age(now - (ship.ended ?? ship.seen)));
  if (mark === "late" || mark === "lost") return SIGHT.seen(age(now - ship.seen));
  if (mark === "ended") return SIGHT.home;
  const eta = arrivesIn(ship, planets);
  return SIGHT.health(number(ship.total, 2), eta === null ? null : age(eta).replace(/\.\d s/, " s"));
}

/** Where a ship was in the last minutes. */
export function trailOf(readings: Readings | null): Space[] {
  if (!readings) return [];
  const [x = 0, y = 0, z = 0] = ["x", "y", "z"].map((name) => readings.columns.indexOf(name));
  return readings.rows.map((row) => ({ x: row[x] ?? 0, y: row[y] ?? 0, z: row[z] ?? 0 }));
}
