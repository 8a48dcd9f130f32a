// The map's colours and fonts, read from the tokens once for each theme.
import { token } from "./dom";
import type { Colours } from "./marks";

const TOKENS = [
  "map-bg", "map-grid", "map-ring", "map-route", "map-planet", "map-planet-edge", "map-text", "map-halo",
  "text-1", "text-2", "text-3", "accent", "bad", "warn", "good",
  "mark-ok", "mark-ok-edge", "mark-repair", "mark-repair-edge", "mark-failure", "mark-failure-edge",
  "mark-failure-cross", "mark-failure-rim", "mark-late", "mark-lost",
];

export class Palette {
  readonly colours: Colours = Object.fromEntries(TOKENS.map((name) => [name, token(name)]));
  readonly ui = token("font-ui");
  readonly mono = token("font-mono");
  /** Yellow lines can't be seen on paper. */
  readonly lines = this.of(light(this.of("map-bg")) ? "mark-ok-edge" : "mark-ok");

  of(name: string): string {
    return this.colours[name] ?? "#888";
  }
}

function light(colour: string): boolean {
  const [r = 0, g = 0, b = 0] = (colour.match(/[\da-f]{2}/gi) ?? []).map((pair) => parseInt(pair, 16));
  return r + g + b > 384;
}
