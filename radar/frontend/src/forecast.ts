// How much fuel a ship will have when it arrives, and whether it gets home. Pure.
import { phaseOf } from "./filters";
import type { ShipState } from "./protocol";
import { seriesOf, type Readings } from "./series";
import { STRIDE_KM, ticksToGo, type Planet } from "./world";

/** Fewer ticks of flight than this tell too little. */
const ENOUGH_TICKS = 5;

/** `arrival` is the fuel (%) at the end of this leg, below 0 when it does not last; `home` that back on Hocotate. */
export interface Forecast {
  arrival: number;
  home: number;
}

/** Fuel (%) that a tick of flight took over the last minutes; null when too little of the flight is known. */
export function usePerTick(readings: Readings | null): number | null {
  const [x, y, z, fuel] = ["x", "y", "z", "fuel"].map((column) => seriesOf(readings, column)) as [number[], number[], number[], number[]];
  let [ticks, used] = [0, 0];
  for (let i = 1; i < fuel.length; i++) {
    const step = (series: number[]): number => (series[i] ?? NaN) - (series[i - 1] ?? NaN);
    const flown = Math.max(...[x, y, z].map((axis) => Math.abs(step(axis)))) / STRIDE_KM;
    // A ship that stands on a planet or for repair uses none of what the way will take.
    if (!(flown > 0)) continue;
    ticks += flown;
    used -= step(fuel);
  }
  return ticks >= ENOUGH_TICKS && used > 0 ? used / ticks : null;
}

/** Null where there is no way ahead, or the use is not known. */
export function forecast(ship: ShipState, planets: ReadonlyMap<string, Planet>, use: number | null): Forecast | null {
  const target = planets.get(ship.target);
  const home = [...planets.values()].find((planet) => planet.band === "home");
  if (use === null || !target || !home || ship.outcome || ship.status === "FAILURE") return null;
  const back = ticksToGo({ ...ship, x: target.x, y: target.y, z: target.z }, home);
  const after = (ticks: number): number => ship.fuel - use * ticks;
  switch (phaseOf(ship)) {
    case "OUTBOUND": {
      const out = ticksToGo(ship, target);
      return { arrival: after(out), home: after(out + back) };
    }
    case "ON_PLANET":
      return { arrival: after(back), home: after(back) };
    case "RETURNING": {
      const rest = ticksToGo(ship, home);
      return { arrival: after(rest), home: after(rest) };
    }
    default:
      return null;
  }
}
