"""The same work over many reports at once: most of its time is the object store's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from .errors import StoreAway

AT_ONCE: Final = 8

Thing = TypeVar("Thing")
Found = TypeVar("Found")


def each(work: Callable[[Thing], Found], things: Sequence[Thing]) -> list[Found | Exception]:
    """What `work` gives, or raises, for each of the things, in their order.

    Raises:
        StoreAway: the work on one of them did: it concerns all.
    """

    def caught(thing: Thing) -> Found | Exception:
        try:
            return work(thing)
        except Exception as error:
            return error

    if len(things) == 1:
        results = [caught(things[0])]
    else:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            results = list(threads.map(caught, things))
    for result in results:
        if isinstance(result, StoreAway):
            raise result
    return results
