"""Template tag `drill_down`: from years to months to days, without looking at the rows in between.

Django's own asks for all distinct dates of a list, which reads every row of it. Here the first and the last date are
asked for, by an index, and what lies between is offered.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils import timezone

register = template.Library()


@register.inclusion_tag("admin/date_hierarchy.html")
def drill_down(cl: ChangeList) -> dict[str, Any]:
    """Links to narrow a list by its date."""
    field = cl.date_hierarchy
    ends = _ends(cl)
    if ends is None:
        return {"show": False}
    first, last = ends
    year, month, day = (_number(cl.params.get(f"{field}__{part}")) for part in ("year", "month", "day"))

    def link(**parts: int) -> str:
        return cl.get_query_string({f"{field}__{part}": str(value) for part, value in parts.items()}, [f"{field}__"])

    if year and month and day:
        back = {"link": link(year=year, month=month), "title": f"{calendar.month_name[month]} {year}"}
        return {"show": True, "back": back, "choices": [{"title": f"{calendar.month_name[month]} {day}"}]}
    if year and month:
        days = range(1, calendar.monthrange(year, month)[1] + 1)
        choices = [
            {"link": link(year=year, month=month, day=n), "title": str(n)}
            for n in days
            if first <= dt.date(year, month, n) <= last
        ]
        return {"show": True, "back": {"link": link(year=year), "title": str(year)}, "choices": choices}
    if year:
        choices = [
            {"link": link(year=year, month=n), "title": f"{calendar.month_name[n]} {year}"}
            for n in range(1, 13)
            if (first.year, first.month) <= (year, n) <= (last.year, last.month)
        ]
        return {"show": True, "back": {"link": link(), "title": "All dates"}, "choices": choices}
    years = [{"link": link(year=n), "title": str(n)} for n in range(first.year, last.year + 1)]
    return {"show": True, "back": None, "choices": years}


def _ends(cl: ChangeList) -> tuple[dt.date, dt.date] | None:
    """First and last date of the whole table; None when it is empty. Two looks into the date's index."""
    rows = cl.model._default_manager.exclude(**{cl.date_hierarchy: None}).order_by(cl.date_hierarchy)
    dates = rows.values_list(cl.date_hierarchy, flat=True)
    first, last = dates.first(), dates.last()
    return None if first is None or last is None else (_date(first), _date(last))


def _date(value: dt.date | dt.datetime) -> dt.date:
    return timezone.localtime(value).date() if isinstance(value, dt.datetime) else value


def _number(text: Any) -> int | None:
    text = text[-1] if isinstance(text, list) else text
    return int(text) if text and str(text).isdecimal() else None
