"""How the panels of telemetry write numbers."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def count(number: object) -> str:
    """`1,467`; an absent one, of a part that is away too, is an en dash."""
    return f"{number:,}" if isinstance(number, int) else "\N{EN DASH}"


@register.filter
def fixed(number: float | None, digits: int) -> str:
    """`92.48` with 2 digits; an absent one is an en dash."""
    return "\N{EN DASH}" if number is None else f"{number:,.{digits}f}".replace("-", "\N{MINUS SIGN}")


@register.filter
def share(ratio: float | None, digits: int) -> str:
    """`96.1` for 0.961, in percent; an absent one is an en dash."""
    return fixed(None if ratio is None else 100 * ratio, digits)
