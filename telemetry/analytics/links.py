"""Addresses that the page leads to: itself asked otherwise, the missions behind a figure, its SQL, its files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from .asked import BEST_FIRST, USUAL, Asked


def page_url(asked: Asked, **changes: Any) -> str:
    """The page with some of what is asked for changed; what is usual is left out."""
    asked = replace(asked, **changes)
    query = {"period": asked.period} if asked.period != USUAL else {}
    query |= {"band": asked.band.value} if asked.band else {}
    query |= {table: str(order) for table, order in asked.sorts.items() if order != BEST_FIRST}
    query |= {"all": ",".join(sorted(asked.whole))} if asked.whole else {}
    return reverse("analytics") + (f"?{urlencode(query, safe=',')}" if query else "")


def missions_url(since: dt.datetime | None, **filters: str) -> str:
    """The missions since that day that fit the filters: planet, captain, ship, status.

    The list knows days, and finds ships by its search: it may show a few more than the figure counts.
    """
    words = {"ship": "q"}
    query = {words.get(name, name): value for name, value in filters.items() if value}
    query |= {"since": f"{since:%Y-%m-%d}"} if since else {}
    return reverse("missions") + (f"?{urlencode(query)}" if query else "")


def sql_url(mart: str, conditions: Mapping[str, str], order: str) -> str:
    """The page of SQL with the query that a panel shows."""
    where = " AND ".join(f"{column} = '{value}'" for column, value in conditions.items())
    lines = ["SELECT *", f"FROM sl.{mart}", *([f"WHERE {where}"] if where else []), f"ORDER BY {order}"]
    statement = "\n".join(lines)
    return f"{reverse('lake')}?{urlencode({'source': 'warehouse', 'q': statement})}"


def file_url(mart: str, form: str, period: str) -> str:
    """A mart as a file: csv or parquet."""
    return f"{reverse('analytics_file', args=[mart, form])}?{urlencode({'period': period})}"
