import { describe, expect, it } from "vitest";
import { Flight, FLIGHT_MS, eased } from "../src/flight";
import { frameOf, overviewOf, pointAt } from "../src/overview";
import { centredOn, fit, TILTED, toScreen, toWorld, type View } from "../src/view";
import type { Planet } from "../src/world";

const SIZE = { width: 800, height: 400 };
const PLAN: View = { x: 1e8, y: -2e8, scale: 4e-7, tilt: 0 };
const TILT: View = { ...PLAN, tilt: TILTED };
const ABOVE = { x: 3e8, y: 1e8, z: 2e8 };

describe("the projection", () => {
  it("does not see z from straight above", () => expect(toScreen(ABOVE, PLAN, SIZE)).toEqual(toScreen({ x: 3e8, y: 1e8 }, PLAN, SIZE)));

  it("tilted lifts what is above the plane, and leaves x alone", () => {
    const [top, foot] = [toScreen(ABOVE, TILT, SIZE), toScreen({ x: 3e8, y: 1e8 }, TILT, SIZE)];
    expect(top.x).toBe(foot.x);
    expect(foot.y - top.y).toBeCloseTo(2e8 * 4e-7 * Math.sin(TILTED));
  });

  it("keeps the middle of the picture when it is tilted", () => {
    expect(toScreen({ x: 1e8, y: -2e8 }, TILT, SIZE)).toEqual({ x: 400, y: 200 });
  });

  it("turns back from pixels to the plane, tilted too", () => {
    for (const view of [PLAN, TILT]) {
      const back = toWorld(toScreen({ x: 3e8, y: 1e8 }, view, SIZE), view, SIZE);
      expect(back.x).toBeCloseTo(3e8, 0);
      expect(back.y).toBeCloseTo(1e8, 0);
    }
  });

  it("puts a ship into the middle, wherever above the plane", () => {
    for (const view of [PLAN, TILT]) {
      const { x, y } = toScreen(ABOVE, centredOn(ABOVE, view), SIZE);
      expect(x).toBeCloseTo(400);
      expect(y).toBeCloseTo(200);
    }
  });

  it("fits what lies high above the plane, too", () => {
    const points = [ABOVE, { x: 0, y: 0, z: -4e8 }, { x: -5e8, y: 3e8, z: 4e8 }];
    const view = fit(points, SIZE, { top: 40, right: 80, bottom: 40, left: 20 }, TILTED);
    for (const point of points) {
      const { x, y } = toScreen(point, view, SIZE);
      expect(x).toBeGreaterThanOrEqual(19.9);
      expect(x).toBeLessThanOrEqual(720.1);
      expect(y).toBeGreaterThanOrEqual(39.9);
      expect(y).toBeLessThanOrEqual(360.1);
    }
  });
});

describe("a move of the camera", () => {
  const near: View = { x: 5e8, y: 1e8, scale: 4e-6, tilt: TILTED };

  it("starts and ends where it is told, in 280 ms", () => {
    const flight = new Flight(PLAN, near, 1000);
    expect(flight.at(1000)).toEqual(PLAN);
    expect(flight.at(1280)).toEqual(near);
    expect(flight.over(1279)).toBe(false);
    expect(flight.over(1280)).toBe(true);
    expect(FLIGHT_MS).toBe(280);
  });

  it("moves what is in both pictures straight, without a detour", () => {
    const flight = new Flight({ ...PLAN, x: 0, y: 0 }, { x: 1e8, y: 0, scale: 4e-6, tilt: 0 }, 0);
    const xs = Array.from({ length: 29 }, (_, i) => toScreen({ x: 1e8, y: 0 }, flight.at(i * 10), SIZE).x);
    for (const [i, x] of xs.slice(1).entries()) expect(x - 400).toBeLessThanOrEqual(Math.max(1e-6, (xs[i] ?? 0) - 400) + 1);
    expect(Math.max(...xs) - 400).toBeLessThan(100);
  });

  it("eases in and out", () => {
    expect(eased(0.1)).toBeLessThan(0.1);
    expect(eased(0.5)).toBeGreaterThan(0.5);
    expect([eased(-1), eased(2)]).toEqual([0, 1]);
  });
});

describe("the overview", () => {
  const box = { width: 212, height: 84 };
  const planet = (x: number, y: number): Planet => ({ name: `${x}`, band: "outer", x, y, z: 9e8 });
  const overview = overviewOf([planet(-15e8, -4e8), planet(16e8, 5e8), planet(0, 0)], box);

  it("holds the whole system, seen from above", () => {
    for (const point of [{ x: -15e8, y: -4e8 }, { x: 16e8, y: 5e8 }]) {
      const { x, y } = toScreen(point, overview, box);
      expect(x).toBeGreaterThanOrEqual(5.9);
      expect(x).toBeLessThanOrEqual(206.1);
      expect(y).toBeGreaterThanOrEqual(5.9);
      expect(y).toBeLessThanOrEqual(78.1);
    }
  });

  it("frames what the map shows", () => {
    const frame = frameOf({ x: 0, y: 0, scale: 1e-6, tilt: 0 }, SIZE, overview, box);
    expect(frame.width).toBeCloseTo(800e6 * overview.scale);
    expect(frame.height).toBeCloseTo(400e6 * overview.scale);
    const middle = pointAt({ x: frame.left + frame.width / 2, y: frame.top + frame.height / 2 }, overview, box);
    expect(Math.hypot(middle.x, middle.y)).toBeLessThan(1);
  });

  it("frames a deeper part of the plane when the map is tilted", () => {
    const frame = frameOf({ x: 0, y: 0, scale: 1e-6, tilt: TILTED }, SIZE, overview, box);
    expect(frame.height).toBeCloseTo((400e6 * overview.scale) / Math.cos(TILTED));
  });

  it("keeps a frame in sight that is tiny, or larger than the system", () => {
    expect(frameOf({ x: 0, y: 0, scale: 1, tilt: 0 }, SIZE, overview, box).width).toBe(5);
    const all = frameOf({ x: 0, y: 0, scale: 1e-9, tilt: 0 }, SIZE, overview, box);
    expect(all).toEqual({ left: -1, top: -1, width: 214, height: 86 });
  });
});
