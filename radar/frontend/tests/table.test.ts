import { describe, expect, it } from "vitest";
import type { Mark } from "../src/honesty";
import { entriesOf, FIRST_SORT, held, stepFrom, stepWithin, type Assessed, type Entry } from "../src/order";
import type { ShipState } from "../src/protocol";
import { inView, scrollTo, withKept } from "../src/rowwindow";
import type { Planet } from "../src/world";
import { aShip } from "./ships";

const PLANETS = new Map<string, Planet>([["Koppai", { name: "Koppai", band: "inner", x: 240e6, y: 0, z: 0 }]]);

function one(ship: string, mark: Mark = "ok", change: Partial<ShipState> = {}): Assessed {
  return { ship: aShip({ ship, ...change }), mark };
}

function told(entries: readonly Entry[]): string[] {
  return entries.map((entry) => ("ship" in entry ? entry.ship.ship : `${entry.group} ${entry.count}`));
}

describe("the table's order", () => {
  it("puts first what needs attention, in groups with counts", () => {
    const entries = entriesOf([one("B"), one("A"), one("C", "late"), one("D", "failure"), one("E", "ended")], FIRST_SORT, PLANETS);
    expect(told(entries)).toEqual(["attention 2", "D", "C", "course 2", "A", "B", "home 1", "E"]);
  });

  it("sorts by any column, both ways, equal ones by name", () => {
    const ships = [one("B", "ok", { total: 0.5, seen: 3, x: 10e6 }), one("C", "ok", { total: 0.9, seen: 1, x: 200e6 }), one("A", "ok", { total: 0.5, seen: 2, phase: "ON_PLANET" })];
    const by = (column: "ship" | "health" | "eta" | "seen", down = false): string[] => told(entriesOf(ships, { by: column, down }, PLANETS));
    expect(by("ship", true)).toEqual(["C", "B", "A"]);
    expect(by("health")).toEqual(["A", "B", "C"]);
    expect(by("health", true)).toEqual(["C", "A", "B"]);
    expect(by("seen")).toEqual(["B", "A", "C"]);
    // Who goes nowhere comes last.
    expect(by("eta")).toEqual(["C", "B", "A"]);
  });

  it("counts no health of a lost ship", () => {
    expect(told(entriesOf([one("A", "ok", { total: 0.2 }), one("B", "failure", { total: 0.9 })], { by: "health", down: false }, PLANETS))).toEqual(["B", "A"]);
  });

  it("steps round its ends, over those that need attention alone when asked", () => {
    const entries = entriesOf([one("A"), one("B", "late"), one("C", "repair"), one("D")], FIRST_SORT, PLANETS);
    expect(stepFrom(entries, null, 1)).toBe("C");
    expect(stepFrom(entries, null, -1)).toBe("D");
    expect(stepFrom(entries, "D", 1)).toBe("C");
    expect(stepFrom(entries, "C", -1)).toBe("D");
    expect(stepFrom(entries, "B", 1, true)).toBe("C");
    expect(stepFrom(entries, "A", 1, true)).toBe("C");
    expect(stepFrom([], null, 1)).toBeNull();
  });

  it("stops at its ends for arrows", () => {
    const entries = entriesOf([one("A"), one("B"), one("C")], FIRST_SORT, PLANETS);
    expect(stepWithin(entries, "A", 1)).toBe("B");
    expect(stepWithin(entries, "B", 9)).toBe("C");
    expect(stepWithin(entries, "A", -1)).toBe("A");
  });
});

describe("while somebody looks at a row", () => {
  const before = entriesOf([one("A"), one("B")], FIRST_SORT, PLANETS);

  it("nothing moves, what is known is new, and what is new waits", () => {
    const fresh = entriesOf([one("A", "failure", { total: 0.1 }), one("B"), one("C")], FIRST_SORT, PLANETS);
    const { entries, waiting } = held(before, fresh);
    expect(told(entries)).toEqual(["course 2", "A", "B"]);
    expect(entries[1]).toMatchObject({ mark: "failure", ship: { total: 0.1 } });
    expect(waiting).toBe(2);
  });

  it("who has left stays in its row", () => {
    const { entries, waiting } = held(before, entriesOf([one("B")], FIRST_SORT, PLANETS));
    expect(told(entries)).toEqual(["course 1", "A", "B"]);
    expect(waiting).toBe(0);
  });

  it("values that would sort otherwise do not count as new", () => {
    const sort = { by: "health", down: false } as const;
    const old = entriesOf([one("A", "ok", { total: 0.1 }), one("B", "ok", { total: 0.2 })], sort, PLANETS);
    const { entries, waiting } = held(old, entriesOf([one("A", "late", { total: 0.9 }), one("B")], sort, PLANETS));
    expect(told(entries)).toEqual(["A", "B"]);
    expect(waiting).toBe(0);
  });
});

describe("the window of rows", () => {
  it("holds what is in view and some around it", () => {
    expect(inView(5000, 26, 0, 260, 8)).toEqual({ from: 0, to: 18 });
    expect(inView(5000, 26, 26_000, 260, 8)).toEqual({ from: 992, to: 1018 });
    expect(inView(5000, 26, 129_740, 260, 8)).toEqual({ from: 4982, to: 5000 });
  });

  it("holds part of a row whole", () => {
    expect(inView(100, 26, 13, 26, 0)).toEqual({ from: 0, to: 2 });
  });

  it("is empty of an empty table, and stays within a table that has become shorter", () => {
    expect(inView(0, 26, 0, 260, 8)).toEqual({ from: 0, to: 0 });
    expect(inView(10, 26, 26_000, 260, 8)).toEqual({ from: 10, to: 10 });
  });

  it("starts at the top while the table is still below the view", () => {
    expect(inView(100, 26, -100, 260, 2)).toEqual({ from: 0, to: 9 });
    expect(inView(100, 26, -500, 260, 2)).toEqual({ from: 0, to: 0 });
  });

  it("keeps single rows beside it, once and in order", () => {
    expect(withKept({ from: 10, to: 20 }, [3, 3, 15, 40, -1, 99], 50)).toEqual([{ from: 3, to: 4 }, { from: 10, to: 20 }, { from: 40, to: 41 }]);
    expect(withKept({ from: 5, to: 5 }, [2], 5)).toEqual([{ from: 2, to: 3 }]);
  });

  it("scrolls no further than it must", () => {
    expect(scrollTo(5, 26, 0, 260)).toBe(0);
    expect(scrollTo(0, 26, 100, 260)).toBe(0);
    expect(scrollTo(20, 26, 0, 260)).toBe(286);
  });
});
