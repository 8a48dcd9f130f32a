"""Numbers as the pages write them: thousands with a comma, a true minus sign, an absent value as a dash. Pure."""

from __future__ import annotations

from typing import Final

NONE: Final = "\N{EN DASH}"
MINUS: Final = "\N{MINUS SIGN}"
_SCALES: Final = ((1e9, "B"), (1e6, "M"), (1e4, "k"))


def number(value: float | None, digits: int = 0) -> str:
    """`1,313` or `91.4`; a dash for None."""
    return NONE if value is None else f"{value:,.{digits}f}".replace("-", MINUS)


def change(value: float, digits: int = 0) -> str:
    """`+38`, or 0.4 with a minus sign."""
    text = f"{value:+,.{digits}f}"
    return text.replace("-", MINUS)


def scaled(value: float) -> tuple[str, str]:
    """Three figures and the letter of a thousand, million or billion: `4.12` and `M`."""
    for size, letter in _SCALES:
        if abs(value) >= size:
            unit = 1e3 if letter == "k" else size
            return f"{value / unit:.3g}".replace("-", MINUS), letter
    return number(value), ""


def share(value: float | None) -> str:
    """A percentage with as many digits as it takes to tell it from 100: `91.4`, `99.999`; never rounded up to 100."""
    if value is None:
        return NONE
    if value < 99.9 or value >= 100:
        return number(value, 0 if value >= 100 else 1)
    for digits in (2, 3, 4):
        if float(f"{value:.{digits}f}") < 100:
            return f"{value:.{digits}f}"
    return "99.9999"
