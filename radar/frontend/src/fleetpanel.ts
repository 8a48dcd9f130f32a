// The panel without a selection: the fleet as a whole. Changed in place.
import { h, say } from "./dom";
import { ABSENT, number } from "./format";
import { phaseOf } from "./filters";
import { linkOf, type Mark } from "./honesty";
import { ORDER, WORDS } from "./marks";
import type { Assessed } from "./order";
import type { Counts, Phase } from "./protocol";
import { Terms } from "./terms";
import { FLEET } from "./texts";

export interface FleetFacts {
  ships: readonly Assessed[];
  marks: ReadonlyMap<Mark, number>;
  counts: Counts;
  merged: number;
  now: number;
  connected: boolean;
}

const TILES = ["current", "outbound", "returning", "health", "messages", "hidden"] as const;
type Tile = (typeof TILES)[number];

export class FleetPanel {
  private readonly terms = new Terms<Mark>(ORDER, WORDS);
  private readonly tiles = new Map<Tile, { value: HTMLElement; note: HTMLElement }>();
  readonly nodes: HTMLElement[];

  constructor() {
    const boxes = TILES.map((key) => {
      const tile = { value: h("div", { class: "v" }), note: h("div", { class: "d" }) };
      this.tiles.set(key, tile);
      return h("div", { class: "rd stat" }, h("div", { class: "k" }, FLEET.titles[key]), tile.value, tile.note);
    });
    this.nodes = [
      h("div", { class: "ident" }, h("div", { class: "name" }, FLEET.title), this.terms.list, h("p", { class: "muted small" }, FLEET.choose)),
      h("div", { class: "read totals" }, ...boxes),
    ];
  }

  show({ ships, marks, counts, merged, now, connected }: FleetFacts): void {
    for (const mark of ORDER) this.terms.say(mark, number(marks.get(mark) ?? 0));
    const phases = new Map<Phase, number>();
    let [active, live, health] = [0, 0, 0];
    for (const { ship } of ships) {
      if (ship.outcome) continue;
      active += 1;
      health += ship.total;
      live += Number(linkOf(ship, now, connected) === "live");
      phases.set(phaseOf(ship), (phases.get(phaseOf(ship)) ?? 0) + 1);
    }
    const inPhase = (phase: Phase): string => number(phases.get(phase) ?? 0);
    this.tell("current", FLEET.current(number(live), number(active)), FLEET.currentNote);
    this.tell("outbound", inPhase("OUTBOUND"), FLEET.outboundNote);
    this.tell("returning", inPhase("RETURNING"), FLEET.returningNote(inPhase("ON_PLANET")));
    this.tell("health", active ? number(health / active, 2) : ABSENT, FLEET.healthNote);
    this.tell("messages", number(counts.messages), FLEET.messagesNote(number(counts.old)));
    this.tell("hidden", number(counts.invalid + counts.unknown), FLEET.hiddenNote(number(counts.invalid), number(counts.unknown), number(merged)));
  }

  private tell(key: Tile, value: string, note: string): void {
    const tile = this.tiles.get(key);
    if (!tile) return;
    say(tile.value, value);
    say(tile.note, note);
  }
}
