"""Newest value per key, each with the version at which it last changed: the ground of snapshots and deltas."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Generic, NamedTuple, TypeVar

K = TypeVar("K")
V = TypeVar("V")

KEEP_GONE = 10_000
"""Removals that are remembered; whoever is further behind gets everything anew."""


class Delta(NamedTuple, Generic[K, V]):
    """What changed: the new values, and the keys that are gone."""

    put: dict[K, V]
    gone: list[K]


class Changes(Generic[K, V]):
    """A dict that knows what changed since a version.

    Changes made after version n belong to n + 1, which `close` completes. Cost of `since` is the number of changes.
    """

    def __init__(self, keep_gone: int = KEEP_GONE) -> None:
        self.version = 0
        self._values: dict[K, V] = {}
        self._changed: dict[K, int] = {}
        self._gone: dict[K, int] = {}
        self._keep_gone = keep_gone
        self._horizon = 0

    @property
    def values(self) -> Mapping[K, V]:
        """All values by key, read only."""
        return MappingProxyType(self._values)

    @property
    def pending(self) -> bool:
        """Whether anything changed since the last `close`."""
        return self._newest() > self.version

    def changed_at(self, key: K) -> int | None:
        """The version with which a value came, None when there is none."""
        return self._changed.get(key)

    def put(self, key: K, value: V) -> None:
        """Set a value."""
        self._values[key] = value
        self._gone.pop(key, None)
        self._changed.pop(key, None)
        self._changed[key] = self.version + 1

    def drop(self, key: K) -> None:
        """Remove a value; an absent key is left alone."""
        if self._values.pop(key, None) is None:
            return
        del self._changed[key]
        self._gone[key] = self.version + 1
        while len(self._gone) > self._keep_gone:
            oldest = next(iter(self._gone))
            self._horizon = self._gone.pop(oldest)

    def close(self) -> int:
        """Complete the next version and return its number."""
        self.version += 1
        return self.version

    def since(self, version: int) -> Delta[K, V] | None:
        """What changed after `version`, or None when only everything will do (`version` is too long ago)."""
        if version < self._horizon:
            return None
        put = {key: self._values[key] for key in _after(self._changed, version)}
        return Delta(put, list(_after(self._gone, version)))

    def _newest(self) -> int:
        last = [next(reversed(tags.values())) for tags in (self._changed, self._gone) if tags]
        return max(last, default=0)


def _after(tags: dict[K, int], version: int) -> Iterator[K]:
    """Keys tagged later than `version`; tags grow in the order of the dict."""
    for key, tag in reversed(tags.items()):
        if tag <= version:
            return
        yield key
