"""How the panels of telemetry write numbers."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def count(number: object) -> str:
    """`1,467`; an absent one, of a part that is away too, is an en dash."""
    return f"{number:,}" if isinstance(number, int) else "\N{EN DASH}"
