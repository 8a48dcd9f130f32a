"""What other apps tell the registry's pages of missions: they register a teller, so that nothing is imported from them.

A teller that fails takes no page down: what it would have told is then absent, and the log says why.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from django.db import Error

logger = logging.getLogger(__name__)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RowFacts:
    """A mission's row: health 0..1, ticks in the warehouse of those expected, loaded reports, value in Poko."""

    health: float | None = None
    ticks: int | None = None
    expected: int | None = None
    reports: int | None = None
    value: int | None = None


@dataclass(frozen=True, slots=True)
class FleetFacts:
    """The missions that ended within 30 days before `built_at`: value in Poko, ticks kept in percent."""

    value: int | None
    ticks_kept_pct: float | None
    built_at: datetime | None


@dataclass(frozen=True, slots=True)
class Refused:
    """A quarantined report and the sentence that says why."""

    report_no: int
    date: date
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class WaybillFacts:
    """A mission's waybill: value in Poko, reports and items; health and uptime are 0..1, null until marts are built.

    `refused` are its newest quarantined reports, `refused_in_all` counts them; `reports_url` is where its reports are.
    """

    value: int | None
    reports: int
    items: int
    health: float | None
    uptime: float | None
    refused: Sequence[Refused]
    refused_in_all: int
    reports_url: str


class Teller(Protocol):
    """An app that knows more of missions than the registry."""

    def rows(self, mission_ids: Sequence[int]) -> Mapping[int, RowFacts]:
        """What it knows of these missions, in a number of queries that does not grow with them."""

    def fleet(self) -> FleetFacts | None:
        """What it knows of the fleet's last 30 days."""

    def waybill(self, mission_id: int) -> WaybillFacts:
        """What it knows of one mission."""


_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Have the pages ask this teller; called once, when the app is ready."""
    _tellers.append(teller)


def rows(mission_ids: Sequence[int]) -> Mapping[int, RowFacts]:
    """What is known of these missions; missions of which nothing is known are left out."""
    return _ask(lambda teller: teller.rows(mission_ids)) or {}


def fleet() -> FleetFacts | None:
    """What is known of the fleet's last 30 days."""
    return _ask(lambda teller: teller.fleet())


def waybill(mission_id: int) -> WaybillFacts | None:
    """What is known of one mission."""
    return _ask(lambda teller: teller.waybill(mission_id))


def _ask(question: Callable[[Teller], T]) -> T | None:
    for teller in _tellers:
        try:
            return question(teller)
        except Error:
            logger.exception("%s can't be asked.", type(teller).__name__)
    return None
