import { encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { read, write } from "../src/address";
import { LOST_MS } from "../src/honesty";
import type { FleetEvent, ShipState } from "../src/protocol";
import { LIVE } from "../src/replay/address";
import { ReplayClock } from "../src/replay/clock";
import { readFilm, show, type Film } from "../src/replay/film";
import { alertsSince, happenedBefore } from "../src/replay/happened";
import { rangeFor } from "../src/replay/span";
import { keyOf, nextOf, windowAt } from "../src/replay/windows";
import { alertWords, behind, gapWords, markWords, stamp } from "../src/replay/words";

const BEGIN = Date.parse("2026-11-25T08:18:00Z");
const REACH = { earliest: BEGIN, latest: BEGIN + 600_000 };

/** A record of 22 bytes: a ship in a slot, at x (1,000 km), seen at a moment (ms after BEGIN). */
function record(slot: number, x: number, seen: number, outcome = 0): number[] {
  const bytes = new DataView(new ArrayBuffer(22));
  bytes.setUint8(0, slot);
  bytes.setUint16(3, outcome << 14, true);
  bytes.setUint16(5, x, true);
  bytes.setUint32(14, Math.floor((BEGIN + seen) / 10) % 2 ** 32, true);
  return [...new Uint8Array(bytes.buffer)];
}

type Moment = { records?: number[][]; gone?: number[] };

function film(step: number, moments: Moment[], ships = ["A", "B"], events: FleetEvent[] = []): Film {
  const facts = ships.map((ship, slot) => [slot, ship, slot + 7, "Olimar", "Koppai", 1, null]);
  const told = moments.map(({ records = [], gone = [] }) => [Uint8Array.from(records.flat()), gone]);
  return readFilm(encode(["replay", BEGIN, step, BEGIN + 1e6, facts, told, events]));
}

function at(shown: Film, ms: number, ships = new Map<string, ShipState>()): Map<string, ShipState> {
  show(shown, BEGIN + ms, ships);
  return ships;
}

describe("a film", () => {
  it("moves ships evenly from one moment to the next", () => {
    const shown = film(1000, [{ records: [record(0, 100, 0), record(1, 50, -400)] }, { records: [record(0, 200, 1000), record(1, 60, 600)] }]);
    const ships = at(shown, 250);
    expect(ships.get("A")?.x).toBe(125_000);
    expect(ships.get("B")?.x).toBe(56_500);
    expect(ships.get("A")).toMatchObject({ ship: "A", mission: 7, captain: "Olimar", dist: 125_000, seen: BEGIN + 250 });
    expect(shown.until).toBe(BEGIN + 1000);
  });

  it("lets a ship stand through a silence, and its age grow", () => {
    const silent = Array.from({ length: 70 }, () => ({}));
    const shown = film(1000, [{ records: [record(0, 100, 0)] }, ...silent, { records: [record(0, 900, 71_000)] }]);
    const ship = at(shown, 61_000).get("A");
    expect(ship?.x).toBe(100_000);
    expect(BEGIN + 61_000 - (ship?.seen ?? 0)).toBeGreaterThan(LOST_MS);
    expect(at(shown, 71_000).get("A")?.x).toBe(900_000);
  });

  it("never makes a ship that speaks seem late, however far its moments are apart", () => {
    const moments = Array.from({ length: 7 }, (_, i) => ({ records: [record(0, i, i * 10_000 - 600)] }));
    const shown = film(10_000, moments);
    for (let ms = 0; ms <= 60_000; ms += 700) expect(BEGIN + ms - (at(shown, ms).get("A")?.seen ?? 0)).toBeLessThanOrEqual(1_000);
  });

  it("goes back as well as forth", () => {
    const shown = film(1000, [{ records: [record(0, 1, 0)] }, { records: [record(0, 2, 1000), record(1, 9, 1000)] }, { gone: [0] }]);
    const ships = new Map<string, ShipState>();
    expect([...at(shown, 2000, ships).keys()]).toEqual(["B"]);
    expect([...at(shown, 1000, ships).keys()].sort()).toEqual(["A", "B"]);
    expect([...at(shown, 0, ships).keys()]).toEqual(["A"]);
  });

  it("gives a ship to its next mission", () => {
    const shown = film(1000, [{ records: [record(0, 1, 0, 1)] }, { records: [record(1, 5, 1000)], gone: [0] }], ["A", "A"]);
    expect(at(shown, 0).get("A")).toMatchObject({ mission: 7, outcome: "SUCCESS" });
    expect(at(shown, 1000).get("A")).toMatchObject({ mission: 8, outcome: undefined });
  });

  it("refuses what is no window", () => {
    expect(() => readFilm(encode(["frame", 1]))).toThrow("no window");
  });
});

describe("the replayed clock", () => {
  const there = () => true;

  function entered(ms: number): ReplayClock {
    const clock = new ReplayClock();
    clock.enter(BEGIN + ms, REACH);
    return clock;
  }

  it("is live until it is told to play, and plays at its speed", () => {
    const clock = new ReplayClock();
    clock.pass(1000, REACH.latest, there);
    expect([clock.on, clock.at]).toEqual([false, 0]);
    clock.enter(BEGIN, REACH);
    clock.speed = 16;
    clock.pass(500, REACH.latest, there);
    expect(clock.at).toBe(BEGIN + 8_000);
  });

  it("stays within the record", () => {
    expect(entered(-5_000).at).toBe(REACH.earliest);
    expect(entered(9e9).at).toBe(REACH.latest);
    const clock = entered(599_900);
    clock.pass(400, REACH.latest, there);
    expect([clock.at, clock.waiting]).toEqual([REACH.latest, false]);
    clock.pass(400, REACH.latest, there);
    expect([clock.at, clock.waiting, clock.playing]).toEqual([REACH.latest, true, true]);
  });

  it("waits where the fleet is not known yet, and goes on when it is", () => {
    const clock = entered(1_000);
    clock.pass(100, REACH.latest, () => false);
    expect([clock.at, clock.waiting]).toEqual([BEGIN + 1_000, true]);
    clock.pass(100, REACH.latest, there);
    expect([clock.at, clock.waiting]).toEqual([BEGIN + 1_100, false]);
  });

  it("steps by whole seconds, which stops it", () => {
    const clock = entered(2_400);
    clock.step(-1000, REACH);
    expect([clock.at, clock.playing]).toEqual([BEGIN + 2_000, false]);
    clock.step(-1000, REACH);
    expect(clock.at).toBe(BEGIN + 1_000);
    clock.seek(BEGIN + 2_400, REACH);
    clock.step(1000, REACH);
    expect(clock.at).toBe(BEGIN + 3_000);
  });

  it("jumps a second at a time for those who want no motion", () => {
    const clock = entered(0);
    clock.speed = 4;
    const seen = new Set<number>();
    for (let i = 0; i < 25; i++) {
      clock.pass(100, REACH.latest, there, true);
      seen.add(clock.at - BEGIN);
    }
    expect([...seen]).toEqual([0, 4_000, 8_000]);
  });

  it("is live again at normal speed", () => {
    const clock = entered(0);
    clock.speed = 60;
    clock.leave();
    expect([clock.on, clock.playing, clock.speed]).toEqual([false, false, 1]);
  });
});

describe("windows", () => {
  it("are aligned, follow each other, and are longer at speed", () => {
    const first = windowAt(BEGIN + 61_000, 1, 60);
    expect(first).toEqual({ begin: BEGIN + 60_000, seconds: 60, step: 1 });
    expect(nextOf(first)).toEqual(windowAt(BEGIN + 120_000, 1, 60));
    expect(windowAt(BEGIN, 60, 60)).toEqual({ begin: Date.parse("2026-11-25T08:10:00Z"), seconds: 600, step: 10 });
    expect(keyOf(first)).not.toBe(keyOf(windowAt(BEGIN + 61_000, 4, 60)));
  });
});

describe("what happened", () => {
  const event = (ms: number): FleetEvent => ({ id: (BEGIN + ms) * 1000, at: BEGIN + ms, kind: "reached", text: "reached Koppai", ship: "A", mission: 7 });
  const mark = (ms: number, kind = "failure") => ({ at: BEGIN + ms, kind, ship: "B", mission: 8, many: 1 });

  it("is told newest first up to the moment, each once, and further back by the marks", () => {
    const shown = film(1000, [{}, {}, {}], [], [event(-30_000), event(500), event(1_500)]);
    const told = happenedBefore(BEGIN + 1_000, [shown, shown], [mark(-600_000), mark(-400_000, "repair"), mark(200), mark(5_000)]);
    expect(told.map(({ at: when }) => when - BEGIN)).toEqual([500, -30_000, -400_000, -600_000]);
    expect(told[3]).toMatchObject({ kind: "failure", text: "is lost; mission 8 failed", ship: "B" });
  });
});

describe("live alerts", () => {
  it("are the failures and lost signals since the replay began", () => {
    const event = (at: number, kind: string): FleetEvent => ({ id: at, at, kind, text: "" });
    expect(alertsSince(10, [event(9, "failure"), event(10, "failure"), event(12, "lost"), event(13, "late"), event(14, "home")])).toBe(2);
    expect([alertWords(1), alertWords(1_200)]).toEqual(["1 live alert", "1,200 live alerts"]);
  });
});

describe("the address", () => {
  it("holds moment and speed, and gives them back", () => {
    const shared = { ...read(""), at: BEGIN + 3_000, speed: 4 as const };
    expect(write(shared)).toBe("?at=2026-11-25T08:18:03Z&speed=4");
    expect(read(write(shared))).toEqual(shared);
    expect(write({ ...shared, speed: 1 })).toBe("?at=2026-11-25T08:18:03Z");
  });

  it.each(["?at=yesterday", "?at=2026-11-25T08:18:03", "?at=2026-13-45T08:18:03Z", "?speed=4", "?at="])("is live when it tells no moment: %s", (search) => {
    expect(read(search)).toMatchObject(LIVE);
  });

  it("plays at normal speed when there is no such speed", () => {
    expect(read("?at=2026-11-25T08:18:03Z&speed=7")).toMatchObject({ at: BEGIN + 3_000, speed: 1 });
  });
});

describe("words", () => {
  it("say how far back, what is missing, and what stands out", () => {
    expect(behind(BEGIN, BEGIN + 734_600)).toBe("12 min 14 s behind live");
    expect(gapWords({ begin: BEGIN, end: BEGIN + 60_000, missing: 21 })).toBe("21 messages missing");
    expect(gapWords({ begin: BEGIN, end: BEGIN + 180_000, missing: null })).toBe("nothing recorded for 3 min 00 s");
    expect(markWords({ at: BEGIN, kind: "failure", ship: "SS_MOTH", mission: 7, many: 3 })).toBe("SS_MOTH lost at 08:18:00, and 2 more close by");
    expect(stamp(BEGIN, BEGIN + 1)).toBe("08:18:00");
    expect(stamp(BEGIN, BEGIN + 86_400_000)).toBe("11-25 08:18:00");
  });

  it("choose the shortest track that holds a moment", () => {
    expect([60_000, 1_750_000, 10_000_000, 80_000_000].map((ago) => rangeFor(BEGIN - ago, BEGIN))).toEqual([1_800, 10_800, 10_800, 86_400]);
  });
});
