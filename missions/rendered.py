"""Rows of the list as HTML; those of ended missions, which hardly ever change, are kept by all that they show."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from django.template.loader import get_template
from django.utils.safestring import SafeString

from missions.rows import Row

MOST_KEPT: Final = 5_000
"""Rows, some 2 kB each."""


@dataclass(frozen=True, slots=True)
class _Ended:
    """A row of an ended mission; equal to one that shows the same."""

    shown: tuple[object, ...]
    row: Row = field(compare=False)


def row_html(row: Row) -> SafeString:
    """The row's `tr`."""
    mission = row.mission
    if mission.is_running:
        return _render(row)
    shown = (
        mission.mission_id,
        mission.ship_name,
        mission.captain,
        mission.target,
        mission.status,
        mission.phase,
        mission.last_seq,
        mission.final_seq,
        mission.started_at,
        mission.finished_at,
        row.facts,
    )
    return _kept(_Ended(shown, row))


@lru_cache(MOST_KEPT)
def _kept(ended: _Ended) -> SafeString:
    return _render(ended.row)


def _render(row: Row) -> SafeString:
    return SafeString(get_template("missions/row.html").render({"row": row}))
