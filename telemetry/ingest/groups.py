"""Which reports are judged and loaded together: many small ones cost little more than one. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

MOST_REPORTS: Final = 200
MOST_ROWS: Final = 50_000
MOST_BYTES: Final = 16 * 1024 * 1024
"""Bounds of a group; a report beyond them has a group of its own."""

T = TypeVar("T")


@dataclass(frozen=True)
class Weighed(Generic[T]):
    """A report with the rows and bytes that its manifest names; `alone` when a run has broken off over it before."""

    report: T
    rows: int
    size: int
    alone: bool = False


def groups(weighed: Iterable[Weighed[T]]) -> Iterator[list[T]]:
    """The reports in groups, in their order as far as those that are loaded alone let them.

    One that broke a run off is alone, so that it takes no other with it when it does so again.
    """
    group: list[T] = []
    rows = size = 0
    for one in weighed:
        if one.alone:
            yield [one.report]
            continue
        full = len(group) == MOST_REPORTS or rows + one.rows > MOST_ROWS or size + one.size > MOST_BYTES
        if group and full:
            yield group
            group, rows, size = [], 0, 0
        group.append(one.report)
        rows, size = rows + one.rows, size + one.size
    if group:
        yield group
