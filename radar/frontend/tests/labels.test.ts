import { describe, expect, it } from "vitest";
import { Placer, type Placed } from "../src/labels";

const SIZE = { width: 300, height: 200 };
const WISH = { at: { x: 150, y: 100 }, width: 50, height: 12, gap: 8, must: true };

describe("labels", () => {
  it("never overlap", () => {
    const placer = new Placer(SIZE);
    const boxes = Array.from({ length: 40 }, (_, i) => placer.place({ ...WISH, at: { x: 150.3 + i / 7, y: 100.9 - i / 3 } })).filter((box) => box !== null);
    expect(boxes.length).toBeGreaterThan(8);
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        expect(a.left < b.left + 50 && a.left + 50 > b.left && a.top < b.top + 12 && a.top + 12 > b.top).toBe(false);
      }
    }
  });

  it("are left out where they do not fit and need not be shown", () => {
    const placer = new Placer(SIZE);
    placer.reserve({ left: 100, top: 50, right: 200, bottom: 150 });
    expect(placer.place({ ...WISH, width: 40, must: false })).toBeNull();
  });

  it("stand beside their own mark, which keeps others away", () => {
    const placer = new Placer(SIZE);
    placer.reserveAround(WISH.at, 6);
    expect(placer.place(WISH)).toMatchObject({ left: 158, top: 94, leader: null });
  });

  it("get a leader line where they had to go further away", () => {
    const placer = new Placer(SIZE);
    placer.reserveAround(WISH.at, 20);
    expect(placer.place(WISH)?.leader).not.toBeNull();
  });

  it("keep the place they had while it is free", () => {
    const first = new Placer(SIZE);
    first.reserve({ left: 158, top: 90, right: 220, bottom: 110 });
    const had = first.place(WISH) as Placed;
    expect(had.left).toBe(92);
    expect(new Placer(SIZE).place({ ...WISH, before: had.spot })?.left).toBe(92);
    expect(new Placer(SIZE).place(WISH)?.left).toBe(158);
  });

  it("stay inside the picture, whatever is reserved beyond it", () => {
    const placer = new Placer(SIZE);
    placer.reserveAround({ x: -500, y: 900 }, 20);
    placer.reserveAround({ x: 299, y: 199 }, 20);
    const placed = placer.place({ ...WISH, at: { x: 2, y: 2 } }) as Placed;
    expect(placed.left).toBeGreaterThan(4);
    expect(placed.top).toBeGreaterThan(4);
  });
});
