// The dock below the map: the chosen ship, or the fleet as a whole.
import { h, svg } from "./dom";
import { ABSENT, age, clock, minutes, number } from "./format";
import { linkOf, markOf, type Mark } from "./honesty";
import { markIcon, ORDER, WORDS } from "./marks";
import type { Counts, History, Newest, ShipState } from "./protocol";
import { arrivesIn, share, type Planet } from "./world";

export interface Readings {
  mission: number | null;
  columns: string[];
  rows: number[][];
}

interface Reading {
  column: string;
  title: string;
  unit: string;
  digits: number;
  scale: number;
}

const READINGS: Reading[] = [
  { column: "fuel", title: "Fuel", unit: "%", digits: 2, scale: 1 },
  { column: "motor", title: "Motor", unit: "°C", digits: 1, scale: 1 },
  { column: "engine", title: "Engine", unit: "kPa", digits: 0, scale: 1 },
  { column: "core", title: "Power core", unit: "°C", digits: 0, scale: 1 },
  { column: "signal", title: "Signal", unit: "dB", digits: 1, scale: 1 },
  { column: "dist", title: "Distance", unit: "M km", digits: 1, scale: 1e-6 },
];
const KEEP_MS = 180_000;
const PHASES: Record<string, string> = { OUTBOUND: "Outbound", ON_PLANET: "On planet", RETURNING: "Returning", HOME: "Home", LOST: "Lost" };
const BARS: Record<string, number> = { GOOD: 4, MID: 3, BAD: 2, CRITICAL: 1 };
const TINT: Record<string, string> = { GOOD: "good", MID: "soft", BAD: "warn", CRITICAL: "bad" };

/** Readings from the server's history, which live messages then go on. */
export function readingsOf(history: History): Readings {
  return { mission: history.mission, columns: history.columns, rows: history.rows };
}

/** Adds the newest message of the ship; keeps three minutes, and at most one point in 0.9 s. */
export function extend(readings: Readings, newest: Newest): void {
  const last = readings.rows.at(-1)?.[0] ?? 0;
  if (readings.mission !== newest.mission || newest.at - last < 900) return;
  readings.rows.push(readings.columns.map((column) => valueOf(newest, column) ?? 0));
  while (readings.rows.length && (readings.rows[0]?.[0] ?? 0) < newest.at - KEEP_MS) readings.rows.shift();
}

function valueOf(newest: Newest, column: string): number | undefined {
  const value: unknown = newest[column as keyof Newest];
  return typeof value === "number" ? value : undefined;
}

/** `newest` is null until the server has sent the ship's whole message. */
export function shipPanel(ship: ShipState, newest: Newest | null, readings: Readings | null, planets: Map<string, Planet>, now: number, connected: boolean, following: boolean): Node[] {
  const mark = markOf(ship, now, connected);
  const link = linkOf(ship, now, connected);
  const eta = link === "live" ? arrivesIn(ship, planets) : null;
  const part = share(ship, planets);
  const phase = `${PHASES[ship.phase ?? ""] ?? "Outbound"}${ship.phase === "OUTBOUND" || ship.phase === "RETURNING" ? `, ${Math.floor(part * 100)} %` : ""}`;
  const arrives = eta === null ? (link === "live" || link === "ended" ? ABSENT : "unknown") : `in ${minutes(eta)}, ${clock(now + eta)} UTC`;
  const seen = h("dd", link === "late" ? { class: "warn" } : {}, `${age(now - ship.seen)} ago${newest?.seq === null || newest === null ? "" : `, seq ${number(newest.seq)}`}`);
  const facts: [string, Node | string][] = [["Captain", ship.captain], ["State", stateWord(ship, mark)], ["Phase", phase], ["Arrives", arrives]];
  const list = h("dl", { class: "kv" }, ...facts.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]), h("dt", {}, "Last seen"), seen);
  const ident = h(
    "div",
    { class: "ident" },
    h("div", { class: "name" }, markIcon(mark, 13), h("span", { class: "mono" }, ship.ship), h("span", { class: "sp" }), h("a", { class: "tag", href: `/missions/${ship.mission}/` }, String(ship.mission))),
    list,
    legBar(ship, part),
    healthBars(ship, newest?.health ?? null),
    h("div", { class: "acts" }, h("button", { class: "btn", type: "button", "data-act": "follow", "aria-pressed": String(following) }, following ? "Following" : "Follow"), h("a", { class: "btn", href: `/missions/${ship.mission}/` }, "Mission")),
  );
  const grid = h("div", { class: `read${link === "live" ? "" : " stale"}` }, ...READINGS.map((reading) => readingBox(reading, newest, readings)));
  return [ident, grid];
}

export function stateWord(ship: ShipState, mark: Mark): string {
  if (mark === "repair") return `Repair ${ship.repair ?? 0} of 5`;
  return mark === "failure" ? "Lost, mission failed" : WORDS[mark];
}

function legBar(ship: ShipState, part: number): SVGElement {
  const back = ship.phase === "RETURNING" || ship.phase === "HOME";
  const x = 6 + 188 * (ship.phase === "ON_PLANET" ? 1 : back ? 1 - part : part);
  const start = back ? 194 : 6;
  const text = (value: string, at: number, anchor: string): SVGElement => {
    const element = svg("text", { class: "leg-text", x: at, y: 25, "text-anchor": anchor });
    element.textContent = value;
    return element;
  };
  return svg(
    "svg",
    { class: "leg", viewBox: "0 0 200 28", role: "img", "aria-label": `${Math.round(part * 100)} % of the way ${back ? "home" : `to ${ship.target}`}` },
    svg("path", { class: "rb-ends", d: "M6 6H194" }),
    svg("path", { class: "leg-way", d: `M${start} 6H${x}` }),
    svg("circle", { class: "leg-home", cx: 6, cy: 6, r: 4 }),
    svg("circle", { class: "leg-target", cx: 194, cy: 6, r: 4 }),
    svg("path", { class: "m-ok", d: back ? `M${x - 5} 6l7.5-4v8z` : `M${x + 5} 6l-7.5-4v8z` }),
    text("Hocotate", 2, "start"),
    text(ship.target, 198, "end"),
  );
}

function healthBars(ship: ShipState, health: Newest["health"] | null): HTMLElement {
  const names = ["motor", "engine", "core", "fuel"];
  const widths = [57, 57, 57, 20];
  let x = 0;
  const bars = (health ?? []).flatMap((value, i) => {
    const width = widths[i] ?? 0;
    const made = [
      svg("rect", { class: "hb-back", x, y: 0, width, height: 5 }),
      svg("rect", { class: value >= 0.5 ? "hb-good" : value > 0 ? "hb-warn" : "hb-bad", x, y: 0, width: width * value, height: 5 }),
    ];
    x += width + 3;
    return made;
  });
  const parts = names.map((name, i) => `${name} ${health ? number(health[i] ?? 0, 2) : ABSENT}`).join(", ");
  const level = BARS[ship.cond] ?? 0;
  const steps = h("span", { class: `cond ${TINT[ship.cond] ?? "bad"}` }, ...[1, 2, 3, 4].map((step) => h("i", step <= level ? { class: "f" } : {})));
  return h(
    "div",
    { class: "health" },
    h("div", { class: "health-head" }, h("span", { class: "muted" }, "Health"), h("span", {}, steps, " ", h("b", {}, number(ship.total, 2)), ` ${ship.cond.toLowerCase()}`)),
    svg("svg", { class: "hb", viewBox: "0 0 200 5", preserveAspectRatio: "none", role: "img", "aria-label": parts }, ...bars),
    h("div", { class: "health-names" }, ...names.map((name, i) => h("span", {}, i < 3 ? `${name} ${health ? share2(health[i] ?? 0) : ABSENT}` : name))),
  );
}

/** A share in little room: .95, 1.0 */
function share2(value: number): string {
  return value >= 0.995 ? "1.0" : number(value, 2).replace("0.", ".");
}

function readingBox(reading: Reading, newest: Newest | null, readings: Readings | null): HTMLElement {
  const value = newest ? valueOf(newest, reading.column) : undefined;
  const text = (value: number): string => number(value * reading.scale, reading.digits);
  const column = readings?.columns.indexOf(reading.column) ?? -1;
  const series = column < 0 || !readings ? [] : readings.rows.map((row) => row[column] ?? 0);
  const span = series.length > 1 ? `${text(Math.min(...series))} to ${text(Math.max(...series))}` : "";
  return h(
    "div",
    { class: "rd" },
    h("div", { class: "k" }, reading.title),
    h("div", { class: "v" }, value === undefined ? ABSENT : text(value), h("span", { class: "unit" }, reading.unit)),
    sparkline(readings?.rows.map((row) => row[0] ?? 0) ?? [], series),
    h("div", { class: "r" }, h("span", {}, "3 min"), h("span", {}, span)),
  );
}

/** A line over three minutes, true to time; a gap of more than 5 s stays a gap. */
export function sparkline(times: number[], values: number[]): SVGElement {
  const [width, height, pad] = [150, 40, 3];
  const last = times.at(-1) ?? 0;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const x = (at: number): number => pad + (1 - (last - at) / KEEP_MS) * (width - 2 * pad - 2);
  const y = (value: number): number => height - pad - ((value - low) / (high - low || 1)) * (height - 2 * pad);
  let path = "";
  values.forEach((value, i) => {
    const gap = i === 0 || (times[i] ?? 0) - (times[i - 1] ?? 0) > 5000;
    path += `${gap ? "M" : "L"}${x(times[i] ?? 0).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  const end = values.length ? [svg("circle", { class: "sp-end", cx: x(last), cy: y(values.at(-1) ?? 0), r: 2.2 })] : [];
  return svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, svg("path", { class: "sp-line", d: path || "M0 0" }), ...end);
}

export function fleetPanel(ships: ShipState[], counts: Counts, merged: number, now: number, connected: boolean): Node[] {
  const marks = ships.map((ship) => markOf(ship, now, connected));
  const active = ships.filter((ship) => !ship.outcome);
  const live = active.filter((ship) => linkOf(ship, now, connected) === "live").length;
  const inPhase = (phase: string): string => number(active.filter((ship) => (ship.phase ?? "OUTBOUND") === phase).length);
  const healths = active.map((ship) => ship.total);
  const mean = healths.length ? number(healths.reduce((sum, value) => sum + value, 0) / healths.length, 2) : ABSENT;
  const tile = (title: string, value: string, note: string): HTMLElement => h("div", { class: "rd stat" }, h("div", { class: "k" }, title), h("div", { class: "v" }, value), h("div", { class: "d" }, note));
  const left = h(
    "div",
    { class: "ident" },
    h("div", { class: "name" }, "Fleet"),
    h("dl", { class: "kv" }, ...ORDER.flatMap((mark) => [h("dt", {}, WORDS[mark]), h("dd", {}, number(marks.filter((other) => other === mark).length))])),
    h("p", { class: "muted small" }, "Choose a ship on the map or in the table."),
  );
  const refused = counts.invalid + counts.unknown;
  const grid = h(
    "div",
    { class: "read" },
    tile("Current", `${number(live)} of ${number(active.length)}`, "active ships seen within 5 s"),
    tile("Outbound", inPhase("OUTBOUND"), "on the way to their targets"),
    tile("Returning", inPhase("RETURNING"), `${inPhase("ON_PLANET")} on planets`),
    tile("Health", mean, "mean of active ships"),
    tile("Messages", number(counts.messages), `since the radar started; ${number(counts.old)} came out of order`),
    tile("Not shown", number(refused), `${number(counts.invalid)} invalid, ${number(counts.unknown)} of unknown missions; ${number(merged)} updates merged`),
  );
  return [left, grid];
}
