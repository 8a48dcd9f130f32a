import { describe, expect, it } from "vitest";
import { nearest, pointsFor, remark, withBreaks } from "../src/readings/answer";
import { near } from "../src/readings/limits";

const series = { at: [1000, 2000, 9000, 10_000], value: [1, 2, 3, 4], seq: [0, 1, 8, 9], breaks: [2] };

describe("readings", () => {
  it("draws no line over a gap", () => {
    expect(withBreaks(series)).toEqual([
      [1, 2, 5.5, 9, 10],
      [1, 2, null, 3, 4],
    ]);
  });

  it("scales values, not times", () => {
    expect(withBreaks({ ...series, breaks: [] }, 2)[1]).toEqual([0.5, 1, 1.5, 2]);
  });

  it("asks for the lowest and the highest of each step, within the API's bounds", () => {
    expect(pointsFor(753, 1)).toBe(1506);
    expect(pointsFor(753, 60)).toBe(100);
    expect(pointsFor(86_400, 1)).toBe(10_000);
  });

  it("shows the limits that it came near", () => {
    const motor = { low: 30, best: 90, high: 180 };
    expect(near(motor, 85, 95)).toEqual([]);
    expect(near(motor, 85, 121)).toEqual([180]);
    expect(near(motor, 20, 200)).toEqual([30, 180]);
    expect(near({ low: 5, best: 100, high: null }, 50, 100)).toEqual([5]);
    expect(near(motor, Infinity, -Infinity)).toEqual([]);
  });

  it("finds the nearest point", () => {
    expect([0, 1400, 1600, 5000, 99_999].map((ms) => nearest(series.at, ms))).toEqual([0, 0, 1, 1, 3]);
    expect(nearest([], 5)).toBe(-1);
  });

  it("says what a reader must know", () => {
    const history = { rows: 9, thinned: false, complete_until: "2026-11-25T08:00:00Z", series: {}, gaps: [], gap_count: 0 };
    expect(remark(history)).toBe("");
    expect(remark({ ...history, gap_count: 2, thinned: true })).toContain("2 gaps in the record, hatched.");
    expect(remark({ ...history, complete_until: null })).toContain("can't be said");
  });
});
