// Edges between map, table and dock that can be dragged, or moved by arrow keys; the browser keeps where they are.
import { keep, kept, type Store } from "./stored";

const STEP_PX = 16;
/** No panel takes more of the window than this share. */
const MOST = 0.6;

export interface Edge {
  /** The custom property that the style sheet reads, and the name under which the size is kept. */
  property: "--w-fleet" | "--h-dock";
  /** A wide panel is at the right, a high one below: either grows towards the map. */
  axis: "x" | "y";
  /** px */
  least: number;
}

/** The size within its limits, in whole px. */
export function limited(size: number, least: number, window: number): number {
  return Math.round(Math.max(least, Math.min(size, window * MOST)));
}

/** Makes an edge of `panel` movable; `page` carries the property. */
export function listenToEdge(handle: HTMLElement, panel: HTMLElement, page: HTMLElement, edge: Edge, store: Store): void {
  const { property, axis, least } = edge;
  const key = `radar${property}`;
  const window = (): number => (axis === "x" ? innerWidth : innerHeight);
  const size = (): number => (axis === "x" ? panel.offsetWidth : panel.offsetHeight);
  const tell = (): void => {
    handle.setAttribute("aria-valuemin", String(least));
    handle.setAttribute("aria-valuemax", String(limited(Infinity, least, window())));
    handle.setAttribute("aria-valuenow", String(size()));
  };
  const set = (px: number): void => {
    // A smaller window later on must not hide the map.
    page.style.setProperty(property, `min(${limited(px, least, window())}px, ${MOST * 100}v${axis === "x" ? "w" : "h"})`);
    tell();
  };
  const save = (): void => keep(store, key, String(size()));
  const before = Number(kept(store, key));
  if (before > 0) set(before);
  else tell();

  handle.addEventListener("pointerdown", (event) => {
    handle.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  handle.addEventListener("pointermove", (event) => {
    if (handle.hasPointerCapture(event.pointerId)) set(axis === "x" ? innerWidth - event.clientX : panel.getBoundingClientRect().bottom - event.clientY);
  });
  handle.addEventListener("pointerup", save);
  handle.addEventListener("dblclick", () => {
    page.style.removeProperty(property);
    keep(store, key, "");
    tell();
  });
  handle.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: axis === "x" ? 1 : 0, ArrowRight: axis === "x" ? -1 : 0, ArrowUp: axis === "y" ? 1 : 0, ArrowDown: axis === "y" ? -1 : 0 }[event.key];
    if (!by) return;
    event.preventDefault();
    set(size() + by * STEP_PX);
    save();
  });
}
