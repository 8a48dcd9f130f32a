// The map on two canvases: what stands still is drawn once a view, ships and labels over it.
import { Crowd } from "./crowd";
import { drawShips, type Sheets } from "./flock";
import { drawGround, rings, type Routes } from "./ground";
import type { Box } from "./labels";
import { inside, Layout, type PlanetSight } from "./layout";
import { Letters } from "./lettering";
import { Palette } from "./palette";
import type { Pointer } from "./pointers";
import type { Renderer, Scene, Sight } from "./renderer";
import { drawChosen, drawLeaders, drawLit, drawPointer, drawStruck, drawTrail, STRUCK_MS } from "./selection";
import { Stamps } from "./sprites";
import { Tails } from "./tails";
import { project, projection, type Size, type View } from "./view";
import type { Point } from "./world";

/** Labels are placed anew so often, and while the view changes so often. */
const PLACE_EVERY_MS = 250;
const PLACE_MOVING_MS = 90;
/** What is so close beside the picture is drawn too: it may reach into it. */
const BESIDE_PX = 80;
const COVER_PX = 8;
/** Half of the longest label of a range ring. */
const RING_LABEL_PX = 34;

export class CanvasRenderer implements Renderer {
  private readonly c: CanvasRenderingContext2D;
  private readonly groundC: CanvasRenderingContext2D;
  private readonly crowdC: CanvasRenderingContext2D;
  private readonly crowd: Crowd;
  private readonly layout = new Layout();
  private size: Size = { width: 0, height: 0 };
  private density = 1;
  private sheets = sheetsOf(1);
  private letters = new Letters(this.sheets.palette, 1);
  private covered: Box[] = [];
  private planets: PlanetSight[] = [];
  private routes: Routes = new Map();
  private grounded = "";
  private placedAt = -Infinity;
  private placedFor = "";
  private view: View | null = null;

  /** `covers` are the elements over the map, which labels keep clear of. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly covers: readonly HTMLElement[],
  ) {
    const [ground, crowd] = [under(canvas), under(canvas)];
    this.c = contextOf(canvas);
    this.groundC = contextOf(ground, { alpha: false });
    this.crowdC = contextOf(crowd);
    this.crowd = new Crowd(this.crowdC);
    this.refresh();
    const observer = new ResizeObserver(() => this.measureCovers());
    for (const cover of covers) observer.observe(cover);
  }

  get pointers(): readonly Pointer<Sight>[] {
    return this.layout.pointers;
  }

  get rest(): readonly Sight[] {
    return this.layout.rest;
  }

  /** How many labels the last picture has. */
  get labelled(): number {
    return this.layout.labels.length;
  }

  refresh(): void {
    const box = this.canvas.getBoundingClientRect();
    this.density = devicePixelRatio || 1;
    this.size = { width: box.width, height: box.height };
    for (const { canvas } of [this.c, this.groundC, this.crowdC]) {
      canvas.width = Math.max(1, Math.round(box.width * this.density));
      canvas.height = Math.max(1, Math.round(box.height * this.density));
    }
    this.sheets = sheetsOf(this.density);
    this.letters = new Letters(this.sheets.palette, this.density);
    this.grounded = "";
    this.measureCovers();
  }

  draw(scene: Scene): void {
    const { c, size, density } = this;
    const { palette, stamps } = this.sheets;
    const { view } = scene;
    const by = projection(view, size);
    for (const sight of scene.sights) {
      const { x, y } = project(sight.at, by, sight.px);
      sight.near = x > -BESIDE_PX && x < size.width + BESIDE_PX && y > -BESIDE_PX && y < size.height + BESIDE_PX;
    }
    const chosen = scene.sights.find((sight) => sight.chosen && sight.shown);
    const trail = chosen ? scene.trail.map((point) => project(point, by)) : [];
    this.placeAnew(scene, trail);
    this.ground(scene);

    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.setTransform(density, 0, 0, density, 0, 0);
    if (chosen) drawTrail(c, chosen, scene, trail, by, size, palette);
    drawShips(c, this.crowd, scene, by, this.sheets);
    if (chosen) drawChosen(c, chosen.px, palette);
    for (const sight of scene.sights) {
      if (sight.lit && sight.shown && !sight.chosen) drawLit(c, sight.px, palette);
      if (scene.moment - sight.struck < STRUCK_MS && sight.shown) drawStruck(c, sight.px, scene.moment - sight.struck, palette);
    }
    for (const pointer of this.layout.pointers) drawPointer(c, pointer, palette, stamps.of("failure"), density);
    const labels = this.layout.labels.filter(({ anchor }) => inside(anchor, size));
    drawLeaders(c, labels, palette);
    c.setTransform(1, 0, 0, 1, 0, 0);
    for (const { lettering, anchor, dx, dy } of labels) this.letters.put(c, lettering, anchor.x + dx, anchor.y + dy);
  }

  /** Places labels, and looks which routes are flown: now and then, and soon after something that matters to them has changed. */
  private placeAnew(scene: Scene, trail: Point[]): void {
    const { view, layers, moment } = scene;
    const same = this.view;
    const moves = !same || same.x !== view.x || same.y !== view.y || same.scale !== view.scale || same.tilt !== view.tilt;
    this.view = view;
    let marked = `${layers.labels}${this.size.width}x${this.size.height} ${scene.planets.size} ${scene.sights.length > 0}`;
    for (const sight of scene.sights) if (sight.chosen || sight.lit) marked += ` ${sight.ship.ship}`;
    if (moves || this.planets.length !== scene.planets.size) {
      const by = projection(view, this.size);
      this.planets = [...scene.planets.values()].map((planet) => ({ planet, px: project(planet, by) }));
    }
    if (marked === this.placedFor && moment - this.placedAt < (moves ? PLACE_MOVING_MS : PLACE_EVERY_MS)) {
      // Names of planets go along with them until then.
      if (moves) for (const label of this.layout.labels) label.anchor = this.planets.find(({ planet }) => planet.name === label.planet)?.px ?? label.anchor;
      return;
    }
    this.placedAt = moment;
    this.placedFor = marked;
    this.routes = flown(scene);
    const labels = rings(view, this.size).flatMap(({ at }) => (at ? [{ left: at.x - RING_LABEL_PX, top: at.y - 7, right: at.x + RING_LABEL_PX, bottom: at.y + 7 }] : []));
    this.layout.arrange(scene, this.planets, this.size, this.covered, labels, trail.filter((_, i) => i % 6 === 0), this.letters, this.sheets.palette);
  }

  private ground(scene: Scene): void {
    const { view, layers } = scene;
    const routes: Routes = layers.routes ? this.routes : new Map();
    let key = `${view.x} ${view.y} ${view.scale} ${view.tilt} ${layers.grid} ${this.planets.length}`;
    for (const { planet } of this.planets) key += routes.get(planet.name) ?? 0;
    if (key === this.grounded) return;
    this.grounded = key;
    this.groundC.setTransform(this.density, 0, 0, this.density, 0, 0);
    drawGround(this.groundC, view, this.size, this.planets, routes, layers.grid, this.sheets.palette);
  }

  private measureCovers(): void {
    const bounds = this.canvas.getBoundingClientRect();
    this.covered = [];
    for (const cover of this.covers) {
      const box = cover.getBoundingClientRect();
      if (box.width > 0) this.covered.push({ left: box.left - bounds.left - COVER_PX, top: box.top - bounds.top - COVER_PX, right: box.right - bounds.left + COVER_PX, bottom: box.bottom - bounds.top + COVER_PX });
    }
    this.placedFor = "";
  }
}

/** A canvas right under another one. */
function under(canvas: HTMLCanvasElement): HTMLCanvasElement {
  const made = document.createElement("canvas");
  made.setAttribute("aria-hidden", "true");
  canvas.before(made);
  return made;
}

function contextOf(canvas: HTMLCanvasElement, settings: CanvasRenderingContext2DSettings = {}): CanvasRenderingContext2D {
  const context = canvas.getContext("2d", settings);
  if (!context) throw new Error("This browser has no canvas.");
  return context;
}

function sheetsOf(density: number): Sheets {
  const palette = new Palette();
  return { palette, stamps: new Stamps(palette.colours, density), tails: new Tails(palette.colours, palette.lines, density), density };
}

/** The ways that ships are on; the chosen ship's is drawn in its own colour. */
function flown(scene: Scene): Routes {
  const routes = new Map<string, number>();
  for (const { ship, chosen, shown, mark } of scene.sights) {
    if (!shown || chosen || mark === "ended" || ship.phase === "ON_PLANET") continue;
    routes.set(ship.target, (routes.get(ship.target) ?? 0) | (ship.phase === "RETURNING" ? 2 : 1));
  }
  return routes;
}
