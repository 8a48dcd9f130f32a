import { describe, expect, it } from "vitest";
import { limited } from "../src/sizes";

describe("the size of a panel", () => {
  it("stays between its least and a share of the window", () => {
    expect(limited(400.4, 320, 1440)).toBe(400);
    expect(limited(100, 320, 1440)).toBe(320);
    expect(limited(2000, 320, 1440)).toBe(864);
  });
});
