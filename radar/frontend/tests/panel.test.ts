import { describe, expect, it } from "vitest";
import { eventsOf } from "../src/eventfilter";
import { FAVOURITES_KEY, Favourites } from "../src/favourites";
import { forecast, usePerTick } from "../src/forecast";
import type { FleetEvent, History, Newest } from "../src/protocol";
import { extend, readingsOf, seriesOf, type Readings } from "../src/series";
import { fuelWord, stateWord } from "../src/shipfacts";
import { SPARK, sparkOf } from "../src/spark";
import type { Store } from "../src/stored";
import { STRIDE_KM, type Planet } from "../src/world";
import { aShip, NOW } from "./ships";

const COLUMNS = ["at", "x", "y", "z", "fuel", "motor", "engine", "core", "signal", "dist"];
const PLANETS = new Map<string, Planet>([
  ["Hocotate", { name: "Hocotate", band: "home", x: 0, y: 0, z: 0 }],
  ["Koppai", { name: "Koppai", band: "inner", x: 100 * STRIDE_KM, y: 20 * STRIDE_KM, z: 0 }],
]);

/** A ship that flies one tick a second along x and uses `use` % at each. */
function flight(seconds: number, use: number): Readings {
  const rows = Array.from({ length: seconds }, (_, i) => [NOW + i * 1000, i * STRIDE_KM, 0, 0, 90 - i * use, 90, 340, 600, -70, i * STRIDE_KM]);
  return readingsOf({ t: "history", ship: "SS_DOLPHIN", mission: 7, columns: COLUMNS, rows });
}

function newest(change: Partial<Newest> = {}): Newest {
  return { ship: "SS_DOLPHIN", mission: 7, at: NOW + 10_000, seq: 1, x: 0, y: 0, z: 0, dist: 0, fuel: 89, motor: 91, engine: 341, core: 601, signal: -71, health: [1, 1, 1, 1], ...change };
}

describe("the forecast", () => {
  it("tells fuel at the end of the leg and at home from the use of the last minutes", () => {
    const use = usePerTick(flight(60, 0.01));
    expect(use).toBeCloseTo(0.01, 6);
    const ahead = forecast(aShip({ x: 40 * STRIDE_KM, fuel: 80, phase: "OUTBOUND" }), PLANETS, use);
    expect(ahead?.arrival).toBeCloseTo(80 - 0.6, 4);
    expect(ahead?.home).toBeCloseTo(80 - 0.6 - 1, 4);
  });

  it("counts the way home alone for who is landed or returning", () => {
    expect(forecast(aShip({ fuel: 80, phase: "ON_PLANET" }), PLANETS, 0.1)).toEqual({ arrival: 70, home: 70 });
    expect(forecast(aShip({ x: 30 * STRIDE_KM, fuel: 80, phase: "RETURNING" }), PLANETS, 0.1)).toEqual({ arrival: 77, home: 77 });
  });

  it("leaves out the time in which a ship stood still", () => {
    const readings = flight(20, 0.01);
    const last = readings.rows.at(-1) ?? [];
    for (let i = 1; i < 60; i++) readings.rows.push(last.map((value, at) => (at === 0 ? value + i * 1000 : at === 4 ? value - i : value)));
    expect(usePerTick(readings)).toBeCloseTo(0.01, 6);
  });

  it("is not given when too little is known", () => {
    expect(usePerTick(null)).toBeNull();
    expect(usePerTick(flight(4, 0.01))).toBeNull();
    expect(usePerTick(flight(60, 0))).toBeNull();
    expect(forecast(aShip(), PLANETS, null)).toBeNull();
    expect(forecast(aShip({ target: "Nowhere" }), PLANETS, 0.01)).toBeNull();
    expect(forecast(aShip({ phase: "HOME" }), PLANETS, 0.01)).toBeNull();
    expect(forecast(aShip({ outcome: "SUCCESS" }), PLANETS, 0.01)).toBeNull();
  });

  it("says in words whether the fuel lasts", () => {
    const facts = { newest: null, planets: PLANETS, now: NOW, connected: true };
    const ship = aShip({ fuel: 1.5, phase: "OUTBOUND" });
    expect(fuelWord({ ...facts, ship, readings: flight(60, 0.01) })).toEqual({ text: "0.5 %, short of home", short: true });
    expect(fuelWord({ ...facts, ship: aShip({ fuel: 50 }), readings: flight(60, 0.01) })).toEqual({ text: "49.0 %, reaches home", short: false });
    expect(fuelWord({ ...facts, ship, readings: null })).toEqual({ text: "unknown", short: false });
    expect(fuelWord({ ...facts, ship: aShip({ outcome: "SUCCESS" }), readings: null }).text).toBe("–");
  });
});

describe("readings", () => {
  it("go on from history by live messages, with health from then on, and speed between two moments", () => {
    const readings = flight(3, 0.01);
    extend(readings, newest({ at: NOW + 3000, x: 3 * STRIDE_KM }), 0.9);
    expect(seriesOf(readings, "total")).toEqual([NaN, NaN, NaN, 0.9]);
    expect(seriesOf(readings, "speed")).toEqual([NaN, STRIDE_KM, STRIDE_KM, STRIDE_KM]);
    expect(seriesOf(readings, "fuel").at(-1)).toBe(89);
  });

  it("take no speed over a gap, no second point within 0.9 s, and nothing of another mission", () => {
    const readings = flight(2, 0.01);
    extend(readings, newest({ at: NOW + 1500 }), 1);
    extend(readings, newest({ at: NOW + 3000, mission: 8 }), 1);
    expect(readings.rows).toHaveLength(2);
    extend(readings, newest({ at: NOW + 20_000 }), 1);
    expect(seriesOf(readings, "speed").at(-1)).toBeNaN();
  });

  it("keep three minutes", () => {
    const readings = flight(5, 0.01);
    extend(readings, newest({ at: NOW + 182_000 }), 1);
    expect(seriesOf(readings, "at")).toEqual([2, 3, 4, 182].map((second) => NOW + second * 1000));
  });

  it("may begin with nothing", () => {
    const empty: History = { t: "history", ship: "A", mission: null, columns: COLUMNS, rows: [] };
    expect(seriesOf(readingsOf(empty), "fuel")).toEqual([]);
  });
});

describe("a spark line", () => {
  it("leaves gaps where nothing came, and where a value is not known", () => {
    const { path } = sparkOf([0, 1000, 2000, 9000, 10_000, 11_000], [1, 2, 3, 4, NaN, 5]);
    expect(path.match(/M/g)).toHaveLength(2);
    expect(path.match(/[ML]/g)).toHaveLength(5);
  });

  it("ends at the newest value that is known", () => {
    const { end } = sparkOf([0, 1000, 2000], [1, 2, NaN]);
    expect(end?.y).toBeCloseTo(SPARK.pad, 6);
    expect(sparkOf([0], [NaN])).toEqual({ path: "", end: null });
  });

  it("shows noise as noise", () => {
    const height = (least: number): number => {
      const ys = [...sparkOf([0, 1000], [0.991, 0.992], least).path.matchAll(/ ([\d.]+)/g)].map(([, y]) => Number(y));
      return Math.max(...ys) - Math.min(...ys);
    };
    expect(height(0)).toBeGreaterThan(30);
    expect(height(0.08)).toBeLessThan(1);
  });
});

describe("a state in words", () => {
  it("names the part and how far its repair is", () => {
    expect(stateWord(aShip({ status: "REPAIR", fault: "motor_temp_c", repair: 3 }), "repair")).toBe("Repair 3 of 5 ticks, motor");
    expect(stateWord(aShip({ outcome: "FAILURE", fault: "navigation_signal_db" }), "failure")).toBe("Lost, mission failed, navigation");
    expect(stateWord(aShip({ outcome: "FAILURE" }), "failure")).toBe("Lost, mission failed");
  });
});

describe("the list of events", () => {
  const event = (id: number, kind: string, ship?: string): FleetEvent => ({ id, at: id, kind, text: "", ...(ship ? { ship } : {}) });
  const events = [event(5, "failure", "A"), event(4, "repair", "B"), event(3, "late"), event(2, "reached", "A"), event(1, "started", "B")];
  const ids = (found: FleetEvent[]): number[] => found.map(({ id }) => id);

  it("is narrowed by kind, by ship, and by both", () => {
    expect(ids(eventsOf(events, { sort: "all", mine: false }, null))).toEqual([5, 4, 3, 2, 1]);
    expect(ids(eventsOf(events, { sort: "losses", mine: false }, null))).toEqual([5]);
    expect(ids(eventsOf(events, { sort: "signals", mine: false }, "A"))).toEqual([3]);
    expect(ids(eventsOf(events, { sort: "all", mine: true }, "A"))).toEqual([5, 2]);
    expect(ids(eventsOf(events, { sort: "arrivals", mine: true }, "A"))).toEqual([2]);
  });

  it("shows all while no ship is chosen", () => {
    expect(ids(eventsOf(events, { sort: "all", mine: true }, null))).toHaveLength(5);
  });
});

describe("favourites", () => {
  function aStore(text: string | null = null): Store & { text: string | null } {
    const store = { text, getItem: () => store.text, setItem: (_key: string, value: string) => void (store.text = value) };
    return store;
  }

  it("are kept, and found again by another page", () => {
    const store = aStore();
    new Favourites(store).toggle("SS_DOLPHIN");
    const other = new Favourites(store);
    expect([...other.all]).toEqual(["SS_DOLPHIN"]);
    other.toggle("SS_COMET");
    other.toggle("SS_DOLPHIN");
    expect(JSON.parse(store.text ?? "")).toEqual(["SS_COMET"]);
  });

  it("of another tab are not overwritten", () => {
    const store = aStore();
    const [mine, theirs] = [new Favourites(store), new Favourites(store)];
    theirs.toggle("A");
    mine.toggle("B");
    expect([...mine.all]).toEqual(["A", "B"]);
  });

  it("survive a store that holds nonsense, or refuses", () => {
    expect([...new Favourites(aStore("{")).all]).toEqual([]);
    expect([...new Favourites(aStore('{"a": 1}')).all]).toEqual([]);
    expect([...new Favourites(aStore('["A", 3]')).all]).toEqual(["A"]);
    const refusing: Store = { getItem: () => { throw new Error(FAVOURITES_KEY); }, setItem: () => { throw new Error(FAVOURITES_KEY); } };
    const favourites = new Favourites(refusing);
    favourites.toggle("A");
    expect([...favourites.all]).toEqual(["A"]);
  });
});
