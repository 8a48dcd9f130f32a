// The replayed clock: where in the record it stands, how fast it goes, and what holds it up. Pure; times are ms.

export const SPEEDS = [1, 4, 16, 60] as const;
export type Speed = (typeof SPEEDS)[number];

/** What the clock can't pass: the ends of the record as they are known now. */
export interface Reach {
  earliest: number;
  latest: number;
}

export class ReplayClock {
  on = false;
  playing = false;
  speed: Speed = 1;
  /** The replayed moment. */
  at = 0;
  /** Whether it stands still though it plays: what comes next is not there yet. */
  waiting = false;
  private pent = 0;

  /** Into the past; a moment beyond the record is brought back to its ends. */
  enter(at: number, reach: Reach, playing = true): void {
    this.on = true;
    this.playing = playing;
    this.seek(at, reach);
  }

  leave(): void {
    this.on = this.playing = this.waiting = false;
    this.speed = 1;
  }

  toggle(): void {
    this.playing = !this.playing;
    this.waiting = false;
  }

  seek(at: number, { earliest, latest }: Reach): void {
    this.at = Math.max(Math.min(at, latest), Math.min(earliest, latest));
    this.pent = 0;
    this.waiting = false;
  }

  /** One step of so many ms, which stops the clock. */
  step(by: number, reach: Reach): void {
    this.playing = false;
    // Whole seconds are what people step through.
    const whole = Math.abs(by) >= 1000 ? Math.floor(this.at / 1000) * 1000 : this.at;
    this.seek(by < 0 && whole < this.at ? whole : whole + by, reach);
  }

  /** Lets `ms` pass; `there` says whether the fleet of a moment is known. `jumping`: a second at a time. */
  pass(ms: number, latest: number, there: (at: number) => boolean, jumping = false): void {
    if (!this.on || !this.playing) return;
    if (jumping) {
      this.pent += ms;
      if (this.pent < 1000) return;
      this.pent %= 1000;
    }
    const next = Math.min(latest, this.at + (jumping ? 1000 : ms) * this.speed);
    this.waiting = next <= this.at || !there(next);
    if (!this.waiting) this.at = next;
  }
}

export function isSpeed(value: number): value is Speed {
  return SPEEDS.some((speed) => speed === value);
}
