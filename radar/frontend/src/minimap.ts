// The overview: planets and ships of the whole system, and what of it the map shows. A click or a drag moves the map there.
import { drawMark, ORDER } from "./marks";
import { frameOf, overviewOf, pointAt } from "./overview";
import { Palette } from "./palette";
import type { Sight } from "./renderer";
import { toScreen, type Size, type View } from "./view";
import type { Planet, Point } from "./world";

const DOTS_EVERY_MS = 500;
/** Marks of grave states are drawn small; dots are squares of 2 px. */
const ZOOM: Partial<Record<string, number>> = { failure: 0.55, repair: 0.6 };
const CELL: Partial<Record<string, number>> = { failure: 4, repair: 4 };

export class Minimap {
  private readonly c: CanvasRenderingContext2D | null;
  private readonly dots = document.createElement("canvas");
  private palette = new Palette();
  private size: Size = { width: 1, height: 1 };
  private overview: View | null = null;
  private drawnAt = -Infinity;
  private drawn = "";

  constructor(
    private readonly canvas: HTMLCanvasElement,
    moved: (to: Point) => void,
  ) {
    this.c = canvas.getContext("2d");
    this.refresh();
    new ResizeObserver(() => this.refresh()).observe(canvas);
    const go = (event: PointerEvent): void => {
      if (this.overview) moved(pointAt({ x: event.offsetX, y: event.offsetY }, this.overview, this.size));
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      go(event);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) go(event);
    });
  }

  /** The theme, or the size, has changed. */
  refresh(): void {
    const density = devicePixelRatio || 1;
    this.size = { width: Math.max(1, this.canvas.clientWidth), height: Math.max(1, this.canvas.clientHeight) };
    for (const canvas of [this.canvas, this.dots]) {
      canvas.width = Math.round(this.size.width * density);
      canvas.height = Math.round(this.size.height * density);
    }
    this.palette = new Palette();
    this.drawnAt = -Infinity;
  }

  draw(view: View, map: Size, planets: ReadonlyMap<string, Planet>, sights: readonly Sight[], moment: number): void {
    if (!this.c || !planets.size) return;
    const key = `${view.x} ${view.y} ${view.scale} ${view.tilt} ${map.width} ${map.height}`;
    const due = moment - this.drawnAt >= DOTS_EVERY_MS;
    if (!due && key === this.drawn) return;
    this.drawn = key;
    const overview = (this.overview = overviewOf([...planets.values()], this.size));
    if (due) {
      this.drawnAt = moment;
      this.drawDots(overview, planets, sights);
    }
    const { c } = this;
    const density = this.canvas.width / this.size.width;
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.dots, 0, 0);
    c.setTransform(density, 0, 0, density, 0, 0);
    const { left, top, width, height } = frameOf(view, map, overview, this.size);
    c.strokeStyle = this.palette.of("accent");
    c.strokeRect(Math.round(left) + 0.5, Math.round(top) + 0.5, Math.round(width) - 1, Math.round(height) - 1);
  }

  private drawDots(overview: View, planets: ReadonlyMap<string, Planet>, sights: readonly Sight[]): void {
    const c = this.dots.getContext("2d");
    if (!c) return;
    const density = this.dots.width / this.size.width;
    c.setTransform(density, 0, 0, density, 0, 0);
    c.fillStyle = this.palette.of("map-bg");
    c.fillRect(0, 0, this.size.width, this.size.height);
    c.fillStyle = this.palette.of("map-planet");
    for (const planet of planets.values()) {
      const { x, y } = toScreen({ x: planet.x, y: planet.y }, overview, this.size);
      c.beginPath();
      c.arc(x, y, planet.band === "home" ? 2.2 : 1.2, 0, 7);
      c.fill();
    }
    for (const mark of [...ORDER].reverse()) {
      const zoom = ZOOM[mark];
      c.fillStyle = mark === "ok" ? this.palette.lines : this.palette.of("mark-lost");
      // Where thousands of ships are, few places are left to be drawn.
      const taken = new Set<number>();
      for (const sight of sights) {
        if (sight.mark !== mark || !sight.shown) continue;
        const { x, y } = toScreen({ x: sight.ship.x, y: sight.ship.y }, overview, this.size);
        const cell = CELL[mark] ?? 1;
        const place = Math.round(y / cell) * 4096 + Math.round(x / cell);
        if (taken.has(place)) continue;
        taken.add(place);
        if (zoom) drawMark(c, mark, x, y, this.palette.colours, zoom);
        else c.fillRect(Math.round(x) - 1, Math.round(y) - 1, 2, 2);
      }
    }
  }
}
