// The map on Canvas 2D: static layers drawn once a view, ships and labels on top.
import { token } from "./dom";
import { number } from "./format";
import { Placer } from "./labels";
import { drawLabels } from "./lettering";
import { drawMark, ORDER, type Colours } from "./marks";
import type { Renderer, Scene, Sight } from "./renderer";
import { ahead, destination, way, type Planet, type Point } from "./world";
import { toScreen, visiblePart, type Size, type View } from "./view";

const TOKENS = [
  "map-bg", "map-grid", "map-ring", "map-route", "map-planet", "map-planet-edge", "map-text", "map-halo",
  "text-1", "text-2", "text-3", "accent", "bad", "warn", "good",
  "mark-ok", "mark-ok-edge", "mark-repair", "mark-repair-edge", "mark-failure", "mark-failure-edge",
  "mark-failure-cross", "mark-failure-rim", "mark-late", "mark-lost",
];
const RADIUS: Record<Planet["band"], number> = { home: 7, inner: 3, middle: 4.5, outer: 4.5 };
const RING_KM = 250e6;
const TICK_KM = 100e6;
const AHEAD_TICKS = 12;
/** A multiple of every dash pattern, [5, 4] and [1, 4]. */
const DASH_PERIOD = 45;

export class CanvasRenderer implements Renderer {
  private readonly c: CanvasRenderingContext2D;
  private readonly ground = document.createElement("canvas");
  private groundKey = "";
  private colours: Colours = {};
  private size: Size = { width: 0, height: 0 };

  /** `covers` are the elements over the map, which labels keep clear of. */
  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly covers: HTMLElement[],
  ) {
    const context = canvas.getContext("2d");
    if (!context) throw new Error("This browser has no canvas.");
    this.c = context;
    this.refresh();
  }

  refresh(): void {
    const box = this.canvas.getBoundingClientRect();
    const density = devicePixelRatio || 1;
    this.size = { width: box.width, height: box.height };
    for (const canvas of [this.canvas, this.ground]) {
      canvas.width = Math.max(1, Math.round(box.width * density));
      canvas.height = Math.max(1, Math.round(box.height * density));
    }
    this.colours = Object.fromEntries(TOKENS.map((name) => [name, token(name)]));
    this.groundKey = "";
  }

  draw(scene: Scene): void {
    const { c, size } = this;
    const density = this.canvas.width / Math.max(1, size.width);
    this.drawGround(scene, density);
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.drawImage(this.ground, 0, 0);
    c.setTransform(density, 0, 0, density, 0, 0);

    const placer = new Placer(size);
    const bounds = this.canvas.getBoundingClientRect();
    for (const cover of this.covers) {
      const box = cover.getBoundingClientRect();
      if (box.width > 0) placer.reserve({ left: box.left - bounds.left - 8, top: box.top - bounds.top - 8, right: box.right - bounds.left + 8, bottom: box.bottom - bounds.top + 8 });
    }
    const shown = scene.sights.filter((sight) => sight.shown);
    if (scene.layers.routes) this.drawRoutes(scene, shown);
    this.drawTrail(scene, placer);
    for (const planet of scene.planets) {
      this.drawPlanet(planet, scene.view);
      placer.reserveAround(this.px(planet, scene.view), RADIUS[planet.band] + 3);
    }
    this.drawShips(scene, shown, placer);
    drawLabels(c, scene, shown, placer, this.colours, size);
  }

  private px(point: Point, view: View): Point {
    return toScreen(point, view, this.size);
  }

  private drawGround(scene: Scene, density: number): void {
    const { view, layers } = scene;
    const key = JSON.stringify([view, layers.grid, this.size]);
    if (key === this.groundKey) return;
    this.groundKey = key;
    const c = this.ground.getContext("2d");
    if (!c) return;
    const { width, height } = this.size;
    c.setTransform(density, 0, 0, density, 0, 0);
    c.fillStyle = this.colour("map-bg");
    c.fillRect(0, 0, width, height);
    const home = this.px({ x: 0, y: 0 }, view);
    c.strokeStyle = this.colour("map-ring");
    c.fillStyle = this.colour("text-3");
    c.font = `10px ${token("font-ui")}`;
    c.textAlign = "center";
    c.textBaseline = "middle";
    const furthest = Math.hypot(width, height) / view.scale + Math.hypot(view.x, view.y);
    const step = RING_KM * Math.max(1, 2 ** Math.ceil(Math.log2(46 / (RING_KM * view.scale))));
    for (let radius = step; radius < furthest && radius / step < 40; radius += step) {
      c.beginPath();
      c.arc(home.x, home.y, radius * view.scale, 0, 7);
      c.stroke();
      const angle = -Math.PI * 0.715;
      const at = { x: home.x + Math.cos(angle) * radius * view.scale, y: home.y - Math.sin(angle) * radius * view.scale };
      if (at.x < 30 || at.y > height - 40) continue;
      const text = `${number(radius / 1e6)} M km`;
      const half = c.measureText(text).width / 2 + 4;
      c.fillStyle = this.colour("map-bg");
      c.fillRect(at.x - half, at.y - 7, half * 2, 14);
      c.fillStyle = this.colour("text-3");
      c.fillText(text, at.x, at.y);
    }
    this.drawTicks(c, view, layers.grid);
  }

  private drawTicks(c: CanvasRenderingContext2D, view: View, grid: boolean): void {
    const { width, height } = this.size;
    const step = TICK_KM * Math.max(1, 2 ** Math.ceil(Math.log2(14 / (TICK_KM * view.scale))));
    const columns: [number, number][] = [];
    for (let i = Math.ceil((view.x - width / 2 / view.scale) / step); ; i++) {
      const x = this.px({ x: i * step, y: 0 }, view).x;
      if (x > width) break;
      columns.push([i, Math.round(x) + 0.5]);
    }
    const rows: [number, number][] = [];
    for (let i = Math.ceil((view.y - height / 2 / view.scale) / step); ; i++) {
      const y = this.px({ x: 0, y: i * step }, view).y;
      if (y < 0) break;
      rows.push([i, Math.round(y) + 0.5]);
    }
    c.strokeStyle = this.colour("text-3");
    c.globalAlpha = 0.55;
    c.lineWidth = 1;
    c.beginPath();
    for (const [i, x] of columns) line(c, x, 0, x, i % 5 ? 4 : 8), line(c, x, height, x, height - (i % 5 ? 4 : 8));
    for (const [i, y] of rows) line(c, 0, y, i % 5 ? 4 : 8, y), line(c, width, y, width - (i % 5 ? 4 : 8), y);
    c.stroke();
    c.globalAlpha = 1;
    if (!grid) return;
    c.strokeStyle = this.colour("map-grid");
    c.beginPath();
    for (const [, x] of columns) line(c, x, 0, x, height);
    for (const [, y] of rows) line(c, 0, y, width, y);
    c.stroke();
  }

  private drawRoutes(scene: Scene, shown: Sight[]): void {
    const { c } = this;
    const planets = new Map(scene.planets.map((planet) => [planet.name, planet]));
    const home = scene.planets.find((planet) => planet.band === "home");
    const drawn = new Set<string>();
    c.strokeStyle = this.colour("map-route");
    c.lineWidth = 1;
    c.globalAlpha = 0.42;
    for (const { ship, chosen, mark } of shown) {
      const target = planets.get(ship.target);
      const key = `${ship.target} ${ship.phase}`;
      if (!target || !home || chosen || mark === "ended" || ship.phase === "ON_PLANET" || drawn.has(key)) continue;
      drawn.add(key);
      c.setLineDash(ship.phase === "RETURNING" ? [1, 4] : [5, 4]);
      this.polyline(ship.phase === "RETURNING" ? way(target, home) : way(home, target), scene.view);
    }
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  private drawTrail(scene: Scene, placer: Placer): void {
    const { c } = this;
    const chosen = scene.sights.find((sight) => sight.chosen && sight.shown);
    if (!chosen) return;
    c.strokeStyle = this.colour("accent");
    if (scene.heading) {
      const points = way(chosen.at, scene.heading);
      c.globalAlpha = 0.75;
      c.lineWidth = 1.5;
      c.setLineDash([5, 4]);
      this.polyline(points, scene.view);
      c.setLineDash([]);
    }
    if (scene.layers.trails) {
      const trail = [...scene.trail, chosen.at];
      for (let i = 1; i < trail.length; i++) {
        const [from, to] = [trail[i - 1], trail[i]];
        if (!from || !to) continue;
        c.globalAlpha = 0.15 + (0.85 * i) / trail.length;
        c.lineWidth = 1.4 + (0.8 * i) / trail.length;
        this.polyline([from, to], scene.view);
        if (i % 6 === 0) placer.reserveAround(this.px(to, scene.view), 3);
      }
    }
    c.globalAlpha = 1;
  }

  private drawPlanet(planet: Planet, view: View): void {
    const { c } = this;
    const { x, y } = this.px(planet, view);
    const radius = RADIUS[planet.band];
    c.lineWidth = 1.2;
    c.strokeStyle = this.colour("map-planet-edge");
    c.fillStyle = this.colour(planet.band === "home" ? "map-bg" : "map-planet");
    c.beginPath();
    c.arc(x, y, radius, 0, 7);
    c.fill();
    c.stroke();
    c.beginPath();
    if (planet.band === "outer") {
      c.lineWidth = 1;
      c.ellipse(x, y, 9, 2.6, -0.42, 0, 7);
      c.stroke();
    } else if (planet.band === "home") {
      c.fillStyle = this.colour("map-planet-edge");
      c.arc(x, y, 2.5, 0, 7);
      c.fill();
      c.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) line(c, x + dx * 7, y + dy * 7, x + dx * 12, y + dy * 12);
      c.stroke();
    }
  }

  private drawShips(scene: Scene, shown: Sight[], placer: Placer): void {
    const { c } = this;
    const planets = new Map(scene.planets.map((planet) => [planet.name, planet]));
    for (const sight of shown) placer.reserveAround(this.px(sight.at, scene.view), 6);
    c.strokeStyle = this.colour(document.documentElement.dataset["theme"] === "light" ? "mark-ok-edge" : "mark-ok");
    c.globalAlpha = 0.8;
    c.lineWidth = 1.2;
    c.beginPath();
    for (const { ship, at, mark, chosen } of shown) {
      const to = mark === "ok" && !chosen ? destination(ship, planets) : null;
      if (!to) continue;
      const [from, until] = [this.px(at, scene.view), this.px(ahead(ship, to, AHEAD_TICKS), scene.view)];
      if (Math.hypot(until.x - from.x, until.y - from.y) > 3) line(c, from.x, from.y, until.x, until.y);
    }
    c.stroke();
    c.globalAlpha = 1;
    for (const kind of [...ORDER].reverse()) {
      for (const sight of shown) {
        const { x, y } = this.px(sight.at, scene.view);
        if (sight.mark === kind && x > -8 && x < this.size.width + 8) drawMark(c, kind, x, y, this.colours);
      }
    }
    const lit = shown.find((sight) => sight.lit && !sight.chosen);
    if (lit) {
      const { x, y } = this.px(lit.at, scene.view);
      c.strokeStyle = this.colour("text-2");
      c.lineWidth = 1;
      c.beginPath();
      c.arc(x, y, 11, 0, 7);
      c.stroke();
    }
    const chosen = shown.find((sight) => sight.chosen);
    if (!chosen) return;
    const { x, y } = this.px(chosen.at, scene.view);
    c.strokeStyle = this.colour("text-1");
    c.lineWidth = 1.5;
    c.beginPath();
    for (const [a, b] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
      c.moveTo(x + a * 11, y + b * 6);
      c.lineTo(x + a * 11, y + b * 11);
      c.lineTo(x + a * 6, y + b * 11);
    }
    c.stroke();
    placer.reserveAround({ x, y }, 12);
  }

  /** Strokes only what can be seen: seen from near, a dashed route would be cut into tens of thousands of dashes. */
  private polyline(points: Point[], view: View): void {
    const { c } = this;
    const places = points.map((point) => this.px(point, view));
    let gone = 0;
    for (let i = 1; i < places.length; i++) {
      const [from, to] = [places[i - 1], places[i]];
      if (!from || !to) continue;
      const seen = visiblePart(from, to, this.size);
      if (seen) {
        c.lineDashOffset = (gone + Math.hypot(seen.from.x - from.x, seen.from.y - from.y)) % DASH_PERIOD;
        c.beginPath();
        line(c, seen.from.x, seen.from.y, seen.to.x, seen.to.y);
        c.stroke();
      }
      gone += Math.hypot(to.x - from.x, to.y - from.y);
    }
    c.lineDashOffset = 0;
  }

  private colour(name: string): string {
    return this.colours[name] ?? "#888";
  }
}

function line(c: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  c.moveTo(x1, y1);
  c.lineTo(x2, y2);
}
