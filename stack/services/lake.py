"""The Spark application that writes the lake."""

from __future__ import annotations

import time

from stack.environment import LAKE_SETTINGS
from stack.services.base import Command, Context, Service, python
from stack.services.loops import loop_age, sample


def _prepare(context: Context) -> None:
    for name in ("checkpoints", "spark"):
        context.platform.data(name).mkdir(parents=True, exist_ok=True)


def _command(context: Context) -> Command:
    return Command(python("-m", "spark.jobs.lake"))


def _ask(context: Context) -> str:
    text, age = loop_age(context.settings["LAKE_METRICS_PORT"], "lake_loop_timestamp_seconds", 30)
    rows = sample(text, "lake_rows_total", table="raw")
    derived = sample(text, "lake_derived_timestamp_seconds")
    held = f", {rows:,.0f} messages" if rows else ""
    behind = f", track read {max(0, time.time() - derived):.0f} s ago" if derived else ""
    return f"Spark, loop turned {age:.0f} s ago{held}{behind}"


SERVICE = Service(
    name="lake",
    title="Lake writer",
    command=_command,
    ask=_ask,
    prepare=_prepare,
    needs=("postgres", "seaweedfs", "kafka"),
    ready_seconds=300,
    stop_seconds=25,
    reads=LAKE_SETTINGS,
)
