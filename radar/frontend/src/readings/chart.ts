// One reading as a chart: the line, its gaps hatched, and the crosshair that all charts of the page share.
import uPlot from "uplot";
import { h, say, token } from "../dom";
import { ABSENT, clock, number } from "../format";
import { nearest, withBreaks, type Gap, type Series } from "./answer";

export interface Reading {
  column: string;
  title: string;
  unit: string;
  digits: number;
  scale?: number;
}

const HEIGHT = 132;
const AXIS = 46;

/** Ticks with as many decimals as their step needs. */
function labels(ticks: number[], step: number): string[] {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return ticks.map((tick) => number(tick, digits));
}

export class Chart {
  readonly figure: HTMLElement;
  private readonly value = h("b");
  private readonly frame = h("div", { role: "img" });
  private readonly plot: uPlot;
  private series: Series = { at: [], value: [], seq: [], breaks: [] };
  private gaps: Gap[] = [];

  /** `pointed` is told the time (ms) and seq under the crosshair, or null when it has left. */
  constructor(
    private readonly reading: Reading,
    private readonly pointed: (at: number | null, seq: number | null) => void,
  ) {
    const caption = h("figcaption", {}, reading.title, " ", h("span", {}, reading.unit), this.value);
    this.figure = h("figure", {}, caption, this.frame);
    this.plot = new uPlot(this.options(), [[], []], this.frame);
  }

  show(series: Series, gaps: Gap[]): void {
    this.series = series;
    this.gaps = gaps;
    const drawn = withBreaks(series, this.reading.scale);
    this.plot.setData(drawn);
    const known = drawn[1].filter((value): value is number => value !== null);
    const last = known.at(-1);
    say(this.value, last === undefined ? ABSENT : this.text(last));
    const range = known.length
      ? `, from ${this.text(known.reduce((a, b) => Math.min(a, b)))} to ${this.text(known.reduce((a, b) => Math.max(a, b)))}`
      : ", nothing recorded";
    this.frame.setAttribute("aria-label", `${this.reading.title}, ${this.reading.unit}${range}`);
  }

  /** Lowest, highest and newest value, for the table. */
  figures(): string[] {
    const values = this.series.value.map((value) => value / (this.reading.scale ?? 1));
    if (!values.length) return [ABSENT, ABSENT, ABSENT];
    const low = values.reduce((a, b) => Math.min(a, b));
    const high = values.reduce((a, b) => Math.max(a, b));
    return [low, high, values.at(-1)!].map((value) => this.text(value));
  }

  resize(): void {
    this.plot.setSize({ width: Math.max(120, this.frame.clientWidth), height: HEIGHT });
  }

  recolour(): void {
    this.plot.redraw(false, true);
  }

  private text(value: number): string {
    return number(value, this.reading.digits);
  }

  private options(): uPlot.Options {
    const axis = {
      stroke: () => token("chart-axis"),
      font: "10.5px system-ui, sans-serif",
      grid: { stroke: () => token("chart-grid"), width: 1 },
      ticks: { show: false },
    };
    return {
      width: 320,
      height: HEIGHT,
      legend: { show: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
      cursor: { sync: { key: "readings" }, drag: { x: false, y: false }, y: false },
      scales: { x: { time: true } },
      axes: [
        { ...axis, size: 24, space: 80, values: (_plot, ticks) => ticks.map((tick) => clock(tick * 1000)) },
        { ...axis, size: AXIS, space: 28, values: (_plot, ticks, _axis, _space, step) => labels(ticks, step) },
      ],
      series: [{}, { stroke: () => token("chart-1"), width: 1.4, spanGaps: false, points: { show: this.sparse, size: 4 } }],
      hooks: {
        drawAxes: [(plot) => this.hatch(plot)],
        setCursor: [(plot) => this.point(plot)],
      },
    };
  }

  /** A point alone between two gaps makes no line; few points are shown as such. */
  private readonly sparse = (plot: uPlot): boolean => (plot.data[0]?.length ?? 0) < 10;

  private point(plot: uPlot): void {
    const left = plot.cursor.left ?? -1;
    const ms = left < 0 ? null : plot.posToVal(left, "x") * 1000;
    const place = ms === null ? this.series.at.length - 1 : nearest(this.series.at, ms);
    if (place >= 0) say(this.value, this.text(this.series.value[place]! / (this.reading.scale ?? 1)));
    this.pointed(ms === null ? null : (this.series.at[place] ?? null), this.series.seq[place] ?? null);
  }

  private hatch(plot: uPlot): void {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = token("bad");
    ctx.lineWidth = devicePixelRatio;
    const step = 6 * devicePixelRatio;
    for (const gap of this.gaps) {
      const begin = plot.valToPos(gap.begin / 1000, "x", true);
      const width = Math.max(3 * devicePixelRatio, plot.valToPos(gap.end / 1000, "x", true) - begin);
      ctx.save();
      ctx.beginPath();
      ctx.rect(begin, bbox.top, width, bbox.height);
      ctx.clip();
      ctx.beginPath();
      for (let y = bbox.top - width; y < bbox.top + bbox.height; y += step) {
        ctx.moveTo(begin, y + width);
        ctx.lineTo(begin + width, y);
      }
      ctx.stroke();
      ctx.restore();
    }
    ctx.restore();
  }
}
