// The bar of the replay: play, speed, the track, and the way back to live. In sight only while something is replayed.
import { h, need, say, svg } from "../dom";
import { SPEEDS, type ReplayClock, type Speed } from "./clock";
import { RANGES, type Range, type Span } from "./span";
import { Track } from "./track";
import { alertWords, rangeWord, speedWord, WORDS } from "./words";

export interface BarListener {
  seek(at: number): void;
  toggle(): void;
  back(): void;
  speed(speed: Speed): void;
  range(range: Range): void;
  leave(): void;
}

const PLAY = "M4 2.5 13 8l-9 5.5Z";
const PAUSE = "M3.5 2.5h3.2v11H3.5ZM9.3 2.5h3.2v11H9.3Z";
const BACK = "M8 12 3.5 8 8 4v8ZM13 12 8.5 8 13 4v8Z";

export class Bar {
  private readonly place = need<HTMLElement>("#player");
  private readonly track: Track;
  private readonly play = h("button", { class: "btn icon main", type: "button", "data-replay": "toggle" });
  private readonly speeds: Segments<Speed>;
  private readonly ranges: Segments<Range>;
  private readonly note = h("p", { class: "player-note" });
  private readonly alerts = h("span", { class: "player-alerts", hidden: true });
  private playing: boolean | null = null;

  constructor(listener: BarListener) {
    this.track = new Track((at) => listener.seek(at));
    this.speeds = new Segments("Speed", SPEEDS, speedWord, (speed) => listener.speed(speed));
    this.ranges = new Segments("Length of the track", RANGES, rangeWord, (range) => listener.range(range));
    const back = h("button", { class: "btn icon", type: "button", "aria-label": WORDS.back, title: WORDS.back, "data-replay": "back" }, icon(BACK));
    const leave = h("button", { class: "btn lv", type: "button", "data-replay": "leave" }, WORDS.toLive, " ", h("span", { class: "key", "aria-hidden": "true" }, "L"));
    back.addEventListener("click", () => listener.back());
    this.play.addEventListener("click", () => listener.toggle());
    leave.addEventListener("click", () => listener.leave());
    const controls = h("div", { class: "ctl" }, back, this.play, this.speeds.element);
    this.place.replaceChildren(controls, this.track.element, this.ranges.element, h("div", { class: "player-end" }, this.alerts, leave), this.note);
  }

  show(span: Span): void {
    this.track.show(span);
  }

  update(clock: ReplayClock, range: Range, now: number, alerts: number, note: string): void {
    this.place.hidden = !clock.on;
    if (!clock.on) return;
    this.track.move(clock.at, now, range * 1000);
    this.speeds.choose(clock.speed);
    this.ranges.choose(range);
    if (this.playing !== clock.playing) {
      this.playing = clock.playing;
      const word = clock.playing ? WORDS.pause : WORDS.play;
      this.play.setAttribute("aria-label", word);
      this.play.title = word;
      this.play.replaceChildren(icon(clock.playing ? PAUSE : PLAY));
    }
    say(this.note, note);
    this.note.hidden = note === "";
    this.alerts.hidden = alerts === 0;
    say(this.alerts, alertWords(alerts));
  }
}

/** A choice of one. */
class Segments<T extends number> {
  readonly element: HTMLElement;
  private readonly buttons = new Map<T, HTMLButtonElement>();

  constructor(name: string, values: readonly T[], word: (value: T) => string, chosen: (value: T) => void) {
    for (const value of values) {
      const button = h("button", { type: "button", "data-value": String(value) }, word(value));
      button.addEventListener("click", () => chosen(value));
      this.buttons.set(value, button);
    }
    this.element = h("div", { class: "seg", role: "group", "aria-label": name }, ...this.buttons.values());
  }

  choose(value: T): void {
    for (const [own, button] of this.buttons) {
      button.classList.toggle("on", own === value);
      button.setAttribute("aria-pressed", String(own === value));
    }
  }
}

function icon(path: string): SVGElement {
  return svg("svg", { class: "i", viewBox: "0 0 16 16", width: 14, height: 14, "aria-hidden": "true" }, svg("path", { d: path, fill: "currentColor" }));
}
