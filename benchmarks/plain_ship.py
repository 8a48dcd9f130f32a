"""One ship in plain Python, by the same rules as ships_client.sim: what the arrays are measured against."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ships_client.contracts.telemetry import Component, Condition, MissionStatus, Phase, ShipStatus
from ships_client.contracts.world import Planet
from ships_client.sim import rules

DRIFTS = rules.READING_DRIFT.tolist()
LOWS = rules.READING_LOW.tolist()
HIGHS = rules.READING_HIGH.tolist()
FAILS = rules.REPAIR_FAILS.tolist()
COMPONENTS = list(Component)
STRIDE = rules.STRIDE_KM
HOME = (0.0, 0.0, 0.0)


class PlainShip:
    """A ship on its way to `target` and back; `random` gives numbers in [0, 1)."""

    def __init__(self, target: Planet, random: Callable[[], float]) -> None:
        self.target = (target.x, target.y, target.z)
        self.random = random
        self.tick = 0
        self.position = list(HOME)
        self.phase = Phase.OUTBOUND
        self.status = ShipStatus.OK
        self.component: Component | None = None
        self.repair = 0
        self.loading = 0
        self.readings = rules.READING_START.tolist()

    @property
    def ended(self) -> bool:
        """Whether it is home or lost."""
        return self.phase is Phase.HOME or self.phase is Phase.LOST

    def fly(self) -> None:
        """One tick."""
        if self.ended:
            return
        self.tick += 1
        for i, reading in enumerate(self.readings):
            drifted = reading + (2 * self.random() - 1) * DRIFTS[i]
            self.readings[i] = min(max(drifted, LOWS[i]), HIGHS[i])
        if self.repair == len(FAILS):
            self.status, self.component, self.repair = ShipStatus.OK, None, 0
        if self.component is not None:
            self._mend()
        elif self.phase is Phase.ON_PLANET:
            self.loading -= 1
            if self.loading == 0:
                self.phase = Phase.RETURNING
        else:
            self._move()

    def _mend(self) -> None:
        self.status = ShipStatus.REPAIR
        if self.random() < FAILS[self.repair]:
            self.status, self.phase = ShipStatus.FAILURE, Phase.LOST
        self.repair += 1

    def _move(self) -> None:
        goal = HOME if self.phase is Phase.RETURNING else self.target
        arrived = True
        for i, here in enumerate(self.position):
            way = goal[i] - here
            if abs(way) <= STRIDE:
                self.position[i] = goal[i]
            else:
                arrived = False
                self.position[i] = here + STRIDE if way > 0 else here - STRIDE
        if not arrived:
            if self.random() < rules.MALFUNCTION_CHANCE:
                self.component = COMPONENTS[int(self.random() * len(COMPONENTS))]
        elif self.phase is Phase.OUTBOUND:
            self.phase, self.loading = Phase.ON_PLANET, rules.LOADING_TICKS
        else:
            self.phase = Phase.HOME

    def observe(self) -> dict[str, Any]:
        """What its instruments show."""
        motor, engine, core, navigation = (round(reading, 3) for reading in self.readings)
        fuel = round(max(100 - 0.01 * self.tick, 0), 2)
        x, y, z = self.position
        parts = [
            0.0 if not 30 <= motor <= 180 else max(1 - abs(motor - 90) / 90, 0.0),
            0.0 if not 100 <= engine <= 600 else max(1 - abs(engine - 325) / 325, 0.0),
            0.0 if not 300 <= core <= 950 else max(1 - abs(core - 600) / 600, 0.0),
            0.0 if fuel <= 5 else fuel / 100,
        ]
        total = min(0.3 * parts[0] + 0.3 * parts[1] + 0.3 * parts[2] + 0.1 * parts[3], self._most())
        outcome = MissionStatus.SUCCESS if self.phase is Phase.HOME else MissionStatus.FAILURE
        return {
            "seq": self.tick,
            "coords": (x, y, z),
            "fuel": fuel,
            "readings": (motor, engine, core, navigation),
            "distance": round((x * x + y * y + z * z) ** 0.5, 1),
            "phase": self.phase,
            "status": self.status,
            "component": self.component,
            "health": [round(part, 4) for part in parts],
            "total": round(total, 4),
            "condition": self._condition(round(total, 4), 0.0 in parts),
            "outcome": outcome if self.ended else None,
        }

    def _most(self) -> float:
        if self.status is ShipStatus.FAILURE:
            return 0.0
        if self.status is ShipStatus.REPAIR:
            return 0.4
        return 1.0 if self.component is None else 0.3

    def _condition(self, total: float, broken: bool) -> Condition:
        if self.status is ShipStatus.REPAIR:
            return Condition.REPAIRING
        if self.status is ShipStatus.FAILURE or broken or self.component is not None:
            return Condition.UNOPERATIONAL
        if total >= 0.8:
            return Condition.GOOD
        if total >= 0.5:
            return Condition.MID
        return Condition.BAD if total >= 0.3 else Condition.CRITICAL
