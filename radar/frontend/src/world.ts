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

/** A place in km, or in pixels; where z is left out it is 0. */
export interface Point {
  x: number;
  y: number;
  z?: number;
}

/** A place in km. */
export interface Space extends Point {
  z: number;
}

/** The planets as the server has them. Throws when it does not answer. */
export async function fetchPlanets(): Promise<Planet[]> {
  const answer = await fetch("/api/v1/planets");
  if (!answer.ok) throw new Error(`The server answered ${answer.status} when asked for the planets.`);
  const body = (await answer.json()) as { planets: Planet[] };
  return body.planets;
}

/** The corners of a way: each axis moves by itself, so a ship turns whenever one of them is done. */
export function way(from: Space, to: Space): Space[] {
  const gaps = [to.x - from.x, to.y - from.y, to.z - from.z];
  const turns = [...new Set([0, ...gaps.map(Math.abs)])].sort((a, b) => a - b);
  return turns.map((gone) => towards(from, to, gone));
}

/** The place after some km along each axis that is not done yet. */
export function towards(from: Space, to: Space, km: number, into: Space = { x: 0, y: 0, z: 0 }): Space {
  into.x = step(from.x, to.x, km);
  into.y = step(from.y, to.y, km);
  into.z = step(from.z, to.z, km);
  return into;
}

function step(from: number, goal: number, km: number): number {
  return goal > from ? Math.min(goal, from + km) : Math.max(goal, from - km);
}

/** Where a ship is going: its target, or home on the way back; null where it stays. */
export function destination(ship: ShipState, planets: ReadonlyMap<string, Planet>): Planet | null {
  if (ship.phase === "OUTBOUND" || ship.phase === undefined) return planets.get(ship.target) ?? null;
  if (ship.phase !== "RETURNING") return null;
  for (const planet of planets.values()) if (planet.band === "home") return planet;
  return null;
}

/** Ticks until a ship arrives: its longest axis decides. */
export function ticksToGo(ship: ShipState, to: Planet): number {
  const furthest = Math.max(Math.abs(to.x - ship.x), Math.abs(to.y - ship.y), Math.abs(to.z - ship.z));
  return Math.ceil(furthest / STRIDE_KM);
}

/** ms until a ship arrives at its pace; null when it is going nowhere. */
export function arrivesIn(ship: ShipState, planets: ReadonlyMap<string, Planet>): number | null {
  const to = destination(ship, planets);
  const pace = ship.pace ?? 1;
  if (!to || pace <= 0 || ship.status === "FAILURE") return null;
  return (ticksToGo(ship, to) / pace) * 1000;
}

/** The share 0..1 of the leg that is flown. */
export function share(ship: ShipState, planets: ReadonlyMap<string, Planet>): number {
  const target = planets.get(ship.target);
  const to = destination(ship, planets);
  if (!target || !to) return 1;
  const whole = Math.max(Math.abs(target.x), Math.abs(target.y), Math.abs(target.z));
  const left = Math.max(Math.abs(to.x - ship.x), Math.abs(to.y - ship.y), Math.abs(to.z - ship.z));
  return whole > 0 ? Math.min(1, Math.max(0, 1 - left / whole)) : 1;
}

/** Where a ship will be after some ticks. */
export function ahead(from: Space, to: Space, ticks: number, into?: Space): Space {
  return towards(from, to, ticks * STRIDE_KM, into);
}
