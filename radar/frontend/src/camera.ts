// What buttons and keys do to the map's view.
import type { Actions } from "./keys";
import type { FleetMap } from "./map";
import type { Planet } from "./world";

const ZOOM = 1.5;
const PAN_PX = 60;

/** The view's moves, named as the buttons' `data-act` names them. */
export function cameraButtons(map: FleetMap, planets: ReadonlyMap<string, Planet>) {
  return {
    "zoom-in": () => map.zoomBy(ZOOM),
    "zoom-out": () => map.zoomBy(1 / ZOOM),
    fit: () => map.fitAll([...planets.values()]),
    inner: () => map.fitPoints([...planets.values()].filter((planet) => planet.band === "inner" || planet.band === "home")),
  } satisfies Actions;
}

/** The same and panning, by key. */
export function cameraKeys(map: FleetMap, planets: ReadonlyMap<string, Planet>): Actions {
  const { "zoom-in": closer, "zoom-out": wider, fit, inner } = cameraButtons(map, planets);
  return {
    "+": closer,
    "-": wider,
    "0": fit,
    h: inner,
    ArrowLeft: () => map.panBy(-PAN_PX, 0),
    ArrowRight: () => map.panBy(PAN_PX, 0),
    ArrowUp: () => map.panBy(0, -PAN_PX),
    ArrowDown: () => map.panBy(0, PAN_PX),
  };
}
