import { describe, expect, it } from "vitest";
import { read, write, type Shared } from "../src/address";

const NOTHING: Shared = { ship: null, show: [], find: "", place: null };

describe("a view's address", () => {
  it("is empty for a view that nobody has changed", () => {
    expect(write(NOTHING)).toBe("");
    expect(read("")).toEqual(NOTHING);
  });

  it("holds selection, filters, search and place, and gives them back", () => {
    const shared: Shared = { ship: "SS DOLPHIN&CO", show: ["repair", "late"], find: "Louie", place: { x: 105, y: -12.5, k: 1.4 } };
    const address = write(shared);
    expect(address).toBe("?ship=SS+DOLPHIN%26CO&show=repair,late&find=Louie&x=105&y=-12.5&k=1.4");
    expect(read(address)).toEqual(shared);
  });

  it("names marks in one order, whoever set them", () => {
    expect(write({ ...NOTHING, show: ["ok", "failure"] })).toBe("?show=failure,ok");
  });

  it("leaves out what it can't mean", () => {
    expect(read("?show=late,angry,,&x=1&y=2&find=")).toEqual({ ...NOTHING, show: ["late"] });
    expect(read("?x=1&y=2&k=0").place).toBeNull();
    expect(read("?x=&y=2&k=1").place).toBeNull();
    expect(read("?x=near&y=2&k=1").place).toBeNull();
    expect(read("?x=Infinity&y=2&k=1").place).toBeNull();
  });

  it("rounds places to what a screen can tell apart", () => {
    expect(write({ ...NOTHING, place: { x: 105.123456, y: 0, k: 1.00004 } })).toBe("?x=105.1&y=0&k=1");
  });
});
