"""One query of the site, from the asker's turn to the answer."""

from __future__ import annotations

from asyncio import gather
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import sync_to_async
from django.conf import settings

from telemetry.lake.access import LakeAccess
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.engine import needed
from telemetry.lake.tables import TableInfo, table
from telemetry.lake.turns import Asker, turn
from telemetry.lake.workers import Answer, Job, workers


@dataclass(frozen=True)
class Asked:
    """The answer, and the tables that the query names as they stood then."""

    answer: Answer
    tables: tuple[TableInfo, ...]

    @property
    def snapshot(self) -> datetime | None:
        """The oldest of the tables' newest commits: what came later is not in the answer."""
        return min((one.committed for one in self.tables if one.committed), default=None)


async def ask(asker: Asker, *, sql: str, rows: int, form: str = "json", explain: str = "") -> Asked:
    """Run a query for somebody; cancelling ends it.

    Raises:
        LakeQueryError: one of its kinds.
    """
    access = LakeAccess.from_settings()
    async with turn(asker, settings.LAKE_QUERIES_AT_ONCE):
        locations = await sync_to_async(metadata_locations, thread_sensitive=False)(access)
        job = Job(sql, locations, rows, form, explain)
        answer = await workers().run(job)
    return Asked(answer, await _tables(access, needed(sql, locations)))


async def _tables(access: LakeAccess, locations: Mapping[str, str]) -> tuple[TableInfo, ...]:
    read = sync_to_async(table, thread_sensitive=False)
    return tuple(await gather(*(read(access, name, location) for name, location in locations.items())))
