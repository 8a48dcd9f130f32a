import { beforeAll, describe, expect, it, vi } from "vitest";
import { Crowd, over } from "../src/crowd";
import { Ladder } from "../src/ladder";
import { everyMs, steady } from "../src/pacing";
import { near, picked } from "../src/pick";
import { MOST_POINTERS, onEdge, pointersTo } from "../src/pointers";
import type { Sight } from "../src/renderer";
import { aShip } from "./ships";

const SIZE = { width: 800, height: 400 };
const EDGE = { top: 60, right: 20, bottom: 50, left: 20 };

describe("pointers", () => {
  it("stand at the edge, on the bearing of what they point to", () => {
    const middle = { x: 400, y: 205 };
    for (const at of [{ x: 5000, y: 900 }, { x: -300, y: 205 }, { x: 420, y: -4000 }]) {
      const place = onEdge(at, SIZE, EDGE);
      expect(Math.atan2(place.y - middle.y, place.x - middle.x)).toBeCloseTo(Math.atan2(at.y - middle.y, at.x - middle.x));
      expect([place.x === 20, place.x === 780, place.y === 60, place.y === 350].some(Boolean)).toBe(true);
    }
  });

  it("do not pile up, and are six at most; the others are counted", () => {
    const beyond = Array.from({ length: 20 }, (_, i) => ({ what: i, at: { x: 3000, y: 200 + i } }));
    const { pointers, rest } = pointersTo(beyond, SIZE, EDGE);
    expect(pointers).toHaveLength(MOST_POINTERS);
    expect(pointers.map(({ what }) => what)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(rest).toHaveLength(14);
    for (const [i, a] of pointers.entries()) for (const b of pointers.slice(i + 1)) expect(Math.abs(a.y - b.y)).toBeGreaterThanOrEqual(34);
    expect(pointers.every(({ y }) => y >= 60 && y <= 350)).toBe(true);
  });

  it("keep clear of what floats over the map", () => {
    const { pointers } = pointersTo([{ what: "A", at: { x: 3000, y: 205 } }], SIZE, EDGE, ({ y }) => y > 260);
    expect(pointers[0]?.y).toBeGreaterThan(260);
  });
});

function sight(ship: string, x: number, change: Partial<Sight> = {}): Sight {
  return { ship: aShip({ ship }), mark: "ok", at: { x, y: 0, z: 0 }, estimated: false, fact: "", chosen: false, lit: false, shown: true, struck: -Infinity, px: { x, y: 0 }, near: true, ...change };
}

describe("a click where marks overlap", () => {
  const sights = [sight("FAR", 40), sight("OK", 3), sight("GRAVE", 8, { mark: "failure" }), sight("HIDDEN", 0, { shown: false }), sight("OTHER", 6)];
  const names = (found: Sight[]): string[] => found.map((each) => each.ship.ship);

  it("takes the grave one first, then the nearest", () => expect(names(near(sights, { x: 0, y: 0 }, 12))).toEqual(["GRAVE", "OK", "OTHER"]));

  it("takes the next one the second time, and comes around", () => {
    const taken: (string | undefined)[] = [];
    for (let i = 0; i < 4; i++) {
      const next = picked(near(sights, { x: 0, y: 0 }, 12));
      for (const each of sights) each.chosen = each === next;
      taken.push(next?.ship.ship);
    }
    expect(taken).toEqual(["GRAVE", "OK", "OTHER", "GRAVE"]);
  });

  it("takes nothing where nothing is", () => expect(picked(near(sights, { x: 400, y: 0 }, 12))).toBeNull());
});

describe("how often the map is drawn", () => {
  it("is as often as a step can be seen", () => {
    expect(everyMs(1.5, 0)).toBeCloseTo(233, 0);
    expect(everyMs(200, 0)).toBe(15);
    expect(everyMs(0, 0)).toBe(250);
    expect(everyMs(200, 2)).toBe(30);
  });
  it("is once a second for ships when motion is to be reduced", () => {
    expect([steady(4_999, true), steady(5_000, true), steady(4_999, false)]).toEqual([4_000, 5_000, 4_999]);
  });
});

/** Pictures that took so long each, one after another. */
function drawn(ladder: Ladder, took: number, times: number): Ladder {
  for (let i = 0, moment = 1_000; i < times; i++, moment += 1_000) {
    ladder.waited(moment);
    ladder.drew(moment, moment + took);
  }
  return ladder;
}

describe("the ladder", () => {
  it("gives up decoration first, then half of the pictures", () => {
    const ladder = drawn(new Ladder(), 40, 17);
    expect(ladder.rung).toBe(1);
    expect(drawn(ladder, 40, 40).rung).toBe(2);
  });
  it("does not mind a slow picture now and then", () => {
    const ladder = new Ladder();
    for (let i = 0; i < 20; i++) drawn(drawn(ladder, 90, 1), 8, 5);
    expect(ladder.rung).toBe(0);
  });
  it("takes decoration up again when pictures have been fast for long, and later the next time", () => {
    const ladder = drawn(new Ladder(), 40, 17);
    expect(drawn(ladder, 4, 300).rung).toBe(1);
    expect(drawn(ladder, 4, 300).rung).toBe(0);
    drawn(ladder, 40, 17);
    expect(drawn(ladder, 4, 600).rung).toBe(1);
  });
  it("counts what the browser itself took for the last picture", () => {
    const ladder = new Ladder();
    for (let i = 0, moment = 1_000; i < 20; i++, moment += 60) {
      ladder.waited(moment);
      ladder.drew(moment, moment + 5);
    }
    expect(ladder.rung).toBe(1);
  });
});

describe("a pixel over another", () => {
  const [red, blue] = [0xff0000ff, 0xffff0000];
  it("hides it when opaque", () => expect(over(red, blue)).toBe(red));
  it("mixes with it when half clear", () => {
    const mixed = over(0x800000ff, blue);
    expect(mixed >>> 24).toBe(255);
    expect(mixed & 255).toBe(128);
    expect((mixed >>> 16) & 255).toBe(127);
  });
  it("is itself over nothing", () => expect(over(0x40123456, 0)).toBe(0x40123456));
});

describe("a crowd of marks", () => {
  /** A canvas of 4 by 3 pixels that keeps what is shown on it. */
  function canvas() {
    const shown: number[][] = [];
    const c = {
      canvas: { width: 4, height: 3 },
      putImageData: (image: ImageData) => shown.push([...new Uint32Array(image.data.buffer)]),
      clearRect: () => shown.push([]),
    };
    return { shown, crowd: new Crowd(c as unknown as CanvasRenderingContext2D) };
  }
  beforeAll(() => {
    vi.stubGlobal("ImageData", class { data: Uint8ClampedArray; constructor(readonly width: number, readonly height: number) { this.data = new Uint8ClampedArray(4 * width * height); } });
    return () => vi.unstubAllGlobals();
  });
  /** Two pixels side by side, the anchor being the left one. */
  const stamp = { picture: null as unknown as ImageBitmap, x: 0, y: 0, pixels: { width: 4, reach: 2, dx: Int16Array.of(0, 1), dy: Int16Array.of(0, 0), offsets: Int32Array.of(0, 1), colours: Uint32Array.of(0xff000001, 0xff000002) } };

  it("is set where ships are, and cut at the edge instead of coming in on the other side", () => {
    const { shown, crowd } = canvas();
    crowd.begin();
    crowd.put(stamp, 1, 1);
    crowd.put(stamp, 3, 0);
    crowd.put(stamp, -1, 2);
    crowd.end();
    expect(shown).toEqual([[0, 0, 0, 0xff000001, 0, 0xff000001, 0xff000002, 0, 0xff000002, 0, 0, 0]]);
  });

  it("is gone with the next picture", () => {
    const { shown, crowd } = canvas();
    crowd.begin();
    crowd.put(stamp, 1, 1);
    crowd.end();
    crowd.begin();
    crowd.end();
    crowd.clear();
    crowd.clear();
    expect(shown.slice(1)).toEqual([Array(12).fill(0), []]);
  });
});
