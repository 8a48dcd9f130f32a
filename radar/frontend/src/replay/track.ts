// The track of the replay: a slider over the record, with its bars, gaps, failures and repairs.
import { h, say, svg } from "../dom";
import { clock } from "../format";
import { markIcon } from "../marks";
import type { Gap, Span, TrackMark } from "./span";
import { gapWords, markWords, momentWords, stamp, WORDS } from "./words";

const WIDTH = 1000;
const HEIGHT = 26;
const KEYS_S = 10;
/** A page of the slider is so much of the track. */
const PAGE = 1 / 20;
const PLAY_BEFORE_MS = 10_000;
const REACH_PX = 7;
/** Nearer to an end of the track than this the moment stands where the end's own label would. */
const LABEL_ROOM = 0.25;

export class Track {
  readonly element = h("div", { class: "track", role: "slider", tabindex: "0", "aria-label": WORDS.slider });
  private readonly picture = svg("svg", { class: "track-bars", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" });
  private readonly done = svg("rect", { class: "track-done", x: 0, y: HEIGHT - 3, width: 0, height: 3 });
  private readonly marks = h("div", { class: "track-marks", "aria-hidden": "true" });
  private readonly head = h("i", { class: "track-head", "aria-hidden": "true" });
  private readonly moment = h("b", { class: "track-moment num", "aria-hidden": "true" });
  private readonly first = h("small", { class: "track-first num", "aria-hidden": "true" });
  private readonly last = h("small", { class: "track-last num", "aria-hidden": "true" });
  private readonly note = h("small", { class: "track-note", "aria-hidden": "true" });
  private readonly hover = h("small", { class: "track-hover num", "aria-hidden": "true" });
  private span: Span | null = null;
  private range: [number, number] = [0, 1];
  private at = 0;

  constructor(private readonly seek: (at: number) => void) {
    this.element.append(this.picture, this.marks, this.head, this.first, this.note, this.last, this.moment, this.hover);
    this.element.addEventListener("keydown", (event) => this.press(event));
    this.element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      const mark = this.markAt(event);
      this.seek(mark ? mark.at - PLAY_BEFORE_MS : this.timeAt(event));
    });
    this.element.addEventListener("pointermove", (event) => this.point(event));
    this.element.addEventListener("pointerleave", () => this.hover.toggleAttribute("hidden", true));
    this.hover.hidden = true;
  }

  /** Draws the record anew. */
  show(span: Span): void {
    this.span = span;
    this.range = [span.begin, span.now];
    const most = Math.max(1, ...span.bars);
    const width = WIDTH / span.bars.length;
    const bars = span.bars.map((count, i) => svg("rect", { class: "track-bar", x: i * width, y: HEIGHT - (count / most) * 18, width: width * 0.8, height: (count / most) * 18 }));
    this.picture.replaceChildren(...bars, svg("path", { class: "track-line", d: `M0 ${HEIGHT - 0.5}H${WIDTH}` }), this.done);
    const unknown: Gap[] = span.latest === null ? [] : [{ begin: span.latest, end: span.now, missing: null }];
    const before: Gap[] = span.earliest === null ? [] : [{ begin: span.begin, end: span.earliest, missing: null }];
    const gaps = [
      ...[...before, ...unknown].map((gap) => this.stretch("track-unknown", gap)),
      ...span.gaps.map((gap) => this.stretch("track-gap", gap)),
    ];
    // Failures are drawn last, so that they lie on top.
    const marks = [...span.marks].sort((a, b) => Number(a.kind === "failure") - Number(b.kind === "failure"));
    this.marks.replaceChildren(...gaps, ...marks.map((mark) => this.markOf(mark)));
  }

  /** Where the replay stands. */
  move(at: number, now: number, length: number): void {
    this.at = at;
    // What is drawn stands still until the record is asked for again.
    if (this.span === null || Math.round(this.span.now - this.span.begin) !== length) this.range = [now - length, now];
    const [first, last] = this.range;
    const part = Math.min(1, Math.max(0, this.part(at)));
    this.head.style.left = this.moment.style.left = `${part * 100}%`;
    this.moment.classList.toggle("low", part < 0.5);
    this.done.setAttribute("width", String(part * WIDTH));
    say(this.moment, stamp(at, now));
    say(this.first, stamp(first, now));
    say(this.last, `${clock(now)} live`);
    this.first.hidden = part < LABEL_ROOM;
    this.last.hidden = part > 1 - LABEL_ROOM;
    const gap = this.span?.gaps.find(({ begin, end }) => begin <= at && at < end);
    say(this.note, gap ? gapWords(gap) : "");
    const told = { "aria-valuemin": first, "aria-valuemax": last, "aria-valuenow": Math.round(at) };
    for (const [name, value] of Object.entries(told)) this.element.setAttribute(name, String(Math.floor(value / 1000)));
    this.element.setAttribute("aria-valuetext", momentWords(at, now));
  }

  private part(at: number): number {
    const [first, last] = this.range;
    return (at - first) / Math.max(1, last - first);
  }

  private timeAt(event: PointerEvent): number {
    const box = this.element.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    const [first, last] = this.range;
    return first + part * (last - first);
  }

  private markAt(event: PointerEvent): TrackMark | null {
    const box = this.element.getBoundingClientRect();
    if (event.clientY - box.top > 12) return null;
    const away = (mark: TrackMark): number => Math.abs(box.left + this.part(mark.at) * box.width - event.clientX);
    const near = (this.span?.marks ?? []).filter((mark) => away(mark) <= REACH_PX);
    return near.sort((a, b) => away(a) - away(b))[0] ?? null;
  }

  private markOf(mark: TrackMark): HTMLElement {
    const place = h("span", { class: "track-mark", "data-kind": mark.kind, "data-at": String(mark.at) }, markIcon(mark.kind === "failure" ? "failure" : "repair", 10));
    place.style.left = `${this.part(mark.at) * 100}%`;
    return place;
  }

  private stretch(kind: string, { begin, end }: Gap): HTMLElement {
    const [left, right] = [begin, end].map((at) => Math.min(1, Math.max(0, this.part(at)))) as [number, number];
    const place = h("i", { class: kind });
    place.style.left = `${left * 100}%`;
    place.style.width = `${(right - left) * 100}%`;
    return place;
  }

  private point(event: PointerEvent): void {
    const at = this.timeAt(event);
    if (this.element.hasPointerCapture(event.pointerId)) this.seek(at);
    const mark = this.markAt(event);
    const gap = this.span?.gaps.find(({ begin, end }) => begin <= at && at < end);
    this.hover.hidden = false;
    this.hover.style.left = `${Math.min(92, Math.max(8, this.part(mark?.at ?? at) * 100))}%`;
    say(this.hover, mark ? markWords(mark) : gap ? `${clock(at)}, ${gapWords(gap)}` : stamp(at, this.range[1]));
  }

  private press(event: KeyboardEvent): void {
    const [first, last] = this.range;
    const page = (last - first) * PAGE;
    const moves: Record<string, number> = {
      ArrowLeft: this.at - KEYS_S * 1000, ArrowDown: this.at - KEYS_S * 1000, ArrowRight: this.at + KEYS_S * 1000, ArrowUp: this.at + KEYS_S * 1000,
      PageDown: this.at - page, PageUp: this.at + page, Home: first, End: last,
    };
    const to = moves[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.seek(to);
  }
}
