// The pointer on the map: hover, click and double click, on ships and on the pointers to those beyond the edge.
import { near, picked } from "./pick";
import type { Renderer, Sight } from "./renderer";
import type { Point, Space } from "./world";

const HIT_PX = 12;
const HIT_TOUCH_PX = 22;

export interface PointingListener {
  chosen(ship: string | null): void;
  opened(ship: string): void;
  hovered(ship: string | null, at: Point): void;
}

export class Pointing {
  /** The ships of the picture. */
  sights: readonly Sight[] = [];
  private readonly coarse = matchMedia("(pointer: coarse)");

  /** `reveal` brings a place into the picture. */
  constructor(
    canvas: HTMLCanvasElement,
    private readonly renderer: Renderer,
    private readonly listener: PointingListener,
    private readonly reveal: (place: Space) => void,
  ) {
    canvas.addEventListener("click", (event) => this.clicked(event));
    canvas.addEventListener("dblclick", (event) => {
      const ship = this.hits(event).find((sight) => sight.chosen);
      if (ship) listener.opened(ship.ship.ship);
    });
    canvas.addEventListener("pointermove", (event) => listener.hovered(this.hits(event)[0]?.ship.ship ?? null, pixel(event)));
    canvas.addEventListener("pointerleave", (event) => listener.hovered(null, pixel(event)));
  }

  private clicked(event: MouseEvent): void {
    const at = pixel(event);
    const pointer = this.renderer.pointers.find(({ x, y }) => Math.hypot(x - at.x, y - at.y) <= HIT_TOUCH_PX);
    const hits = this.hits(event);
    // The second click of two that open a ship must not take the next one.
    if (event.detail > 1 && hits.some((sight) => sight.chosen)) return;
    if (hits.length || !pointer) return this.listener.chosen(picked(hits)?.ship.ship ?? null);
    this.listener.chosen(pointer.what.ship.ship);
    this.reveal(pointer.what.at);
  }

  private hits(event: MouseEvent): Sight[] {
    return near(this.sights, pixel(event), this.coarse.matches ? HIT_TOUCH_PX : HIT_PX);
  }
}

function pixel(event: MouseEvent): Point {
  return { x: event.offsetX, y: event.offsetY };
}
