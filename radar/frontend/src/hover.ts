// The card beside the pointer: a ship's name, state, health and age.
import { h } from "./dom";
import { age, number } from "./format";
import { markIcon } from "./marks";
import type { Sight } from "./renderer";
import { stateWord } from "./shipfacts";
import { MAP } from "./texts";
import type { Point } from "./world";

const AFTER_MS = 80;
const BESIDE_PX = 14;

export class HoverCard {
  private sight: Sight | null = null;
  private at: Point = { x: 0, y: 0 };
  private timer = 0;

  constructor(private readonly card: HTMLElement) {}

  /** The pointer is over a ship, or over none. */
  point(sight: Sight | null, at: Point, now: () => number): void {
    this.at = at;
    if (sight !== this.sight) {
      clearTimeout(this.timer);
      this.card.hidden = true;
      this.sight = sight;
      if (sight) this.timer = window.setTimeout(() => this.show(now()), AFTER_MS);
    } else if (!this.card.hidden) this.place();
  }

  /** Ages go on while the pointer rests. */
  update(now: number): void {
    if (!this.card.hidden) this.show(now);
  }

  private show(now: number): void {
    if (!this.sight) return;
    const { ship, mark, estimated } = this.sight;
    const facts = [stateWord(ship, mark), MAP.health(number(mark === "failure" ? 0 : ship.total, 2)), MAP.seen(age(now - ship.seen))];
    this.card.replaceChildren(h("b", { class: "mono" }, markIcon(mark, 11), ship.ship), h("span", {}, facts.join(", ")));
    if (estimated) this.card.append(h("em", {}, MAP.position));
    this.card.hidden = false;
    this.place();
  }

  /** Beside the pointer, on the side where there is room. */
  private place(): void {
    const room = this.card.parentElement?.getBoundingClientRect() ?? { width: 0, height: 0 };
    const { width, height } = this.card.getBoundingClientRect();
    const right = this.at.x + BESIDE_PX + width < room.width;
    const below = this.at.y + BESIDE_PX + height < room.height;
    this.card.style.left = `${Math.max(0, right ? this.at.x + BESIDE_PX : this.at.x - BESIDE_PX - width)}px`;
    this.card.style.top = `${Math.max(0, below ? this.at.y + BESIDE_PX : this.at.y - BESIDE_PX - height)}px`;
  }
}
