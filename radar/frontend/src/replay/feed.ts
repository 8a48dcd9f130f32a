// The record as the page needs it: the window of now, the next one ahead of time, and a few that were there.
import { ask, iso, Refused } from "./ask";
import type { ReplayClock } from "./clock";
import { readFilm, type Film } from "./film";
import { keyOf, LEAST_STEPS, MOST_STEPS, nextOf, windowAt, type Window } from "./windows";

const MOST_HELD = 12;
/** The edge of the record moves on by itself; a window there is asked for again so often. */
const EDGE_AGAIN_MS = 3_000;
const AGAIN_MS = 4_000;
/** The next window is asked for when so much of this one is left to play, in ms of the page's time. */
const AHEAD_MS = 20_000;

interface Held {
  film: Film;
  end: number;
  asked: number;
}

export class Feed {
  /** Why the record can't be shown; empty while it can. */
  trouble = "";
  private readonly held = new Map<string, Held>();
  private steps = MOST_STEPS;
  private asking: { key: string; stop: AbortController } | null = null;
  private notBefore = 0;

  constructor(private readonly arrived: (film: Film) => void) {}

  /** The film of a moment, when it is here. */
  at(clock: ReplayClock, at = clock.at): Film | null {
    const held = this.held.get(keyOf(windowAt(at, clock.speed, this.steps)));
    return held && at <= held.film.until ? held.film : this.like(at);
  }

  /** The film that ends before a moment of its window: the record goes no further yet. */
  before(clock: ReplayClock): Film | null {
    const film = this.held.get(keyOf(windowAt(clock.at, clock.speed, this.steps)))?.film;
    return film && film.until >= film.begin && film.until < clock.at ? film : null;
  }

  /** All films that are here. */
  get films(): Film[] {
    return [...this.held.values()].map(({ film }) => film);
  }

  /** Sees to it that what is needed soon is here. To be called often. */
  see(clock: ReplayClock): void {
    const now = performance.now();
    const window = windowAt(clock.at, clock.speed, this.steps);
    const wanted = this.lacks(window, now, clock.at) ? window : this.soon(clock, window, now);
    if (!wanted) return;
    const key = keyOf(wanted);
    if (this.asking?.key === key || (this.asking === null && now < this.notBefore)) return;
    // What is not wanted any more holds up what is.
    this.asking?.stop.abort();
    void this.fetch(wanted, key);
  }

  clear(): void {
    this.asking?.stop.abort();
    this.asking = null;
    this.held.clear();
    this.trouble = "";
    this.notBefore = 0;
    this.steps = MOST_STEPS;
  }

  /** Any film that has the moment, though made for another speed. */
  private like(at: number): Film | null {
    for (const { film } of this.held.values()) if (film.begin <= at && at <= film.until) return film;
    return null;
  }

  private lacks(window: Window, now: number, at: number): boolean {
    const held = this.held.get(keyOf(window));
    if (!held) return true;
    const near = at + AHEAD_MS >= held.film.until;
    return held.film.until < held.end && near && now - held.asked > EDGE_AGAIN_MS;
  }

  private soon(clock: ReplayClock, window: Window, now: number): Window | null {
    const next = nextOf(window);
    const left = (next.begin - clock.at) / clock.speed;
    const held = this.held.get(keyOf(window));
    // Where the record ends in this window there is no next one yet.
    const whole = held !== undefined && held.film.until >= held.end;
    return clock.playing && whole && left < AHEAD_MS && this.lacks(next, now, clock.at) ? next : null;
  }

  private async fetch(window: Window, key: string): Promise<void> {
    const stop = new AbortController();
    const mine = (this.asking = { key, stop });
    try {
      const answer = await ask("", { from: iso(window.begin), seconds: window.seconds, step: window.step }, stop.signal);
      const film = readFilm(await answer.arrayBuffer());
      this.keep(key, { film, end: window.begin + window.seconds * 1000, asked: performance.now() });
      this.trouble = "";
      this.notBefore = 0;
      this.arrived(film);
    } catch (error) {
      if (stop.signal.aborted) return;
      if (error instanceof Refused && error.status === 413 && this.steps > LEAST_STEPS) {
        this.steps = Math.max(LEAST_STEPS, this.steps >> 1);
      } else {
        this.trouble = error instanceof Refused ? error.message : "Headquarters does not answer.";
        this.notBefore = performance.now() + AGAIN_MS;
      }
    } finally {
      if (this.asking === mine) this.asking = null;
    }
  }

  private keep(key: string, held: Held): void {
    this.held.delete(key);
    this.held.set(key, held);
    for (const oldest of this.held.keys()) {
      if (this.held.size <= MOST_HELD) break;
      this.held.delete(oldest);
    }
  }
}
