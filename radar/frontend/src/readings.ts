// The panel "Readings" of a mission's page: six charts over the flight, from the history's API.
import "uplot/dist/uPlot.min.css";
import { h, need, say } from "./dom";
import { clock, number } from "./format";
import { pointsFor, remark, type History } from "./readings/answer";
import { Chart, type Reading } from "./readings/chart";
import type { Limits } from "./readings/limits";

const READINGS: Reading[] = [
  { column: "motor_temp_c", title: "Motor temperature", unit: "°C", digits: 1 },
  { column: "engine_pressure_kpa", title: "Engine pressure", unit: "kPa", digits: 0 },
  { column: "power_core_temp_c", title: "Power core temperature", unit: "°C", digits: 0 },
  { column: "navigation_signal_db", title: "Navigation signal", unit: "dB", digits: 1 },
  { column: "fuel_prc", title: "Fuel", unit: "%", digits: 2 },
  { column: "distance_from_hocotate_km", title: "Distance from Hocotate", unit: "M km", digits: 0, scale: 1e6 },
];
const AGAIN_MS = 10_000;

const panel = need<HTMLElement>("[data-readings]");
const place = need<HTMLElement>("[data-readings-at]");
const note = need<HTMLElement>("[data-readings-note]");
const table = need<HTMLElement>("[data-readings-table]");
const limits = JSON.parse(panel.dataset["limits"] ?? "{}") as Record<string, Limits>;
const charts = READINGS.map((reading) => new Chart({ ...reading, limits: limits[reading.column] }, pointed));
let step = 1;
let asking: AbortController | null = null;
let again = 0;

function pointed(at: number | null, seq: number | null): void {
  say(place, at === null ? "" : `at ${clock(at)} UTC${seq === null ? "" : `, seq ${number(seq)}`}`);
}

function flown(): number {
  const ended = panel.dataset["ended"] ? Date.parse(panel.dataset["ended"]) : Date.now();
  return Math.max(1, (ended - Date.parse(panel.dataset["began"] ?? "")) / 1000);
}

async function load(): Promise<void> {
  clearTimeout(again);
  asking?.abort();
  const mine = (asking = new AbortController());
  try {
    const answer = await fetch(`${panel.dataset["readings"]}?points=${pointsFor(flown(), step)}`, { signal: mine.signal });
    const told: unknown = await answer.json();
    if (!answer.ok) throw new Error((told as { detail?: string }).detail ?? `The site answered ${answer.status}.`);
    show(told as History);
  } catch (error) {
    if (mine.signal.aborted) return;
    panel.classList.add("stale");
    say(note, `The readings can't be shown: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!panel.dataset["ended"]) again = window.setTimeout(() => void load(), AGAIN_MS);
}

function show(history: History): void {
  panel.classList.remove("stale");
  charts.forEach((chart, number_) => {
    const series = history.series[READINGS[number_]!.column];
    if (series) chart.show(series, history.gaps);
  });
  say(note, history.rows ? remark(history) : "No reading has come from this mission yet.");
  table.replaceChildren(
    ...charts.map((chart, number_) => {
      const { title, unit } = READINGS[number_]!;
      const cells = chart.figures().map((text) => h("td", { class: "num" }, text));
      return h("tr", {}, h("th", { scope: "row" }, `${title}, ${unit}`), ...cells);
    }),
  );
}

need<HTMLElement>("[data-readings-charts]").append(...charts.map((chart) => chart.figure));
const buttons = [...panel.querySelectorAll<HTMLButtonElement>("[data-step]")];
for (const button of buttons) {
  button.addEventListener("click", () => {
    step = Number(button.dataset["step"]);
    for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
    void load();
  });
}
new ResizeObserver(() => charts.forEach((chart) => chart.resize())).observe(panel);
addEventListener("themechange", () => charts.forEach((chart) => chart.recolour()));
void load();
