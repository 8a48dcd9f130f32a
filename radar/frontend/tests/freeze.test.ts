import { describe, expect, it } from "vitest";
import { Fleet } from "../src/fleet";
import { Freeze } from "../src/freeze";
import { aShip, NOW } from "./ships";

describe("a picture that is paused", () => {
  it("stands still while the fleet goes on, and catches up afterwards", () => {
    const [fleet, freeze] = [new Fleet(), new Freeze()];
    fleet.ships.set("A", aShip({ ship: "A", x: 1 }));
    freeze.hold(fleet, NOW, true);
    fleet.ships.set("A", aShip({ ship: "A", x: 2 }));
    fleet.ships.set("B", aShip({ ship: "B" }));

    const held = freeze.picture(fleet, NOW + 9_000, false);
    expect([freeze.at, held.now, held.connected, held.ships.size, held.ships.get("A")?.x]).toEqual([NOW, NOW, true, 1, 1]);

    freeze.release();
    const live = freeze.picture(fleet, NOW + 9_000, true);
    expect([freeze.at, live.now, live.ships.size, live.ships.get("A")?.x]).toEqual([null, NOW + 9_000, 2, 2]);
  });
});
