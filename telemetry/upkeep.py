"""Asking the lake's application for upkeep, and what it did; through two tables beside the catalog.

The identity that reads the catalog may put an order in, and nothing else: what is done then is the application's
choice, and a second order changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from telemetry.lake import LakeAccess, LakeUnavailable


@dataclass(frozen=True)
class Task:
    """One task that was done to a table: when it began, how long it took (s), and its figures."""

    table: str
    task: str
    began: datetime
    seconds: float
    figures: dict[str, Any]


def upkeep_order(access: LakeAccess | None = None) -> int:
    """Ask for upkeep of all tables; the number of the order.

    Raises:
        LakeUnavailable: the catalog does not answer, or no application has prepared it yet.
    """
    row = _asked(access, "INSERT INTO lake_orders (what) VALUES ('upkeep') RETURNING id")
    return int(row[0][0])


def upkeep_wait(order: int, *, seconds: float, told: Callable[[], None], access: LakeAccess | None = None) -> bool:
    """Wait until an order is done, at most so long; `told` is called in between. Whether it is done.

    Raises:
        LakeUnavailable: the catalog does not answer.
    """
    until = time.monotonic() + seconds
    while not _asked(access, "SELECT 1 FROM lake_orders WHERE id = %s AND done_at IS NOT NULL", order):
        if time.monotonic() > until:
            return False
        told()
        time.sleep(1)
    return True


def upkeep_tasks(access: LakeAccess | None = None, *, after_order: int | None = None, most: int = 40) -> list[Task]:
    """What was done last, newest first; only what began after an order was put in, if one is named.

    Raises:
        LakeUnavailable: the catalog does not answer.
    """
    rows = _asked(
        access,
        "SELECT table_name, task, began_at, seconds, figures FROM lake_upkeep"
        " WHERE began_at >= coalesce((SELECT asked_at FROM lake_orders WHERE id = %s), '-infinity')"
        " ORDER BY id DESC LIMIT %s",
        after_order,
        most,
    )
    return [Task(*row) for row in rows]


def _asked(access: LakeAccess | None, statement: str, *values: object) -> list[tuple[Any, ...]]:
    access = access or LakeAccess.from_settings()
    try:
        with psycopg.connect(access.catalog_url, connect_timeout=5) as connection:
            return connection.execute(statement.encode(), values).fetchall()
    except psycopg.errors.UndefinedTable:
        raise LakeUnavailable(
            "The lake's application has not run yet. `make run` starts it; `make status` shows how it is."
        ) from None
    except psycopg.Error as error:
        raise LakeUnavailable(f"The lake's catalog does not answer: {str(error).strip()}") from error
