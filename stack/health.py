"""Asks every part itself how it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from typing import Any

from stack.errors import StackError
from stack.services.base import Context, Service

POLL_S = 0.4
"""Between two questions to a part that is coming up; more often would slow the start itself."""


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
    """Wait until each part answers well, each within its own time and not held up by the others.

    Raises:
        StackError: one did not; says which, what it answered and where its log is.
    """
    services = list(services)
    given_up = threading.Event()
    with ThreadPoolExecutor(max_workers=max(1, len(services))) as pool:
        waits = [pool.submit(_wait_for, context, service, state_of, given_up) for service in services]
        try:
            for wait in as_completed(waits):
                on_healthy(wait.result())
        finally:
            given_up.set()


def _wait_for(context: Context, service: Service, state_of: Callable[[str], str], given_up: threading.Event) -> Health:
    began = time.monotonic()
    while True:
        health = ask(context, service)
        waited = time.monotonic() - began
        if health.healthy or given_up.is_set():
            return replace(health, seconds=round(waited, 1))
        if waited > service.ready_seconds:
            raise StackError(
                f"{service.title} did not come up within {service.ready_seconds} s "
                f"(supervisor says {state_of(service.name)}): {health.detail}",
                f"See `make logs S={service.name}`.",
            )
        given_up.wait(POLL_S)


def _sentence(error: Exception) -> str:
    text = str(error).strip().splitlines()
    first = text[0] if text else type(error).__name__
    return first if isinstance(error, StackError) else f"{type(error).__name__}: {first}"[:300]
