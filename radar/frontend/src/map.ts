// The map's behaviour: pan, zoom, tilt, fit, follow, hover and choice. Drawing is the renderer's.
import { select } from "d3-selection";
import { zoom, zoomIdentity, type D3ZoomEvent } from "d3-zoom";
import type { Place } from "./address";
import { Flight } from "./flight";
import { Pointing, type PointingListener } from "./pointing";
import type { Renderer, Scene, Sight } from "./renderer";
import { ScaleBar } from "./scalebar";
import { around, centredOn, clampScale, fit, NARROWEST_KM, PLAN, TILTED, toScreen, WIDEST_KM, type Padding, type Size, type View } from "./view";
import type { Point, Space } from "./world";

const PADDING: Padding = { top: 56, right: 70, bottom: 56, left: 60 };
/** What a view of one ship, or of one planet, shows to each side. */
const SHIP_KM = 6e7;
const PLANET_KM = 1e8;
/** A ship that is chosen this close to the edge, or beyond it, is brought to the middle. */
const EDGE_PX = 40;
/** How wide the picture is at zoom 1. */
const WIDTH_KM = 1e9;
const SCALE = 1e-6;

export type Following = "no" | "yes" | "paused";

export interface MapListener extends PointingListener {
  changed(): void;
}

/** Hocotate, which each first view holds; so that there is one even before the planets are known. */
const HOME: Point = { x: 0, y: 0 };

export class FleetMap {
  view: View = { x: 0, y: 0, scale: SCALE, tilt: PLAN };
  size: Size = { width: 1, height: 1 };
  /** Paused: the map was dragged away from the ship, and offers to follow again. */
  followed: Following = "no";
  private readonly behaviour = zoom<HTMLCanvasElement, unknown>();
  private readonly still = matchMedia("(prefers-reduced-motion: reduce)");
  private readonly pointing: Pointing;
  private readonly scaleBar = new ScaleBar();
  private shown: View | null = null;
  private flight: Flight | null = null;
  private fitted = false;
  /** Whether somebody has moved the view, and it isn't one that follows from the fleet. */
  private moved = false;
  private byCode = false;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly renderer: Renderer,
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
    this.pointing = new Pointing(canvas, renderer, listener, (place) => this.reveal(place));
  }

  /** Draws ships; the first ones fit the view. */
  show(scene: Omit<Scene, "view">): void {
    this.pointing.sights = scene.sights;
    if (!this.fitted && scene.sights.length && scene.planets.size) {
      this.fitted = true;
      this.fitAll([...scene.planets.values()]);
      this.land();
    }
    const chosen = this.chosen();
    if (this.following && chosen) {
      const there = centredOn(chosen.at, this.view);
      if (this.flight) this.flight.to = { ...this.flight.to, ...centredOn(chosen.at, this.flight.to) };
      else if (there.x !== this.view.x || there.y !== this.view.y) this.set(there);
    }
    this.renderer.draw({ ...scene, view: this.view });
  }

  /** Goes on with a move of the camera; whether there is one. */
  step(moment: number): boolean {
    if (!this.flight) return false;
    this.set(this.flight.at(moment));
    if (this.flight.over(moment)) this.flight = null;
    return true;
  }

  /** Whether the picture shows, or has just shown, another part than the last one: ships come into it. */
  get turning(): boolean {
    const turned = this.shown !== this.view;
    this.shown = this.view;
    return turned;
  }

  get following(): boolean {
    return this.followed === "yes";
  }

  set following(follow: boolean) {
    this.followed = follow ? "yes" : "no";
    const chosen = this.chosen();
    if (follow && chosen) this.fly(centredOn(chosen.at, this.view));
    this.listener.changed();
  }

  get tilted(): boolean {
    return (this.flight?.to ?? this.view).tilt !== PLAN;
  }

  /** Looks straight from above, or from the side as well. */
  tilt(tilted: boolean): void {
    if (tilted !== this.tilted) this.fly({ ...(this.flight?.to ?? this.view), tilt: tilted ? TILTED : PLAN });
  }

  /** Where the view was moved to; null while it is one that follows from the fleet. */
  get place(): Place | null {
    if (!this.moved || this.following) return null;
    const { x, y, scale } = this.flight?.to ?? this.view;
    return { x: x / 1e6, y: y / 1e6, k: (scale * WIDTH_KM) / this.size.width };
  }

  /** Look at a place, instead of fitting the first ships. */
  look(place: Place): void {
    this.fitted = this.moved = true;
    this.flight = null;
    this.set({ ...this.view, x: place.x * 1e6, y: place.y * 1e6, scale: clampScale((place.k * this.size.width) / WIDTH_KM, this.size) });
  }

  fitAll(planets: Point[]): void {
    const ships = this.pointing.sights.filter((sight) => sight.shown && sight.mark !== "failure").map((sight) => sight.at);
    this.letGo();
    this.moved = false;
    this.fitTo([...(ships.length > 1 ? ships : planets), HOME]);
  }

  fitPoints(points: Point[]): void {
    this.letGo();
    this.moved = true;
    if (points.length) this.fitTo(points);
  }

  fitPlanet(planet: Space): void {
    this.fitPoints(around(planet, PLANET_KM));
  }

  fitShip(): void {
    const chosen = this.chosen();
    if (chosen) this.fitPoints(around(chosen.at, SHIP_KM));
  }

  /** Brings the chosen ship into the picture when it isn't there. */
  reveal(ship: Space): void {
    const { x, y } = toScreen(ship, this.view, this.size);
    if (x > EDGE_PX && x < this.size.width - EDGE_PX && y > EDGE_PX && y < this.size.height - EDGE_PX) return;
    this.moved = true;
    this.fly(centredOn(ship, this.view));
  }

  /** Moves a place, wherever above the plane, into the middle. */
  goTo(place: Space): void {
    this.letGo();
    this.moved = true;
    this.fly(centredOn(place, this.view));
  }

  /** Puts a place of the plane into the middle at once. */
  centre(point: Point): void {
    this.drag();
    this.set({ ...this.view, x: point.x, y: point.y });
  }

  zoomBy(factor: number): void {
    this.moved = true;
    const view = this.flight?.to ?? this.view;
    this.fly({ ...view, scale: clampScale(view.scale * factor, this.size) });
  }

  panBy(dx: number, dy: number): void {
    this.drag();
    const { x, y, scale, tilt } = this.view;
    this.set({ ...this.view, x: x + dx / scale, y: y - dy / (scale * Math.cos(tilt)) });
  }

  private chosen(): Sight | undefined {
    return this.pointing.sights.find((sight) => sight.chosen);
  }

  private fitTo(points: Point[]): void {
    this.fly(fit(points, this.size, PADDING, this.tilted ? TILTED : PLAN));
  }

  private letGo(): void {
    this.followed = "no";
  }

  /** The view is somewhere else now, and nobody's camera moves it. */
  private drag(): void {
    this.flight = null;
    this.moved = true;
    if (this.followed === "yes") this.followed = "paused";
  }

  private fly(view: View): void {
    if (this.still.matches) {
      this.flight = null;
      this.set(view);
    } else this.flight = new Flight(this.view, view, performance.now());
    this.listener.changed();
  }

  /** Cuts a move of the camera short. */
  private land(): void {
    if (this.flight) this.set(this.flight.to);
    this.flight = null;
  }

  private measure(): void {
    const box = this.canvas.getBoundingClientRect();
    this.size = { width: Math.max(1, box.width), height: Math.max(1, box.height) };
    this.behaviour.scaleExtent([this.size.width / WIDEST_KM / SCALE, this.size.width / NARROWEST_KM / SCALE]);
    this.set(this.view);
  }

  /** d3 keeps the truth about the view, so that dragging goes on from wherever code has put it. */
  private set(view: View): void {
    this.view = view;
    const up = view.scale * Math.cos(view.tilt);
    const transform = zoomIdentity.translate(this.size.width / 2 - view.x * view.scale, this.size.height / 2 + view.y * up).scale(view.scale / SCALE);
    this.byCode = true;
    select(this.canvas).call(this.behaviour.transform, transform);
    this.byCode = false;
  }

  private zoomed(event: D3ZoomEvent<HTMLCanvasElement, unknown>): void {
    const scale = event.transform.k * SCALE;
    if (!this.byCode) {
      this.flight = null;
      this.moved = true;
      // Zooming with the wheel goes on following.
      if (this.followed === "yes" && (event.sourceEvent as Event | null)?.type !== "wheel") this.followed = "paused";
      const { tilt } = this.view;
      this.view = { x: (this.size.width / 2 - event.transform.x) / scale, y: (event.transform.y - this.size.height / 2) / (scale * Math.cos(tilt)), scale, tilt };
    }
    this.scaleBar.show(scale);
    this.listener.changed();
  }
}
