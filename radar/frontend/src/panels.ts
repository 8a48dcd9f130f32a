// All that stands around the map, brought up to date together four times a second.
import type { FeedBadge } from "./badge";
import type { Connection } from "./connection";
import type { Dock } from "./dock";
import { need, say } from "./dom";
import type { EventList } from "./events";
import type { Favourites } from "./favourites";
import type { Filtering } from "./filtering";
import type { Fleet } from "./fleet";
import { number } from "./format";
import type { Picture } from "./freeze";
import { markOf, type Mark } from "./honesty";
import type { Assessed } from "./order";
import type { Readings } from "./series";
import type { FleetTable } from "./table";
import { TABLE } from "./texts";
import type { Planet } from "./world";

export interface PanelParts {
  fleet: Fleet;
  planets: Map<string, Planet>;
  filtering: Filtering;
  favourites: Favourites;
  table: FleetTable;
  events: EventList;
  badge: FeedBadge;
  dock: Dock;
}

export interface PanelView {
  /** The server's clock; the feed is judged by it, also while the picture stands still. */
  now: number;
  picture: Picture;
  connection: Connection;
  /** Whether this is the past; then the live feed's state says nothing of it. */
  replaying: boolean;
  chosen: string | null;
  readings: Readings | null;
  following: boolean;
}

export class Panels {
  constructor(private readonly parts: PanelParts) {}

  update(view: PanelView): void {
    const { fleet, planets, filtering, favourites, table, events, badge } = this.parts;
    const { connection, chosen } = view;
    if (!view.replaying) badge.update(view.now, fleet, connection);
    const { now, connected, ships } = view.picture;
    const marks = new Map<Mark, number>();
    const all: Assessed[] = [];
    for (const ship of ships.values()) {
      const mark = markOf(ship, now, connected);
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
      all.push({ ship, mark });
    }
    filtering.count(all.length, marks);
    const shown = all.filter(({ ship, mark }) => filtering.passes(ship, mark));
    table.update({ ships: shown, planets, now, connected, chosen, favourites: favourites.all });
    this.caption(shown.length, all.length, view.replaying);
    events.update(view.picture.events, chosen);
    this.dock(view, all, marks);
  }

  private caption(shown: number, all: number, replaying: boolean): void {
    const { table } = this.parts;
    say(need("#fleet-caption"), shown < all ? TABLE.some(number(shown), number(all)) : TABLE.whole(number(all), all === 1, table.sorted.by === "state" && !table.sorted.down));
    need("#fleet-empty").toggleAttribute("hidden", shown > 0);
    const unconnected = replaying ? TABLE.notRecorded : this.parts.badge.feed === "disconnected" ? TABLE.notConnected : TABLE.noShip;
    say(need("#fleet-empty-text"), all ? TABLE.nonePasses : unconnected);
  }

  private dock({ picture, chosen, readings, following }: PanelView, ships: Assessed[], marks: Map<Mark, number>): void {
    const { planets, favourites, dock } = this.parts;
    const { now, connected, newestOf, counts, merged } = picture;
    const ship = chosen === null ? undefined : picture.ships.get(chosen);
    if (ship) {
      const newest = newestOf.get(ship.ship) ?? null;
      dock.showShip({ ship, newest, readings, planets, now, connected, following, favourite: favourites.all.has(ship.ship) });
    } else if (chosen !== null && ships.length) dock.showGone(chosen);
    else dock.showFleet({ ships, marks, counts, merged, now, connected });
  }
}
