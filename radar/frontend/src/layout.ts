// Decides which labels the map shows and where, most important first: chosen, grave states, planets, the rest.
import { millions } from "./format";
import { Placer, type Box } from "./labels";
import type { Lettering, Letters, Line } from "./lettering";
import { ORDER } from "./marks";
import type { Palette } from "./palette";
import { pointersTo, type Pointer } from "./pointers";
import type { Scene, Sight } from "./renderer";
import type { Size } from "./view";
import type { Planet, Point } from "./world";

/** Labels of ships that need nobody, and how many of them are tried, so that a large fleet takes no longer. */
const MOST_ORDINARY = 200;
const MOST_TRIED = 1_500;
/** More late ships than this are a stalled feed: names only, where they fit. */
const MANY_LATE = 12;
const EDGE = { top: 64, right: 20, bottom: 60, left: 20 };
export const RADIUS: Record<Planet["band"], number> = { home: 7, inner: 3, middle: 4.5, outer: 4.5 };

export interface PlanetSight {
  planet: Planet;
  px: Point;
}

/** A text beside what it names; offsets in px, so that it goes along with it. */
export interface Label {
  anchor: Point;
  /** The planet that it names; null for ships. */
  planet: string | null;
  lettering: Lettering;
  dx: number;
  dy: number;
  /** End of the leader line, from the anchor. */
  leader: Point | null;
}

export class Layout {
  labels: Label[] = [];
  pointers: Pointer<Sight>[] = [];
  rest: Sight[] = [];
  private before = new Map<string, number>();
  /** Where trying went to last time, so that in a large fleet each has its turn. */
  private turn = 0;

  /** Places everything anew, in px: away from elements over the map, from other texts, and from points along the trail. */
  arrange(scene: Scene, planets: PlanetSight[], size: Size, covers: Box[], texts: Box[], trail: Point[], letters: Letters, palette: Palette): void {
    const placer = new Placer(size);
    for (const box of [...covers, ...texts]) placer.reserve(box);
    for (const point of trail) placer.reserveAround(point, 3);
    for (const { planet, px } of planets) placer.reserveAround(px, RADIUS[planet.band] + 3);
    const near: Sight[] = [];
    const beyond: Sight[] = [];
    let late = 0;
    for (const sight of scene.sights) {
      if (!sight.shown) continue;
      if (sight.mark === "late") late++;
      if (inside(sight.px, size)) {
        near.push(sight);
        placer.reserveAround(sight.px, sight.chosen ? 12 : 6);
      } else if (sight.mark === "failure") beyond.push(sight);
    }
    const names = new Map<string, number>();
    this.labels = [];
    const put = (name: string, at: Point, lines: Line[], gap: number, must: boolean, planet: string | null = null): boolean => {
      const placed = inside(at, size) ? placer.place({ at, ...letters.measure(lines), gap, must, before: this.before.get(name) }) : null;
      if (!placed) return false;
      names.set(name, placed.spot);
      const leader = placed.leader && { x: placed.leader.x - at.x, y: placed.leader.y - at.y };
      this.labels.push({ anchor: at, planet, lettering: letters.of(lines), dx: placed.left - at.x, dy: placed.top - at.y, leader });
      return true;
    };
    const text = (sight: Sight, strong: boolean): Line[] => linesOf(sight, strong, palette);

    this.point(beyond, size, covers, placer, put, palette);
    const home = planets.find(({ planet }) => planet.band === "home");
    if (home) put(home.planet.name, home.px, [{ text: home.planet.name, colour: "text-1", font: `600 11.5px ${palette.ui}` }], 13, true, home.planet.name);
    for (const sight of near) if (sight.chosen || sight.lit) put(sight.ship.ship, sight.px, text(sight, true), 15, true);
    if (scene.layers.labels) {
      const grave = near.filter((sight) => isGrave(sight, late) && !sight.chosen && !sight.lit);
      grave.sort((a, b) => ORDER.indexOf(a.mark) - ORDER.indexOf(b.mark));
      for (const sight of grave) put(sight.ship.ship, sight.px, text(sight, true), 9, true);
      for (const { planet, px } of planets) {
        if (planet.band !== "home") put(planet.name, px, [{ text: planet.name, colour: "map-text", font: `500 11px ${palette.ui}` }], planet.band === "inner" ? 8 : 11, false, planet.name);
      }
      this.ordinary(near.filter((sight) => !isGrave(sight, late) && !sight.chosen && !sight.lit), (sight) => put(sight.ship.ship, sight.px, text(sight, false), 8, false));
    }
    this.before = names;
    letters.sweep();
  }

  /** Those that had a label keep it first: a label that comes and goes can't be read. */
  private ordinary(sights: Sight[], put: (sight: Sight) => boolean): void {
    let placed = 0;
    const others: Sight[] = [];
    for (const sight of sights) {
      if (!this.before.has(sight.ship.ship)) others.push(sight);
      else if (placed < MOST_ORDINARY && put(sight)) placed++;
    }
    const tried = Math.min(MOST_TRIED, others.length);
    for (let i = 0; i < tried && placed < MOST_ORDINARY; i++) {
      const sight = others[(this.turn + i) % others.length];
      if (sight && put(sight)) placed++;
    }
    this.turn = others.length ? (this.turn + tried) % others.length : 0;
  }

  /** Pointers to failed ships beyond the edge, the newest failures first. */
  private point(beyond: Sight[], size: Size, covers: Box[], placer: Placer, put: (name: string, at: Point, lines: Line[], gap: number, must: boolean) => boolean, palette: Palette): void {
    beyond.sort((a, b) => (b.ship.ended ?? b.ship.seen) - (a.ship.ended ?? a.ship.seen));
    const free = (at: Point): boolean => covers.every((box) => at.x < box.left - 14 || at.x > box.right + 14 || at.y < box.top - 14 || at.y > box.bottom + 14);
    const { pointers, rest } = pointersTo(beyond.map((sight) => ({ what: sight, at: sight.px })), size, EDGE, free);
    this.pointers = pointers;
    this.rest = rest;
    for (const pointer of pointers) placer.reserveAround(pointer, 16);
    for (const { what, x, y } of pointers) {
      const lines = [
        { text: what.ship.ship, colour: "text-1", font: `600 10.5px ${palette.mono}` },
        { text: `${millions(what.ship.dist, 0)} M km, ${what.fact}`, colour: "text-2", font: `10.5px ${palette.ui}` },
      ];
      put(`to ${what.ship.ship}`, { x, y }, lines, 19, true);
    }
  }
}

function isGrave({ mark }: Sight, late: number): boolean {
  return mark === "failure" || mark === "lost" || mark === "repair" || (mark === "late" && late <= MANY_LATE);
}

function linesOf({ ship, fact, mark, chosen }: Sight, strong: boolean, { ui, mono }: Palette): Line[] {
  const name = { text: ship.ship, colour: strong ? "text-1" : "text-3", font: `${chosen ? "700 11px" : strong ? "600 10.5px" : "10.5px"} ${mono}` };
  if (!fact || !strong) return [name];
  return [name, { text: fact, colour: mark === "repair" ? "bad" : mark === "late" ? "warn" : "text-2", font: `10.5px ${ui}` }];
}

export function inside(at: Point, size: Size): boolean {
  return at.x > 0 && at.x < size.width && at.y > 0 && at.y < size.height;
}
