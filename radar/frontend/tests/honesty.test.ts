import { describe, expect, it } from "vitest";
import { ClockOffset, feedOf, linkOf, markOf } from "../src/honesty";
import { aShip, NOW } from "./ships";

describe("a ship's mark", () => {
  it.each([
    [0, "ok"], [5_000, "ok"], [5_001, "late"], [59_999, "late"], [60_000, "lost"],
  ])("of one seen %i ms ago is %s", (silent, mark) => {
    expect(markOf(aShip({ seen: NOW - silent }), NOW, true)).toBe(mark);
  });

  it("is never live without a connection, however new its message", () => {
    expect(linkOf(aShip(), NOW, false)).toBe("late");
  });

  it("tells repair only while it is current", () => {
    expect(markOf(aShip({ status: "REPAIR" }), NOW, true)).toBe("repair");
    expect(markOf(aShip({ status: "REPAIR", seen: NOW - 6000 }), NOW, true)).toBe("late");
  });

  it("stays ended for ever", () => {
    expect(markOf(aShip({ outcome: "FAILURE", seen: NOW - 9e6 }), NOW, true)).toBe("failure");
    expect(markOf(aShip({ outcome: "SUCCESS" }), NOW, false)).toBe("ended");
  });
});

describe("the feed", () => {
  const well = { connected: true, made: NOW, newest: NOW, now: NOW, source: "following" } as const;

  it("is live while frames and messages are new", () => expect(feedOf(well)).toEqual({ feed: "live", trouble: "" }));

  it.each([
    [{ connected: false }, "disconnected", "No connection"],
    [{ made: NOW - 5001 }, "late", "stopped sending"],
    [{ source: "unreachable" as const }, "late", "Kafka"],
    [{ newest: NOW - 5001 }, "late", "No ship"],
    [{ made: null }, "late", "not sent anything"],
  ])("names what stands still: %o", (change, feed, words) => {
    const found = feedOf({ ...well, ...change });
    expect(found.feed).toBe(feed);
    expect(found.trouble).toContain(words);
  });
});

describe("the clock's offset", () => {
  it("is taken from the least delayed message", () => {
    const offset = new ClockOffset();
    offset.add(NOW + 3000, NOW + 400);
    offset.add(NOW + 4000, NOW + 1010);
    expect(offset.value).toBe(2990);
  });
});
