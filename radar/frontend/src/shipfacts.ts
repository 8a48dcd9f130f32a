// What the panel says of a ship, in words. Pure.
import { phaseOf } from "./filters";
import { forecast, usePerTick } from "./forecast";
import { ABSENT, age, clock, minutes, number } from "./format";
import { linkOf, markOf, type Mark } from "./honesty";
import { WORDS } from "./marks";
import type { Newest, ShipState } from "./protocol";
import type { Readings } from "./series";
import { PANEL, PHASE_WORDS } from "./texts";
import { arrivesIn, share, type Planet } from "./world";

export interface ShipFacts {
  ship: ShipState;
  /** Null until the server has sent the ship's whole message. */
  newest: Newest | null;
  readings: Readings | null;
  planets: Map<string, Planet>;
  now: number;
  connected: boolean;
}

export function stateWord(ship: ShipState, mark: Mark): string {
  const part = ship.fault ? PANEL.parts[ship.fault] : "";
  if (mark === "repair") return PANEL.repair(part, ship.repair);
  return mark === "failure" ? PANEL.failed(part) : WORDS[mark];
}

export function phaseWord({ ship, planets }: ShipFacts): string {
  const phase = phaseOf(ship);
  const part = Math.floor(share(ship, planets) * 100);
  if (phase === "OUTBOUND") return PANEL.outbound(ship.target, part);
  if (phase === "RETURNING") return PANEL.returning(ship.target, part);
  return phase === "ON_PLANET" ? PANEL.landed(ship.target) : PHASE_WORDS[phase];
}

export function arrivalWord({ ship, planets, now, connected }: ShipFacts): string {
  const link = linkOf(ship, now, connected);
  if (link !== "live") return link === "ended" ? ABSENT : PANEL.unknown;
  const eta = arrivesIn(ship, planets);
  return eta === null ? ABSENT : PANEL.arrives(minutes(eta), clock(now + eta));
}

/** Fuel when the leg ends, and whether it lasts until home. */
export function fuelWord({ ship, planets, readings, now, connected }: ShipFacts): { text: string; short: boolean } {
  const mark = markOf(ship, now, connected);
  if (mark === "ended" || mark === "failure") return { text: ABSENT, short: false };
  const ahead = mark === "lost" ? null : forecast(ship, planets, usePerTick(readings));
  if (!ahead) return { text: PANEL.unknown, short: false };
  return { text: PANEL.fuelAhead(number(Math.max(0, ahead.arrival), 1), ahead.home > 0), short: ahead.home <= 0 };
}

export function seenWord({ ship, newest, now }: ShipFacts): string {
  const seq = newest === null || newest.seq === null ? "" : PANEL.seq(number(newest.seq));
  return `${PANEL.ago(age(now - ship.seen))}${seq}`;
}
