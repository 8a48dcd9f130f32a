// The panel of the chosen ship. Its texts change in place, so that focus, selection and screen readers stay calm.
import { h, say } from "./dom";
import { linkOf, markOf, type Mark } from "./honesty";
import { HealthBars } from "./healthbars";
import { Terms } from "./terms";
import { LegBar } from "./legbar";
import { markIcon } from "./marks";
import { ReadingBox, READINGS } from "./readingbox";
import { setStar, starButton } from "./row";
import { seriesOf, valueOf } from "./series";
import { arrivalWord, fuelWord, phaseWord, seenWord, stateWord, type ShipFacts } from "./shipfacts";
import { PANEL } from "./texts";
import { share } from "./world";

export interface PanelFacts extends ShipFacts {
  following: boolean;
  favourite: boolean;
}

export class ShipPanel {
  private readonly icon = h("span", { class: "icon-box" });
  private readonly tag = h("a", { class: "tag" });
  private readonly star: HTMLButtonElement;
  private readonly terms = new Terms(["captain", "state", "phase", "arrives", "fuel", "seen"], PANEL.terms);
  private readonly leg = new LegBar();
  private readonly health = new HealthBars();
  private readonly boxes = READINGS.map((reading) => ({ reading, box: new ReadingBox(reading) }));
  private readonly grid = h("div", { class: "read" }, ...this.boxes.map(({ box }) => box.element));
  private readonly follow = h("button", { class: "btn", type: "button", "data-act": "follow" });
  private readonly links = [h("a", {}, PANEL.mission), h("a", {}, PANEL.history), h("a", {}, PANEL.reports)] as const;
  readonly nodes: HTMLElement[];
  private mark: Mark | null = null;

  constructor(readonly name: string) {
    this.star = starButton(name);
    const head = h("div", { class: "name" }, this.icon, h("span", { class: "mono" }, name), this.star, h("span", { class: "sp" }), this.tag);
    const acts = h("div", { class: "acts" }, this.follow, ...this.links);
    this.nodes = [h("div", { class: "ident" }, head, this.terms.list, this.leg.element, this.health.element, acts), this.grid];
  }

  show(facts: PanelFacts): void {
    const { ship, newest, now, connected, planets } = facts;
    const mark = markOf(ship, now, connected);
    const link = linkOf(ship, now, connected);
    this.head(facts, mark);
    const { terms } = this;
    terms.say("captain", ship.captain);
    terms.say("state", mark === "ok" ? "" : stateWord(ship, mark));
    terms.say("phase", phaseWord(facts));
    terms.say("arrives", arrivalWord(facts));
    const fuel = fuelWord(facts);
    terms.say("fuel", fuel.text, fuel.short ? "warn" : "");
    terms.say("seen", seenWord(facts), link === "late" ? "warn" : "");
    this.leg.show(ship, share(ship, planets));
    this.health.show(ship, newest?.health ?? null);
    this.grid.classList.toggle("stale", link !== "live");
    const times = seriesOf(facts.readings, "at");
    for (const { reading, box } of this.boxes) {
      const series = seriesOf(facts.readings, reading.column);
      // Each ship's record tells these three; the rest comes with the whole message of a watched one.
      const told: Record<string, number> = { total: ship.total, fuel: ship.fuel, dist: ship.dist };
      const value = newest ? (valueOf(newest, reading.column) ?? told[reading.column] ?? series.at(-1)) : told[reading.column];
      box.show(value, times, series);
    }
  }

  private head({ ship, following, favourite }: PanelFacts, mark: Mark): void {
    if (this.mark !== mark) this.icon.replaceChildren(markIcon(mark, 13));
    this.mark = mark;
    setStar(this.star, favourite);
    const page = `/missions/${ship.mission}/`;
    say(this.tag, String(ship.mission));
    [this.tag, ...this.links].forEach((link, i) => link.setAttribute("href", page + (["", "", "#readings", "#reports"][i] ?? "")));
    this.follow.setAttribute("aria-pressed", String(following));
    say(this.follow, following ? PANEL.following : PANEL.follow);
  }
}
