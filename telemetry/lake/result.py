"""What a query brought."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Result:
    """Columns (name, DuckDB type), rows, whether the row limit cut them, and how long it took in seconds."""

    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]
    truncated: bool
    seconds: float


def named_once(columns: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The columns with different names: of `a, a` the second becomes `a_1`, so that none is lost in an object."""
    taken: set[str] = set()
    named = []
    for name, kind in columns:
        free = name
        number = 0
        while free in taken:
            number += 1
            free = f"{name}_{number}"
        taken.add(free)
        named.append((free, kind))
    return tuple(named)
