"""A message in the lake: its row in raw, in track, its minute in ship_minute, or its dead letter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from missions.models import Mission
from ships_client.contracts.telemetry import FURTHEST_AHEAD, OLDEST
from telemetry.lake import LakeAccess, LakeEmpty, Limits, query
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.tables import snapshots
from telemetry.letters.filters import Filters, moment
from telemetry.letters.letter import Letter
from telemetry.letters.read import LIMITS as LETTERS
from telemetry.letters.read import letters_page

from .step import LETTER, MINUTE, RAW, TRACK, Asked, Found, Step
from .tail import says

LIMITS: Final = Limits(rows=10, seconds=20, memory_mb=256)
MARGIN: Final = dt.timedelta(hours=1)
"""How far a ship's clock is looked for around its mission's time; further only when nothing is found."""

Row = Mapping[str, Any]


class Lake:
    """The tables as they stand at this moment.

    Raises:
        LakeUnavailable: the catalog does not answer.
    """

    def __init__(self, access: LakeAccess) -> None:
        self._access = access
        try:
            self._tables = metadata_locations(access)
        except LakeEmpty:
            self._tables = {}

    def rows(self, table: str, columns: str, where: str) -> list[Row]:
        """Rows of a table by names of columns; none while there is no such table.

        Raises:
            LakeQueryError: the lake does not answer, or not within its limits.
        """
        if table not in self._tables:
            return []
        sql = f"SELECT {columns} FROM telemetry.{table} WHERE {where} LIMIT {LIMITS.rows}"  # noqa: S608 - our own values
        found = query(sql, limits=LIMITS, access=self._access)
        names = [name for name, _ in found.columns]
        return [dict(zip(names, row, strict=True)) for row in found.rows]

    def raw(self, asked: Asked, mission: Mission | None) -> list[Row]:
        """The rows of a message, the first that came first; more than one when it was sent again."""
        whose = f"mission_id = {asked.mission} AND seq = {asked.seq}"
        for within in _spans(mission):
            rows = self.rows(
                "raw",
                "event_time, ship_id, contract, kafka_partition, kafka_offset, kafka_time, ingest_time",
                whose + within,
            )
            if rows:
                return sorted(rows, key=lambda row: (row["kafka_time"], row["kafka_offset"]))
        return []

    def raw_step(self, rows: list[Row]) -> Step:
        """What raw says."""
        first = rows[0]
        facts = {"rows": len(rows), "snapshot": self._snapshot(first["ingest_time"])}
        again = "" if len(rows) == 1 else f"It came {len(rows)} times; telemetry.track counts the first."
        return Step(RAW, Found.THERE, first["ingest_time"], _without_none(facts), again)

    def _snapshot(self, ingest: dt.datetime) -> int | None:
        """The snapshot that brought a row, while it is remembered: the first append once its batch had begun."""
        known = [one for one in snapshots(self._access, self._tables["raw"]) if one.operation == "append"]
        later = [one for one in known if one.committed >= ingest]
        # Without an older one, the row's own may be forgotten already.
        return later[0].number if later and len(later) < len(known) else None

    def track_step(self, asked: Asked, event: dt.datetime) -> Step:
        """What track says."""
        whose = f"mission_id = {asked.mission} AND seq = {asked.seq} AND event_time = {moment(event)}"
        rows = self.rows("track", "kafka_partition, kafka_offset, ingest_time", whose)
        if not rows:
            return Step(TRACK, Found.NOT_YET, note="It is derived from raw every LAKE_DERIVE_SECONDS (15).")
        facts = {"place": f"{rows[0]['kafka_partition']}-{rows[0]['kafka_offset']}"}
        return Step(TRACK, Found.THERE, rows[0]["ingest_time"], facts)

    def minute_step(self, asked: Asked, ship: str, event: dt.datetime) -> Step:
        """What ship_minute says of the minute of the ship's tick."""
        minute = event.replace(second=0, microsecond=0)
        named = "'" + ship.replace("'", "''") + "'"
        where = f"ship_id = {named} AND minute = {moment(minute)}"
        rows = self.rows("ship_minute", "minute, mission_id, messages, first_seq, last_seq", where)
        if not rows:
            return Step(MINUTE, Found.NOT_YET, note="It is summed up every LAKE_MINUTE_SECONDS (60).")
        row = rows[0]
        facts = _without_none({name: row[name] for name in ("messages", "first_seq", "last_seq")})
        # A minute may be summed up while its ship still flies through it.
        if row["mission_id"] == asked.mission and row["last_seq"] is not None and row["last_seq"] < asked.seq:
            note = "The minute was summed up before this message; it is done again."
            return Step(MINUTE, Found.NOT_YET, row["minute"], facts, note)
        return Step(MINUTE, Found.THERE, row["minute"], facts)

    def letter(self, asked: Asked, mission: Mission | None) -> Letter | None:
        """The newest dead letter that calls itself this message, among the mission's newest 1,000."""
        if "dead_letters" not in self._tables:
            return None
        since = mission.started_at - MARGIN if mission else None
        found = letters_page(Filters(mission=asked.mission, since=since), limit=LETTERS.rows)
        return next((letter for letter in found if says(letter.raw or b"", asked)), None)


def letter_step(letter: Letter) -> Step:
    """What a dead letter says."""
    facts = {"place": letter.place.short, "reason": letter.reason, "field": letter.field, "contract": letter.contract}
    note = f"{letter.detail} `manage.py dead_letters show {letter.place.short}` tells more."
    return Step(LETTER, Found.THERE, letter.kafka_time, _without_none(facts), note)


def _spans(mission: Mission | None) -> list[str]:
    """Conditions on event_time, the narrow one first: each lets the lake skip days."""
    if mission is None:
        return [""]
    last = max(time for time in (mission.finished_at, mission.last_message_at, mission.started_at) if time)
    return [
        f" AND event_time BETWEEN {moment(begin)} AND {moment(end)}"
        for begin, end in (
            (mission.started_at - MARGIN, last + MARGIN),
            (mission.started_at - OLDEST, max(last, dt.datetime.now(dt.UTC)) + FURTHEST_AHEAD),
        )
    ]


def _without_none(facts: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}
