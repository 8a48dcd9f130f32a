// The radar page: brings connection, fleet, map, table, dock and events together.
import { read, write } from "./address";
import { CanvasRenderer } from "./canvas";
import { Connection } from "./connection";
import { extend, fleetPanel, readingsOf, shipPanel, type Readings } from "./dock";
import { h, need, say } from "./dom";
import { EventList } from "./events";
import { Fleet } from "./fleet";
import { age, clock, number } from "./format";
import { ClockOffset, feedOf, linkOf, markOf, type FeedState, type Mark } from "./honesty";
import { FleetMap } from "./map";
import { markIcon, ORDER, wayIcon, WORDS } from "./marks";
import { Motion } from "./motion";
import type { Message, Newest, ShipState } from "./protocol";
import type { Sight } from "./renderer";
import { FleetTable } from "./table";
import { arrivesIn, destination, fetchPlanets, type Planet, type Point } from "./world";

const PANELS_EVERY_MS = 250;
/** Browsers take only so many changes of the address a minute. */
const ADDRESS_AFTER_MS = 500;

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
  private readonly chips = new Map<Mark | "all", HTMLButtonElement>();
  private readonly find = need<HTMLInputElement>("#find");
  private chosen: string | null = null;
  private lit: string | null = null;
  private readings: Readings | null = null;
  private feed: FeedState = { feed: "disconnected", trouble: "" };
  private since = Date.now();
  private dirty = true;
  private panelsAt = 0;
  private addressTimer = 0;

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
        this.remember();
      },
    });
    this.table = new FleetTable(need("#fleet-rows"), need("#fleet-heads"), (ship, open) => (open ? this.open(ship) : this.choose(ship)), (ship) => this.light(ship), () => (this.panelsAt = 0));
    this.events = new EventList(need("#events"), need("#voice"), (ship) => this.choose(ship));
    this.controls();
    this.keys();
    this.restore();
    addEventListener("popstate", () => this.restore());
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
        this.since = Date.now();
        this.panelsAt = 0;
      },
      // The server asks for a sign-in and comes back to this very view.
      signedOut: () => location.reload(),
    });
    void this.loadPlanets();
    requestAnimationFrame(() => this.turn());
  }

  /** The server's clock now. */
  private now(): number {
    return Date.now() + this.offset.value;
  }

  private async loadPlanets(): Promise<void> {
    try {
      for (const planet of await fetchPlanets()) this.planets.set(planet.name, planet);
      this.dirty = true;
    } catch {
      setTimeout(() => void this.loadPlanets(), 3000);
    }
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
    const connected = this.connection.connected;
    const sights = [...this.fleet.ships.values()].map((ship): Sight => {
      const mark = markOf(ship, now, connected);
      const moving = mark === "ok" || mark === "repair";
      return { ship, mark, at: (moving && this.motion.at(ship.ship, moment)) || ship, fact: this.fact(ship, mark, now), chosen: ship.ship === this.chosen, lit: ship.ship === this.lit, shown: this.passes(ship, mark) };
    });
    this.map.show(sights, [...this.planets.values()]);
    const ship = this.chosen ? this.fleet.ships.get(this.chosen) : undefined;
    const live = ship !== undefined && linkOf(ship, now, connected) === "live";
    this.renderer.draw({ view: this.map.view, planets: [...this.planets.values()], sights, trail: this.trail(), heading: ship && live ? destination(ship, this.planets) : null, layers: this.layers });
  }

  private trail(): Point[] {
    if (!this.readings) return [];
    const [x, y] = [this.readings.columns.indexOf("x"), this.readings.columns.indexOf("y")];
    return this.readings.rows.map((row) => ({ x: row[x] ?? 0, y: row[y] ?? 0 }));
  }

  private fact(ship: ShipState, mark: Mark, now: number): string {
    if (mark === "repair") return `repair ${ship.repair ?? 0} of 5`;
    if (mark === "failure") return `lost ${age(now - (ship.ended ?? ship.seen))} ago`;
    if (mark === "late" || mark === "lost") return `last seen ${age(now - ship.seen)}`;
    if (mark === "ended") return "home";
    const eta = arrivesIn(ship, this.planets);
    return `health ${number(ship.total, 2)}${eta === null ? "" : `, arrives in ${age(eta).replace(/\.\d s/, " s")}`}`;
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
    this.badge(now, all);
    const counts = new Map<Mark, number>();
    for (const ship of all) counts.set(markOf(ship, now, connected), (counts.get(markOf(ship, now, connected)) ?? 0) + 1);
    for (const [key, chip] of this.chips) {
      say(chip.querySelector("b") as Element, String(key === "all" ? all.length : (counts.get(key) ?? 0)));
      chip.setAttribute("aria-pressed", String(key === "all" ? this.filters.size === 0 : this.filters.has(key)));
    }
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
    return this.feed.feed === "disconnected" ? "No connection to headquarters yet." : "No ship is in flight. `make run` flies a demo fleet; `hocotate-ship --help` says how to fly one.";
  }

  private badge(now: number, all: ShipState[]): void {
    const connected = this.connection.connected;
    const before = this.feed.feed;
    this.feed = feedOf({ connected, made: this.fleet.made, newest: this.fleet.newest, now, source: this.fleet.source });
    const { feed, trouble } = this.feed;
    const badge = need<HTMLElement>("#feed");
    badge.dataset["feed"] = feed;
    badge.className = `badge ${{ live: "live", late: "late", disconnected: "down" }[feed]}`;
    const word = { live: "Live", late: "Late", disconnected: "Disconnected" }[feed];
    if (badge.dataset["word"] !== word) {
      badge.dataset["word"] = word;
      badge.replaceChildren(markIcon(({ live: "good", late: "warn", disconnected: "bad" } as const)[feed], 10), word, h("small"));
    }
    const newest = this.fleet.newest === null ? "no message yet" : `newest message ${age(now - this.fleet.newest)} ago`;
    say(badge.querySelector("small") as Element, feed === "disconnected" ? `since ${clock(this.since)} UTC` : newest);
    const active = all.filter((ship) => !ship.outcome);
    const live = active.filter((ship) => linkOf(ship, now, connected) === "live").length;
    say(need("#current"), `${number(live)} of ${number(active.length)} active ships current`);
    document.body.dataset["feed"] = feed;
    need("#banner").toggleAttribute("hidden", trouble === "");
    need("#banner").className = `bn cut ${feed === "disconnected" ? "bad" : "warn"}`;
    say(need("#banner-fact"), trouble);
    const wait = this.connection.nextTry === null ? "Trying now." : `Next try in ${Math.max(0, Math.ceil((this.connection.nextTry - Date.now()) / 1000))} s.`;
    say(need("#banner-remedy"), feed === "disconnected" ? `Ships are shown where they were last seen. ${wait}` : "Ships are shown where they were last seen.");
    need("#try-now").toggleAttribute("hidden", feed !== "disconnected");
    if (before !== feed) say(need(feed === "disconnected" ? "#alarm" : "#voice"), `Feed: ${word}. ${trouble}`);
  }

  /** The part of the page's address that tells this view. */
  private address(): string {
    return write({ ship: this.chosen, show: [...this.filters], find: this.find.value, place: this.map.place });
  }

  /** Bring the address up to date soon: going back undoes a selection, and nothing else. */
  private remember(): void {
    this.addressTimer ||= window.setTimeout(() => this.rememberNow(), ADDRESS_AFTER_MS);
  }

  private rememberNow(): void {
    clearTimeout(this.addressTimer);
    this.addressTimer = 0;
    const address = this.address();
    if (address !== location.search) history.replaceState(null, "", address || location.pathname);
  }

  /** Take the view over that the address tells. */
  private restore(): void {
    const shared = read(location.search);
    this.filters.clear();
    for (const mark of shared.show) this.filters.add(mark);
    this.find.value = shared.find;
    if (shared.place) this.map.look(shared.place);
    this.choose(shared.ship, false);
    this.panelsAt = 0;
  }

  private choose(ship: string | null, remember = true): void {
    if (ship === this.chosen) return;
    if (remember) this.rememberNow();
    this.chosen = ship;
    this.readings = null;
    this.map.following = false;
    this.ask();
    if (remember) history.pushState(null, "", this.address() || location.pathname);
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
    const chips = need("#chips");
    for (const key of ["all", ...ORDER] as const) {
      const word = key === "all" ? "All" : WORDS[key];
      const chip = h("button", { class: "chip", type: "button", "data-filter": key, title: word });
      if (key !== "all") chip.append(markIcon(key, 11));
      chip.append(h("b", {}, "0"), h("span", { class: "lbl" }, word));
      chip.addEventListener("click", () => this.toggleFilter(key));
      this.chips.set(key, chip);
      chips.append(chip);
    }
    need("#legend").append(...ORDER.map((mark) => h("span", {}, markIcon(mark, 10), WORDS[mark])), h("span", {}, wayIcon("5 4"), "out"), h("span", {}, wayIcon("1.5 4"), "back"));
    for (const button of document.querySelectorAll<HTMLElement>("[data-layer]")) {
      button.addEventListener("click", () => {
        const layer = button.dataset["layer"] as keyof typeof this.layers;
        this.layers[layer] = !this.layers[layer];
        button.setAttribute("aria-pressed", String(this.layers[layer]));
        this.dirty = true;
      });
    }
    this.find.addEventListener("input", () => {
      this.panelsAt = 0;
      this.remember();
    });
    const actions: Record<string, () => void> = {
      "zoom-in": () => this.map.zoomBy(1.5),
      "zoom-out": () => this.map.zoomBy(1 / 1.5),
      fit: () => this.map.fitAll([...this.planets.values()]),
      inner: () => this.map.fitPoints([...this.planets.values()].filter((planet) => planet.band === "inner" || planet.band === "home")),
      follow: () => this.toggleFollow(),
      "try-now": () => this.connection.tryNow(),
    };
    document.addEventListener("click", (event) => {
      const act = (event.target as HTMLElement).closest<HTMLElement>("[data-act]")?.dataset["act"];
      if (act) actions[act]?.();
    });
    for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", () => need<HTMLDialogElement>("#help").showModal());
    for (const tab of document.querySelectorAll<HTMLElement>("[data-tab]")) {
      tab.addEventListener("click", () => {
        document.body.dataset["tab"] = tab.dataset["tab"];
        for (const other of document.querySelectorAll<HTMLElement>("[data-tab][role=tab]")) other.setAttribute("aria-selected", String(other === tab));
      });
    }
  }

  private toggleFilter(key: Mark | "all"): void {
    if (key === "all") this.filters.clear();
    else if (!this.filters.delete(key)) this.filters.add(key);
    this.panelsAt = 0;
    this.remember();
  }

  private step(by: number, attention = false): void {
    const names = this.table.order().filter((name) => !attention || document.querySelector(`tr[data-ship="${CSS.escape(name)}"]:not([data-mark="ok"]):not([data-mark="ended"])`));
    const here = names.indexOf(this.chosen ?? "");
    const next = names[(here + by + names.length) % names.length];
    if (next) this.choose(next);
  }

  private keys(): void {
    const actions: Record<string, () => void> = {
      "/": () => this.find.focus(),
      j: () => this.step(1),
      k: () => this.step(-1),
      a: () => this.step(1, true),
      f: () => this.toggleFollow(),
      "0": () => this.map.fitAll([...this.planets.values()]),
      h: () => this.map.fitPoints([...this.planets.values()].filter((planet) => planet.band === "inner" || planet.band === "home")),
      "+": () => this.map.zoomBy(1.5),
      "-": () => this.map.zoomBy(1 / 1.5),
      t: () => document.querySelector<HTMLElement>("tr[data-ship][tabindex='0']")?.focus(),
      ArrowLeft: () => this.map.panBy(-60, 0),
      ArrowRight: () => this.map.panBy(60, 0),
      ArrowUp: () => this.map.panBy(0, -60),
      ArrowDown: () => this.map.panBy(0, 60),
      Enter: () => this.chosen && this.open(this.chosen),
      "?": () => need<HTMLDialogElement>("#help").showModal(),
    };
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") return this.letGo();
      const target = event.target as HTMLElement;
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || target.closest("input, select, textarea, button, a, tr, dialog")) return;
      const action = actions[event.key] ?? actions[event.key.toLowerCase()];
      if (!action) return;
      event.preventDefault();
      action();
    });
  }

  private letGo(): void {
    if (document.activeElement === this.find) this.find.blur();
    if (this.find.value || this.filters.size) {
      this.find.value = "";
      this.filters.clear();
      this.panelsAt = 0;
      this.remember();
    } else this.choose(null);
  }
}

new Radar();
