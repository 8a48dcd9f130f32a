import { describe, expect, it } from "vitest";
import { estimate, LONGEST_ESTIMATE_MS, Motion, type Known } from "../src/motion";
import { SightBook, type Facts } from "../src/sightbook";
import { STRIDE_KM, type Planet } from "../src/world";
import { aShip, NOW } from "./ships";

const LAG = 80;
const at = (second: number, change: Partial<Known> = {}): Known => ({ x: second * 100, y: 0, z: 0, seen: second * 1000, mission: 1, ...change });
const spot = { x: 0, y: 0, z: 0 };

/** A ship that sends a message a second, each of which takes LAG ms. */
function flown(seconds: number): Motion {
  const motion = new Motion();
  for (let second = 0; second <= seconds; second++) motion.hear("A", at(second), second * 1000 + LAG);
  return motion;
}

describe("motion", () => {
  it("is even: a second's way in a second, in steps as long as the time between them", () => {
    const motion = flown(3);
    const seen: number[] = [];
    let told = 3;
    for (let now = 3_100; now <= 8_000; now += 50) {
      for (; told + 1 <= (now - LAG) / 1000; told++) motion.hear("A", at(told + 1), (told + 1) * 1000 + LAG);
      expect(motion.place("A", now, spot)).toBe(0);
      seen.push(spot.x);
    }
    const steps = seen.slice(1).map((x, i) => x - (seen[i] ?? 0));
    expect(Math.min(...steps)).toBeCloseTo(5);
    expect(Math.max(...steps)).toBeCloseTo(5);
  });

  it("is one update behind: at a message's coming the ship is still short of the one before", () => {
    const motion = flown(5);
    motion.place("A", 5_000 + LAG, spot);
    expect(spot.x).toBeLessThanOrEqual(400);
    expect(spot.x).toBeGreaterThan(350);
  });

  it("stands at the last known place once that is reached, and says for how long an update is overdue", () => {
    const motion = flown(3);
    const overdue = motion.place("A", 9_000, spot);
    expect(spot.x).toBe(300);
    expect(overdue).toBeGreaterThan(4_500);
  });

  it("never goes back when messages start to take longer", () => {
    const motion = flown(4);
    let before = -Infinity;
    for (let now = 4_100; now < 12_000; now += 20) {
      if (now % 1000 === 900) motion.hear("A", at(Math.floor(now / 1000)), now);
      motion.place("A", now, spot);
      expect(spot.x).toBeGreaterThanOrEqual(before);
      before = spot.x;
    }
    expect(before).toBeGreaterThan(900);
  });

  it("takes a long silence for a gap, not for a rhythm", () => {
    const motion = flown(3);
    motion.hear("A", at(40), 40_000 + LAG);
    motion.hear("A", at(41), 41_000 + LAG);
    motion.place("A", 42_000, spot);
    expect(spot.x).toBeGreaterThan(4_050);
  });

  it("does not fly from one mission's end to the next one's start", () => {
    const motion = flown(3);
    motion.hear("A", at(4, { x: 0, mission: 2 }), 4_000 + LAG);
    expect(motion.place("A", 4_000 + LAG, spot)).toBe(0);
    expect(spot.x).toBe(0);
  });

  it("knows nothing of ships that have gone", () => {
    const motion = flown(3);
    motion.keepOnly(new Set());
    expect(motion.place("A", 4_000, spot)).toBeNull();
  });
});

describe("an estimate", () => {
  const to = { x: 1e12, y: -1e12, z: 0 };

  it("goes on along the way at the ship's pace", () => {
    expect(estimate({ x: 0, y: 0, z: 0 }, to, 2, 3_000)).toEqual({ x: 6 * STRIDE_KM, y: -6 * STRIDE_KM, z: 0 });
  });
  it("ends after 5 s", () => {
    expect(LONGEST_ESTIMATE_MS).toBe(5_000);
    expect(estimate({ x: 0, y: 0, z: 0 }, to, 1, 60_000).x).toBe(5 * STRIDE_KM);
  });
  it("never leads beyond the goal", () => expect(estimate({ x: 0, y: 0, z: 0 }, { x: 100, y: 0, z: 0 }, 1, 4_000).x).toBe(100));
});

describe("sights", () => {
  const planets = new Map<string, Planet>([
    ["Hocotate", { name: "Hocotate", band: "home", x: 0, y: 0, z: 0 }],
    ["Koppai", { name: "Koppai", band: "middle", x: 6.8e8, y: 2.1e8, z: 0 }],
  ]);
  const facts: Facts = { now: NOW, connected: true, chosen: null, lit: null, moment: 0, passes: () => true, fact: () => "" };

  /** A book with one ship that has told two places, the last one at NOW. */
  function book(change: Parameters<typeof aShip>[0], now: number, raw = false) {
    const [motion, sights] = [new Motion(), new SightBook()];
    const last = aShip({ x: STRIDE_KM, y: STRIDE_KM, ...change });
    motion.hear(last.ship, { ...last, x: 0, y: 0, seen: NOW - 1000 }, NOW - 1000 + LAG);
    motion.hear(last.ship, last, NOW + LAG);
    sights.judge(new Map([[last.ship, last]]), { ...facts, now });
    sights.place(motion, planets, now, raw, true);
    return sights.get(last.ship)!;
  }

  it("are between the last two places while an update is not overdue", () => {
    const sight = book({}, NOW + 600);
    expect(sight.estimated).toBe(false);
    expect(sight.at.x).toBeGreaterThan(0);
    expect(sight.at.x).toBeLessThan(STRIDE_KM);
  });
  it("are flown on, and marked, when one is overdue", () => {
    const sight = book({}, NOW + 4_200);
    expect(sight.estimated).toBe(true);
    expect(sight.at.x).toBeGreaterThan(3 * STRIDE_KM);
    expect(sight.at.x).toBeLessThan(5 * STRIDE_KM);
  });
  it("are struck when they fail before the eyes of this page, and only then", () => {
    const sights = new SightBook();
    const judge = (moment: number | null, outcome?: "FAILURE"): number => {
      const ship = aShip(outcome ? { outcome } : {});
      sights.judge(new Map([[ship.ship, ship]]), { ...facts, moment });
      return sights.struck;
    };
    expect(judge(100)).toBe(-Infinity);
    expect(judge(350, "FAILURE")).toBe(350);
    expect(judge(600, "FAILURE")).toBe(350);
    const late = new SightBook();
    const lost = aShip({ outcome: "FAILURE" });
    late.judge(new Map([[lost.ship, lost]]), { ...facts, moment: 100 });
    expect(late.struck).toBe(-Infinity);
  });
  it("stand where they were last seen when raw, late, lost, ended, in repair or on a planet", () => {
    expect(book({}, NOW + 600, true)).toMatchObject({ at: { x: STRIDE_KM }, estimated: false });
    expect(book({}, NOW + 5_500)).toMatchObject({ mark: "late", at: { x: STRIDE_KM }, estimated: false });
    expect(book({}, NOW + 70_000)).toMatchObject({ mark: "lost", at: { x: STRIDE_KM }, estimated: false });
    expect(book({ outcome: "FAILURE" }, NOW + 4_200)).toMatchObject({ mark: "failure", at: { x: STRIDE_KM }, estimated: false });
    expect(book({ status: "REPAIR" }, NOW + 4_200)).toMatchObject({ mark: "repair", at: { x: STRIDE_KM }, estimated: false });
    expect(book({ phase: "ON_PLANET" }, NOW + 4_200)).toMatchObject({ mark: "ok", at: { x: STRIDE_KM }, estimated: false });
  });
});
