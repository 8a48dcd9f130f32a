// The ships as the map draws them: judged a few times a second, moved in each picture. Pure.
import { markOf, type Mark } from "./honesty";
import { estimate, type Motion } from "./motion";
import type { ShipState } from "./protocol";
import type { Sight } from "./renderer";
import { destination, STRIDE_KM, type Planet } from "./world";

export interface Facts {
  now: number;
  connected: boolean;
  chosen: string | null;
  lit: string | null;
  /** ms on the page's clock; null when nothing is to move for its own sake. */
  moment: number | null;
  passes(ship: ShipState, mark: Mark): boolean;
  /** The one fact that matters of a ship. */
  fact(ship: ShipState, mark: Mark, now: number): string;
}

export class SightBook {
  readonly list: Sight[] = [];
  /** Km a second of the fastest ship under way. */
  fastest = 0;
  /** When the last ship failed before the eyes of this page, ms on the page's clock. */
  struck = -Infinity;
  private readonly byName = new Map<string, Sight>();

  get(name: string | null): Sight | undefined {
    return name === null ? undefined : this.byName.get(name);
  }

  /** Marks a ship as chosen at once; the rest follows with the next judgement. */
  choose(name: string | null): void {
    for (const sight of this.list) sight.chosen = sight.ship.ship === name;
  }

  /** Brings marks, facts and filters up to date. */
  judge(ships: ReadonlyMap<string, ShipState>, facts: Facts): void {
    this.list.length = 0;
    this.fastest = 0;
    for (const ship of ships.values()) {
      const mark = markOf(ship, facts.now, facts.connected);
      const sight = this.sightOf(ship, mark);
      if (mark === "failure" && sight.mark !== "failure" && facts.moment !== null) this.struck = sight.struck = facts.moment;
      sight.mark = mark;
      sight.chosen = ship.ship === facts.chosen;
      sight.lit = ship.ship === facts.lit;
      sight.shown = facts.passes(ship, mark);
      sight.fact = (mark !== "ok" && mark !== "ended") || sight.chosen || sight.lit ? facts.fact(ship, mark, facts.now) : "";
      if (mark === "ok") this.fastest = Math.max(this.fastest, ship.pace * STRIDE_KM);
      this.list.push(sight);
    }
    if (this.byName.size > ships.size) for (const name of this.byName.keys()) if (!ships.has(name)) this.byName.delete(name);
  }

  /** Moves ships to where they are drawn `now`; those outside the picture only when `all` are wanted. Raw: the last known places. */
  place(motion: Motion, planets: ReadonlyMap<string, Planet>, now: number, raw: boolean, all: boolean): void {
    for (const sight of this.list) {
      if (!all && !sight.near && !sight.chosen) continue;
      const { ship, mark, at } = sight;
      // What is not current stands where it was last seen.
      const overdue = !raw && (mark === "ok" || mark === "repair") ? motion.place(ship.ship, now, at) : null;
      sight.estimated = false;
      if (overdue === null) {
        at.x = ship.x;
        at.y = ship.y;
        at.z = ship.z;
      } else if (overdue > 0 && mark === "ok") {
        const to = destination(ship, planets);
        if (!to) continue;
        estimate(at, to, ship.pace, overdue, at);
        sight.estimated = true;
      }
    }
  }

  private sightOf(ship: ShipState, mark: Mark): Sight {
    const known = this.byName.get(ship.ship);
    if (known) {
      known.ship = ship;
      return known;
    }
    const made: Sight = {
      ship, mark, at: { x: ship.x, y: ship.y, z: ship.z }, estimated: false, fact: "", chosen: false, lit: false, shown: true,
      struck: -Infinity, px: { x: 0, y: 0 }, near: true,
    };
    this.byName.set(ship.ship, made);
    return made;
  }
}
