"""How many rows a list has: counted where that is quick, else estimated by PostgreSQL's own statistics."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any, Final, cast

from django.core.paginator import Paginator
from django.db import connection
from django.db.models import QuerySet

from hocotate_site.bounded import SearchTooBroad, bounded

EXACT: Final = 10_000
"""Rows that are counted at most."""
EXACT_MS: Final = 60
"""Time that counting them may take."""
MOST_PAGES: Final = 200
"""Pages that can be turned to: each reads over all rows before it. What is older is found by date or search."""


class EstimatingPaginator(Paginator):  # type: ignore[type-arg]  # Paginator takes no argument at run time
    """Pages of a list that may be of any length; `estimated` tells that `count` is about right."""

    estimated = False

    @cached_property
    def count(self) -> int:
        """Rows, exactly up to EXACT."""
        rows = cast("QuerySet[Any]", self.object_list).order_by()
        counted = count_up_to(rows, EXACT)
        if counted is not None and counted <= EXACT:
            return counted
        self.estimated = True
        # Never fewer than a page: what has one page only is shown whole.
        return max(estimate(rows), EXACT)

    @cached_property
    def num_pages(self) -> int:
        """Pages that can be turned to."""
        return min(super().num_pages, MOST_PAGES)


def count_up_to(rows: QuerySet[Any], most: int) -> int | None:
    """Rows, or `most` + 1 where there are more; None when that takes longer than EXACT_MS."""
    try:
        with bounded(EXACT_MS / 1000):
            return int(rows[: most + 1].count())
    except SearchTooBroad:
        return None


def estimate(rows: QuerySet[Any]) -> int:
    """What the planner expects; for a whole table what was last counted of it (pg_class.reltuples)."""
    if not rows.query.where and not rows.query.is_sliced:
        return _table_rows(rows.model._meta.db_table)
    plan = json.loads(rows.explain(format="json"))
    return int(plan[0]["Plan"]["Plan Rows"])


def _table_rows(table: str) -> int:
    """Rows of a table with all of its partitions, as of the last ANALYZE."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(greatest(c.reltuples, 0)), 0) FROM pg_class AS c"
            " WHERE c.oid IN (SELECT relid FROM pg_partition_tree(%(table)s::regclass) WHERE isleaf)"
            " OR c.oid = %(table)s::regclass AND c.relkind = 'r'",
            {"table": connection.ops.quote_name(table)},
        )
        return int(cursor.fetchone()[0])
