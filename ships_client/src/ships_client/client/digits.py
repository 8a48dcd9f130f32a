"""Decimal numbers as JSON text, whole columns at once: cells of bytes in which NUL stands for no character.

A decimal of at most 15 significant digits is the shortest text of the float nearest to it, and so what a JSON encoder
writes. Such floats are written from the digits of a whole number, four at a time, by looking them up.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ships_client.sim.state import Flags, Floats

_GROUP: Final = 4
_BASE: Final = 10**_GROUP
_MINUS: Final = np.uint8(ord("-"))

Cells = list[tuple[str, str]]
"""Names and dtypes."""


def _words(texts: list[str]) -> NDArray[np.uint32]:
    """Texts of at most four bytes as unsigned integers: a lookup then moves one machine word."""
    return np.array(texts, dtype=f"S{_GROUP}").view(np.uint32)


_FOUR: Final = [f"{k:04d}" for k in range(_BASE)]
# A group of four digits by its value; from 10,000 on as the first of its number, without zeros before it.
_INNER: Final = _words(_FOUR + ["" if k == 0 else str(k) for k in range(_BASE)])
_LAST: Final = _words(_FOUR + [str(k) for k in range(_BASE)])
# What follows the point, without zeros at the end: a table for each number of decimals, one after the other.
_DECIMALS: Final = _words([f"{k:0{d}d}".rstrip("0") or "0" for d in range(1, 5) for k in range(10**d)])
_TABLE_OF: Final = [0, 0, 10, 110, 1110]


@dataclass(frozen=True, slots=True)
class Number:
    """A field of numbers between two bounds, whole or with at most four decimals."""

    name: str
    low: float
    high: float
    decimals: int
    point: bool = True
    """Whether there is a point even without decimals, as floats have it."""

    @property
    def groups(self) -> int:
        """Groups of four digits before the point."""
        return -(-len(str(int(max(-self.low, self.high)))) // _GROUP)

    @property
    def parts(self) -> list[str | Cells]:
        """Cells and texts, in order."""
        sign = [(f"{self.name} -", "u1")] if self.low < 0 else []
        before = [*sign, *((f"{self.name} {group}", "u4") for group in reversed(range(self.groups)))]
        if self.decimals:
            return [before, ".", [(f"{self.name} .", "u4")]]
        return [before, ".0"] if self.point else [before]


class Numbers:
    """Writes number fields, (k), those with more digits before the point first."""

    def __init__(self, fields: Sequence[Number]) -> None:
        groups = [field.groups for field in fields]
        if groups != sorted(groups, reverse=True):
            raise ValueError("Fields with more digits come first.")
        self._fields = fields
        self._low = np.array([[field.low] for field in fields])
        self._high = np.array([[field.high] for field in fields])
        self._scale = np.array([[10.0**field.decimals] for field in fields])
        self._names = [[field.name for field in fields if field.groups > group] for group in range(groups[0])]
        self._signed = [i for i, field in enumerate(fields) if field.low < 0]
        self._broken = [i for i, field in enumerate(fields) if field.decimals]
        self._tables = np.array([[_TABLE_OF[fields[i].decimals]] for i in self._broken])

    def write(self, sheet: NDArray[Any], values: Floats) -> Flags:
        """Write columns, (k, n), to the rows of `sheet`, (n); which rows have all their numbers right.

        In the others a number is out of bounds or has more decimals, and what is written is wrong.
        """
        size = np.abs(values)
        # NaN and infinity come here, and are not right.
        with np.errstate(over="ignore", invalid="ignore"):
            digits = np.rint(size * self._scale)
            right = (digits / self._scale == size) & (values >= self._low) & (values <= self._high)
        every: Flags = right.all(axis=0)
        if not every.all():
            size, digits = np.where(right, size, 0.0), np.where(right, digits, 0.0)
        whole = np.floor(size)
        digits -= whole * self._scale
        decimals = digits[self._broken].astype(np.int64)
        decimals += self._tables
        for i, text in zip(self._broken, _DECIMALS.take(decimals), strict=True):
            sheet[f"{self._fields[i].name} ."] = text
        for i in self._signed:
            sheet[f"{self._fields[i].name} -"] = np.signbit(values[i]) * _MINUS
        self._write_groups(sheet, whole.astype(np.int64))
        return every

    def _write_groups(self, sheet: NDArray[Any], whole: NDArray[np.int64]) -> None:
        for group, names in enumerate(self._names):
            longer = len(self._names[group + 1]) if group + 1 < len(self._names) else 0
            higher = whole[:longer] // _BASE
            # What has digits before it is found in the first half of the table.
            whole[:longer] -= higher * _BASE
            whole[:longer] -= _BASE * (higher > 0)
            whole += _BASE
            for name, text in zip(names, (_INNER if group else _LAST).take(whole), strict=True):
                sheet[f"{name} {group}"] = text
            whole = higher
