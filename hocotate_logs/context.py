"""The ids of what is being worked on. What is bound here stands in every line that is logged meanwhile.

They live in a context variable: each asyncio task and each request's thread sees its own, and what it starts inherits
them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from types import MappingProxyType
from typing import Final

IDS: Final = ("request_id", "task_id", "task", "mission", "ship", "trace_id", "seq", "latency_ms")
"""What a line may carry beside its text, in this order. Nothing else of a record is written: what a library attaches
may be a request with its cookies, or the arguments of a job."""

Ids = Mapping[str, str | int]

_NONE: Final[Ids] = MappingProxyType({})
_ids: ContextVar[Ids] = ContextVar("hocotate_log_ids", default=_NONE)


def current() -> Ids:
    """The ids that are bound here and now."""
    return _ids.get()


def bind(**ids: str | int) -> None:
    """Bind ids until the innermost `bound` around this ends.

    Raises:
        ValueError: one of the names is not among IDS.
    """
    if unknown := ids.keys() - set(IDS):
        raise ValueError(
            f"Log lines carry no {', '.join(sorted(unknown))}; name it in hocotate_logs.context.IDS first."
        )
    _ids.set(MappingProxyType({**_ids.get(), **ids}))


@contextmanager
def bound(**ids: str | int) -> Iterator[None]:
    """Bind ids for a while; afterwards it is as it was before.

    Raises:
        ValueError: one of the names is not among IDS.
    """
    before = _ids.get()
    try:
        bind(**ids)
        yield
    finally:
        _ids.set(before)


def unbound() -> Context:
    """This context without ids: for what outlives the request that happened to start it."""
    context = copy_context()
    context.run(_ids.set, _NONE)
    return context
