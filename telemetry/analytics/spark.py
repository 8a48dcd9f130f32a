"""Small lines of one figure a day, drawn on the server. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, MARGIN = 200, 34, 3


@dataclass(frozen=True)
class Spark:
    """The line as SVG's path, its last point, and what it says in words; `x` is None without any value."""

    path: str
    x: float | None
    y: float | None
    said: str


def spark(values: Sequence[float | None], said: str) -> Spark:
    """The line of values evenly apart; a gap (None) stays a gap, a value between two gaps is a short stroke."""
    known = [value for value in values if value is not None]
    if not known:
        return Spark("", None, None, f"{said}: no value")
    low, high = min(known), max(known)
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)

    def place(index: int, value: float) -> tuple[float, float]:
        up = (value - low) / (high - low) if high > low else 0.5
        return round(MARGIN + index * step, 1), round(HEIGHT - MARGIN - up * (HEIGHT - 2 * MARGIN), 1)

    path: list[str] = []
    last, pen_down = (0.0, 0.0), False
    for index, value in enumerate(values):
        if value is None:
            pen_down = False
            continue
        last = place(index, value)
        path.append(f"{'L' if pen_down else 'M'}{last[0]} {last[1]}")
        alone = not pen_down and (index + 1 == len(values) or values[index + 1] is None)
        if alone:
            path.append("h0.1")
        pen_down = True
    return Spark("".join(path), *last, f"{said}: {known[0]:,.4g} to {known[-1]:,.4g}")
