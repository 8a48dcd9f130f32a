// What stands still while ships fly: range rings, ticks, grid, routes, planets. Drawn once a view.
import { number } from "./format";
import { RADIUS, type PlanetSight } from "./layout";
import type { Palette } from "./palette";
import { line, polyline } from "./strokes";
import { project, projection, type Projection, type Size, type View } from "./view";
import { way, type Planet, type Point } from "./world";

const RING_KM = 250e6;
const TICK_KM = 100e6;
/** The ring's label stands here, lower left. */
const RING_LABEL = -Math.PI * 0.715;

/** Which ways are in use: bit 1 out, bit 2 back, of each target. */
export type Routes = ReadonlyMap<string, number>;

export function drawGround(c: CanvasRenderingContext2D, view: View, size: Size, planets: PlanetSight[], routes: Routes, grid: boolean, palette: Palette): void {
  c.fillStyle = palette.of("map-bg");
  c.fillRect(0, 0, size.width, size.height);
  const by = projection(view, size);
  drawRings(c, view, size, by, palette);
  drawTicks(c, size, by, grid, palette);
  drawRoutes(c, size, by, planets, routes, palette);
  if (view.tilt > 0) drawDrops(c, by, planets, palette);
  for (const { planet, px } of planets) drawPlanet(c, planet, px.x, px.y, palette);
}

export interface Ring {
  radius: number;
  text: string;
  /** Where its label stands, px; null when that is out of sight. */
  at: Point | null;
}

/** The range rings of a view, and their labels. */
export function rings(view: View, size: Size): Ring[] {
  const by = projection(view, size);
  const furthest = Math.hypot(size.width, size.height) / by.up + Math.hypot(view.x, view.y);
  const step = RING_KM * Math.max(1, 2 ** Math.ceil(Math.log2(46 / (RING_KM * view.scale))));
  const found: Ring[] = [];
  for (let radius = step; radius < furthest && radius / step < 40; radius += step) {
    const at = project({ x: Math.cos(RING_LABEL) * radius, y: Math.sin(RING_LABEL) * radius }, by);
    found.push({ radius, text: `${number(radius / 1e6)} M km`, at: at.x < 30 || at.y > size.height - 40 ? null : at });
  }
  return found;
}

function drawRings(c: CanvasRenderingContext2D, view: View, size: Size, by: Projection, palette: Palette): void {
  const home = project({ x: 0, y: 0 }, by);
  c.strokeStyle = palette.of("map-ring");
  c.lineWidth = 1;
  c.font = `10px ${palette.ui}`;
  c.textAlign = "center";
  c.textBaseline = "middle";
  for (const { radius, text, at } of rings(view, size)) {
    c.beginPath();
    c.ellipse(home.x, home.y, radius * by.across, radius * by.up, 0, 0, 7);
    c.stroke();
    if (!at) continue;
    const half = c.measureText(text).width / 2 + 4;
    c.fillStyle = palette.of("map-bg");
    c.fillRect(at.x - half, at.y - 7, half * 2, 14);
    c.fillStyle = palette.of("text-3");
    c.fillText(text, at.x, at.y);
  }
}

function drawTicks(c: CanvasRenderingContext2D, size: Size, by: Projection, grid: boolean, palette: Palette): void {
  const { width, height } = size;
  const columns = steps(by.x0, by.across, width);
  const rows = steps(by.y0, by.up, height);
  c.strokeStyle = palette.of("text-3");
  c.globalAlpha = 0.55;
  c.lineWidth = 1;
  c.beginPath();
  for (const [i, x] of columns) line(c, x, 0, x, i % 5 ? 4 : 8), line(c, x, height, x, height - (i % 5 ? 4 : 8));
  for (const [i, y] of rows) line(c, 0, y, i % 5 ? 4 : 8, y), line(c, width, y, width - (i % 5 ? 4 : 8), y);
  c.stroke();
  c.globalAlpha = 1;
  if (!grid) return;
  c.strokeStyle = palette.of("map-grid");
  c.beginPath();
  for (const [, x] of columns) line(c, x, 0, x, height);
  for (const [, y] of rows) line(c, 0, y, width, y);
  c.stroke();
}

/** Numbers and pixels of the ticks along one side, which start from Hocotate. */
function steps(origin: number, scale: number, length: number): [number, number][] {
  const px = TICK_KM * scale * Math.max(1, 2 ** Math.ceil(Math.log2(14 / (TICK_KM * scale))));
  const found: [number, number][] = [];
  for (let i = Math.ceil(-origin / px); origin + i * px <= length; i++) found.push([i, Math.round(origin + i * px) + 0.5]);
  return found;
}

function drawRoutes(c: CanvasRenderingContext2D, size: Size, by: Projection, planets: PlanetSight[], routes: Routes, palette: Palette): void {
  const home = planets.find(({ planet }) => planet.band === "home")?.planet;
  if (!home) return;
  c.strokeStyle = palette.of("map-route");
  c.lineWidth = 1;
  c.globalAlpha = 0.42;
  for (const { planet } of planets) {
    const used = routes.get(planet.name) ?? 0;
    for (const [bit, dash, corners] of [[1, [5, 4], () => way(home, planet)], [2, [1, 4], () => way(planet, home)]] as const) {
      if (!(used & bit)) continue;
      c.setLineDash([...dash]);
      polyline(c, corners().map((point) => project(point, by)), size);
    }
  }
  c.setLineDash([]);
  c.globalAlpha = 1;
}

/** How far planets are above or below the plane. */
function drawDrops(c: CanvasRenderingContext2D, by: Projection, planets: PlanetSight[], palette: Palette): void {
  c.strokeStyle = palette.of("map-route");
  c.lineWidth = 1;
  c.globalAlpha = 0.6;
  c.beginPath();
  for (const { planet, px } of planets) {
    const foot = project({ x: planet.x, y: planet.y }, by);
    line(c, px.x, px.y, foot.x, foot.y);
    line(c, foot.x - 3, foot.y, foot.x + 3, foot.y);
  }
  c.stroke();
  c.globalAlpha = 1;
}

function drawPlanet(c: CanvasRenderingContext2D, planet: Planet, x: number, y: number, palette: Palette): void {
  c.lineWidth = 1.2;
  c.strokeStyle = palette.of("map-planet-edge");
  c.fillStyle = palette.of(planet.band === "home" ? "map-bg" : "map-planet");
  c.beginPath();
  c.arc(x, y, RADIUS[planet.band], 0, 7);
  c.fill();
  c.stroke();
  c.beginPath();
  if (planet.band === "outer") {
    c.lineWidth = 1;
    c.ellipse(x, y, 9, 2.6, -0.42, 0, 7);
    c.stroke();
  } else if (planet.band === "home") {
    c.fillStyle = palette.of("map-planet-edge");
    c.arc(x, y, 2.5, 0, 7);
    c.fill();
    c.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) line(c, x + dx * 7, y + dy * 7, x + dx * 12, y + dy * 12);
    c.stroke();
  }
}
