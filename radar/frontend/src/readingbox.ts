// One reading of the chosen ship: its value, and its line over three minutes. Changed in place.
import { h, say, svg } from "./dom";
import { ABSENT, number } from "./format";
import { extremes, SPARK, sparkOf } from "./spark";
import { PANEL } from "./texts";

export interface Reading {
  column: string;
  title: string;
  unit: string;
  digits: number;
  /** From what is sent to what is shown. */
  scale: number;
}

/** All that a message says of a ship's state, in the order of the panel. */
export const READINGS: readonly Reading[] = [
  { column: "fuel", title: PANEL.readings.fuel, unit: "%", digits: 2, scale: 1 },
  { column: "motor", title: PANEL.readings.motor, unit: "°C", digits: 1, scale: 1 },
  { column: "engine", title: PANEL.readings.engine, unit: "kPa", digits: 0, scale: 1 },
  { column: "core", title: PANEL.readings.core, unit: "°C", digits: 0, scale: 1 },
  { column: "signal", title: PANEL.readings.signal, unit: "dB", digits: 1, scale: 1 },
  { column: "dist", title: PANEL.readings.dist, unit: "M km", digits: 1, scale: 1e-6 },
  { column: "total", title: PANEL.readings.total, unit: "", digits: 2, scale: 1 },
  { column: "speed", title: PANEL.readings.speed, unit: "M km/s", digits: 1, scale: 1e-6 },
];

/** A line that moves by fewer of its last digits than this stays flat. */
const LEAST_STEPS = 8;

export class ReadingBox {
  private readonly value = h("span");
  private readonly span = h("span");
  private readonly line = svg("path", { class: "sp-line" });
  private readonly end = svg("circle", { class: "sp-end", r: 2.2 });
  readonly element: HTMLElement;
  private drawn: string | null = null;

  constructor(private readonly reading: Reading) {
    const spark = svg("svg", { class: "spark", viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, preserveAspectRatio: "none", "aria-hidden": "true" }, this.line, this.end);
    this.element = h(
      "div",
      { class: "rd", "data-reading": reading.column },
      h("div", { class: "k" }, reading.title),
      h("div", { class: "v" }, this.value, h("span", { class: "unit" }, reading.unit)),
      spark,
      h("div", { class: "r" }, h("span", { class: "of" }, PANEL.minutes), this.span),
    );
  }

  /** `value` is undefined while there is none. */
  show(value: number | undefined, times: readonly number[], series: readonly number[]): void {
    const { scale, digits } = this.reading;
    const text = (one: number): string => number(one * scale, digits);
    say(this.value, value === undefined || Number.isNaN(value) ? ABSENT : text(value));
    const { path, end } = sparkOf(times, series, (LEAST_STEPS * 10 ** -digits) / scale);
    if (path === this.drawn) return;
    this.drawn = path;
    this.line.setAttribute("d", path || "M0 0");
    this.end.toggleAttribute("hidden", end === null);
    this.end.setAttribute("cx", String(end?.x ?? 0));
    this.end.setAttribute("cy", String(end?.y ?? 0));
    const { low, high, known } = extremes(series);
    say(this.span, known > 1 ? PANEL.span(text(low), text(high)) : "");
  }
}
