"""How the registry's pages write durations, large numbers, and numbers that may be absent."""

from datetime import datetime, timedelta
from decimal import Decimal

from django import template
from django.utils.safestring import SafeString

from missions.models import Mission
from missions.rendered import row_html
from missions.rows import Row

register = template.Library()

ABSENT = "\N{EN DASH}"


@register.filter
def as_html(row: Row) -> SafeString:
    """A row of the list."""
    return row_html(row)


@register.filter
def thousands(number: float | None) -> str:
    """`1,467`; an absent one is an en dash."""
    return ABSENT if _absent(number) else f"{number:,.0f}"


@register.filter
def decimals(number: float | None, digits: int) -> str:
    """`0.87` with 2 digits; an absent one is an en dash."""
    return ABSENT if _absent(number) else f"{number:,.{digits}f}"


@register.filter
def percent(share: float | None, digits: int = 1) -> str:
    """`96.1` for 0.961."""
    return ABSENT if share is None or _absent(share) else f"{100 * share:.{digits}f}"


@register.filter
def large(number: int | None) -> str:
    """A number for a tile: `9,445`, from a million on as `4.12`; `magnitude` says of what."""
    if number is None or _absent(number):
        return ABSENT
    return f"{number / 10 ** (9 if number >= 10**9 else 6):.2f}" if number >= 10**6 else f"{number:,}"


@register.filter
def magnitude(number: int | None) -> str:
    """What `large` counts in: M, G or nothing."""
    return "" if number is None or _absent(number) or number < 10**6 else "G" if number >= 10**9 else "M"


@register.filter
def ordinal(number: int) -> str:
    """`9th`."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


@register.filter
def duration(mission: Mission) -> str:
    """From registration to end, `12 min 33 s`; empty while the mission runs."""
    return _span(mission.started_at, mission.finished_at) if mission.finished_at else ""


@register.filter
def span(length: timedelta) -> str:
    """`12 min 33 s`, in two units at most."""
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def _absent(number: float | None) -> bool:
    """Whether there is no number; of a thing that is absent itself templates make an empty text."""
    return not isinstance(number, (int, float, Decimal))


def _span(start: datetime, end: datetime) -> str:
    return span(end - start)
