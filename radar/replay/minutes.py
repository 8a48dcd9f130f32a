"""The record minute by minute, from the lake's ship_minute: how much was said, what is missing, who repaired."""

from typing import Final, NamedTuple

from radar.replay.rows import Record, time_of
from telemetry.lake.stream import select

MINUTE_MS: Final = 60_000
_MINUTES: Final = """
    SELECT epoch_ms(minute) AS minute, CAST(sum(messages) AS BIGINT) AS messages, CAST(sum(gaps) AS BIGINT) AS gaps,
        max(epoch_ms(last_time)) AS last FROM {table} WHERE minute >= $begin GROUP BY ALL ORDER BY minute
"""
_REPAIRS: Final = """
    WITH begun AS (
        SELECT epoch_ms(first_time) AS first, ship_id, mission_id FROM {table} WHERE minute >= $begin AND repairs > 0
        QUALIFY lag(minute) OVER (PARTITION BY ship_id ORDER BY minute) IS DISTINCT FROM minute - INTERVAL 1 MINUTE
    )
    SELECT max(first) AS at, arg_max(ship_id, first) AS ship, arg_max(mission_id, first) AS mission, count(*) AS many
    FROM begun GROUP BY (first - $origin) // $bin ORDER BY 1
"""


class Minute(NamedTuple):
    """A minute of the whole fleet: its begin (ms), messages, messages that are missing before them, its last (ms)."""

    begin: int
    messages: int
    missing: int
    last: int


class Mark(NamedTuple):
    """What stands out on the track: of `many` such things close together the newest (`at`, ms)."""

    at: int
    kind: str
    ship: str
    mission: int
    many: int


def minutes(record: Record, begin: int) -> list[Minute]:
    """Minutes with messages since `begin` (ms), oldest first.

    Raises:
        LakeQueryError: the lake does not answer, or not within its limits.
    """
    if record.minutes is None:
        return []
    found = select(record.access, record.minutes, _MINUTES, {"begin": time_of(begin)})
    return [Minute(row["minute"], row["messages"], row["gaps"], row["last"]) for row in found.to_pylist()]


def repairs(record: Record, begin: int, bin_ms: int) -> list[Mark]:
    """Repairs since `begin` (ms), one mark a bin, each to within its minute.

    Raises:
        LakeQueryError: as above.
    """
    if record.minutes is None:
        return []
    values = {"begin": time_of(begin), "origin": begin, "bin": bin_ms}
    found = select(record.access, record.minutes, _REPAIRS, values)
    return [Mark(kind="repair", **row) for row in found.to_pylist()]
