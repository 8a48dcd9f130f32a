"""The flight rules once more, for one ship, in plain Python, and the arrays compared with it tick by tick."""

import math
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ships_client.contracts import PLANETS, TARGETS
from ships_client.sim import flight_draws, flight_keys, launch, observe, places, rules, step

STRIDE = 2.4e6
START = [90.0, 325.0, 600.0, -70.0]
DRIFT = [0.3, 0.8, 0.5, 0.2]
CLAMP = [(20.0, 130.0), (100.0, 600.0), (300.0, 950.0), (-100.0, -50.0)]
COMPONENTS = ["motor_temp_c", "engine_pressure_kpa", "power_core_temp_c", "navigation_signal_db"]
FAILS = [0.05, 0.04, 0.03, 0.02, 0.01]


@dataclass
class Ship:
    target: tuple[float, float, float]
    one_way: bool = False
    tick: int = 0
    position: list[float] = field(default_factory=lambda: [0.0, 0.0, 0.0])
    phase: str = "OUTBOUND"
    status: str = "OK"
    component: str | None = None
    repaired: int = 0
    loading: int = 0
    readings: list[float] = field(default_factory=lambda: list(START))
    malfunctions: int = 0

    @property
    def ended(self) -> bool:
        return self.phase in ("HOME", "LOST") or (self.one_way and self.phase == "ON_PLANET")

    def fly(self, draws: list[float], failure_chance: float) -> None:
        if self.ended:
            return
        self.tick += 1
        for i in range(4):
            low, high = CLAMP[i]
            self.readings[i] = min(high, max(low, self.readings[i] + (2 * draws[i] - 1) * DRIFT[i]))
        if self.repaired == 5:
            self.component, self.repaired = None, 0
        if self.component is not None:
            self.status = "REPAIR"
            if draws[6] < FAILS[self.repaired]:
                self.status, self.phase = "FAILURE", "LOST"
            self.repaired += 1
            return
        self.status = "OK"
        if self.phase == "ON_PLANET":
            self.loading -= 1
            if self.loading == 0:
                self.phase = "RETURNING"
            return
        goal = (0.0, 0.0, 0.0) if self.phase == "RETURNING" else self.target
        arrived = all(abs(goal[i] - self.position[i]) <= STRIDE for i in range(3))
        for i in range(3):
            way = goal[i] - self.position[i]
            self.position[i] = goal[i] if abs(way) <= STRIDE else self.position[i] + math.copysign(STRIDE, way)
        if arrived and self.phase == "OUTBOUND":
            self.phase, self.loading = "ON_PLANET", 30
        elif arrived:
            self.phase = "HOME"
        elif draws[4] < failure_chance:
            self.component = COMPONENTS[int(draws[5] * 4)]
            self.malfunctions += 1

    def health(self) -> tuple[list[float], float, str]:
        """Health by part, total, condition."""
        motor, engine, core = (round(reading, 3) for reading in self.readings[:3])
        fuel = round(100 - 0.01 * self.tick, 2)
        parts = [1 - abs(motor - 90) / 90, 1 - abs(engine - 325) / 325, 1 - abs(core - 600) / 600, fuel / 100]
        broken = [not 30 <= motor <= 180, not 100 <= engine <= 600, not 300 <= core <= 950, fuel <= 5]
        parts = [0.0 if bad else max(0.0, part) for part, bad in zip(parts, broken, strict=True)]
        total = 0.3 * parts[0] + 0.3 * parts[1] + 0.3 * parts[2] + 0.1 * parts[3]
        total = round(total, 4)
        if self.status == "REPAIR":
            return parts, min(total, 0.4), "REPAIRING"
        if self.status == "FAILURE":
            return parts, 0.0, "UNOPERATIONAL"
        if self.component is not None:
            return parts, min(total, 0.3), "UNOPERATIONAL"
        if any(broken):
            return parts, total, "UNOPERATIONAL"
        names = [(0.8, "GOOD"), (0.5, "MID"), (0.3, "BAD"), (0.0, "CRITICAL")]
        return parts, total, next(name for least, name in names if total >= least)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**64 - 1), st.sampled_from(TARGETS), st.booleans(), st.sampled_from([0.0, 0.005, 0.05, 1.0]))
def test_arrays_fly_as_the_scalar_reference(seed: int, name: str, one_way: bool, chance: float) -> None:
    planet = PLANETS[name]
    ship = Ship((planet.x, planet.y, planet.z), one_way)
    state = launch(places([planet]), np.array([one_way]), flight_keys(seed, np.array([5], dtype=np.uint64)))
    while not ship.ended:
        draws = flight_draws(state.key, state.tick)
        state = step(state, draws, chance)
        pick = draws.pick[0]
        ship.fly([*draws.drift[0].tolist(), draws.strike[0], pick, pick], chance)
        frame = observe(state)
        component = rules.COMPONENTS[state.component[0]].value if state.component[0] >= 0 else None
        assert (state.tick[0], rules.PHASES[state.phase[0]], rules.STATUSES[state.status[0]], component) == (
            ship.tick,
            ship.phase,
            ship.status,
            ship.component,
        )
        assert state.position[0].tolist() == ship.position
        assert state.readings[0] == pytest.approx(ship.readings)
        assert state.malfunctions[0] == ship.malfunctions
        parts, total, condition = ship.health()
        assert frame.health[0] == pytest.approx(parts, abs=1e-4)
        assert frame.total[0] == pytest.approx(total, abs=1e-4)
        assert rules.CONDITIONS[frame.condition[0]] == condition
    assert state.ended[0]
