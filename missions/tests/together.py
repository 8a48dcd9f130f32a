"""Calls that meet in the database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection

T = TypeVar("T")


def together(count: int, call: Callable[[int], T], threads: int = 20) -> list[T]:
    """The results of `call(0)` to `call(count - 1)`, made by threads that start at one moment."""
    start = threading.Barrier(threads)

    def work(share: range) -> list[T]:
        start.wait(timeout=30)
        try:
            return [call(number) for number in share]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        shares = [range(first, count, threads) for first in range(threads)]
        return [result for results in pool.map(work, shares) for result in results]
