// The radar page: brings connection, fleet, map, table, dock and events together.
import type { Shared } from "./address";
import { AddressBar } from "./addressbar";
import { FeedBadge } from "./badge";
import { cameraButtons, cameraKeys } from "./camera";
import { CanvasRenderer } from "./canvas";
import { legend } from "./chips";
import { Connection } from "./connection";
import { listenToButtons, listenToLayers, listenToTabs } from "./controls";
import { Dock } from "./dock";
import { need, say } from "./dom";
import { EventList } from "./events";
import { Favourites } from "./favourites";
import { Filtering } from "./filtering";
import { Fleet } from "./fleet";
import { Freeze, type Picture } from "./freeze";
import { ClockOffset, linkOf } from "./honesty";
import { Keys } from "./keys";
import { KeySheet } from "./keysheet";
import { Ladder } from "./ladder";
import { FleetMap } from "./map";
import { MapControls } from "./mapcontrols";
import { Menu } from "./menu";
import { Motion } from "./motion";
import { everyMs, steady } from "./pacing";
import { Panels } from "./panels";
import { loadPlanets } from "./planets";
import type { Message, Newest } from "./protocol";
import { Replay } from "./replay/replay";
import { STRUCK_MS } from "./selection";
import { extend, readingsOf, type Readings } from "./series";
import { SightBook } from "./sightbook";
import { factOf, trailOf } from "./sights";
import { listenToEdge } from "./sizes";
import { browserStore } from "./stored";
import { FleetTable } from "./table";
import { TABLE } from "./texts";
import { destination, type Planet } from "./world";

const PANELS_EVERY_MS = 250;

class Radar {
  private readonly fleet = new Fleet();
  private readonly offset = new ClockOffset();
  private readonly motion = new Motion();
  private readonly book = new SightBook();
  private readonly ladder = new Ladder();
  private readonly freeze = new Freeze();
  private readonly planets = new Map<string, Planet>();
  private readonly layers = { labels: true, trails: true, routes: true, grid: false };
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly replay: Replay = new Replay({
    live: this.fleet, still: this.still, now: () => this.now(), chosen: () => this.chosen,
    changed: () => (this.panelsAt = 0),
    turned: () => {
      this.recolour();
      // Between now and then other ships are there, and others need attention: the order begins anew.
      this.table.loosen();
    },
    moved: () => this.address.remember(),
  });
  private readonly map: FleetMap;
  private readonly mapControls: MapControls;
  private readonly renderer: CanvasRenderer;
  private readonly table: FleetTable;
  private readonly connection: Connection;
  private readonly panels: Panels;
  private readonly badge = new FeedBadge();
  private readonly store = browserStore();
  private readonly favourites = new Favourites(this.store);
  private readonly filtering = new Filtering(this.favourites, this.planets, () => this.refilter());
  private readonly address = new AddressBar(
    () => ({ ship: this.chosen, filters: this.filtering.now, sort: this.table.sorted, place: this.map.place, ...this.replay.moment, tilt: this.map.tilted, raw: this.mapControls.raw }),
    (shared) => this.restore(shared),
  );
  private chosen: string | null = null;
  private lit: string | null = null;
  private readings: Readings | null = null;
  private dirty = true;
  /** Ships have to be judged anew before the next picture. */
  private stale = true;
  private drawnAt = 0;
  private panelsAt = 0;

  constructor() {
    const canvas = need<HTMLCanvasElement>("#map");
    const covers = [...document.querySelectorAll<HTMLElement>(".map .over")];
    this.renderer = new CanvasRenderer(canvas, covers);
    this.map = new FleetMap(canvas, this.renderer, {
      chosen: (ship) => this.choose(ship),
      opened: (ship) => this.open(ship),
      hovered: (ship, at) => {
        this.light(ship);
        this.mapControls.point(this.book.get(ship) ?? null, at);
      },
      changed: () => {
        this.dirty = true;
        this.address.remember();
      },
    });
    this.mapControls = new MapControls(this.map, {
      now: () => this.picture().now,
      changed: () => {
        this.dirty = true;
        this.address.remember();
      },
      pause: () => this.pause(),
      follow: () => this.toggleFollow(),
    });
    const parts = { scroller: need<HTMLElement>("#fleet-scroll"), table: need<HTMLTableElement>("#fleet-table"), heads: need<HTMLElement>("#fleet-heads"), body: need<HTMLElement>("#fleet-rows"), fresh: need<HTMLButtonElement>("#fleet-new") };
    this.table = new FleetTable(parts, {
      chosen: (ship) => this.choose(ship),
      opened: (ship) => this.open(ship),
      hovered: (ship) => this.light(ship),
      starred: (ship) => this.star(ship),
      sorted: ({ by, down }) => {
        say(need("#voice"), TABLE.sorted(TABLE.columns[by], down));
        this.refilter();
      },
    });
    const listed = { list: need<HTMLElement>("#events"), voice: need<HTMLElement>("#voice"), kinds: need<HTMLSelectElement>("#event-kinds"), mine: need<HTMLButtonElement>("#event-mine") };
    const events = new EventList(listed, { jump: (ship, at) => this.jump(ship, at), hovered: (ship) => this.light(ship) });
    this.panels = new Panels({ fleet: this.fleet, planets: this.planets, filtering: this.filtering, favourites: this.favourites, table: this.table, events, badge: this.badge, dock: new Dock(need("#ship"), (ship) => this.star(ship)) });
    this.controls();
    this.listenToKeys();
    this.address.restore();
    addEventListener("themechange", () => this.recolour());
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    this.connection = new Connection(`${scheme}://${location.host}/ws/radar/`, {
      message: (message) => this.hear(message),
      opened: () => {
        this.fleet.restart();
        this.panelsAt = 0;
        this.ask();
      },
      closed: () => {
        this.badge.closed();
        this.panelsAt = 0;
      },
      // The server asks for a sign-in and comes back to this very view.
      signedOut: () => location.reload(),
    });
    loadPlanets(this.planets, () => {
      this.mapControls.fill(this.planets.values());
      this.dirty = true;
    });
    requestAnimationFrame(() => this.turn());
  }

  /** The server's clock now. */
  private now(): number {
    return Date.now() + this.offset.value;
  }

  private hear(message: Message): boolean {
    if (message.t === "history") {
      const until = this.freeze.at ?? Infinity;
      if (message.ship === this.chosen) this.readings = readingsOf({ ...message, rows: message.rows.filter((row) => (row[0] ?? 0) <= until) });
      return true;
    }
    if (message.t === "refused") return true;
    this.offset.add(message.now, Date.now());
    if (message.t === "beat") {
      this.fleet.beat(message.n, message.made);
      return true;
    }
    const moved = this.fleet.apply(message);
    if (!moved) return false;
    const now = this.now();
    for (const ship of moved) this.motion.hear(ship.ship, ship, now);
    if (this.freeze.at === null) for (const newest of message.newestOf) if (newest.ship === this.chosen) this.follow(newest);
    if (message.full || message.gone.length) this.motion.keepOnly(this.fleet.ships);
    this.stale = true;
    return true;
  }

  private follow(newest: Newest): void {
    if (this.readings && this.readings.mission === newest.mission) extend(this.readings, newest, this.fleet.ships.get(newest.ship)?.total ?? NaN);
    else if (this.readings) this.connection.askHistory(newest.ship);
  }

  private turn(): void {
    const moment = performance.now();
    if (this.replay.turn(moment)) this.stale = this.dirty = true;
    if (moment - this.panelsAt >= PANELS_EVERY_MS) {
      this.panelsAt = moment;
      this.stale = this.dirty = true; // ages on the map go on
      this.panels.update({ now: this.now(), picture: this.picture(), connection: this.connection, chosen: this.chosen, readings: this.shownReadings, replaying: this.replay.on, following: this.map.following });
      this.mapControls.update(this.picture().now);
    }
    const flies = this.map.step(moment);
    const every = everyMs(this.book.fastest * this.map.view.scale, this.ladder.rung);
    const due = this.freeze.at === null && moment - this.drawnAt >= every;
    if (this.dirty || flies || due || moment - this.book.struck < STRUCK_MS) {
      this.ladder.waited(moment);
      this.dirty = false;
      this.drawnAt = moment;
      this.draw(moment);
      this.ladder.drew(moment, performance.now());
    }
    requestAnimationFrame(() => this.turn());
  }

  private get shownReadings(): Readings | null {
    return this.replay.on ? this.replay.readings : this.readings;
  }

  /** Into the replay or out of it, or to another theme. */
  private recolour(): void {
    // What was paused is not what is replayed.
    if (this.replay.on && this.freeze.at !== null) this.pause();
    this.renderer.refresh();
    this.mapControls.refresh();
    this.stale = this.dirty = true;
  }

  /** What map, table and dock show: the fleet now, or as it was when somebody paused it. */
  private picture(): Picture {
    return this.replay.on ? this.replay.picture : this.freeze.picture(this.fleet, this.now(), this.connection.connected);
  }

  private draw(moment: number): void {
    const { now, connected, ships } = this.picture();
    const judged = this.stale;
    this.stale = false;
    const moved = this.still.matches ? null : moment;
    if (judged) this.book.judge(ships, { now, connected, chosen: this.chosen, lit: this.lit, moment: moved, passes: (ship, mark) => this.filtering.passes(ship, mark), fact: (ship, mark) => factOf(ship, mark, now, this.planets) });
    // While the picture stands still, so do ships: later messages would move them.
    if (this.freeze.at === null) this.book.place(this.replay.on ? this.replay.motion : this.motion, this.planets, steady(now, this.still.matches), this.mapControls.raw, judged || this.map.turning);
    const ship = this.chosen ? ships.get(this.chosen) : undefined;
    const live = ship !== undefined && linkOf(ship, now, connected) === "live";
    const heading = ship && live ? destination(ship, this.planets) : null;
    this.map.show({ planets: this.planets, sights: this.book.list, trail: trailOf(this.shownReadings), heading, layers: this.layers, decorated: this.ladder.rung === 0, moment });
    this.mapControls.drawn(this.renderer, this.planets, this.book.list, moment);
  }

  /** Lets the picture stand still, or go on. */
  private pause(): void {
    if (this.freeze.at === null) this.freeze.hold(this.fleet, this.now(), this.connection.connected);
    else {
      this.freeze.release();
      if (this.chosen) this.connection.askHistory(this.chosen);
    }
    this.mapControls.paused(this.freeze.at);
    this.panelsAt = 0;
  }

  private restore(shared: Shared): void {
    this.filtering.set(shared.filters);
    this.table.sorted = shared.sort;
    this.table.loosen();
    if (shared.place) this.map.look(shared.place);
    this.mapControls.restore(shared);
    this.replay.restore(shared);
    this.choose(shared.ship, false);
    this.panelsAt = 0;
  }

  private choose(ship: string | null, remember = true): void {
    if (ship === this.chosen) return;
    if (remember) this.address.rememberNow();
    this.chosen = ship;
    this.readings = null;
    this.map.following = false;
    this.book.choose(ship);
    const sight = this.book.get(ship);
    if (remember && sight) this.map.reveal(sight.at);
    this.ask();
    if (remember) this.address.push();
    this.panelsAt = 0;
    if (ship) this.table.reveal(ship);
  }

  /** Ask for what the panel of the chosen ship shows. */
  private ask(): void {
    // Not there yet when the page's first address is read; it asks by itself once it is.
    this.connection?.watch(this.chosen ? [this.chosen] : []);
    if (this.chosen) this.connection?.askHistory(this.chosen);
  }

  private open(name: string): void {
    const ship = this.picture().ships.get(name);
    if (ship) location.assign(`/missions/${ship.mission}/`);
  }

  private light(ship: string | null): void {
    if (ship === this.lit) return;
    this.lit = ship;
    this.stale = this.dirty = true;
    need("#map").classList.toggle("over-ship", ship !== null);
    this.table.light(ship);
  }

  private toggleFollow(): void {
    if (!this.chosen) return;
    this.map.following = !this.map.following;
    this.panelsAt = 0;
  }

  private controls(): void {
    need("#legend").append(...legend());
    listenToLayers(this.layers, () => (this.dirty = true));
    listenToTabs();
    listenToButtons({
      ...cameraButtons(this.map, this.planets),
      follow: () => this.toggleFollow(),
      ...this.mapControls.actions,
      "try-now": () => this.connection.tryNow(),
    });
    new Menu(need("#more-open"), need("#more"));
    const page = need<HTMLElement>(".radar");
    listenToEdge(need("#fleet-edge"), need(".fleet"), page, { property: "--w-fleet", axis: "x", least: 320 }, this.store);
    listenToEdge(need("#dock-edge"), need(".dock"), page, { property: "--h-dock", axis: "y", least: 160 }, this.store);
    addEventListener("storage", () => {
      this.favourites.reload();
      this.refilter();
    });
  }

  /** Filters or sorting have changed: the table is put in order anew, and the address follows. */
  private refilter(): void {
    this.table.loosen();
    this.panelsAt = 0;
    this.dirty = true;
    this.address.remember();
  }

  private star(ship: string): void {
    this.favourites.toggle(ship);
    this.panelsAt = 0;
    this.dirty = true;
  }

  /** To a ship, and to the moment (ms) of an event of it while the past is shown; else to where it is now. */
  private jump(ship: string, at: number): void {
    this.choose(ship);
    if (this.replay.on) return this.replay.playFrom(at);
    const here = this.fleet.ships.get(ship);
    if (here) this.map.goTo(here);
  }

  private step(by: number, attention = false): void {
    if (!attention && this.table.focused) return this.table.focus(this.table.within(this.table.focused, by));
    const next = this.table.next(this.chosen, by, attention);
    if (next) this.choose(next);
  }

  private listenToKeys(): void {
    const keys = new Keys(
      this.replay.keys({
        "/": () => this.filtering.search(),
        j: () => this.step(1),
        k: () => this.step(-1),
        a: () => this.step(1, true),
        f: () => this.toggleFollow(),
        s: () => (this.table.focused ?? this.chosen) && this.star(this.table.focused ?? this.chosen ?? ""),
        t: () => this.table.focus(this.table.stop),
        ...cameraKeys(this.map, this.planets),
        ...this.mapControls.keys,
        Enter: () => this.chosen && this.open(this.chosen),
        "?": () => sheet.open(),
      }),
      () => this.filtering.clear() || this.choose(null),
      this.store,
    );
    const sheet = new KeySheet(need("#help"), need("#help-keys"), keys);
    for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", () => sheet.open());
  }
}

new Radar();
