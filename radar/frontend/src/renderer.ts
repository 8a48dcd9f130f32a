// What draws the map. Another renderer (WebGL, say) has to offer just this.
import type { Mark } from "./honesty";
import type { ShipState } from "./protocol";
import type { Planet, Point } from "./world";
import type { View } from "./view";

/** A ship as it is drawn: its state, its mark, and where it is in this picture (km). */
export interface Sight {
  ship: ShipState;
  mark: Mark;
  at: Point;
  /** The one fact that matters, under its name; empty for most. */
  fact: string;
  chosen: boolean;
  /** Lit by the pointer, here or in the table. */
  lit: boolean;
  /** Passes the filters; the others are not drawn. */
  shown: boolean;
}

export interface Scene {
  view: View;
  planets: Planet[];
  sights: Sight[];
  /** Places of the chosen ship over the last minutes, oldest first (km). */
  trail: Point[];
  /** Where the chosen ship is going, null when nowhere or unknown. */
  heading: Planet | null;
  layers: { labels: boolean; trails: boolean; routes: boolean; grid: boolean };
}

export interface Renderer {
  /** Draws a scene. */
  draw(scene: Scene): void;
  /** The canvas changed its size, or the theme its colours. */
  refresh(): void;
}
