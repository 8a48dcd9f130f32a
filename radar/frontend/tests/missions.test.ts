import { describe, expect, it } from "vitest";
import { COLUMNS, hidden } from "../src/missions/columns";
import { ranged } from "../src/missions/days";

describe("columns of the list", () => {
  it("are all shown until one is hidden", () => {
    expect(hidden(null)).toEqual([]);
    expect(hidden("")).toEqual([]);
  });

  it("are hidden by name, and a name that is none hides nothing", () => {
    expect(hidden("value,banana,link")).toEqual(["link", "value"]);
    expect(hidden(COLUMNS.join())).toEqual(COLUMNS);
  });
});

describe("a range of days", () => {
  const page = "http://127.0.0.1:8000/missions/?status=running&after=12";

  it("begins with the earlier day, whichever way it was dragged", () => {
    for (const [one, other] of [["2026-11-01", "2026-11-07"], ["2026-11-07", "2026-11-01"]] as const) {
      const url = new URL(ranged(page, one, other));
      expect(url.searchParams.get("since")).toBe("2026-11-01");
      expect(url.searchParams.get("until")).toBe("2026-11-07");
    }
  });

  it("keeps the other filters and starts at the first page", () => {
    const url = new URL(ranged(page, "2026-11-01", "2026-11-07"));
    expect(url.searchParams.get("status")).toBe("running");
    expect(url.searchParams.has("after")).toBe(false);
  });
});
