import { describe, expect, it } from "vitest";
import { Fleet } from "../src/fleet";
import { decode, type Frame } from "../src/protocol";
import { aShip } from "./ships";

function aFrame(change: Partial<Frame>): Frame {
  return { t: "frame", n: 1, base: 0, full: true, now: 0, made: 0, newest: null, source: "following", counts: {}, ships: {}, gone: [], events: [], merged: 0, ...change };
}

describe("the fleet", () => {
  it("goes on from a snapshot by deltas", () => {
    const fleet = new Fleet();
    expect(fleet.apply(aFrame({ n: 1, ships: { A: aShip({ ship: "A" }), B: aShip({ ship: "B" }) } }))).toBe(true);
    expect(fleet.apply(aFrame({ n: 2, base: 1, full: false, ships: { A: aShip({ ship: "A", x: 5 }) }, gone: ["B"] }))).toBe(true);
    expect([...fleet.ships.keys()]).toEqual(["A"]);
    expect(fleet.ships.get("A")?.x).toBe(5);
  });

  it("refuses a delta after a gap and keeps what it knew", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ n: 1, ships: { A: aShip({ ship: "A" }) } }));
    expect(fleet.apply(aFrame({ n: 3, base: 2, full: false, ships: { A: aShip({ ship: "A", x: 9 }) } }))).toBe(false);
    expect(fleet.ships.get("A")?.x).toBe(0);
  });

  it("counts beats between frames", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ n: 1 }));
    fleet.beat(2, 42);
    expect(fleet.apply(aFrame({ n: 3, base: 2, full: false }))).toBe(true);
  });

  it("keeps events once, newest first", () => {
    const fleet = new Fleet();
    const event = (id: number): Frame["events"][number] => ({ id, at: id, kind: "started", text: "left" });
    fleet.apply(aFrame({ n: 1, events: [event(1), event(2)] }));
    fleet.apply(aFrame({ n: 2, base: 1, full: false, events: [event(2), event(3)] }));
    expect(fleet.events.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it("adds up what was merged", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ n: 1, merged: 4 }));
    fleet.apply(aFrame({ n: 2, base: 1, full: false, merged: 3 }));
    expect(fleet.merged).toBe(7);
  });
});

describe("decoding", () => {
  it("refuses what is no message", () => {
    expect(() => decode('{"t":"song"}')).toThrow("song");
    expect(() => decode("7")).toThrow("without a type");
  });
});
