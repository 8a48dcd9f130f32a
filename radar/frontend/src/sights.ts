// What the map is to show of the fleet: each ship's mark, place and the one fact that stands by it.
import type { Fleet } from "./fleet";
import { age, number } from "./format";
import { markOf, type Mark } from "./honesty";
import type { Motion } from "./motion";
import type { ShipState } from "./protocol";
import type { Sight } from "./renderer";
import type { Readings } from "./series";
import { SIGHT } from "./texts";
import { arrivesIn, type Planet, type Point } from "./world";

export interface SightFacts {
  fleet: Fleet;
  motion: Motion;
  planets: Map<string, Planet>;
  /** The server's clock. */
  now: number;
  /** The moment of the picture, for motion. */
  moment: number;
  connected: boolean;
  chosen: string | null;
  lit: string | null;
  passes(ship: ShipState, mark: Mark): boolean;
}

export function sightsOf(facts: SightFacts): Sight[] {
  const { now, chosen, lit } = facts;
  return [...facts.fleet.ships.values()].map((ship): Sight => {
    const mark = markOf(ship, now, facts.connected);
    const moving = mark === "ok" || mark === "repair";
    const at = (moving && facts.motion.at(ship.ship, facts.moment)) || ship;
    return {
      ship, mark, at, chosen: ship.ship === chosen, lit: ship.ship === lit, shown: facts.passes(ship, mark),
      // Words cost more than all the rest of a sight, and few of thousands get a label.
      get fact() {
        return factOf(ship, mark, facts);
      },
    };
  });
}

function factOf(ship: ShipState, mark: Mark, { now, planets }: SightFacts): string {
  if (mark === "repair") return SIGHT.repair(ship.repair);
  if (mark === "failure") return SIGHT.failed(age(now - (ship.ended ?? ship.seen)));
  if (mark === "late" || mark === "lost") return SIGHT.seen(age(now - ship.seen));
  if (mark === "ended") return SIGHT.home;
  const eta = arrivesIn(ship, planets);
  return SIGHT.health(number(ship.total, 2), eta === null ? null : age(eta).replace(/\.\d s/, " s"));
}

/** Where a ship was in the last minutes. */
export function trailOf(readings: Readings | null): Point[] {
  if (!readings) return [];
  const [x, y] = [readings.columns.indexOf("x"), readings.columns.indexOf("y")];
  return readings.rows.map((row) => ({ x: row[x] ?? 0, y: row[y] ?? 0 }));
}
