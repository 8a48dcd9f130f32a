import { describe, expect, it } from "vitest";
import { EVERYTHING, extras, isEverything, passes, rangeOf, toggled, toggledMark, WHOLE, type Filters } from "../src/filters";
import { chosenFilters } from "../src/filterwords";
import type { Mark } from "../src/honesty";
import type { ShipState } from "../src/protocol";
import { aShip } from "./ships";

const NOBODY: ReadonlySet<string> = new Set();

function pass(filters: Partial<Filters>, ship: Partial<ShipState> = {}, mark: Mark = "ok", favourites = NOBODY): boolean {
  return passes(aShip(ship), mark, { ...EVERYTHING, ...filters }, favourites);
}

describe("filters", () => {
  it("let all pass while none is set", () => {
    expect(pass({})).toBe(true);
    expect(pass({}, { phase: undefined, outcome: "FAILURE" }, "failure")).toBe(true);
  });

  it("ask for state, phase, planet and condition, any of each list", () => {
    expect(pass({ show: ["repair", "ok"] })).toBe(true);
    expect(pass({ show: ["repair"] })).toBe(false);
    expect(pass({ phase: ["RETURNING", "OUTBOUND"] })).toBe(true);
    expect(pass({ phase: ["RETURNING"] })).toBe(false);
    expect(pass({ planet: ["Koppai"] })).toBe(true);
    expect(pass({ planet: ["Tagwa"] })).toBe(false);
    expect(pass({ cond: ["BAD", "GOOD"] })).toBe(true);
    expect(pass({ cond: ["BAD"] })).toBe(false);
  });

  it("must all hold", () => {
    expect(pass({ planet: ["Koppai"], phase: ["RETURNING"] })).toBe(false);
  });

  it("take a ship that tells no phase to be on its way out", () => {
    expect(pass({ phase: ["OUTBOUND"] }, { phase: undefined })).toBe(true);
  });

  it("hold fuel and health in ranges that include their ends", () => {
    expect(pass({ fuel: { low: 20, high: 60 } }, { fuel: 60 })).toBe(true);
    expect(pass({ fuel: { low: 20, high: 60 } }, { fuel: 60.01 })).toBe(false);
    expect(pass({ fuel: { low: 20, high: 60 } }, { fuel: 19.99 })).toBe(false);
    expect(pass({ health: { low: 0, high: 0.5 } }, { total: 0.5 })).toBe(true);
    expect(pass({ health: { low: 0, high: 0.5 } }, { total: 0.51 })).toBe(false);
  });

  it("know that nothing is left of a lost ship", () => {
    expect(pass({ health: { low: 0, high: 0.1 } }, { total: 0.9 }, "failure")).toBe(true);
  });

  it("know favourites by name", () => {
    expect(pass({ fav: true }, {}, "ok", new Set(["SS_DOLPHIN"]))).toBe(true);
    expect(pass({ fav: true }, {}, "ok", new Set(["SS_COMET"]))).toBe(false);
  });

  it("search names, captains, planets and missions in whatever case", () => {
    for (const find of ["dolph", "OLIMAR", " koppai ", "7"]) expect(pass({ find })).toBe(true);
    expect(pass({ find: "louie" })).toBe(false);
    expect(pass({ find: "olimarkoppai" })).toBe(false);
    // The same ship's next mission has another captain.
    expect(pass({ find: "louie" }, { mission: 8, captain: "Louie" })).toBe(true);
  });

  it("make a range of two fields, and none of the whole or of nonsense", () => {
    expect(rangeOf(20, NaN, WHOLE.fuel)).toEqual({ low: 20, high: 100 });
    expect(rangeOf(NaN, 0.5, WHOLE.health)).toEqual({ low: 0, high: 0.5 });
    expect(rangeOf(-5, 300, WHOLE.fuel)).toBeNull();
    expect(rangeOf(60, 20, WHOLE.fuel)).toBeNull();
    expect(rangeOf(NaN, NaN, WHOLE.fuel)).toBeNull();
  });

  it("add and take out values in one order", () => {
    expect(toggled(["c"], "a", ["a", "b", "c"])).toEqual(["a", "c"]);
    expect(toggled(["a", "c"], "a", ["a", "b", "c"])).toEqual(["c"]);
    expect(toggledMark({ ...EVERYTHING, show: ["ok"] }, "failure").show).toEqual(["failure", "ok"]);
  });

  it("say each chosen one, with the view without it", () => {
    const filters: Filters = { ...EVERYTHING, show: ["ok"], fav: true, phase: ["HOME"], planet: ["Koppai", "Tagwa"], cond: ["BAD"], fuel: { low: 20, high: 60 }, health: { low: 0, high: 0.5 } };
    const chosen = chosenFilters(filters);
    expect(chosen.map(({ text }) => text)).toEqual(["Favourites", "Home", "Koppai", "Tagwa", "Bad", "Fuel 20 to 60 %", "Health 0.00 to 0.50"]);
    expect(chosen[2]?.without).toEqual({ ...filters, planet: ["Tagwa"] });
    for (const { without } of chosen) expect(extras(without)).toBe(extras(filters) - 1);
  });

  it("know when there is none", () => {
    expect(isEverything({ ...EVERYTHING, find: "  " })).toBe(true);
    expect(isEverything({ ...EVERYTHING, health: { low: 0, high: 0.5 } })).toBe(false);
  });
});
