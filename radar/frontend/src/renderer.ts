// What draws the map. Another renderer (WebGL, say) has to offer just this.
import type { Mark } from "./honesty";
import type { Pointer } from "./pointers";
import type { ShipState } from "./protocol";
import type { View } from "./view";
import type { Planet, Point, Space } from "./world";

/** A ship as it is drawn. One object a ship, kept from picture to picture. */
export interface Sight {
  ship: ShipState;
  mark: Mark;
  /** Where it is in this picture, km. */
  at: Space;
  /** Flown on beyond its last message: an estimate. */
  estimated: boolean;
  /** The one fact that matters, under its name; empty for most. */
  fact: string;
  chosen: boolean;
  /** Lit by the pointer, here or in the table. */
  lit: boolean;
  /** Passes the filters; the others are not drawn. */
  shown: boolean;
  /** When it failed before the eyes of this page, ms on the page's clock; it is ringed once. */
  struck: number;
  /** Where it is seen, px; the renderer's. */
  px: Point;
  /** Whether that is in the picture or close beside it; the others are not drawn. */
  near: boolean;
}

export interface Layers {
  labels: boolean;
  trails: boolean;
  routes: boolean;
  grid: boolean;
}

export interface Scene {
  view: View;
  planets: ReadonlyMap<string, Planet>;
  sights: readonly Sight[];
  /** Places of the chosen ship over the last minutes, oldest first (km). */
  trail: readonly Space[];
  /** Where the chosen ship is going, null when nowhere or unknown. */
  heading: Planet | null;
  layers: Layers;
  /** Whether trails and heading lines are drawn; decoration that goes first when pictures get slow. */
  decorated: boolean;
  /** ms on the page's clock; labels are placed anew a few times a second. */
  moment: number;
}

export interface Renderer {
  /** Draws a scene. */
  draw(scene: Scene): void;
  /** The canvas changed its size, or the theme its colours. */
  refresh(): void;
  /** Pointers to failed ships beyond the edge, as drawn last, and those for which there was no room. */
  readonly pointers: readonly Pointer<Sight>[];
  readonly rest: readonly Sight[];
}
