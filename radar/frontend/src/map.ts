// The map's behaviour: pan, zoom, fit, follow, hover and choice. Drawing is the renderer's.
import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent } from "d3-zoom";
import type { Place } from "./address";
import { say } from "./dom";
import { number } from "./format";
import { ORDER } from "./marks";
import type { Renderer, Sight } from "./renderer";
import { clampScale, fit, NARROWEST_KM, scaleBar, toScreen, WIDEST_KM, type Padding, type Size, type View } from "./view";
import type { Point } from "./world";

const HIT_PX = 12;
const HIT_TOUCH_PX = 22;
const PADDING: Padding = { top: 56, right: 70, bottom: 56, left: 60 };
const BAR_PX = 110;
/** How wide the picture is at zoom 1. */
const WIDTH_KM = 1e9;

export interface MapListener {
  chosen(ship: string | null): void;
  opened(ship: string): void;
  hovered(ship: string | null): void;
  changed(): void;
}

/** Hocotate, which each first view holds; so that there is one even before the planets are known. */
const HOME: Point = { x: 0, y: 0 };

export class FleetMap {
  view: View = { x: 0, y: 0, scale: 1e-6 };
  following = false;
  private size: Size = { width: 1, height: 1 };
  private readonly behaviour = zoom<HTMLCanvasElement, unknown>();
  private sights: Sight[] = [];
  private fitted = false;
  /** Whether somebody has moved the view, and it isn't one that follows from the fleet. */
  private moved = false;
  private byCode = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly renderer: Renderer,
    private readonly scale: { bar: HTMLElement; text: HTMLElement },
    private readonly listener: MapListener,
  ) {
    this.measure();
    select(canvas).call(this.behaviour).on("dblclick.zoom", null);
    this.behaviour.on("zoom", (event: D3ZoomEvent<HTMLCanvasElement, unknown>) => this.zoomed(event));
    new ResizeObserver(() => {
      this.measure();
      this.renderer.refresh();
      this.listener.changed();
    }).observe(canvas);
    canvas.addEventListener("click", (event) => this.listener.chosen(this.hit(event)));
    canvas.addEventListener("dblclick", (event) => {
      const ship = this.hit(event);
      if (ship) this.listener.opened(ship);
    });
    canvas.addEventListener("pointermove", (event) => this.listener.hovered(this.hit(event)));
    canvas.addEventListener("pointerleave", () => this.listener.hovered(null));
  }

  /** The ships of the next picture; the first ones fit the view. */
  show(sights: Sight[], planets: Point[]): void {
    this.sights = sights;
    if (!this.fitted && sights.length && planets.length) {
      this.fitted = true;
      this.fitAll(planets);
    }
    const chosen = sights.find((sight) => sight.chosen);
    if (this.following && chosen) this.set({ ...this.view, x: chosen.at.x, y: chosen.at.y });
  }

  /** Where the view was moved to; null while it is one that follows from the fleet. */
  get place(): Place | null {
    if (!this.moved || this.following) return null;
    return { x: this.view.x / 1e6, y: this.view.y / 1e6, k: (this.view.scale * WIDTH_KM) / this.size.width };
  }

  /** Look at a place, instead of fitting the first ships. */
  look(place: Place): void {
    this.fitted = this.moved = true;
    this.set({ x: place.x * 1e6, y: place.y * 1e6, scale: clampScale((place.k * this.size.width) / WIDTH_KM, this.size) });
  }

  fitAll(planets: Point[]): void {
    const ships = this.sights.filter((sight) => sight.shown && sight.mark !== "failure").map((sight) => sight.at);
    this.stopFollowing();
    this.moved = false;
    this.set(fit([...(ships.length > 1 ? ships : planets), HOME], this.size, PADDING));
  }

  fitPoints(points: Point[]): void {
    this.stopFollowing();
    this.moved = true;
    if (points.length) this.set(fit(points, this.size, PADDING));
  }

  zoomBy(factor: number): void {
    this.moved = true;
    this.set({ ...this.view, scale: clampScale(this.view.scale * factor, this.size) });
  }

  panBy(dx: number, dy: number): void {
    this.stopFollowing();
    this.moved = true;
    this.set({ ...this.view, x: this.view.x + dx / this.view.scale, y: this.view.y - dy / this.view.scale });
  }

  private stopFollowing(): void {
    this.following = false;
  }

  private measure(): void {
    const box = this.canvas.getBoundingClientRect();
    this.size = { width: Math.max(1, box.width), height: Math.max(1, box.height) };
    this.behaviour.scaleExtent([this.size.width / WIDEST_KM / 1e-6, this.size.width / NARROWEST_KM / 1e-6]);
    this.set(this.view);
  }

  /** d3 keeps the truth about the view, so that dragging goes on from wherever code has put it. */
  private set(view: View): void {
    const k = view.scale / 1e-6;
    const transform = zoomIdentity.translate(this.size.width / 2 - view.x * view.scale, this.size.height / 2 + view.y * view.scale).scale(k);
    this.byCode = true;
    select(this.canvas).call(this.behaviour.transform, transform);
    this.byCode = false;
  }

  private zoomed(event: D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    const scale = event.transform.k * 1e-6;
    this.view = { x: (this.size.width / 2 - event.transform.x) / scale, y: (event.transform.y - this.size.height / 2) / scale, scale };
    if (!this.byCode) {
      this.stopFollowing();
      this.moved = true;
    }
    const km = scaleBar(scale, BAR_PX);
    this.scale.bar.style.width = `${km * scale}px`;
    say(this.scale.text, `${number(km / 1e6, km < 1e6 ? 1 : 0)} M km`);
    this.listener.changed();
  }

  /** The gravest ship under the pointer. */
  private hit(event: MouseEvent): string | null {
    const box = this.canvas.getBoundingClientRect();
    const at = { x: event.clientX - box.left, y: event.clientY - box.top };
    const reach = matchMedia("(pointer: coarse)").matches ? HIT_TOUCH_PX : HIT_PX;
    const near = this.sights.filter((sight) => {
      const place = toScreen(sight.at, this.view, this.size);
      return sight.shown && Math.hypot(place.x - at.x, place.y - at.y) <= reach;
    });
    near.sort((a, b) => ORDER.indexOf(a.mark) - ORDER.indexOf(b.mark));
    return near[0]?.ship.ship ?? null;
  }
}
