"""Rows of the lake's record as columns of numbers. The statements are fixed; what is asked is bound to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from radar.records import CONDITIONS, FAULTS, OUTCOMES, PHASES, STATUSES
from telemetry.lake import LakeAccess, LakeEmpty
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.stream import select

NO_SEQ: Final = -1
MESSAGES: Final = "raw"
"""All messages within seconds. The track is behind it, and that each message counts once is seen to here."""
MINUTES: Final = "ship_minute"


def _place(names: Sequence[str | None], column: str) -> str:
    """SQL for the place of a value among the names; what is unknown counts as the first."""
    known = [f"'{name}'" for name in names if name is not None]
    first = 1 if names[0] is None else 0
    return f"CAST(coalesce(list_position([{', '.join(known)}], {column}) - {1 - first}, 0) AS UTINYINT)"


_TOLD: Final = f"""
    mission_id, coalesce(seq, {NO_SEQ}) AS seq, epoch_ms(event_time) AS at, {_place(STATUSES, "status")} AS status,
    {_place(PHASES, "phase")} AS phase, {_place(CONDITIONS, "ship_condition")} AS condition,
    {_place(FAULTS, "malfunctioned_component")} AS fault, {_place(OUTCOMES, "mission_status")} AS outcome,
    coord_x AS x, coord_y AS y, coord_z AS z, normalized_health_total AS health, fuel_prc AS fuel,
    CASE malfunctioned_component {" ".join(f"WHEN '{name}' THEN {name}" for name in FAULTS if name)} END AS reading
"""
WINDOW: Final = f"""
    SELECT {_TOLD} FROM {{table}} WHERE event_time > $begin AND event_time <= $end LIMIT $most
"""  # noqa: S608 - names of our own
NEWEST_OF: Final = f"""
    SELECT {_TOLD} FROM {{table}} WHERE event_time > $begin AND event_time <= $end AND mission_id IN (MISSIONS)
    QUALIFY row_number() OVER (PARTITION BY mission_id ORDER BY event_time DESC, seq DESC) = 1
"""  # noqa: S608 - names of our own
LATEST: Final = """
    SELECT kafka_partition, max(epoch_ms(kafka_time)) AS taken FROM {table} WHERE event_time > $begin GROUP BY ALL
"""
QUIET_MS: Final = 30_000
"""A partition that took nothing for so long has no ship that speaks."""


@dataclass(frozen=True)
class Rows:
    """Messages in no order: `at` is the ship's time in ms, `seq` NO_SEQ where there is none, what has few values as
    its place in radar.records' lists, places in km, `reading` that of the broken part."""

    mission: NDArray[np.int64]
    seq: NDArray[np.int64]
    at: NDArray[np.int64]
    status: NDArray[np.uint8]
    phase: NDArray[np.uint8]
    condition: NDArray[np.uint8]
    fault: NDArray[np.uint8]
    outcome: NDArray[np.uint8]
    place: NDArray[np.float64]
    health: NDArray[np.float64]
    fuel: NDArray[np.float64]
    reading: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.mission)

    def take(self, places: NDArray[Any]) -> "Rows":
        """Some of the rows, by their places or by a mask."""
        return Rows(*(getattr(self, name)[places] for name in self.__dataclass_fields__))

    def joined(self, other: "Rows") -> "Rows":
        """These and others."""
        names = self.__dataclass_fields__
        return Rows(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))

    @classmethod
    def of(cls, table: pa.Table) -> "Rows":
        """The rows of an answer in the columns of _TOLD."""

        def numbers(name: str, kind: type[np.generic]) -> NDArray[Any]:
            found: NDArray[Any] = table.column(name).to_numpy().astype(kind)
            return found

        whole = {name: numbers(name, np.int64) for name in ("seq", "at")}
        few = {name: numbers(name, np.uint8) for name in ("status", "phase", "condition", "fault", "outcome")}
        real = {name: numbers(name, np.float64) for name in ("health", "fuel", "reading")}
        place = np.stack([numbers(axis, np.float64) for axis in "xyz"], axis=1)
        return cls(mission=numbers("mission_id", np.int64), place=place, **whole, **few, **real)


@dataclass(frozen=True)
class Record:
    """The lake at one snapshot: where the table of messages lies, and the table of minutes if there is one."""

    access: LakeAccess
    messages: str
    minutes: str | None

    @classmethod
    def newest(cls, access: LakeAccess) -> "Record":
        """As it stands now.

        Raises:
            LakeEmpty: nothing has been recorded yet.
            LakeUnavailable: the catalog does not answer.
        """
        found = metadata_locations(access)
        messages = found.get(MESSAGES)
        if messages is None:
            raise LakeEmpty("Nothing has been recorded yet.")
        return cls(access, messages, found.get(MINUTES))

    def between(self, begin: int, end: int, most: int) -> Rows:
        """Messages after `begin` and up to `end` (ms), no more than `most`.

        Raises:
            LakeQueryError: the lake does not answer, or not within its limits.
        """
        values = {"begin": time_of(begin), "end": time_of(end), "most": most}
        return Rows.of(select(self.access, self.messages, WINDOW, values))

    def newest_of(self, missions: Sequence[int], begin: int, end: int) -> Rows:
        """The newest message of each of these missions after `begin` and up to `end` (ms).

        Raises:
            LakeQueryError: as above.
        """
        listed = ", ".join(str(int(mission)) for mission in missions) or "NULL"
        values = {"begin": time_of(begin), "end": time_of(end)}
        return Rows.of(select(self.access, self.messages, NEWEST_OF.replace("MISSIONS", listed), values))

    def latest(self, now: int, back: int) -> int | None:
        """Up to when the record is whole (ms): what the broker took until then stands in it; None without a message
        in the last `back` ms.

        Raises:
            LakeQueryError: as above.
        """
        found = select(self.access, self.messages, LATEST, {"begin": time_of(now - back)})
        taken = [value for value in found.column("taken").to_pylist() if value is not None]
        return min((value for value in taken if value > max(taken) - QUIET_MS), default=None)


def time_of(at: int) -> datetime:
    """A moment in ms as a time in UTC."""
    return datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=at)
