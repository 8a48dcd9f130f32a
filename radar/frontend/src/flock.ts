// All ships of a picture: marks as stamps, the grave ones on top, heading lines, and links to estimates.
import type { Crowd } from "./crowd";
import { ORDER, type Kind } from "./marks";
import type { Palette } from "./palette";
import type { Scene, Sight } from "./renderer";
import type { Stamp } from "./sheet";
import type { Stamps } from "./sprites";
import { line } from "./strokes";
import { AHEAD_TICKS, strokeHeadings, type Tails } from "./tails";
import { project, type Projection } from "./view";
import { ahead, destination, type Planet, type Space } from "./world";

/** Up to so many ships are drawn one by one, between pixels too, which looks smoother and takes longer. */
const MOST_SINGLE = 500;

const there: Space = { x: 0, y: 0, z: 0 };
const end = { x: 0, y: 0 };

/** What marks are made of, for one theme and density. */
export interface Sheets {
  palette: Palette;
  stamps: Stamps;
  tails: Tails;
  density: number;
}

/** Draws ships with a context, or when they are many all but the chosen one into the crowd below it. */
export function drawShips(c: CanvasRenderingContext2D, crowd: Crowd, scene: Scene, by: Projection, sheets: Sheets): void {
  const near = scene.sights.filter((sight) => sight.near && sight.shown);
  const many = near.length > MOST_SINGLE;
  const { density, palette, stamps, tails } = sheets;
  drawLinks(c, near, by, palette);
  const tailed = scene.decorated && tails.aim(by);
  const bins = new Map<Kind, [Sight, Stamp][]>([...ORDER].reverse().map((mark) => [mark, []]));
  const lines: [Sight, Planet][] = [];
  for (const sight of near) {
    const to = scene.decorated && sight.mark === "ok" && !sight.chosen && !sight.estimated ? destination(sight.ship, scene.planets) : null;
    const tail = to && tailed ? tails.of(sight.at, to) : null;
    if (to && !tail && !many) lines.push([sight, to]);
    bins.get(sight.mark)?.push([sight, tail ?? stamps.of(sight.estimated ? "estimated" : sight.mark)]);
  }
  if (lines.length) strokeHeadings(c, palette.lines, () => lines.forEach(([sight, to]) => heading(c, sight, to, by)));
  if (!many) crowd.clear();
  else crowd.begin();
  c.setTransform(1, 0, 0, 1, 0, 0);
  for (const bin of bins.values()) {
    for (const [{ px, chosen }, stamp] of bin) {
      if (many) crowd.put(stamp, px.x * density, px.y * density);
      if (!many || chosen) c.drawImage(stamp.picture, px.x * density - stamp.x, px.y * density - stamp.y);
    }
  }
  c.setTransform(density, 0, 0, density, 0, 0);
  if (many) crowd.end();
}

function heading(c: CanvasRenderingContext2D, { at, px }: Sight, to: Planet, by: Projection): void {
  project(ahead(at, to, AHEAD_TICKS, there), by, end);
  line(c, px.x, px.y, end.x, end.y);
}

/** A dashed line from the last known place to an estimate. */
function drawLinks(c: CanvasRenderingContext2D, near: Sight[], by: Projection, palette: Palette): void {
  const estimated = near.filter((sight) => sight.estimated);
  if (!estimated.length) return;
  c.strokeStyle = palette.of("text-2");
  c.lineWidth = 1;
  c.setLineDash([2, 2]);
  c.beginPath();
  for (const { ship, px } of estimated) {
    project(ship, by, end);
    line(c, end.x, end.y, px.x, px.y);
  }
  c.stroke();
  c.setLineDash([]);
}
