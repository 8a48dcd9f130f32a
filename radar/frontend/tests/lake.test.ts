import { describe, expect, it } from "vitest";
import type { Answer, Value } from "../src/lake/api";
import { along, choose, heights, positions } from "../src/lake/choose";
import { EXAMPLES } from "../src/lake/examples";
import { titled } from "../src/lake/kept";
import { offsetOf, statementAt, statements, type Statement } from "../src/lake/statements";
import { digitsOf, short, shown, size } from "../src/lake/values";

function answer(columns: readonly (readonly [string, string])[], rows: readonly (readonly Value[])[]): Answer {
  return { row_count: rows.length, truncated: false, seconds: 0.1, snapshot: null, table_bytes: 0, limits: { rows: 10, seconds: 1, memory_mb: 1 }, columns: columns.map(([name, type]) => ({ name, type })), rows };
}

describe("the statement at the cursor", () => {
  const text = "SELECT 1;\n-- two; not an end\nSELECT ';', \"a;b\", $$;$$ /* ; */ FROM t;\n\nSELECT 3";
  it("ends at semicolons outside of quotes and comments", () => {
    expect(statements(text).map((one) => one.text)).toEqual(["SELECT 1", "-- two; not an end\nSELECT ';', \"a;b\", $$;$$ /* ; */ FROM t", "SELECT 3"]);
  });
  it("is the one that holds the cursor, and right behind its semicolon still is", () => {
    expect(statementAt(text, 9)?.text).toBe("SELECT 1");
    expect(statementAt(text, 14)?.text).toContain("two");
    expect(statementAt(text, text.length)?.text).toBe("SELECT 3");
  });
  it("is the one before where the cursor stands between two", () => expect(statementAt("SELECT 1;   \n\n", 12)?.text).toBe("SELECT 1"));
  it("is none in an empty text", () => expect(statementAt(" \n", 1)).toBeNull());
  it("is found with a quote that never ends", () => expect(statements("SELECT 'a; SELECT 2")).toHaveLength(1));
  it("tells where a line and a column stand in the whole text, also behind wide characters", () => {
    const second = statements("SELECT 1; SELECT '\u{1f680}',\n  x").at(1) as Statement;
    expect(offsetOf(second, 1, 10)).toBe(second.from + "SELECT '\u{1f680}".length);
    expect(offsetOf(second, 2, 3)).toBe(second.text.indexOf("x") + second.from);
    expect(offsetOf(second, 99, 99)).toBe(second.to);
  });
});

describe("what is drawn", () => {
  it("is lines along a time that rises, two at first", () => {
    const rows = [["2026-11-25T08:00:00+00:00", 1, 2, 3], ["2026-11-25T08:01:00+00:00", 2, null, 3]];
    const found = answer([["minute", "TIMESTAMP WITH TIME ZONE"], ["a", "BIGINT"], ["b", "DOUBLE"], ["c", "DOUBLE"]], rows);
    expect(choose(found)).toEqual({ x: 0, y: [1, 2], kind: "line" });
    expect(positions(found, 0)).toEqual([1795593600, 1795593660]);
    expect(heights(found, 2)).toEqual([2, null]);
  });
  it("is bars along names", () => {
    const found = answer([["reason", "VARCHAR"], ["n", "BIGINT"]], [["empty", 3], ["too_old", 1]]);
    expect(choose(found)).toEqual({ x: 0, y: [1], kind: "bar" });
  });
  it("is bars where the numbers along jump about, at most two a place", () => {
    const found = answer([["x", "BIGINT"], ["a", "BIGINT"], ["b", "BIGINT"], ["c", "BIGINT"]], [[2, 1, 1, 1], [1, 2, 2, 2]]);
    expect(along(found, 0, [1, 2, 3])).toEqual({ x: 0, y: [1, 2], kind: "bar" });
  });
  it("is points where several rows stand at one time, and of what is measured rather than named", () => {
    const found = answer([["event_time", "TIMESTAMP"], ["mission_id", "BIGINT"], ["seq", "BIGINT"], ["fuel", "DOUBLE"]], [["2026-11-25T08:00:00", 1, 0, 9.5], ["2026-11-25T08:00:00", 2, 0, 8.5]]);
    expect(choose(found)).toEqual({ x: 0, y: [3], kind: "point" });
  });
  it("is nothing without a number or a row", () => {
    expect(choose(answer([["name", "VARCHAR"]], [["a"]]))).toBeNull();
    expect(choose(answer([["n", "BIGINT"]], []))).toBeNull();
  });
  it("reads a time without a zone as UTC, and a date as its midnight", () => {
    expect(positions(answer([["t", "TIMESTAMP"], ["n", "INTEGER"]], [["2026-11-25T08:00:00", 1]]), 0)).toEqual([1795593600]);
    expect(positions(answer([["d", "DATE"], ["n", "INTEGER"]], [["2026-11-25", 1]]), 0)).toEqual([1795564800]);
  });
});

describe("values", () => {
  it("are shown as they came, null as a dash, times without the zone", () => {
    expect(shown(null, "BIGINT")).toBe("\u2013");
    expect(shown("2026-11-25T08:00:00.5+00:00", "TIMESTAMP WITH TIME ZONE")).toBe("2026-11-25 08:00:00.5");
    expect(shown("2026T", "VARCHAR")).toBe("2026T");
    expect(shown([1, { a: null }], "STRUCT")).toBe('[1,{"a":null}]');
  });
  it("of a column stand in line where few digits follow the point", () => {
    expect(digitsOf([90, 89.75, null], "DOUBLE")).toBe(2);
    expect(digitsOf([1 / 3], "DOUBLE")).toBeNull();
    expect(digitsOf([90], "BIGINT")).toBeNull();
  });
  it("are short beside a table's name", () => expect([short(1204), short(22_400), short(1_310_000), size(11_200_000), size(1_840_000_000)]).toEqual(["1,204", "22 k", "1.31 M", "11.2 MB", "1.84 GB"]));
});

describe("queries", () => {
  it("are titled by their first comment", () => {
    expect(titled("-- Heat by distance\nSELECT 1", "Query 1")).toBe("Heat by distance");
    expect(titled("SELECT 1", "Query 1")).toBe("Query 1");
  });
  it("of the examples are each one statement", () => {
    for (const example of EXAMPLES) expect(statements(example.sql)).toHaveLength(1);
  });
});
