"""How fresh the lake is, and how fast it takes messages in."""

from __future__ import annotations

import json
import statistics
import subprocess
import time
from datetime import UTC, datetime

from rich.console import Console

from benchmarks.bench_platform import fleet, running
from benchmarks.figures import Result
from benchmarks.messages import own_topic, produce
from benchmarks.site import managed
from stack.config import ROOT
from stack.environment import LAKE_SETTINGS
from stack.services.base import Context, inherited, python

SHIPS = 200
SETTLE_S = 40
SAMPLE_S = 60
MESSAGES = 600_000


def measure_freshness() -> list[Result]:
    """lake_freshness_s: the greatest age that the newest message in the lake reached within a minute.

    200 ships send a message a second each. Once a second a query asks the lake for its newest event time; its age is
    that moment minus the event time. The greatest of a minute counts, so it holds the pause between commits.
    """
    with running() as context, fleet(context, "--ships", str(SHIPS), "--spread", "0.05", "--keep", "--seed", "12"):
        time.sleep(SETTLE_S)
        ages = []
        until = time.monotonic() + SAMPLE_S
        while time.monotonic() < until:
            ages.append(age(context))
    return [Result("lake_freshness_s", round(max(ages), 1))]


def age(context: Context) -> float:
    """Age in seconds of the newest message that a query sees, at the moment when the query begins to read."""
    asked = datetime.now(UTC)
    query = "SELECT epoch_us(max(event_time)) AS newest FROM telemetry.raw"
    newest = int(json.loads(managed(context, "lake", query, "--format", "json"))[0]["newest"])
    return asked.timestamp() - newest / 1e6


def measure_rows_ratio() -> list[Result]:
    """lake_rows_ratio: rows a second from Kafka into Iceberg, over those into Spark's noop sink.

    600,000 messages of a thousand ships stand on a topic. One stream (same read, same judging) goes over all of them
    into an Iceberg table by the native sink, then into nothing, in turn, seven times after one to warm up, in one
    Spark. Each round yields a ratio of its own, so that a machine which slows down for a while slows both, and the
    median of these counts. No other part of the platform runs but the servers.
    """
    with (
        running(("postgres", "seaweedfs", "kafka")) as context,
        own_topic(context.settings["KAFKA_BOOTSTRAP"]) as topic,
    ):
        produce(context.settings["KAFKA_BOOTSTRAP"], topic, MESSAGES)
        settings = {name: context.settings[name] for name in LAKE_SETTINGS if name in context.settings}
        context.platform.data("spark").mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            python("-m", "benchmarks.spark_rows"),
            cwd=ROOT,
            env={**inherited(), **settings, "LAKE_TOPIC": topic},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        raise RuntimeError(f"The measurement failed: {done.stderr.strip()[-1500:]}")
    rates = json.loads(done.stdout.strip().splitlines()[-1])
    iceberg, noop = statistics.median(rates["iceberg"]), statistics.median(rates["noop"])
    ratios = [taken / read for taken, read in zip(rates["iceberg"], rates["noop"], strict=True)]
    each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
    Console(stderr=True).print(f"  Iceberg {iceberg:,.0f}, noop {noop:,.0f} rows/s; rounds {each}", highlight=False)
    return [Result("lake_rows_ratio", round(statistics.median(ratios), 2))]
