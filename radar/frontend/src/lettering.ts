// Labels of the map, and pointers to failed ships outside of it.
import { token } from "./dom";
import { millions } from "./format";
import type { Placer } from "./labels";
import { drawMark, ORDER, type Colours } from "./marks";
import type { Scene, Sight } from "./renderer";
import { toScreen, type Size } from "./view";
import type { Point } from "./world";

const LINE = 12;

interface Line {
  text: string;
  colour: string;
  font: string;
}

/** Draws what has a name, most important first: chosen, grave states, planets, the rest. */
export function drawLabels(c: CanvasRenderingContext2D, scene: Scene, shown: Sight[], placer: Placer, colours: Colours, size: Size): void {
  const [ui, mono] = [token("font-ui"), token("font-mono")];
  const colour = (name: string): string => colours[name] ?? "#888";
  const visible = (at: Point): boolean => at.x > 0 && at.x < size.width && at.y > 0 && at.y < size.height;
  const put = (at: Point, lines: Line[], gap: number, must: boolean): void => {
    if (visible(at)) write(c, at, lines, gap, must, placer, colour("map-halo"), colour("text-3"));
  };
  const px = (point: Point): Point => toScreen(point, scene.view, size);

  for (const sight of shown) {
    if (sight.mark === "failure" && !visible(px(sight.at))) pointer(c, sight, px(sight.at), placer, colours, size, ui, mono);
  }
  const home = scene.planets.find((planet) => planet.band === "home");
  if (home) put(px(home), [{ text: home.name, colour: colour("text-1"), font: `600 11.5px ${ui}` }], 13, true);
  const lines = (sight: Sight, strong: boolean): Line[] => {
    const name = { text: sight.ship.ship, colour: colour(strong ? "text-1" : "text-3"), font: `${sight.chosen ? "700 11px" : strong ? "600 10.5px" : "10.5px"} ${mono}` };
    if (!sight.fact || !strong) return [name];
    const tint = sight.mark === "repair" ? "bad" : sight.mark === "late" ? "warn" : "text-2";
    return [name, { text: sight.fact, colour: colour(tint), font: `10.5px ${ui}` }];
  };
  const many = shown.filter((sight) => sight.mark === "late").length > 12; // a stalled feed: names only, where they fit
  const grave = (sight: Sight): boolean => ["failure", "lost", "repair"].includes(sight.mark) || (sight.mark === "late" && !many);
  for (const sight of shown) if (sight.chosen || sight.lit) put(px(sight.at), lines(sight, true), 15, true);
  if (!scene.layers.labels) return;
  for (const kind of ORDER) {
    for (const sight of shown) if (sight.mark === kind && grave(sight) && !sight.chosen && !sight.lit) put(px(sight.at), lines(sight, true), 9, true);
  }
  for (const planet of scene.planets) {
    if (planet.band !== "home") put(px(planet), [{ text: planet.name, colour: colour("map-text"), font: `500 11px ${ui}` }], planet.band === "inner" ? 8 : 11, false);
  }
  for (const sight of shown) if (!grave(sight) && !sight.chosen && !sight.lit) put(px(sight.at), lines(sight, false), 8, false);
}

function write(c: CanvasRenderingContext2D, at: Point, lines: Line[], gap: number, must: boolean, placer: Placer, halo: string, leader: string): void {
  let width = 0;
  for (const line of lines) {
    c.font = line.font;
    width = Math.max(width, c.measureText(line.text).width);
  }
  const placed = placer.place({ at, width, height: lines.length * LINE, gap, must });
  if (!placed) return;
  if (placed.leader) {
    const length = Math.hypot(placed.leader.x - at.x, placed.leader.y - at.y) || 1;
    c.strokeStyle = leader;
    c.lineWidth = 1;
    c.beginPath();
    c.moveTo(at.x + ((placed.leader.x - at.x) / length) * 7, at.y + ((placed.leader.y - at.y) / length) * 7);
    c.lineTo(placed.leader.x, placed.leader.y);
    c.stroke();
  }
  c.textAlign = "left";
  c.textBaseline = "top";
  lines.forEach((line, i) => haloed(c, line, placed.left, placed.top + i * LINE, halo));
}

function haloed(c: CanvasRenderingContext2D, line: Line, x: number, y: number, halo: string): void {
  c.font = line.font;
  c.lineJoin = "round";
  c.lineWidth = 3.5;
  c.strokeStyle = halo;
  c.strokeText(line.text, x, y);
  c.fillStyle = line.colour;
  c.fillText(line.text, x, y);
}

/** A failed ship beyond the edge: an arrow on its bearing, with name, distance and age. */
function pointer(c: CanvasRenderingContext2D, sight: Sight, at: Point, placer: Placer, colours: Colours, size: Size, ui: string, mono: string): void {
  const colour = (name: string): string => colours[name] ?? "#888";
  const x = Math.max(18, Math.min(size.width - 18, at.x));
  const y = Math.max(60, Math.min(size.height - 60, at.y));
  const side = at.x >= size.width / 2 ? 1 : -1;
  c.fillStyle = colour("text-1");
  c.beginPath();
  c.moveTo(x + side * 14, y);
  c.lineTo(x + side * 7, y - 5);
  c.lineTo(x + side * 7, y + 5);
  c.closePath();
  c.fill();
  drawMark(c, "failure", x - side * 3, y, colours, 0.95);
  placer.reserveAround({ x, y }, 16);
  const lines = [
    { text: sight.ship.ship, colour: colour("text-1"), font: `600 10.5px ${mono}` },
    { text: `${millions(sight.ship.dist, 0)} M km, ${sight.fact}`, colour: colour("text-2"), font: `10.5px ${ui}` },
  ];
  write(c, { x: x - side * 4, y }, lines, 14, true, placer, colour("map-halo"), colour("text-3"));
}
