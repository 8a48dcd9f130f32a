// One reading as a chart: the line, its gaps hatched, the limits it came near, and the crosshair that all charts share.
import uPlot from "uplot";
import { h, say, token } from "../dom";
import { ABSENT, clock, number } from "../format";
import { nearest, withBreaks, type Gap, type Series } from "./answer";
import { near, type Limits } from "./limits";

export interface Reading {
  column: string;
  title: string;
  unit: string;
  digits: number;
  scale?: number;
  limits?: Limits | undefined;
}

const HEIGHT = 132;
const AXIS = 46;

/** Ticks with as many decimals as their step needs. */
function labels(ticks: number[], step: number): string[] {
  const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  return ticks.map((tick) => number(tick, digits));
}

function breaksAt(limit: number): string {
  return `breaks at ${number(limit)}`;
}

export class Chart {
  readonly figure: HTMLElement;
  private readonly value = h("b");
  private readonly frame = h("div", { role: "img" });
  private readonly plot: uPlot;
  private series: Series = { at: [], value: [], seq: [], breaks: [] };
  private gaps: Gap[] = [];
  private limits: number[] = [];

  /** `pointed` is told the time (ms) and seq under the crosshair, or null when it has left. */
  constructor(
    private readonly reading: Reading,
    private readonly pointed: (at: number | null, seq: number | null) => void,
  ) {
    const caption = h("figcaption", {}, reading.title, " ", h("span", {}, reading.unit), this.value);
    this.frame.setAttribute("aria-label", `${this.reading.title}, ${this.reading.unit}, nothing recorded`);
    this.figure = h("figure", {}, caption, this.frame);
    this.plot = new uPlot(this.options(), [[], []], this.frame);
  }

  show(series: Series, gaps: Gap[]): void {
    this.series = series;
    this.gaps = gaps;
    const drawn = withBreaks(series, this.reading.scale);
    const known = drawn[1].filter((value): value is number => value !== null);
    const least = known.reduce((a, b) => Math.min(a, b), Infinity);
    const most = known.reduce((a, b) => Math.max(a, b), -Infinity);
    this.limits = this.reading.limits ? near(this.reading.limits, least, most) : [];
    this.plot.setData(drawn);
    const last = known.at(-1);
    say(this.value, last === undefined ? ABSENT : this.text(last));
    const range = known.length ? `, from ${this.text(least)} to ${this.text(most)}` : ", nothing recorded";
    const limits = this.limits.map((limit) => `, ${breaksAt(limit)}`).join("");
    this.frame.setAttribute("aria-label", `${this.reading.title}, ${this.reading.unit}${range}${limits}`);
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
      scales: { x: { time: true }, y: { range: (_plot, least, most) => this.range(least, most) } },
      axes: [
        { ...axis, size: 24, space: 80, values: (_plot, ticks) => ticks.map((tick) => clock(tick * 1000)) },
        { ...axis, size: AXIS, space: 28, values: (_plot, ticks, _axis, _space, step) => labels(ticks, step) },
      ],
      series: [{}, { stroke: () => token("chart-1"), width: 1.4, spanGaps: false, points: { show: this.sparse, size: 4 } }],
      hooks: {
        drawAxes: [(plot) => this.hatch(plot), (plot) => this.bound(plot)],
        setCursor: [(plot) => this.point(plot)],
      },
    };
  }

  /** What the axis spans: the values and the limits that they came near. */
  private range(least: number | null, most: number | null): uPlot.Range.MinMax {
    if (least === null || most === null) return [null, null];
    return uPlot.rangeNum(Math.min(least, ...this.limits), Math.max(most, ...this.limits), 0.1, true);
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

  private bound(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.font = `${10 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    ctx.lineWidth = ratio;
    for (const limit of this.limits) {
      const y = Math.round(plot.valToPos(limit, "y", true));
      const text = breaksAt(limit);
      ctx.strokeStyle = token("bad");
      ctx.setLineDash([5 * ratio, 4 * ratio]);
      ctx.beginPath();
      ctx.moveTo(bbox.left, y);
      ctx.lineTo(bbox.left + bbox.width, y);
      ctx.stroke();
      ctx.fillStyle = token("surface-1");
      ctx.fillRect(bbox.left + 8 * ratio, y - 7 * ratio, ctx.measureText(text).width + 8 * ratio, 14 * ratio);
      ctx.fillStyle = token("bad");
      ctx.fillText(text, bbox.left + 12 * ratio, y);
    }
    ctx.restore();
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
