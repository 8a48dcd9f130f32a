// What singles a ship out on the map: its trail and way, brackets, the pointer's ring, leader lines, pointers at the edge.
import type { Label } from "./layout";
import type { Palette } from "./palette";
import type { Pointer } from "./pointers";
import type { Scene, Sight } from "./renderer";
import type { Stamp } from "./sheet";
import { line, polyline } from "./strokes";
import { project, type Projection, type Size } from "./view";
import { way, type Point } from "./world";

/** Steps in which the trail fades. */
const FADES = 12;
export const STRUCK_MS = 600;

/** The way ahead dashed, the way flown fading, and in a tilted view how far the ship is above the plane. `trail` is in px. */
export function drawTrail(c: CanvasRenderingContext2D, chosen: Sight, scene: Scene, trail: Point[], by: Projection, size: Size, palette: Palette): void {
  c.strokeStyle = palette.of("accent");
  if (scene.view.tilt > 0) drawDrop(c, chosen, by, palette);
  if (scene.heading) {
    c.globalAlpha = 0.75;
    c.lineWidth = 1.5;
    c.setLineDash([5, 4]);
    polyline(c, way(chosen.at, scene.heading).map((point) => project(point, by)), size);
    c.setLineDash([]);
  }
  if (scene.layers.trails && scene.decorated && trail.length) {
    const flown = [...trail, chosen.px];
    for (let fade = 0; fade < FADES; fade++) {
      const [from, to] = [Math.floor((fade * (flown.length - 1)) / FADES), Math.floor(((fade + 1) * (flown.length - 1)) / FADES)];
      if (to === from) continue;
      c.globalAlpha = 0.15 + (0.85 * (fade + 1)) / FADES;
      c.lineWidth = 1.4 + (0.8 * (fade + 1)) / FADES;
      c.beginPath();
      flown.slice(from, to + 1).forEach(({ x, y }, i) => (i ? c.lineTo(x, y) : c.moveTo(x, y)));
      c.stroke();
    }
  }
  c.globalAlpha = 1;
}

function drawDrop(c: CanvasRenderingContext2D, { at, px }: Sight, by: Projection, palette: Palette): void {
  const foot = project({ x: at.x, y: at.y }, by);
  c.strokeStyle = palette.of("text-2");
  c.lineWidth = 1;
  c.setLineDash([3, 3]);
  c.beginPath();
  line(c, px.x, px.y, foot.x, foot.y);
  c.stroke();
  c.setLineDash([]);
  c.beginPath();
  c.ellipse(foot.x, foot.y, 5, 3, 0, 0, 7);
  c.stroke();
  c.strokeStyle = palette.of("accent");
}

/** Four corner brackets. */
export function drawChosen(c: CanvasRenderingContext2D, { x, y }: Point, palette: Palette): void {
  c.strokeStyle = palette.of("text-1");
  c.lineWidth = 1.5;
  c.beginPath();
  for (const [a, b] of [[-1, -1], [1, -1], [1, 1], [-1, 1]] as const) {
    c.moveTo(x + a * 11, y + b * 6);
    c.lineTo(x + a * 11, y + b * 11);
    c.lineTo(x + a * 6, y + b * 11);
  }
  c.stroke();
}

export function drawLit(c: CanvasRenderingContext2D, { x, y }: Point, palette: Palette): void {
  c.strokeStyle = palette.of("text-2");
  c.lineWidth = 1;
  c.beginPath();
  c.arc(x, y, 11, 0, 7);
  c.stroke();
}

/** A new failure: one ring that grows and fades, once. `age` is ms since then. */
export function drawStruck(c: CanvasRenderingContext2D, { x, y }: Point, age: number, palette: Palette): void {
  const part = Math.max(0, age / STRUCK_MS);
  c.strokeStyle = palette.of("bad");
  c.lineWidth = 2;
  c.globalAlpha = 1 - part;
  c.beginPath();
  c.arc(x, y, 9 + 21 * part, 0, 7);
  c.stroke();
  c.globalAlpha = 1;
}

/** From a mark to its label, where the label had to go further away. */
export function drawLeaders(c: CanvasRenderingContext2D, labels: Label[], palette: Palette): void {
  c.strokeStyle = palette.of("text-3");
  c.lineWidth = 1;
  c.beginPath();
  for (const { anchor, leader } of labels) {
    if (!leader) continue;
    const length = Math.hypot(leader.x, leader.y) || 1;
    line(c, anchor.x + (leader.x / length) * 7, anchor.y + (leader.y / length) * 7, anchor.x + leader.x, anchor.y + leader.y);
  }
  c.stroke();
}

/** An arrow on the bearing of a failed ship beyond the edge, and its mark. */
export function drawPointer(c: CanvasRenderingContext2D, { x, y, angle }: Pointer<Sight>, palette: Palette, mark: Stamp, density: number): void {
  c.save();
  c.translate(x, y);
  c.rotate(angle);
  c.fillStyle = palette.of("text-1");
  c.beginPath();
  c.moveTo(16, 0);
  c.lineTo(9, -5);
  c.lineTo(9, 5);
  c.closePath();
  c.fill();
  c.restore();
  c.setTransform(1, 0, 0, 1, 0, 0);
  c.drawImage(mark.picture, x * density - mark.x, y * density - mark.y);
  c.setTransform(density, 0, 0, density, 0, 0);
}
