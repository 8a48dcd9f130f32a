"""What a report says of a ship's ticks: columns of its ship_state, read off the recorder's rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ships_client.client.plans import FlightPlan
from ships_client.contracts.world import HOME, PLANETS
from ships_client.sim import from_rows, observe, observe_cabin, places
from ships_client.sim.rules import CONDITIONS, ON_PLANET, OUTBOUND, STATUSES
from ships_client.sim.rules import HOME as AT_HOME


@dataclass(frozen=True, slots=True)
class Log:
    """One ship's stretch of the record, a row a tick.

    Attributes:
        columns: those of ship_state by name, but for the mission; `timestamp` in microseconds since 1970 UTC.
        landed: whether the ship was on its planet, or on the way back, at any tick of it.
    """

    columns: dict[str, Sequence[Any] | NDArray[Any]]
    landed: bool

    def __len__(self) -> int:
        return len(self.columns["seq"])

    @property
    def last_time(self) -> datetime:
        """When the last tick was, UTC."""
        return moment(int(self.columns["timestamp"][-1]))

    @property
    def day(self) -> date:
        """The day of the last tick, UTC."""
        return self.last_time.date()


def log_of(plan: FlightPlan, timestamps_us: NDArray[np.int64], rows: NDArray[np.void]) -> Log:
    """The log of a stretch of rows of one ship, n of each."""
    n = len(rows)
    target = np.broadcast_to(places([PLANETS[plan.target]]), (n, 3))
    state = from_rows(rows, target, np.full(n, plan.one_way), np.zeros(n, dtype=np.uint64))
    frame = observe(state)
    cabin = observe_cabin(state, frame)
    columns: dict[str, Sequence[Any] | NDArray[Any]] = {
        "seq": frame.seq,
        "timestamp": timestamps_us,
        "status": [STATUSES[code].value for code in frame.status.tolist()],
        "ship_condition": [CONDITIONS[code].value for code in frame.condition.tolist()],
        "normalized_health_total": frame.total,
        "motor_health": frame.health[:, 0],
        "engine_health": frame.health[:, 1],
        "core_health": frame.health[:, 2],
        "fuel_health": frame.health[:, 3],
        "fuel_prc": frame.fuel,
        "temperature_c": cabin.temperature,
        "radiation_usv": cabin.radiation,
        "cargo_integrity_prc": cabin.integrity,
        "coord_x": frame.coords[:, 0],
        "coord_y": frame.coords[:, 1],
        "coord_z": frame.coords[:, 2],
        "planet": _planets(frame.seq.tolist(), frame.phase.tolist(), plan.target),
    }
    return Log(columns, landed=bool(((frame.phase > OUTBOUND) & (frame.phase <= AT_HOME)).any()))


def moment(timestamp_us: int) -> datetime:
    """An aware datetime from microseconds since 1970 UTC."""
    seconds, microseconds = divmod(timestamp_us, 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=microseconds)


def _planets(seqs: Sequence[int], phases: Sequence[int], target: str) -> list[str | None]:
    """Where the ship stands at each tick: home at its start and end, its target while loading, else nowhere."""
    there = {ON_PLANET: target, AT_HOME: HOME}
    return [HOME if seq == 0 else there.get(phase) for seq, phase in zip(seqs, phases, strict=True)]
