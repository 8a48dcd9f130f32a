// The list of events, newest first, by kind and ship; what is grave is read out.
import { h, say } from "./dom";
import { eventsOf, isSort, KIND_SORTS, type EventFilter } from "./eventfilter";
import { clock } from "./format";
import { markIcon } from "./marks";
import type { FleetEvent } from "./protocol";
import { rove, settle } from "./roving";
import { EVENTS } from "./texts";

const BUTTONS = "button.event";
const MOST_SHOWN = 60;
const READ_OUT_EVERY_MS = 5_000;
const ICONS: Record<string, Parameters<typeof markIcon>[0]> = {
  started: "info", repair: "repair", mended: "good", reached: "good", returning: "info", home: "ended",
  failure: "failure", late: "late", lost: "lost", back: "good",
};

export interface EventParts {
  list: HTMLElement;
  voice: HTMLElement;
  kinds: HTMLSelectElement;
  /** Only events of the chosen ship. */
  mine: HTMLButtonElement;
}

export interface EventListener {
  /** To a ship, and the moment (ms) when it happened. */
  jump(ship: string, at: number): void;
  hovered(ship: string | null): void;
}

export class EventList {
  private filter: EventFilter = { sort: "all", mine: false };
  private shown = "";
  private newest = 0;
  private readOut = 0;
  private before: FleetEvent[] = [];
  private chosen: string | null = null;

  constructor(
    private readonly parts: EventParts,
    listener: EventListener,
  ) {
    const { list, kinds, mine } = parts;
    kinds.append(...KIND_SORTS.map((sort) => h("option", { value: sort }, EVENTS.sorts[sort])));
    kinds.addEventListener("change", () => this.narrow({ ...this.filter, sort: isSort(kinds.value) ? kinds.value : "all" }));
    mine.addEventListener("click", () => this.narrow({ ...this.filter, mine: !this.filter.mine }));
    const itemOf = (event: Event): DOMStringMap | undefined => (event.target as HTMLElement).closest<HTMLElement>("[data-at]")?.dataset;
    rove(list, BUTTONS);
    list.addEventListener("click", (event) => {
      const item = itemOf(event);
      if (item?.["ship"]) listener.jump(item["ship"], Number(item["at"]));
    });
    list.addEventListener("mouseover", (event) => listener.hovered(itemOf(event)?.["ship"] ?? null));
    list.addEventListener("mouseleave", () => listener.hovered(null));
  }

  update(events: FleetEvent[], chosen: string | null): void {
    this.before = events;
    this.chosen = chosen;
    this.draw();
    this.announce(events);
  }

  private narrow(filter: EventFilter): void {
    this.filter = filter;
    this.draw();
  }

  private draw(): void {
    const { list, mine } = this.parts;
    mine.disabled = this.chosen === null;
    mine.setAttribute("aria-pressed", String(this.filter.mine && this.chosen !== null));
    const events = eventsOf(this.before, this.filter, this.chosen).slice(0, MOST_SHOWN);
    const key = `${events.map((event) => event.id).join()} ${this.before.length > 0}`;
    if (key === this.shown) return;
    this.shown = key;
    const focused = list.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset["event"] : undefined;
    const none = h("li", { class: "muted" }, h("p", {}, this.before.length ? EVENTS.nonePasses : EVENTS.none));
    list.replaceChildren(...(events.length ? events.map(item) : [none]));
    const again = focused ? list.querySelector<HTMLElement>(`[data-event="${focused}"]`) : null;
    settle(list, BUTTONS, again);
    again?.focus({ preventScroll: true });
  }

  /** At most one sentence in 5 s; what happened before the page was opened is not read out. */
  private announce(events: FleetEvent[]): void {
    const first = this.newest === 0;
    const grave = events.find((event) => event.id > this.newest && event.kind === "failure");
    this.newest = events[0]?.id ?? this.newest;
    if (!grave || first || Date.now() - this.readOut <= READ_OUT_EVERY_MS) return;
    this.readOut = Date.now();
    say(this.parts.voice, EVENTS.sentence(grave.ship, grave.text));
  }
}

function item(event: FleetEvent): HTMLElement {
  const told = { class: "event", "data-at": String(event.at), "data-kind": event.kind };
  const parts = [h("time", { datetime: new Date(event.at).toISOString(), title: EVENTS.replay }, clock(event.at)), markIcon(ICONS[event.kind] ?? "info", 12)];
  if (!event.ship) return h("li", {}, h("div", told, ...parts, h("span", {}, event.text)));
  const text = h("span", {}, h("b", { class: "mono" }, event.ship), ` ${event.text}`);
  return h("li", {}, h("button", { ...told, type: "button", "data-ship": event.ship, "data-event": String(event.id) }, ...parts, text));
}
