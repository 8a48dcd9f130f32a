"""Asking a process that serves Prometheus metrics whether its main loop still turns."""

from __future__ import annotations

import time

import httpx
from prometheus_client.parser import text_string_to_metric_families

from stack.config import LOOPBACK
from stack.errors import StackError


def loop_age(port: str, gauge: str, limit: float) -> tuple[str, float]:
    """The metrics of a process and the age of its loop in seconds.

    Raises:
        StackError: the loop has stood still for longer than `limit` seconds.
    """
    answer = httpx.get(f"http://{LOOPBACK}:{port}/metrics", timeout=4, trust_env=False)
    answer.raise_for_status()
    turned = sample(answer.text, gauge)
    if not turned:
        raise StackError("It is up but its main loop has not turned yet.")
    age = max(0.0, time.time() - turned)
    if age > limit:
        raise StackError(f"Its main loop has stood still for {age:.0f} s.")
    return answer.text, age


def sample(text: str, name: str, **labels: str) -> float | None:
    """The sum of a metric's samples that have these labels, None when there are none."""
    values = [
        entry.value
        for family in text_string_to_metric_families(text)
        for entry in family.samples
        if entry.name == name and labels.items() <= entry.labels.items()
    ]
    return sum(values) if values else None
