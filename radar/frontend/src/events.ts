// The list of events, newest first; what is grave is read out.
import { h } from "./dom";
import { clock } from "./format";
import { markIcon } from "./marks";
import type { FleetEvent } from "./protocol";

const MOST_SHOWN = 60;
const READ_OUT_EVERY_MS = 5_000;
const ICONS: Record<string, Parameters<typeof markIcon>[0]> = {
  started: "info", repair: "repair", mended: "good", reached: "good", returning: "info", home: "ended",
  failure: "failure", late: "late", lost: "lost", back: "good",
};

export class EventList {
  private newest = 0;
  private readOut = 0;

  constructor(
    private readonly list: HTMLElement,
    private readonly voice: HTMLElement,
    private readonly choose: (ship: string) => void,
  ) {
    list.addEventListener("click", (event) => {
      const ship = (event.target as HTMLElement).closest<HTMLElement>("[data-ship]")?.dataset["ship"];
      if (ship) this.choose(ship);
    });
  }

  update(events: FleetEvent[]): void {
    const newest = events[0]?.id ?? 0;
    if (newest === this.newest && this.list.childElementCount) return;
    const fresh = events.filter((event) => event.id > this.newest);
    const first = this.newest === 0;
    this.newest = newest;
    this.list.replaceChildren(...(events.length ? events.slice(0, MOST_SHOWN).map(item) : [h("li", { class: "muted" }, h("p", {}, "Nothing has happened yet."))]));
    const grave = fresh.find((event) => event.kind === "failure");
    if (grave && !first && Date.now() - this.readOut > READ_OUT_EVERY_MS) {
      this.readOut = Date.now();
      this.voice.textContent = sentence(grave);
    }
  }
}

function sentence(event: FleetEvent): string {
  return event.ship ? `${event.ship} ${event.text}` : event.text;
}

function item(event: FleetEvent): HTMLElement {
  const name = event.ship ? h("button", { class: "mono link", type: "button", "data-ship": event.ship }, event.ship) : null;
  return h("li", {}, h("time", {}, clock(event.at)), markIcon(ICONS[event.kind] ?? "info", 12), h("p", {}, name, event.ship ? ` ${event.text}` : event.text));
}
