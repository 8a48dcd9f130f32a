// The radar page: brings connection, fleet, map, table, dock and events together.
import type { Shared } from "./address";
import { AddressBar } from "./addressbar";
import { FeedBadge } from "./badge";
import { cameraButtons, cameraKeys } from "./camera";
import { CanvasRenderer } from "./canvas";
import { legend, StateChips, type ChipKey } from "./chips";
import { Connection } from "./connection";
import { listenToButtons, listenToLayers, listenToTabs, openHelp } from "./controls";
import { extend, fleetPanel, readingsOf, shipPanel, type Readings } from "./dock";
import { need, say } from "./dom";
import { EventList } from "./events";
import { Fleet } from "./fleet";
import { number } from "./format";
import { ClockOffset, linkOf, markOf, type Mark } from "./honesty";
import { listenToKeys } from "./keys";
import { FleetMap } from "./map";
import { Motion } from "./motion";
import { loadPlanets } from "./planets";
import type { Message, Newest, ShipState } from "./protocol";
import { sightsOf, trailOf } from "./sights";
import { FleetTable } from "./table";
import { destination, type Planet } from "./world";

const PANELS_EVERY_MS = 250;

class Radar {
  private readonly fleet = new Fleet();
  private readonly offset = new ClockOffset();
  private readonly motion = new Motion();
  private readonly planets = new Map<string, Planet>();
  private readonly layers = { labels: true, trails: true, routes: true, grid: false };
  private readonly filters = new Set<Mark>();
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly map: FleetMap;
  private readonly renderer: CanvasRenderer;
  private readonly table: FleetTable;
  private readonly events: EventList;
  private readonly connection: Connection;
  private readonly chips = new StateChips(need("#chips"), (key) => this.toggleFilter(key));
  private readonly badge = new FeedBadge();
  private readonly address = new AddressBar(
    () => ({ ship: this.chosen, show: [...this.filters], find: this.find.value, place: this.map.place }),
    (shared) => this.restore(shared),
  );
  private readonly find = need<HTMLInputElement>("#find");
  private chosen: string | null = null;
  private lit: string | null = null;
  private readings: Readings | null = null;
  private dirty = true;
  private panelsAt = 0;

  constructor() {
    const canvas = need<HTMLCanvasElement>("#map");
    const covers = [...document.querySelectorAll<HTMLElement>(".map .over")];
    this.renderer = new CanvasRenderer(canvas, covers);
    this.map = new FleetMap(canvas, this.renderer, { bar: need("#scale-bar"), text: need("#scale-text") }, {
      chosen: (ship) => this.choose(ship),
      opened: (ship) => this.open(ship),
      hovered: (ship) => this.light(ship),
      changed: () => {
        this.dirty = true;
        this.address.remember();
      },
    });
    this.table = new FleetTable(need("#fleet-rows"), need("#fleet-heads"), (ship, open) => (open ? this.open(ship) : this.choose(ship)), (ship) => this.light(ship), () => (this.panelsAt = 0));
    this.events = new EventList(need("#events"), need("#voice"), (ship) => this.choose(ship));
    this.controls();
    this.keys();
    this.address.restore();
    addEventListener("themechange", () => {
      this.renderer.refresh();
      this.dirty = true;
    });
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
    loadPlanets(this.planets, () => (this.dirty = true));
    requestAnimationFrame(() => this.turn());
  }

  /** The server's clock now. */
  private now(): number {
    return Date.now() + this.offset.value;
  }

  private hear(message: Message): boolean {
    if (message.t === "history") {
      if (message.ship === this.chosen) this.readings = readingsOf(message);
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
    const now = performance.now();
    for (const ship of moved) this.motion.move(ship.ship, ship, now, message.full || this.still.matches);
    for (const newest of message.newestOf) if (newest.ship === this.chosen) this.follow(newest);
    this.motion.keepOnly(this.fleet.ships);
    this.dirty = true;
    return true;
  }

  private follow(newest: Newest): void {
    if (this.readings && this.readings.mission === newest.mission) extend(this.readings, newest);
    else if (this.readings) this.connection.askHistory(newest.ship);
  }

  private turn(): void {
    const now = performance.now();
    if (now - this.panelsAt >= PANELS_EVERY_MS) {
      this.panelsAt = now;
      this.panels();
      this.dirty = true; // ages on the map go on
    }
    if (this.dirty || this.motion.moving(now)) {
      this.dirty = false;
      this.draw(now);
    }
    requestAnimationFrame(() => this.turn());
  }

  private draw(moment: number): void {
    const now = this.now();
    const { connected } = this.connection;
    const planets = [...this.planets.values()];
    const sights = sightsOf({
      fleet: this.fleet, motion: this.motion, planets: this.planets, now, moment, connected,
      chosen: this.chosen, lit: this.lit, passes: (ship, mark) => this.passes(ship, mark),
    });
    this.map.show(sights, planets);
    const ship = this.chosen ? this.fleet.ships.get(this.chosen) : undefined;
    const live = ship !== undefined && linkOf(ship, now, connected) === "live";
    const heading = ship && live ? destination(ship, this.planets) : null;
    this.renderer.draw({ view: this.map.view, planets, sights, trail: trailOf(this.readings), heading, layers: this.layers });
  }

  private passes(ship: ShipState, mark: Mark): boolean {
    if (this.filters.size && !this.filters.has(mark)) return false;
    const wanted = this.find.value.trim().toLowerCase();
    return !wanted || [ship.ship, ship.captain, ship.target, String(ship.mission)].some((text) => text.toLowerCase().includes(wanted));
  }

  private panels(): void {
    const now = this.now();
    const connected = this.connection.connected;
    const all = [...this.fleet.ships.values()];
    this.badge.update(now, this.fleet, this.connection);
    const counts = new Map<Mark, number>();
    for (const ship of all) counts.set(markOf(ship, now, connected), (counts.get(markOf(ship, now, connected)) ?? 0) + 1);
    this.chips.update(all.length, counts, this.filters);
    const shown = all.filter((ship) => this.passes(ship, markOf(ship, now, connected)));
    this.table.update({ ships: shown, planets: this.planets, now, connected, chosen: this.chosen });
    say(need("#fleet-caption"), `${number(shown.length)} ${shown.length === 1 ? "ship" : "ships"}, needs attention first`);
    need("#fleet-empty").toggleAttribute("hidden", shown.length > 0);
    say(need("#fleet-empty-text"), this.emptyText(all.length));
    this.events.update(this.fleet.events);
    const ship = this.chosen ? this.fleet.ships.get(this.chosen) : undefined;
    const dock = need("#ship");
    const focused = dock.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["act"] : undefined;
    dock.replaceChildren(...(ship ? shipPanel(ship, this.fleet.newestOf.get(ship.ship) ?? null, this.readings, this.planets, now, connected, this.map.following) : fleetPanel(all, this.fleet.counts, this.fleet.merged, now, connected)));
    if (focused) dock.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
  }

  private emptyText(total: number): string {
    if (total) return "No ship passes the filters. Esc clears them.";
    return this.badge.feed === "disconnected" ? "No connection to headquarters yet." : "No ship is in flight. `make run` flies a demo fleet; `hocotate-ship --help` says how to fly one.";
  }

  private restore(shared: Shared): void {
    this.filters.clear();
    for (const mark of shared.show) this.filters.add(mark);
    this.find.value = shared.find;
    if (shared.place) this.map.look(shared.place);
    this.choose(shared.ship, false);
    this.panelsAt = 0;
  }

  private choose(ship: string | null, remember = true): void {
    if (ship === this.chosen) return;
    if (remember) this.address.rememberNow();
    this.chosen = ship;
    this.readings = null;
    this.map.following = false;
    this.ask();
    if (remember) this.address.push();
    this.panelsAt = 0;
    document.querySelector(`tr[data-ship="${CSS.escape(ship ?? "")}"]`)?.scrollIntoView({ block: "nearest" });
  }

  /** Ask for what the panel of the chosen ship shows. */
  private ask(): void {
    // Not there yet when the page's first address is read; it asks by itself once it is.
    this.connection?.watch(this.chosen ? [this.chosen] : []);
    if (this.chosen) this.connection?.askHistory(this.chosen);
  }

  private open(name: string): void {
    const ship = this.fleet.ships.get(name);
    if (ship) location.assign(`/missions/${ship.mission}/`);
  }

  private light(ship: string | null): void {
    if (ship === this.lit) return;
    this.lit = ship;
    this.dirty = true;
    need("#map").classList.toggle("over-ship", ship !== null);
    for (const row of document.querySelectorAll<HTMLElement>("tr[data-ship]")) row.classList.toggle("lit", row.dataset["ship"] === ship);
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
      "try-now": () => this.connection.tryNow(),
    });
    for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", openHelp);
    this.find.addEventListener("input", () => {
      this.panelsAt = 0;
      this.address.remember();
    });
  }

  private toggleFilter(key: ChipKey): void {
    if (key === "all") this.filters.clear();
    else if (!this.filters.delete(key)) this.filters.add(key);
    this.panelsAt = 0;
    this.address.remember();
  }

  private step(by: number, attention = false): void {
    const names = this.table.order().filter((name) => !attention || document.querySelector(`tr[data-ship="${CSS.escape(name)}"]:not([data-mark="ok"]):not([data-mark="ended"])`));
    const here = names.indexOf(this.chosen ?? "");
    const next = names[(here + by + names.length) % names.length];
    if (next) this.choose(next);
  }

  private keys(): void {
    const actions = {
      "/": () => this.find.focus(),
      j: () => this.step(1),
      k: () => this.step(-1),
      a: () => this.step(1, true),
      f: () => this.toggleFollow(),
      t: () => document.querySelector<HTMLElement>("tr[data-ship][tabindex='0']")?.focus(),
      ...cameraKeys(this.map, this.planets),
      Enter: () => this.chosen && this.open(this.chosen),
      "?": openHelp,
    };
    listenToKeys(actions, () => this.letGo());
  }

  private letGo(): void {
    if (document.activeElement === this.find) this.find.blur();
    if (this.find.value || this.filters.size) {
      this.find.value = "";
      this.filters.clear();
      this.panelsAt = 0;
      this.address.remember();
    } else this.choose(null);
  }
}

new Radar();
