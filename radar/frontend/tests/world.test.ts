import { describe, expect, it } from "vitest";
import { age, minutes, number, shortAge } from "../src/format";
import { fit, scaleBar, toScreen, toWorld, visiblePart } from "../src/view";
import { ahead, arrivesIn, share, STRIDE_KM, ticksToGo, way, type Planet } from "../src/world";
import { aShip } from "./ships";

const HOME: Planet = { name: "Hocotate", band: "home", x: 0, y: 0, z: 0 };
const KOPPAI: Planet = { name: "Koppai", band: "middle", x: 6.8e8, y: 2.1e8, z: -1.2e8 };
const PLANETS = new Map([HOME, KOPPAI].map((planet) => [planet.name, planet]));

describe("a view", () => {
  it("needs something to show, since a view of nothing is nowhere and drawing it would never end", () => {
    const padding = { top: 0, right: 0, bottom: 0, left: 0 };
    expect(() => fit([], { width: 100, height: 50 }, padding)).toThrow("nothing to fit");
    expect(Object.values(fit([{ x: 0, y: 0 }], { width: 100, height: 50 }, padding)).every(Number.isFinite)).toBe(true);
  });
});

describe("the part of a line that can be seen", () => {
  const size = { width: 100, height: 50 };
  it("is all of it inside", () => {
    expect(visiblePart({ x: 1, y: 2 }, { x: 90, y: 40 }, size)).toEqual({ from: { x: 1, y: 2 }, to: { x: 90, y: 40 } });
  });
  it("ends close beside the picture, however far the line goes", () => {
    expect(visiblePart({ x: 50, y: 25 }, { x: 1e9, y: 25 }, size, 20)).toEqual({ from: { x: 50, y: 25 }, to: { x: 120, y: 25 } });
    expect(visiblePart({ x: -1e9, y: 10 }, { x: 1e9, y: 10 }, size, 0)?.from.x).toBeCloseTo(0);
  });
  it("is none where the line passes by", () => {
    expect(visiblePart({ x: -500, y: 0 }, { x: 0, y: 900 }, size)).toBeNull();
    expect(visiblePart({ x: 0, y: -30 }, { x: 100, y: -30 }, size)).toBeNull();
  });
});

describe("a way", () => {
  it("turns whenever one of its axes is done", () => {
    expect(way(HOME, KOPPAI)).toEqual([
      { x: 0, y: 0, z: 0 },
      { x: 1.2e8, y: 1.2e8, z: -1.2e8 },
      { x: 2.1e8, y: 2.1e8, z: -1.2e8 },
      { x: 6.8e8, y: 2.1e8, z: -1.2e8 },
    ]);
  });
  it("takes as many ticks as its longest axis", () => expect(ticksToGo(aShip(), KOPPAI)).toBe(Math.ceil(6.8e8 / STRIDE_KM)));
  it("is flown in shorter time at a faster pace", () => {
    expect(arrivesIn(aShip({ pace: 10 }), PLANETS)).toBe((arrivesIn(aShip(), PLANETS) ?? 0) / 10);
  });
  it("never leads beyond its end", () => expect(ahead(aShip({ x: 6.79e8, y: 2.1e8 }), KOPPAI, 12)).toMatchObject({ x: 6.8e8, y: 2.1e8 }));
  it("home counts from the planet", () => {
    expect(share(aShip({ phase: "RETURNING", x: 6.8e8, y: 2.1e8, z: -1.2e8 }), PLANETS)).toBe(0);
    expect(share(aShip({ phase: "RETURNING", x: 3.4e8 }), PLANETS)).toBe(0.5);
  });
});

describe("the view", () => {
  const size = { width: 800, height: 400 };
  const padding = { top: 40, right: 80, bottom: 40, left: 20 };
  it("fits all points inside the padding", () => {
    const points = [HOME, KOPPAI, { x: -5e8, y: -4e8 }];
    const view = fit(points, size, padding);
    for (const point of points) {
      const { x, y } = toScreen(point, view, size);
      expect(x).toBeGreaterThanOrEqual(19.9);
      expect(x).toBeLessThanOrEqual(720.1);
      expect(y).toBeGreaterThanOrEqual(39.9);
      expect(y).toBeLessThanOrEqual(360.1);
    }
  });
  it("turns back from pixels to km", () => {
    const view = { x: 1e8, y: -2e8, scale: 4e-7, tilt: 0 };
    const back = toWorld(toScreen(KOPPAI, view, size), view, size);
    expect(back.x).toBeCloseTo(KOPPAI.x, 0);
    expect(back.y).toBeCloseTo(KOPPAI.y, 0);
  });
  it("has a round bar of at most the given width", () => {
    for (const scale of [1e-8, 3e-7, 7.7e-6]) {
      const km = scaleBar(scale, 110);
      expect(km * scale).toBeLessThanOrEqual(110);
      expect([1, 2, 5]).toContain(Math.round(km / 10 ** Math.floor(Math.log10(km * 1.0001))));
    }
  });
});

describe("numbers", () => {
  it("have a true minus, commas and fixed digits", () => {
    expect(number(-70.46, 1)).toBe("−70.5");
    expect(number(4310)).toBe("4,310");
    expect(number(-0.01, 1)).toBe("0.0");
  });
  it("of ages change their form as they grow", () => {
    expect([400, 42_000, 252_000, 7_500_000].map(age)).toEqual(["0.4 s", "42 s", "4 min 12 s", "2 h 05 min"]);
    expect([400, 252_000].map(shortAge)).toEqual(["0.4 s", "4:12"]);
    expect(minutes(40_000)).toBe("0:40");
  });
});
