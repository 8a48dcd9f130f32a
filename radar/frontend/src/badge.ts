// The badge over the map that says whether the feed is live, and the banner that says what stands still.
import type { Connection } from "./connection";
import { h, need, say } from "./dom";
import { age, clock, number } from "./format";
import { feedOf, linkOf, type Feed, type FeedState } from "./honesty";
import { markIcon } from "./marks";
import type { FleetView } from "./stage";

const LOOK = { live: "live", late: "late", disconnected: "down" } as const;
const WORD = { live: "Live", late: "Late", disconnected: "Disconnected" } as const;
const ICON = { live: "good", late: "warn", disconnected: "bad" } as const;

export class FeedBadge {
  private state: FeedState = { feed: "disconnected", trouble: "" };
  private since = Date.now();

  get feed(): Feed {
    return this.state.feed;
  }

  /** The connection has just gone. */
  closed(): void {
    this.since = Date.now();
  }

  update(now: number, fleet: FleetView, connection: Connection): void {
    if (fleet.replaying) return;
    const { connected, nextTry } = connection;
    const before = this.state.feed;
    this.state = feedOf({ connected, made: fleet.made, newest: fleet.newest, now, source: fleet.source });
    const { feed, trouble } = this.state;
    this.draw(now, fleet);
    const active = [...fleet.ships.values()].filter((ship) => !ship.outcome);
    const live = active.filter((ship) => linkOf(ship, now, connected) === "live").length;
    say(need("#current"), `${number(live)} of ${number(active.length)} active ships current`);
    document.body.dataset["feed"] = feed;
    this.banner(nextTry);
    if (before !== feed) say(need(feed === "disconnected" ? "#alarm" : "#voice"), `Feed: ${WORD[feed]}. ${trouble}`);
  }

  private draw(now: number, fleet: FleetView): void {
    const { feed } = this.state;
    const badge = need<HTMLElement>("#feed");
    badge.dataset["feed"] = feed;
    badge.className = `badge ${LOOK[feed]}`;
    if (badge.dataset["word"] !== WORD[feed]) {
      badge.dataset["word"] = WORD[feed];
      badge.replaceChildren(markIcon(ICON[feed], 10), WORD[feed], h("small"));
    }
    const newest = fleet.newest === null ? "no message yet" : `newest message ${age(now - fleet.newest)} ago`;
    say(badge.querySelector("small") as Element, feed === "disconnected" ? `since ${clock(this.since)} UTC` : newest);
  }

  private banner(nextTry: number | null): void {
    const { feed, trouble } = this.state;
    need("#banner").toggleAttribute("hidden", trouble === "");
    need("#banner").className = `bn cut ${feed === "disconnected" ? "bad" : "warn"}`;
    say(need("#banner-fact"), trouble);
    const wait = nextTry === null ? "Trying now." : `Next try in ${Math.max(0, Math.ceil((nextTry - Date.now()) / 1000))} s.`;
    say(need("#banner-remedy"), feed === "disconnected" ? `Ships are shown where they were last seen. ${wait}` : "Ships are shown where they were last seen.");
    need("#try-now").toggleAttribute("hidden", feed !== "disconnected");
  }
}
