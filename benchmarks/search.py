"""The search for the greatest load that is carried: which loads are tried, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence


def greatest(rungs: Sequence[int], carried: Callable[[int], bool]) -> int | None:
    """The greatest of the ascending `rungs` that is carried, by halving; None when not even the lowest is.

    What is carried once is taken as carried by all that is less, so that no rung is tried twice and n rungs take
    log2(n + 1) tries at most, rounded up.
    """
    low, high = 0, len(rungs)
    while low < high:
        middle = (low + high) // 2
        if carried(rungs[middle]):
            low = middle + 1
        else:
            high = middle
    return rungs[low - 1] if low else None


def held(rungs: Sequence[int], found: int | None, holds: Callable[[int], bool], tries: int) -> int | None:
    """The first that holds of `found` and the rungs below it, downwards; None when none of so many `tries` does."""
    if found is None:
        return None
    below = [rung for rung in reversed(rungs) if rung <= found]
    return next((rung for rung in below[:tries] if holds(rung)), None)
