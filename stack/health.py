"""Asks every part itself how it is."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from stack.errors import StackError
from stack.services.base import Context, Service


@dataclass(frozen=True)
class Health:
    """The answer of one part.

    Attributes:
        name: of the service.
        title: as people read it.
        healthy: whether it answered well.
        detail: what it said, or what failed.
        seconds: how long the answer took.
    """

    name: str
    title: str
    healthy: bool
    detail: str
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def ask(context: Context, service: Service) -> Health:
    """Ask one part; whatever goes wrong is its answer."""
    began = time.monotonic()
    try:
        detail, healthy = service.ask(context), True
    except Exception as error:  # any failure of any client library means the same: not well
        detail, healthy = _sentence(error), False
    return Health(service.name, service.title, healthy, detail, round(time.monotonic() - began, 3))


def ask_all(context: Context, services: Iterable[Service]) -> list[Health]:
    """Ask all parts side by side, in the order given."""
    services = list(services)
    with ThreadPoolExecutor(max_workers=max(1, len(services))) as pool:
        return list(pool.map(lambda service: ask(context, service), services))


def wait_healthy(
    context: Context,
    services: Iterable[Service],
    on_healthy: Callable[[Health], None],
    state_of: Callable[[str], str],
) -> None:
    """Wait until each part answers well, each within its own time.

    Raises:
        StackError: one did not; says which, what it answered and where its log is.
    """
    began = time.monotonic()
    pending = list(services)
    while pending:
        for health, service in zip(ask_all(context, pending), list(pending), strict=True):
            waited = time.monotonic() - began
            if health.healthy:
                pending.remove(service)
                on_healthy(Health(health.name, health.title, True, health.detail, round(waited, 1)))
            elif waited > service.ready_seconds:
                raise StackError(
                    f"{service.title} did not come up within {service.ready_seconds} s "
                    f"(supervisor says {state_of(service.name)}): {health.detail}",
                    f"See `make logs S={service.name}`.",
                )
        time.sleep(0.2)


def _sentence(error: Exception) -> str:
    text = str(error).strip().splitlines()
    first = text[0] if text else type(error).__name__
    return first if isinstance(error, StackError) else f"{type(error).__name__}: {first}"[:300]
