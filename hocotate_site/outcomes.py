"""How jobs that run now and then ended, pushed to the Pushgateway, where Prometheus finds it between their runs.

What is pushed must never break or hold up the job that it is about: a Pushgateway that is away costs it 2 s at most.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from threading import Thread
from typing import Final

import httpx
from django.conf import settings
from prometheus_client import CollectorRegistry, Gauge, pushadd_to_gateway

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 1.0
"""For connecting, and again for the answer."""
LONGEST_S: Final = 2.0
"""Most that a push holds up its job, whatever the Pushgateway does."""


class Job(StrEnum):
    """What is told of; the label `job` of its metrics."""

    INGEST = "ingest"
    MARTS = "marts"
    MAINTENANCE = "maintenance"


@dataclass
class Outcome:
    """What a job tells of its run.

    Attributes:
        failed_items: reports or builds that went wrong; above 0 a person should look. None where the run did not come
            so far as to know, and then what the run before said stands.
        succeeded: whether the run did what it is for, however many items failed.
        skipped: there was no run, since another one is at it; nothing is told.
    """

    failed_items: int | None = None
    succeeded: bool = True
    skipped: bool = False


@contextmanager
def told(job: Job) -> Iterator[Outcome]:
    """Tell how the run of the block ended; one that raises has not succeeded, and its error goes on."""
    outcome, began = Outcome(), time.monotonic()
    try:
        yield outcome
    except BaseException:
        outcome.succeeded = False
        raise
    finally:
        if not outcome.skipped:
            push(job, outcome, seconds=time.monotonic() - began)


def push(job: Job, outcome: Outcome, *, seconds: float) -> None:
    """Push one run, which took so many seconds and ended now. Without PUSHGATEWAY_URL it does nothing."""
    if not settings.PUSHGATEWAY_URL:
        return
    registry = metrics_of(outcome, seconds=seconds, now=time.time())
    # A server that answers a byte at a time keeps within every timeout of a socket; so the wait itself is bounded.
    sender = Thread(target=_send, args=(job, registry), name="outcome", daemon=True)
    sender.start()
    sender.join(LONGEST_S)


def metrics_of(outcome: Outcome, *, seconds: float, now: float) -> CollectorRegistry:
    """The run's metrics. One that failed has no time of success, so that the last one's stays."""
    registry = CollectorRegistry()
    values: dict[str, tuple[str, float]] = {
        "batch_last_run_timestamp_seconds": ("Unix time at which the job last ended.", now),
        "batch_duration_seconds": ("How long its last run took, in s.", seconds),
    }
    if outcome.failed_items is not None:
        values["batch_failed_items"] = ("What is wrong as of its last run, by count.", outcome.failed_items)
    if outcome.succeeded:
        values["batch_last_success_timestamp_seconds"] = ("Unix time at which the job last ended well.", now)
    for name, (text, value) in values.items():
        Gauge(name, text, registry=registry).set(value)
    return registry


def _send(job: Job, registry: CollectorRegistry) -> None:
    try:
        # Added, not put: the time of the last success has to outlive a run that failed.
        pushadd_to_gateway(settings.PUSHGATEWAY_URL, job.value, registry, timeout=PATIENCE_S, handler=_straight)
    except Exception as error:  # the job's own work is done, and nothing here may undo it
        logger.warning("How the job %s ended could not be pushed: %s: %s", job, type(error).__name__, error)


def _straight(
    url: str, method: str, timeout: float | None, headers: list[tuple[str, str]], data: bytes
) -> Callable[[], None]:
    """A handler for prometheus_client that asks no proxy: the Pushgateway is one of our own servers."""

    def send() -> None:
        answer = httpx.request(method, url, content=data, headers=headers, timeout=timeout, trust_env=False)
        answer.raise_for_status()

    return send
