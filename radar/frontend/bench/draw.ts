// Drives the map's renderer without a server: a synthetic fleet, drawn as the page draws the real one, with the time of each picture.
import { CanvasRenderer } from "../src/canvas";
import { Motion } from "../src/motion";
import type { ShipState } from "../src/protocol";
import { SightBook } from "../src/sightbook";
import { fit } from "../src/view";
import { ahead, STRIDE_KM, type Planet, type Space } from "../src/world";

const JUDGE_MS = 250;
const TURN_MS = 50;

function random(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296) / 4_294_967_296;
}

const chance = random(7);
const planets = new Map<string, Planet>();
planets.set("Hocotate", { name: "Hocotate", band: "home", x: 0, y: 0, z: 0 });
for (let i = 0; i < 32; i++) {
  const band = i < 8 ? "inner" : i < 22 ? "middle" : "outer";
  const reach = { inner: 2e8, middle: 9e8, outer: 1.5e9 }[band];
  planets.set(`Planet ${i}`, { name: `Planet ${i}`, band, x: (chance() * 2 - 1) * reach, y: (chance() - 0.5) * reach, z: (chance() - 0.5) * 0.3 * reach });
}
const home: Space = { x: 0, y: 0, z: 0 };

/** A ship somewhere on its way; one in fifty needs attention. */
function ship(slot: number, now: number): ShipState {
  const targets = [...planets.values()].slice(1);
  const to = targets[Math.floor(chance() * targets.length)] ?? home;
  // The first thousand beside the ways, so that there is room for 200 labels; the others on them, as real ones are.
  const from = slot >= 1_000 ? ahead(home, to, (chance() * 0.8 * Math.max(Math.abs(to.x), Math.abs(to.y))) / STRIDE_KM) : { x: (chance() - 0.5) * 2.8e9, y: (chance() - 0.5) * 1.4e9, z: (chance() - 0.5) * 2e8 };
  const at = ahead(from, to, (chance() * 2e8) / STRIDE_KM);
  const grave = slot % 50 === 7;
  return {
    slot, ship: `SHIP_${slot}`, mission: slot, captain: "Olimar", target: (to as Planet).name, pace: 1, ended: null, seen: now - 60 - chance() * 900, ...at,
    dist: Math.hypot(at.x, at.y, at.z), fuel: 99, status: grave ? "REPAIR" : "OK", total: 0.95, cond: "GOOD", phase: "OUTBOUND", fault: undefined, repair: 2, outcome: undefined,
  };
}

const next = (): Promise<number> => new Promise((done) => requestAnimationFrame(done));

/** Draws `frames` pictures of `count` moving ships, 200 labels and a trail; how long each took, ms, and the labels of the last. */
async function measure(count: number, frames: number): Promise<{ times: number[]; labels: number }> {
  const canvas = document.querySelector("canvas:last-of-type") as HTMLCanvasElement;
  const renderer = new CanvasRenderer(canvas, []);
  const size = { width: canvas.clientWidth, height: canvas.clientHeight };
  const view = fit([...planets.values()], size, { top: 60, right: 60, bottom: 60, left: 60 });
  const [book, motion] = [new SightBook(), new Motion()];
  const ships = new Map<string, ShipState>();
  const began = Date.now();
  for (let i = 0; i < count; i++) {
    const made = ship(i, began);
    ships.set(made.ship, made);
    motion.hear(made.ship, made, began);
  }
  const chosen = [...ships.values()].find(({ status }) => status === "OK") as ShipState;
  const trail = Array.from({ length: 180 }, (_, i) => ahead(chosen, home, 180 - i));
  const contexts = [...document.querySelectorAll("canvas")].map((each) => each.getContext("2d") as CanvasRenderingContext2D);
  const times: number[] = [];
  let [judged, turned] = [0, 0];
  while (times.length < frames) {
    const moment = await next();
    const now = Date.now();
    if (moment - turned > TURN_MS) {
      turned = moment;
      for (const known of ships.values()) {
        if (now - known.seen < 1_000 + 60 || known.status !== "OK") continue;
        const moved = { ...known, ...ahead(known, planets.get(known.target) ?? home, 1), seen: known.seen + 1_000 };
        ships.set(known.ship, moved);
        motion.hear(known.ship, moved, now);
      }
    }
    const start = performance.now();
    if (moment - judged > JUDGE_MS) {
      judged = moment;
      book.judge(ships, { now, connected: true, chosen: chosen.ship, lit: null, moment, passes: () => true, fact: () => "repair 2 of 5" });
    }
    book.place(motion, planets, now, false, false);
    renderer.draw({ view, planets, sights: book.list, trail, heading: planets.get(chosen.target) ?? null, layers: { labels: true, trails: true, routes: true, grid: false }, decorated: true, moment });
    // Drawing is only recorded until somebody wants to see it.
    for (const context of contexts) context.getImageData(0, 0, 1, 1);
    times.push(performance.now() - start);
  }
  return { times, labels: renderer.labelled };
}

(globalThis as unknown as { measure: typeof measure }).measure = measure;
