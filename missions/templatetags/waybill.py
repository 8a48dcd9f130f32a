"""How the registry's pages write durations and large numbers."""

from datetime import datetime

from django import template

from missions.models import Mission

register = template.Library()


@register.filter
def thousands(number: float) -> str:
    """`1,467`."""
    return f"{number:,.0f}"


@register.filter
def duration(mission: Mission) -> str:
    """From registration to end, `12 min 33 s`; empty while the mission runs."""
    return _span(mission.started_at, mission.finished_at) if mission.finished_at else ""


def _span(start: datetime, end: datetime) -> str:
    minutes, seconds = divmod(int((end - start).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"
