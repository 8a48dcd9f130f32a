"""How the page writes ages, times and sizes. Pure."""

from __future__ import annotations

from typing import Final

NONE: Final = "\N{EN DASH}"


def age(seconds: float | None) -> str:
    """`0.4 s`, `42 s`, `4 min 12 s`, `3 h 04 min`, `3 d 04 h`."""
    if seconds is None:
        return NONE
    if seconds < 10:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes:02} min"
    days, hours = divmod(hours, 24)
    return f"{days} d {hours:02} h"


def took(seconds: float | None) -> str:
    """`0.7 ms`, `38 ms`, `1.9 s`."""
    if seconds is None:
        return NONE
    if seconds >= 1:
        return f"{seconds:.1f} s"
    return f"{seconds * 1000:.1f} ms" if seconds < 0.0095 else f"{seconds * 1000:.0f} ms"


def size(count: float | None) -> str:
    """`412 MB`, `1.84 GB`; thousands of bytes."""
    if count is None:
        return NONE
    for unit, each in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= each:
            return f"{count / each:.3g} {unit}" if count < 1000 * each else f"{count / each:,.0f} {unit}"
    return f"{count:.0f} bytes"


def many(count: int | None, one: str, more: str = "") -> str:
    """`1 report`, `1,467 reports`."""
    if count is None:
        return NONE
    return f"{count:,} {one if count == 1 else more or f'{one}s'}"
