// What stands over the map and around it: menu, tilt, raw positions, overview, hover card, follow again, pause, full screen.
import type { Shared } from "./address";
import { need, say } from "./dom";
import { clock, number } from "./format";
import { showFullscreen, toggleFullscreen } from "./fullscreen";
import { HoverCard } from "./hover";
import type { FleetMap } from "./map";
import { MapMenu } from "./mapmenu";
import { Minimap } from "./minimap";
import type { Renderer, Sight } from "./renderer";
import { MAP } from "./texts";
import type { Planet, Point } from "./world";

export interface Page {
  /** The moment of the picture, server's clock. */
  now(): number;
  changed(): void;
  pause(): void;
  follow(): void;
}

export class MapControls {
  /** Ships stand where they were last seen, instead of gliding there. */
  raw = false;
  private readonly menu: MapMenu;
  private readonly card = new HoverCard(need("#hover-card"));
  private readonly minimap: Minimap;
  private readonly again = need<HTMLElement>("#follow-again");
  private readonly more = need<HTMLElement>("#more-failed");
  private rest: readonly Sight[] = [];
  private failed: Point[] = [];
  private tilted = false;

  constructor(
    private readonly map: FleetMap,
    private readonly page: Page,
  ) {
    this.menu = new MapMenu((planet) => map.fitPlanet(planet));
    this.minimap = new Minimap(need("#mini"), (to) => map.centre(to));
    showFullscreen(need("[data-act=full]"));
  }

  /** Buttons of the page, by data-act. */
  get actions(): Record<string, () => void> {
    return {
      plan: () => this.tilt(false),
      tilt: () => this.tilt(true),
      raw: () => this.setRaw(!this.raw),
      pause: () => this.page.pause(),
      full: () => this.full(".radar"),
      "follow-again": () => this.page.follow(),
      "map-menu": () => this.menu.toggle(),
      "fit-ship": () => this.map.fitShip(),
      "more-failed": () => this.map.fitPoints([...this.rest.map((sight) => sight.at), ...this.failed]),
    };
  }

  get keys(): Record<string, () => void> {
    return {
      " ": () => this.page.pause(),
      p: () => this.tilt(!this.map.tilted),
      z: () => this.map.fitShip(),
      g: () => this.menu.toggle(),
      x: () => this.full(".radar"),
      X: () => this.full("section.map"),
    };
  }

  /** Takes over what an address tells. */
  restore({ tilt, raw }: Pick<Shared, "tilt" | "raw">): void {
    this.map.tilt(tilt);
    this.setRaw(raw);
  }

  fill(planets: Iterable<Planet>): void {
    this.menu.fill(planets);
  }

  refresh(): void {
    this.minimap.refresh();
  }

  /** The pointer is over a ship, or over none. */
  point(sight: Sight | null, at: Point): void {
    this.card.point(sight, at, () => this.page.now());
  }

  /** A few times a second. */
  update(now: number): void {
    this.card.update(now);
  }

  /** After each picture. */
  drawn(renderer: Renderer, planets: ReadonlyMap<string, Planet>, sights: readonly Sight[], moment: number): void {
    this.minimap.draw(this.map.view, this.map.size, planets, sights, moment);
    this.again.hidden = this.map.followed !== "paused" || !sights.some((sight) => sight.chosen);
    if (renderer.rest !== this.rest) {
      this.rest = renderer.rest;
      this.failed = renderer.pointers.map(({ what }) => what.at);
      this.more.hidden = this.rest.length === 0;
      say(this.more, MAP.failed(number(this.rest.length)));
    }
    if (this.map.tilted === this.tilted) return;
    this.tilted = this.map.tilted;
    for (const name of ["plan", "tilt"]) need(`[data-act=${name}]`).setAttribute("aria-pressed", String(this.tilted === (name === "tilt")));
  }

  /** The picture stands still since a moment; null when it goes on. */
  paused(at: number | null): void {
    const note = need<HTMLElement>("#paused");
    note.hidden = at === null;
    say(note, at === null ? "" : MAP.paused(clock(at)));
    document.body.toggleAttribute("data-paused", at !== null);
    say(need("#pause-word"), at === null ? MAP.pause : MAP.goOn);
    say(need("#voice"), at === null ? MAP.goesOn : MAP.paused(clock(at)));
    need("[data-act=pause]").setAttribute("aria-pressed", String(at !== null));
  }

  private tilt(tilted: boolean): void {
    this.map.tilt(tilted);
    this.page.changed();
  }

  private setRaw(raw: boolean): void {
    this.raw = raw;
    need("[data-act=raw]").setAttribute("aria-pressed", String(raw));
    this.page.changed();
  }

  private full(selector: string): void {
    void toggleFullscreen(need(selector), (why) => say(need("#voice"), why));
  }
}
