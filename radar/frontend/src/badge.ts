// The badge over the map that says whether the feed is live, and the banner that says what stands still.
import type { Connection } from "./connection";
import { h, need, say } from "./dom";
import type { Fleet } from "./fleet";
import { age, clock, number } from "./format";
import { feedOf, linkOf, type Feed, type FeedState } from "./honesty";
import { markIcon } from "./marks";
import { FEED } from "./texts";

const LOOK = { live: "live", late: "late", disconnected: "down" } as const;
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

  update(now: number, fleet: Fleet, connection: Connection): void {
    const { connected, nextTry } = connection;
    const before = this.state.feed;
    this.state = feedOf({ connected, made: fleet.made, newest: fleet.newest, now, source: fleet.source });
    const { feed, trouble } = this.state;
    this.draw(now, fleet);
    const active = [...fleet.ships.values()].filter((ship) => !ship.outcome);
    const live = active.filter((ship) => linkOf(ship, now, connected) === "live").length;
    say(need("#current"), FEED.current(number(live), number(active.length)));
    document.body.dataset["feed"] = feed;
    this.banner(nextTry);
    if (before !== feed) say(need(feed === "disconnected" ? "#alarm" : "#voice"), FEED.sentence(feed, trouble));
  }

  private draw(now: number, fleet: Fleet): void {
    const { feed } = this.state;
    const badge = need<HTMLElement>("#feed");
    badge.dataset["feed"] = feed;
    badge.className = `badge ${LOOK[feed]}`;
    if (badge.dataset["word"] !== FEED.words[feed]) {
      badge.dataset["word"] = FEED.words[feed];
      badge.replaceChildren(markIcon(ICON[feed], 10), FEED.words[feed], h("small"));
    }
    const newest = fleet.newest === null ? FEED.noMessage : FEED.newest(age(now - fleet.newest));
    say(badge.querySelector("small") as Element, feed === "disconnected" ? FEED.since(clock(this.since)) : newest);
  }

  private banner(nextTry: number | null): void {
    const { feed, trouble } = this.state;
    need("#banner").toggleAttribute("hidden", trouble === "");
    need("#banner").className = `bn cut ${feed === "disconnected" ? "bad" : "warn"}`;
    say(need("#banner-fact"), trouble);
    const wait = nextTry === null ? FEED.trying : FEED.nextTry(Math.max(0, Math.ceil((nextTry - Date.now()) / 1000)));
    say(need("#banner-remedy"), feed === "disconnected" ? `${FEED.remedy} ${wait}` : FEED.remedy);
    need("#try-now").toggleAttribute("hidden", feed !== "disconnected");
  }
}
