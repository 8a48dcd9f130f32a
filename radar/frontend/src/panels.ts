// All that stands around the map, brought up to date together four times a second.
import type { FeedBadge } from "./badge";
import type { Connection } from "./connection";
import type { Dock } from "./dock";
import { need, say } from "./dom";
import type { EventList } from "./events";
import type { Favourites } from "./favourites";
import type { Filtering } from "./filtering";
import { number } from "./format";
import { markOf, type Mark } from "./honesty";
import type { Assessed } from "./order";
import type { Readings } from "./series";
import type { FleetView } from "./stage";
import type { FleetTable } from "./table";
import { TABLE } from "./texts";
import type { Planet } from "./world";

export interface PanelParts {
  fleet: FleetView;
  planets: Map<string, Planet>;
  filtering: Filtering;
  favourites: Favourites;
  table: FleetTable;
  events: EventList;
  badge: FeedBadge;
  dock: Dock;
}

export interface PanelView {
  now: number;
  connection: Connection;
  /** Whether what is shown goes on: the record does without the live feed. */
  connected: boolean;
  chosen: string | null;
  readings: Readings | null;
  following: boolean;
}

export class Panels {
  constructor(private readonly parts: PanelParts) {}

  update(view: PanelView): void {
    const { fleet, planets, filtering, favourites, table, events, badge } = this.parts;
    const { now, connection, connected, chosen } = view;
    badge.update(now, fleet, connection);
    const marks = new Map<Mark, number>();
    const all: Assessed[] = [];
    for (const ship of fleet.ships.values()) {
      const mark = markOf(ship, now, connected);
      marks.set(mark, (marks.get(mark) ?? 0) + 1);
      all.push({ ship, mark });
    }
    filtering.count(all.length, marks);
    const shown = all.filter(({ ship, mark }) => filtering.passes(ship, mark));
    table.update({ ships: shown, planets, now, connected, chosen, favourites: favourites.all });
    this.caption(shown.length, all.length);
    events.update(fleet.events, chosen);
    this.dock(view, all, marks);
  }

  private caption(shown: number, all: number): void {
    const { table } = this.parts;
    say(need("#fleet-caption"), shown < all ? TABLE.some(number(shown), number(all)) : TABLE.whole(number(all), all === 1, table.sorted.by === "state" && !table.sorted.down));
    need("#fleet-empty").toggleAttribute("hidden", shown > 0);
    const unconnected = this.parts.fleet.replaying ? TABLE.notRecorded : this.parts.badge.feed === "disconnected" ? TABLE.notConnected : TABLE.noShip;
    say(need("#fleet-empty-text"), all ? TABLE.nonePasses : unconnected);
  }

  private dock({ now, connected, chosen, readings, following }: PanelView, ships: Assessed[], marks: Map<Mark, number>): void {
    const { fleet, planets, favourites, dock } = this.parts;
    const ship = chosen === null ? undefined : fleet.ships.get(chosen);
    if (ship) {
      const newest = fleet.newestOf.get(ship.ship) ?? null;
      dock.showShip({ ship, newest, readings, planets, now, connected, following, favourite: favourites.all.has(ship.ship) });
    } else if (chosen !== null && ships.length) dock.showGone(chosen);
    else dock.showFleet({ ships, marks, counts: fleet.counts, merged: fleet.merged, now, connected });
  }
}
