import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { Fleet } from "../src/fleet";
import { decode, type Facts, type Frame } from "../src/protocol";
import { readRecords } from "../src/records";
import golden from "./records.json";
import { aFrame } from "./ships";

const BYTES = golden.records.map(({ hex }) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16)));

/** The first golden record, in another slot. */
function record(slot: number, x = 0): number[] {
  const bytes = [...(BYTES[0] ?? [])];
  return [slot & 255, slot >> 8, 0, ...bytes.slice(3, 5), x & 255, x >> 8, 0, ...bytes.slice(8)];
}

function facts(slot: number, ship: string): Facts {
  return { slot, ship, mission: slot, captain: "Olimar", target: "Koppai", pace: 1, ended: null };
}

function bytes(...records: number[][]): Uint8Array {
  return Uint8Array.from(records.flat());
}

describe("records", () => {
  it("say what the server packed", () => {
    for (const [i, expected] of golden.records.entries()) {
      const [seen] = readRecords(BYTES[i] ?? new Uint8Array(), golden.made);
      expect(seen).toEqual({
        slot: expected.slot, status: expected.status, phase: expected.phase ?? undefined, cond: expected.condition,
        fault: expected.fault ?? undefined, repair: expected.repair, outcome: expected.outcome ?? undefined,
        x: expected.x, y: expected.y, z: expected.z, seen: expected.seen, total: expected.health, fuel: expected.fuel,
      });
    }
  });

  it("must be whole", () => {
    expect(() => readRecords(new Uint8Array(23), 0)).toThrow("not whole");
  });
});

describe("the fleet", () => {
  it("goes on from a snapshot by deltas", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ facts: [facts(0, "A"), facts(1, "B")], records: bytes(record(0), record(1)) }));
    const moved = fleet.apply(aFrame({ n: 2, full: false, records: bytes(record(0, 5)), gone: [1] }));
    expect(moved?.map(({ ship }) => ship)).toEqual(["A"]);
    expect([...fleet.ships.keys()]).toEqual(["A"]);
    expect(fleet.ships.get("A")?.x).toBe(5000);
  });

  it("refuses a delta after a gap and keeps what it knew", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ facts: [facts(0, "A")], records: bytes(record(0)) }));
    expect(fleet.apply(aFrame({ n: 3, full: false, records: bytes(record(0, 9)) }))).toBeNull();
    expect(fleet.ships.get("A")?.x).toBe(0);
  });

  it("lets a slot pass from one ship to another", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ facts: [facts(0, "A")], records: bytes(record(0)) }));
    fleet.apply(aFrame({ n: 2, full: false, facts: [facts(0, "B")], records: bytes(record(0)) }));
    expect([...fleet.ships.keys()]).toEqual(["B"]);
  });

  it("takes names that come without a place", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ facts: [facts(0, "A")], records: bytes(record(0)) }));
    fleet.apply(aFrame({ n: 2, full: false, facts: [{ ...facts(0, "A"), ended: 42 }] }));
    expect(fleet.ships.get("A")?.ended).toBe(42);
  });

  it("lets a snapshot replace all, and keeps what stays", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ facts: [facts(0, "A"), facts(1, "B")], records: bytes(record(0), record(1)) }));
    fleet.apply(aFrame({ n: 2, facts: [facts(4, "B")], records: bytes(record(4)) }));
    expect([...fleet.ships.values()].map(({ ship, slot }) => [ship, slot])).toEqual([["B", 4]]);
  });

  it("counts beats between frames", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame());
    fleet.beat(2, 42);
    expect(fleet.apply(aFrame({ n: 3, full: false }))).not.toBeNull();
  });

  it("keeps events once, newest first", () => {
    const fleet = new Fleet();
    const event = (id: number): Frame["events"][number] => ({ id, at: id, kind: "started", text: "left" });
    fleet.apply(aFrame({ events: [event(1), event(2)] }));
    fleet.apply(aFrame({ n: 2, full: false, events: [event(2), event(3)] }));
    expect(fleet.events.map(({ id }) => id)).toEqual([3, 2, 1]);
  });

  it("adds up what was merged", () => {
    const fleet = new Fleet();
    fleet.apply(aFrame({ merged: 4 }));
    fleet.apply(aFrame({ n: 2, full: false, merged: 3 }));
    expect(fleet.merged).toBe(7);
  });
});

describe("decoding", () => {
  it("reads a frame by the places of its fields", () => {
    const sent = ["frame", 3, false, 10, 9, null, "following", [5, 1, 0, 2, 0, 0], [[0, "A", 7, "Olimar", "Koppai", 1, null]], BYTES[0], [4], [], [], 2];
    const frame = decode(encode(sent)) as Frame;
    expect(frame.facts[0]).toEqual({ slot: 0, ship: "A", mission: 7, captain: "Olimar", target: "Koppai", pace: 1, ended: null });
    expect([frame.n, frame.counts.old, frame.records.length, frame.gone, frame.merged]).toEqual([3, 2, 22, [4], 2]);
  });

  it("refuses what is no message", () => {
    expect(() => decode(encode(["song"]))).toThrow("song");
    expect(() => decode(encode(7))).toThrow("without a type");
  });
});
