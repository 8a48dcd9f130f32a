// An answer as a chart: lines along time or a rising number, bars along names.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { h, token } from "../dom";
import { number } from "../format";
import type { Answer } from "./api";
import { heights, positions, type Choice } from "./choose";
import { isTime, shown } from "./values";

const DASHES: readonly number[][] = [[], [6, 3], [2, 3], [9, 3, 2, 3], [12, 4], [1, 2]];
const LABEL_PX = 128;

export class Chart {
  private readonly plot: uPlot;
  private readonly tip = h("div", { class: "tip", hidden: true });
  private readonly watcher: ResizeObserver;

  constructor(
    private readonly host: HTMLElement,
    private readonly answer: Answer,
    private readonly choice: Choice,
    private readonly pointed: (row: number | null) => void,
  ) {
    const names = choice.y.map((index) => answer.columns[index]?.name ?? "");
    host.setAttribute("aria-label", `${{ line: "Lines", point: "Points", bar: "Bars" }[choice.kind]} of ${names.join(", ")} by ${answer.columns[choice.x]?.name ?? ""}; the table holds the same numbers.`);
    host.replaceChildren();
    const along = choice.kind !== "bar" ? positions(answer, choice.x) : answer.rows.map((_, index) => index);
    const data: uPlot.AlignedData = [along, ...choice.y.map((index) => heights(answer, index))];
    this.plot = new uPlot(this.options(), data, host);
    this.plot.over.append(this.tip);
    this.watcher = new ResizeObserver(() => this.plot.setSize(this.room()));
    this.watcher.observe(host);
  }

  leave(): void {
    this.watcher.disconnect();
    this.plot.destroy();
    this.host.replaceChildren();
  }

  /** Puts the crosshair on a row. */
  point(row: number | null): void {
    const at = row === null ? undefined : this.plot.data[0][row];
    this.plot.setCursor(at === undefined ? { left: -10, top: -10 } : { left: this.plot.valToPos(at, "x"), top: 12 }, false);
    this.tell(row);
  }

  private room(): { width: number; height: number } {
    return { width: Math.max(200, this.host.clientWidth), height: Math.max(160, this.host.clientHeight) };
  }

  private options(): uPlot.Options {
    const { answer, choice } = this;
    const timely = choice.kind !== "bar" && isTime(answer.columns[choice.x]?.type ?? "");
    const axis = { stroke: token("chart-axis"), font: "11px system-ui, sans-serif", ticks: { show: false }, grid: { stroke: token("chart-grid"), width: 1 } };
    return {
      ...this.room(),
      tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "Etc/UTC"),
      padding: [12, choice.kind !== "bar" ? LABEL_PX : 12, 0, 0],
      legend: { show: false },
      cursor: { y: false, points: { size: 7 }, drag: { x: false, y: false } },
      scales: { x: choice.kind !== "bar" ? { time: timely } : { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] }, y: { range: (_, low, high) => this.range(low, high) } },
      axes: [
        { ...axis, size: 30, gap: 4, labelGap: 0, grid: { show: false }, label: `${answer.columns[choice.x]?.name ?? ""}${timely ? ", UTC" : ""}`, labelSize: 18, labelFont: axis.font, ...(timely ? { values: (_: uPlot, splits: number[]) => splits.map((at) => moment(at, splits)) } : {}), ...(choice.kind === "bar" ? { values: (_: uPlot, splits: number[]) => splits.map((at) => this.nameOf(at)), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000] } : {}) },
        { ...axis, size: 62, space: 56, values: (_, splits) => splits.map((at) => quantity(at, splits)) },
      ],
      series: [{}, ...choice.y.map((_, order) => this.series(order))],
      hooks: { draw: [(plot) => this.labels(plot)], setCursor: [(plot) => this.moved(plot)] },
    };
  }

  private series(order: number): uPlot.Series {
    const stroke = token(`chart-${order + 1}`);
    if (this.choice.kind === "point") return { stroke, paths: () => null, points: { show: true, size: 4, fill: stroke, width: 0 } };
    if (this.choice.kind !== "bar") return { stroke, width: 2, dash: DASHES[order] ?? [], points: { show: this.answer.rows.length <= 60, size: 6, fill: stroke } };
    const bars = uPlot.paths.bars;
    const paired = this.choice.y.length > 1;
    const paths = bars?.({ size: [paired ? 0.36 : 0.72, 40], align: paired ? (order === 0 ? -1 : 1) : 0 });
    return { stroke, fill: stroke, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
  }

  /** Bars stand on zero; lines use the room they have. */
  private range(low: number | null, high: number | null): [number, number] {
    const [from, to] = [low ?? 0, high ?? 1];
    if (this.choice.kind === "bar") return [Math.min(0, from), to <= 0 ? 0 : to * 1.05];
    const room = (to - from || Math.abs(to) || 1) * 0.08;
    return [from >= 0 && from - room < 0 ? 0 : from - room, to + room];
  }

  private nameOf(at: number): string {
    const row = Number.isInteger(at) ? this.answer.rows[at] : undefined;
    if (!row) return "";
    const text = shown(row[this.choice.x] ?? null, this.answer.columns[this.choice.x]?.type ?? "");
    return text.length > 14 ? `${text.slice(0, 13)}\u2026` : text;
  }

  /** The lines' names at their ends, moved apart where they would meet. */
  private labels(plot: uPlot): void {
    if (this.choice.kind === "bar") return;
    const ratio = devicePixelRatio;
    const ends = this.choice.y.flatMap((index, order) => {
      const last = (plot.data[order + 1] as (number | null)[]).filter((value) => value !== null).at(-1);
      return last === undefined || last === null ? [] : [{ name: this.answer.columns[index]?.name ?? "", y: plot.valToPos(last, "y", true), order }];
    });
    ends.sort((a, b) => a.y - b.y);
    ends.forEach((end, at) => (end.y = Math.max(end.y, at > 0 ? (ends[at - 1] as { y: number }).y + 14 * ratio : end.y)));
    const { ctx } = plot;
    ctx.save();
    ctx.font = `600 ${11 * ratio}px system-ui, sans-serif`;
    ctx.textBaseline = "middle";
    ctx.textAlign = "left";
    for (const end of ends) {
      ctx.fillStyle = token(`chart-${end.order + 1}`);
      ctx.fillRect(plot.bbox.left + plot.bbox.width + 8 * ratio, end.y - 2 * ratio, 8 * ratio, 4 * ratio);
      ctx.fillStyle = token("text-1");
      ctx.fillText(end.name.length > 15 ? `${end.name.slice(0, 14)}\u2026` : end.name, plot.bbox.left + plot.bbox.width + 20 * ratio, end.y);
    }
    ctx.restore();
  }

  private moved(plot: uPlot): void {
    const row = plot.cursor.left !== undefined && plot.cursor.left >= 0 ? (plot.cursor.idx ?? null) : null;
    this.tell(row);
    this.pointed(row);
  }

  private tell(row: number | null): void {
    const values = row === null ? undefined : this.answer.rows[row];
    this.tip.toggleAttribute("hidden", values === undefined);
    if (!values || row === null) return;
    const name = shown(values[this.choice.x] ?? null, this.answer.columns[this.choice.x]?.type ?? "");
    const lines = this.choice.y.map((index, order) => h("span", { class: `line chart-${order + 1}` }, h("i", { "aria-hidden": "true" }), this.answer.columns[index]?.name ?? "", h("b", {}, shown(values[index] ?? null, this.answer.columns[index]?.type ?? ""))));
    this.tip.replaceChildren(h("b", {}, name), ...lines);
    const at = this.plot.valToPos(this.plot.data[0][row] ?? 0, "x");
    const left = at > this.plot.over.clientWidth / 2 ? at - this.tip.offsetWidth - 10 : at + 10;
    this.tip.style.transform = `translate(${Math.round(left)}px, 6px)`;
  }
}

const SCALES = [
  [1e12, " T"],
  [1e9, " G"],
  [1e6, " M"],
] as const;

/** A number on the axis, as short as its steps allow: 94.5, 15,000, 500 M. */
function quantity(at: number, splits: readonly number[]): string {
  const [by, unit] = SCALES.find(([least]) => Math.max(...splits.map(Math.abs)) >= least) ?? [1, ""];
  const step = Math.abs((splits[1] ?? 1) - (splits[0] ?? 0)) / by || 1;
  return number(at / by, Math.max(0, Math.min(4, -Math.floor(Math.log10(step) + 1e-9)))) + (at === 0 ? "" : unit);
}

/** A time on the axis, UTC: as short as its steps allow. */
function moment(at: number, splits: readonly number[]): string {
  const text = new Date(at * 1000).toISOString();
  const step = (splits[1] ?? at) - (splits[0] ?? at);
  return step >= 86_400 ? text.slice(5, 10) : step >= 60 ? text.slice(11, 16) : text.slice(11, 19);
}
