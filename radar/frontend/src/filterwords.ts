// The filters that are set, each in words and with the view without it. Pure.
import { EVERYTHING, type Filters } from "./filters";
import { number } from "./format";
import { CONDITION_WORDS, FILTERS, PHASE_WORDS } from "./texts";

export interface Chosen {
  /** Tells it from the others. */
  key: string;
  text: string;
  without: Filters;
}

/** All but state and search, which are in sight by themselves. */
export function chosenFilters(filters: Filters): Chosen[] {
  const { fuel, health, phase, cond, planet } = filters;
  const chosen: Chosen[] = [];
  if (filters.fav) chosen.push({ key: "fav", text: FILTERS.favourites, without: { ...filters, fav: false } });
  for (const one of phase) chosen.push({ key: one, text: PHASE_WORDS[one], without: { ...filters, phase: phase.filter((other) => other !== one) } });
  for (const one of planet) chosen.push({ key: `planet ${one}`, text: one, without: { ...filters, planet: planet.filter((other) => other !== one) } });
  for (const one of cond) chosen.push({ key: one, text: CONDITION_WORDS[one], without: { ...filters, cond: cond.filter((other) => other !== one) } });
  if (fuel) chosen.push({ key: "fuel", text: FILTERS.fuelRange(number(fuel.low), number(fuel.high)), without: { ...filters, fuel: EVERYTHING.fuel } });
  if (health) chosen.push({ key: "health", text: FILTERS.healthRange(number(health.low, 2), number(health.high, 2)), without: { ...filters, health: EVERYTHING.health } });
  return chosen;
}
