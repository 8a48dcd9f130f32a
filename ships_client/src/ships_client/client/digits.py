"""Decimal numbers as JSON text, whole columns at once: cells of bytes in which NUL stands for no character.

A decimal of at most 15 significant digits is the shortest text of the float nearest to it, and so what a JSON encoder
writes. Such floats are written from the digits of a whole number, four at a time, by looking them up.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ships_client.sim.state import Flags

_BASE: Final = 10_000
_MINUS: Final = np.uint8(ord("-"))


def _words(texts: list[str], width: int) -> NDArray[Any]:
    """Texts of at most 4 or 8 bytes as unsigned integers: a lookup then moves one machine word."""
    return np.array(texts, dtype=f"S{width}").view(f"u{width}")


_FOUR: Final = [f"{k:04d}" for k in range(_BASE)]
# A group of four digits by its value; from 10,000 on as the first of its number, without zeros before it.
_INNER: Final = _words(_FOUR + ["" if k == 0 else str(k) for k in range(_BASE)], 4)
_LAST: Final = _words(_FOUR + [str(k) for k in range(_BASE)], 4)
# The point and what follows, without zeros at the end, by the number of decimals.
_FRACTIONS: Final = {
    decimals: _words(["." + (f"{k:0{decimals}d}".rstrip("0") or "0") for k in range(10**decimals)], width)
    for decimals, width in ((1, 4), (2, 4), (3, 4), (4, 8))
}


@dataclass(frozen=True, slots=True)
class Numbers:
    """Fields whose numbers are written alike.

    Attributes:
        names: of the fields.
        groups: of four digits before the point that there is room for.
        decimals: digits after the point, 0 to 4; with 0 there is no point either.
    """

    names: tuple[str, ...]
    groups: int
    decimals: int = 0

    def cells(self, name: str) -> list[tuple[str, str]]:
        """Name and dtype of one field's cells, in order: sign, groups of digits, fraction."""
        groups = [(f"{name} {group}", "u4") for group in reversed(range(self.groups))]
        fraction = [(f"{name} .", f"u{_FRACTIONS[self.decimals].itemsize}")] if self.decimals else []
        return [(f"{name} -", "u1"), *groups, *fraction]

    def write(self, sheet: NDArray[Any], columns: NDArray[Any]) -> Flags:
        """Write the fields' columns, (fields, n), to the rows of `sheet`, (n); which rows have all their numbers right.

        In the others a number has more digits than there is room for, or is not finite, and what is written is wrong.
        """
        scale = 10**self.decimals
        size = np.abs(columns)
        digits = np.rint(size * scale)
        right = (digits / scale == size) & (digits < float(_BASE**self.groups * scale))
        whole = np.where(right, digits, 0.0).astype(np.int64)
        self._put(sheet, "-", np.signbit(columns) * _MINUS)
        if self.decimals:
            whole, fraction = np.divmod(whole, scale)
            self._put(sheet, ".", _FRACTIONS[self.decimals].take(fraction))
        for group in range(self.groups):
            higher, here = np.divmod(whole, _BASE)
            self._put(sheet, str(group), (_INNER if group else _LAST).take(here + _BASE * (higher == 0)))
            whole = higher
        every: Flags = right.all(axis=0)
        return every

    def _put(self, sheet: NDArray[Any], cell: str, columns: NDArray[Any]) -> None:
        for name, column in zip(self.names, columns, strict=True):
            sheet[f"{name} {cell}"] = column
