import { describe, expect, it } from "vitest";
import { read, write, type Shared } from "../src/address";
import { EVERYTHING, type Filters } from "../src/filters";
import { FIRST_SORT } from "../src/order";

const NOTHING: Shared = { ship: null, filters: EVERYTHING, sort: FIRST_SORT, place: null, at: null, speed: 1, tilt: false, raw: false };

function filtered(filters: Partial<Filters>): Shared {
  return { ...NOTHING, filters: { ...EVERYTHING, ...filters } };
}

describe("a view's address", () => {
  it("is empty for a view that nobody has changed", () => {
    expect(write(NOTHING)).toBe("");
    expect(read("")).toEqual(NOTHING);
  });

  it("holds selection, filters, search and place, and gives them back", () => {
    const shared: Shared = { ...filtered({ show: ["repair", "late"], find: "Louie" }), ship: "SS DOLPHIN&CO", place: { x: 105, y: -12.5, k: 1.4 } };
    const address = write(shared);
    expect(address).toBe("?ship=SS+DOLPHIN%26CO&show=repair,late&find=Louie&x=105&y=-12.5&k=1.4");
    expect(read(address)).toEqual(shared);
  });

  it("tells a tilted view and raw positions", () => {
    expect(write({ ...NOTHING, tilt: true, raw: true })).toBe("?view=tilt&raw=1");
    expect(read("?view=tilt&raw=1")).toEqual({ ...NOTHING, tilt: true, raw: true });
    expect(read("?view=plan&raw=0")).toEqual(NOTHING);
  });

  it.each<[string, Partial<Filters>]>([
    ["?show=failure,lost", { show: ["failure", "lost"] }],
    ["?phase=outbound,on_planet", { phase: ["OUTBOUND", "ON_PLANET"] }],
    ["?planet=Koppai,PNF-404", { planet: ["Koppai", "PNF-404"] }],
    ["?cond=bad,critical", { cond: ["BAD", "CRITICAL"] }],
    ["?fuel=20-60", { fuel: { low: 20, high: 60 } }],
    ["?health=0-0.5", { health: { low: 0, high: 0.5 } }],
    ["?fav=1", { fav: true }],
    ["?find=Olimar", { find: "Olimar" }],
  ])("%s says one filter, there and back", (address, filters) => {
    expect(write(filtered(filters))).toBe(address);
    expect(read(address)).toEqual(filtered(filters));
  });

  it("holds the sorting, unless it is the one that all begin with", () => {
    expect(write({ ...NOTHING, sort: { by: "health", down: true } })).toBe("?sort=-health");
    expect(read("?sort=-health").sort).toEqual({ by: "health", down: true });
    expect(read("?sort=eta").sort).toEqual({ by: "eta", down: false });
    expect(read("?sort=-state").sort).toEqual({ by: "state", down: true });
  });

  it("names marks in one order, whoever set them", () => {
    expect(write(filtered({ show: ["ok", "failure"] }))).toBe("?show=failure,ok");
  });

  it("leaves out what it can't mean", () => {
    expect(read("?show=late,angry,,&x=1&y=2&find=")).toEqual(filtered({ show: ["late"] }));
    expect(read("?x=1&y=2&k=0").place).toBeNull();
    expect(read("?x=&y=2&k=1").place).toBeNull();
    expect(read("?x=near&y=2&k=1").place).toBeNull();
    expect(read("?x=Infinity&y=2&k=1").place).toBeNull();
    expect(read("?fuel=60-20&health=low&phase=sideways&cond=&planet=,&fav=yes&sort=-colour")).toEqual(NOTHING);
    expect(read("?fuel=0-100&health=0-1")).toEqual(NOTHING);
  });

  it("keeps ranges within what there can be", () => {
    expect(read("?fuel=50-900").filters.fuel).toEqual({ low: 50, high: 100 });
  });

  it("rounds places to what a screen can tell apart", () => {
    expect(write({ ...NOTHING, place: { x: 105.123456, y: 0, k: 1.00004 } })).toBe("?x=105.1&y=0&k=1");
  });
});
