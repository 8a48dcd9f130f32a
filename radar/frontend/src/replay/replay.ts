// The replay as the page sees it: the fleet at a moment of the past, and what moves that moment.
import { need, say } from "../dom";
import type { Fleet } from "../fleet";
import { age } from "../format";
import type { Picture } from "../freeze";
import type { Actions } from "../keys";
import { Motion } from "../motion";
import type { FleetEvent, Newest, ShipState } from "../protocol";
import type { Readings } from "../series";
import type { Moment } from "./address";
import { Bar } from "./bar";
import { ReplayClock, SPEEDS, type Reach, type Speed } from "./clock";
import { Feed } from "./feed";
import { show, type Film } from "./film";
import { Frame } from "./frame";
import { alertsSince, happenedBefore } from "./happened";
import { ShipFeed } from "./readings";
import { rangeFor, SpanFeed, type Range } from "./span";
import { enteredWords, WORDS } from "./words";

const PANEL_EVERY_MS = 250;
const ADDRESS_EVERY_MS = 5_000;
const DAY_MS = 86_400_000;
/** Where the replay begins: so long before the record's newest. */
const START_MS = 60_000;
const BACK_MS = 10_000;
const STEP_MS = 1_000;
/** A picture that took longer than this held the page up; the replay does not make up for it. */
const LONGEST_FRAME_MS = 500;
/** Nearer than this to the end of the record, waiting is for the record to go on. */
const EDGE_MS = 15_000;
/** What comes sooner needs no word. */
const LACK_SHOWN_MS = 300;

export interface Surroundings {
  live: Fleet;
  /** The server's clock. */
  now(): number;
  chosen(): string | null;
  /** Panels and picture are to be brought up to date. */
  changed(): void;
  /** It has been entered or left. */
  turned(): void;
  /** The address is to follow. */
  moved(): void;
  still: { readonly matches: boolean };
}

export class Replay {
  private readonly ships = new Map<string, ShipState>();
  private readonly newestOf = new Map<string, Newest>();
  /** Of the chosen ship, up to the moment that is shown. */
  readings: Readings | null = null;
  /** Nothing glides here: the films tell where ships are at every moment. */
  readonly motion = new Motion();
  private readonly clock = new ReplayClock();
  private readonly feed = new Feed(() => this.around.changed());
  private readonly span = new SpanFeed(() => this.spanCame());
  private readonly ship = new ShipFeed();
  private readonly frame = new Frame();
  private readonly bar: Bar;
  /** The moment that is shown: behind the clock's while its film is not here. */
  private shown = 0;
  private drawn: Film | null = null;
  private began = 0;
  /** Whether somebody has said which moment; until then the replay begins where the record's end tells. */
  private placed = true;
  private turned = 0;
  private panelAt = 0;
  private addressAt = 0;
  /** Since when the film of the moment is missing, on the page's clock. */
  private lackedAt = Infinity;

  constructor(private readonly around: Surroundings) {
    this.bar = new Bar({
      seek: (at) => this.seek(at),
      toggle: () => this.toggle(),
      back: () => this.seek(this.clock.at - BACK_MS),
      speed: (speed) => this.setSpeed(speed),
      range: (range) => this.look(range),
      leave: () => this.leave(),
    });
    need("#replay").addEventListener("click", () => (this.on ? this.leave() : this.enter()));
    need("#events").addEventListener("click", (event) => {
      const target = event.target as HTMLElement;
      const at = target.closest("time") ? Number(target.closest<HTMLElement>("[data-at]")?.dataset["at"]) : NaN;
      if (Number.isFinite(at)) this.playFrom(at);
    });
  }

  get on(): boolean {
    return this.clock.on;
  }

  get moment(): Moment {
    return this.on ? { at: this.clock.at, speed: this.clock.speed } : { at: null, speed: SPEEDS[0] };
  }

  /** What map, table and dock show. */
  get picture(): Picture {
    const { ships, newestOf, events } = this;
    const { counts, merged } = this.around.live;
    return { now: this.shown, connected: true, ships, newestOf, events, counts, merged };
  }

  private get events(): FleetEvent[] {
    return happenedBefore(this.shown, this.feed.films, this.span.span?.marks ?? []);
  }

  /** Into the past: to a moment, or a minute before the newest that is recorded. */
  enter(at: number | null = null, speed: Speed = SPEEDS[0], playing = true): void {
    const now = this.around.now();
    if (!this.on) {
      this.began = now;
      this.shown = at ?? now - START_MS;
      this.frame.set(true);
      this.around.turned();
    }
    this.placed = at !== null;
    this.clock.speed = speed;
    this.clock.enter(at ?? now - START_MS, this.reach(), playing);
    this.span.look(rangeFor(this.clock.at, now));
    say(need("#voice"), enteredWords(this.clock.at));
    this.settle();
  }

  leave(): void {
    if (!this.on) return;
    this.clock.leave();
    this.frame.set(false);
    this.feed.clear();
    this.span.clear();
    this.ship.clear();
    this.ships.clear();
    this.newestOf.clear();
    this.drawn = null;
    this.readings = null;
    this.bar.update(this.clock, this.span.range, 0, 0, "");
    this.around.turned();
    say(need("#voice"), WORDS.left);
    this.around.moved();
    this.around.changed();
  }

  /** To what an address tells. */
  restore({ at, speed }: Moment): void {
    if (at === null) return this.leave();
    if (!this.on || Math.abs(at - this.clock.at) > STEP_MS) this.enter(at, speed);
  }

  /** From a little before an event. */
  playFrom(at: number): void {
    this.enter(at - BACK_MS, this.on ? this.clock.speed : SPEEDS[0]);
  }

  /** The page's keys, with those that replay. */
  keys(actions: Actions): Actions {
    const inReplay = (action: () => void, otherwise?: () => void) => () => (this.on ? action() : otherwise?.());
    return {
      ...actions,
      r: () => this.on || this.enter(),
      l: () => this.leave(),
      " ": inReplay(() => this.toggle(), actions[" "]),
      ",": inReplay(() => this.step(-STEP_MS), actions[","]),
      ".": inReplay(() => this.step(STEP_MS), actions["."]),
    };
  }

  /** A picture further; whether it is to be drawn. `moment` is of the page's own clock. */
  turn(moment: number): boolean {
    const passed = Math.min(LONGEST_FRAME_MS, moment - this.turned);
    this.turned = moment;
    if (!this.on) return false;
    this.clock.pass(passed, this.reach().latest, (at) => this.feed.at(this.clock, at) !== null, this.around.still.matches);
    this.feed.see(this.clock);
    this.span.see();
    const film = this.feed.at(this.clock) ?? this.feed.before(this.clock);
    const shown = film ? Math.min(this.clock.at, film.until) : this.shown;
    const changed = film !== null && (this.shown !== shown || this.drawn !== film);
    if (changed) {
      this.shown = shown;
      this.drawn = film;
      show(film, this.shown, this.ships);
    }
    if (moment - this.panelAt >= PANEL_EVERY_MS) this.panel(moment);
    return changed;
  }

  private panel(moment: number): void {
    this.panelAt = moment;
    const now = this.around.now();
    this.frame.update(this.shown, now, this.note(now));
    const alerts = alertsSince(this.began, this.around.live.events);
    this.bar.update(this.clock, this.span.range, now, alerts, this.feed.trouble && `${this.feed.trouble} The live radar goes on.`);
    this.watch();
    if (this.clock.playing && moment - this.addressAt > ADDRESS_EVERY_MS) {
      this.addressAt = moment;
      this.around.moved();
    }
  }

  private watch(): void {
    const ship = this.ships.get(this.around.chosen() ?? "");
    this.readings = ship ? this.ship.readings(ship.mission, this.shown) : null;
    if (!ship) return;
    this.ship.see(ship.ship, ship.mission, this.shown, this.reach().latest);
    const newest = this.ship.newest(ship.mission, this.shown);
    this.newestOf.clear();
    if (newest) this.newestOf.set(ship.ship, newest);
  }

  private note(now: number): string {
    const { latest } = this.reach();
    if (this.span.span?.latest === null) return `${WORDS.empty}.`;
    const held = this.drawn !== null && this.shown === this.clock.at;
    if (this.clock.at > latest - EDGE_MS && (this.clock.waiting || this.feed.before(this.clock))) return `${WORDS.atEnd}, ${age(now - this.clock.at)} behind live.`;
    if (held && !this.clock.waiting) this.lackedAt = Infinity;
    else this.lackedAt = Math.min(this.lackedAt, performance.now());
    return performance.now() - this.lackedAt > LACK_SHOWN_MS ? WORDS.waiting : "";
  }

  private spanCame(): void {
    if (!this.on || !this.span.span) return;
    const reach = this.reach();
    if (!this.placed) {
      this.placed = true;
      this.clock.seek(reach.latest - START_MS, reach);
    } else this.clock.seek(this.clock.at, reach);
    this.bar.show(this.span.span);
    this.around.changed();
  }

  private reach(): Reach {
    const { span } = this.span;
    const now = this.around.now();
    const films = this.feed.films.map((film) => film.until);
    const latest = span?.latest ? Math.max(span.latest, ...films) : now;
    return { earliest: Math.max(now - DAY_MS, span?.begin === span?.earliest ? 0 : (span?.earliest ?? 0)), latest };
  }

  private seek(at: number): void {
    this.placed = true;
    this.clock.seek(at, this.reach());
    const { span } = this.span;
    if (span && this.clock.at < span.begin) this.span.look(rangeFor(this.clock.at, this.around.now()));
    this.settle();
  }

  private step(by: number): void {
    this.placed = true;
    this.clock.step(by, this.reach());
    this.settle();
  }

  private toggle(): void {
    // Who stops the picture wants the one that is shown, also when the record's ends become known only later.
    this.placed = true;
    this.clock.toggle();
    this.settle();
  }

  private setSpeed(speed: Speed): void {
    this.clock.speed = speed;
    this.settle();
  }

  private look(range: Range): void {
    this.span.look(range);
    this.settle();
  }

  /** Somebody has moved the moment: all is brought up to date at once. */
  private settle(): void {
    this.panelAt = 0;
    this.around.moved();
    this.around.changed();
  }
}
