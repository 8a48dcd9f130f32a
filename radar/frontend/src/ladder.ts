// What is left out of the map when its pictures take too long. Pure; times come in.

/** 0: all is drawn; 1: without trails and headings; 2: also half as often. */
export type Rung = 0 | 1 | 2;

const SLOW_MS = 24;
const FAST_MS = 10;
/** Between two turns of the browser, and how long one may be late. */
const TURN_MS = 17;
const LATE_MS = 150;
const AFTER_SLOW = 15;
/** Slower to go back than to give up, and slower each time, so that the picture does not flicker. */
const AFTER_FAST = 240;
const LONGEST = 240 * 16;

export class Ladder {
  rung: Rung = 0;
  private took = 0;
  private ended = 0;
  private slow = 0;
  private fast = 0;
  private patience = AFTER_FAST;

  /** A new picture begins; the browser's own part of the last one shows in how late that is. */
  waited(moment: number): void {
    const late = moment - this.ended;
    // A longer pause is none of drawing's: nothing moved, or nobody looked.
    this.add(this.took + (late < LATE_MS ? Math.max(0, late - TURN_MS) : 0));
  }

  /** A picture was drawn between two moments. */
  drew(began: number, ended: number): void {
    this.took = ended - began;
    this.ended = ended;
  }

  /** A picture took so long, ms. */
  private add(took: number): void {
    this.slow = took > SLOW_MS ? this.slow + 1 : Math.max(0, this.slow - 1);
    this.fast = took < FAST_MS ? this.fast + 1 : 0;
    if (this.slow >= AFTER_SLOW && this.rung < 2) {
      this.go((this.rung + 1) as Rung);
      this.patience = Math.min(LONGEST, this.patience * 2);
    } else if (this.fast >= this.patience && this.rung > 0) this.go((this.rung - 1) as Rung);
  }

  private go(rung: Rung): void {
    this.rung = rung;
    this.slow = this.fast = 0;
  }
}
