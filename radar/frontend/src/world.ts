// Planets, and where a ship's way leads between them.
import type { ShipState } from "./protocol";

/** Flight rule: a ship moves at most so far along each axis in one tick. */
export const STRIDE_KM = 2.4e6;

export interface Planet {
  name: string;
  band: "home" | "inner" | "middle" | "outer";
  x: number;
  y: number;
  z: number;
}

export interface Point {
  x: number;
  y: number;
}

/** The planets as the server has them. Throws when it does not answer. */
export async function fetchPlanets(): Promise<Planet[]> {
  const answer = await fetch("/api/v1/planets");
  if (!answer.ok) throw new Error(`The server answered ${answer.status} when asked for the planets.`);
  const body = (await answer.json()) as { planets: Planet[] };
  return body.planets;
}

/** The corners of a way on the map: each axis moves by itself, so it goes diagonally first and then straight. */
export function way(from: Point, to: Point): Point[] {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const both = Math.min(Math.abs(dx), Math.abs(dy));
  const bend = { x: from.x + Math.sign(dx) * both, y: from.y + Math.sign(dy) * both };
  return [from, bend, to];
}

/** Where a ship is going: its target, or home on the way back; null where it stays. */
export function destination(ship: ShipState, planets: Map<string, Planet>): Planet | null {
  if (ship.phase === "OUTBOUND" || ship.phase === undefined) return planets.get(ship.target) ?? null;
  if (ship.phase !== "RETURNING") return null;
  return [...planets.values()].find((planet) => planet.band === "home") ?? null;
}

/** Ticks until a ship arrives: its longest axis decides. */
export function ticksToGo(ship: ShipState, to: Planet): number {
  const furthest = Math.max(Math.abs(to.x - ship.x), Math.abs(to.y - ship.y), Math.abs(to.z - ship.z));
  return Math.ceil(furthest / STRIDE_KM);
}

/** ms until a ship arrives at its pace; null when it is going nowhere. */
export function arrivesIn(ship: ShipState, planets: Map<string, Planet>): number | null {
  const to = destination(ship, planets);
  const pace = ship.pace ?? 1;
  if (!to || pace <= 0 || ship.status === "FAILURE") return null;
  return (ticksToGo(ship, to) / pace) * 1000;
}

/** The share 0..1 of the leg that is flown. */
export function share(ship: ShipState, planets: Map<string, Planet>): number {
  const target = planets.get(ship.target);
  const to = destination(ship, planets);
  if (!target || !to) return 1;
  const whole = Math.max(Math.abs(target.x), Math.abs(target.y), Math.abs(target.z));
  const left = Math.max(Math.abs(to.x - ship.x), Math.abs(to.y - ship.y), Math.abs(to.z - ship.z));
  return whole > 0 ? Math.min(1, Math.max(0, 1 - left / whole)) : 1;
}

/** Where a ship will be after some ticks, on the map. */
export function ahead(ship: ShipState, to: Planet, ticks: number): Point {
  const move = (from: number, goal: number): number => from + Math.sign(goal - from) * Math.min(Math.abs(goal - from), ticks * STRIDE_KM);
  return { x: move(ship.x, to.x), y: move(ship.y, to.y) };
}
