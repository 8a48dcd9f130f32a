"""The radar under many ships and many browsers: bytes, latency, processor time, memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import msgspec
import psutil
from confluent_kafka import Consumer, TopicPartition
from rich.console import Console

from benchmarks.bench_platform import fleet, running_once
from benchmarks.figures import Result
from stack.config import ROOT
from stack.services.base import Context, inherited, python
from stack.supervisor import Supervisor

PARTS: Final = ("postgres", "valkey", "seaweedfs", "kafka", "registry", "web", "radar")
"""What a browser needs to see the fleet."""
TARGETS: Final = ("Maxima", "Koodgio", "Neechki", "Enohee", "Tagwa")
"""Far enough that all ships fly all the while."""
PROCESSES: Final = 10
SETTLE_S: Final = 30
SAMPLE_S: Final = 20
ROUNDS: Final = 3
SOAK_S: Final = 1_800
SOAK_CLIENTS: Final = 50
LOOK_S: Final = 10


@dataclass(frozen=True)
class Sample:
    """What the browsers saw, and what it cost `run_radar` and the web process: cores, and resident MB of the former."""

    p50_ms: float
    p99_ms: float
    bytes_a_second: float
    frames_a_second: float
    shown: float
    radar_cores: float
    web_cores: float
    radar_mb: float


def measure_1000() -> list[Result]:
    """radar_bytes_ratio, radar_latency_p99_ms, radar_cpu_growth_clients and radar_rss_mb, of 1,000 ships.

    1,000 ships in ten processes send a message a second each; medians of three samples of 20 s. Bytes: what one of 50
    browsers gets a second, over the bytes of every ship's whole message once a second (the original's way), as Kafka
    holds them of the same seconds. Latency: 99th percentile, over all updates and 50 browsers, of the browser's clock
    minus the ship's. Growth: processor time of `run_radar` with 100 browsers over that with 50.
    """
    with _flying(1_000) as context:
        samples = [_sample(context, 50) for _ in range(ROUNDS)]
        whole = _message_bytes(context) * 1_000
        more = [_sample(context, 100) for _ in range(ROUNDS)]
    return [
        Result("radar_bytes_ratio", round(_middle(samples, "bytes_a_second") / whole, 3)),
        Result("radar_latency_p99_ms", round(_middle(samples, "p99_ms"))),
        Result("radar_cpu_growth_clients", round(_middle(more, "radar_cores") / _middle(samples, "radar_cores"), 2)),
        Result("radar_rss_mb", round(max(sample.radar_mb for sample in (*samples, *more)))),
    ]


def measure_5000() -> list[Result]:
    """radar_latency_5000_p99_ms, radar_shown_5000, radar_rss_5000_mb and radar_cpu_growth_ships.

    5,000 ships and 300 browsers, as `measure_1000`. Shown: updates that a browser got, over messages that the radar
    took in meanwhile. Growth: processor time of `run_radar` with 2,000 ships over that with 1,000, 20 browsers.
    """
    with _flying(5_000) as context:
        samples = [_sample(context, 300) for _ in range(ROUNDS)]
    with _flying(1_000) as context:
        few = [_sample(context, 20) for _ in range(ROUNDS)]
    with _flying(2_000) as context:
        many = [_sample(context, 20) for _ in range(ROUNDS)]
    return [
        Result("radar_latency_5000_p99_ms", round(_middle(samples, "p99_ms"))),
        Result("radar_shown_5000", round(_middle(samples, "shown"), 3)),
        Result("radar_rss_5000_mb", round(max(sample.radar_mb for sample in samples))),
        Result("radar_cpu_growth_ships", round(_middle(many, "radar_cores") / _middle(few, "radar_cores"), 2)),
    ]


def measure_soak() -> list[Result]:
    """radar_soak_growth: how much more memory `run_radar` or the web process has after 30 minutes, in percent.

    1,000 ships, and 50 browsers that stay for 5 to 60 s each and come again; two more never read what they are sent.
    The greatest resident size of the last ten minutes over that of the minutes 5 to 15; the worse of the two counts.
    """
    with _flying(1_000) as context:
        states = Supervisor(context.platform).states()
        parts = {name: psutil.Process(states[name]["pid"]) for name in ("radar", "web")}
        sizes: dict[str, list[float]] = {name: [] for name in parts}
        argv = python("-m", "benchmarks.crowd", context.settings["SITE_URL"], str(SOAK_CLIENTS), str(SOAK_S))
        crowd = subprocess.Popen(argv, cwd=ROOT, env={**inherited(), **context.settings})
        for _second in range(0, SOAK_S, LOOK_S):
            time.sleep(LOOK_S)
            for name, process in parts.items():
                sizes[name].append(process.memory_info().rss / 1e6)
        if crowd.wait(timeout=60):
            raise RuntimeError("The browsers failed.")
    third = SOAK_S // LOOK_S // 3
    growth = {}
    for name, every in sizes.items():
        early, late = max(every[third // 2 : third + third // 2]), max(every[-third:])
        growth[name] = 100 * (late / early - 1)
        Console(stderr=True).print(f"  {name}: {early:.0f} MB, then {late:.0f} MB", highlight=False)
    return [Result("radar_soak_growth", round(max(growth.values()), 1))]


@contextmanager
def _flying(ships: int) -> Iterator[Context]:
    """So many ships in flight for a while, in PROCESSES that each send at a moment of their own."""
    load = ("--ships", str(ships), "--processes", str(PROCESSES), "--targets", ",".join(TARGETS), "--seed", "6")
    # Reports are another load, and of all ships at once.
    quiet = ("--keep", "--failure-rate", "0", "--reportfreq", "1440")
    # The browsers stand for people all over the place, though they come from one address.
    many = _settings(RADAR_SOCKETS_EACH="10000", RADAR_FRAMES_EACH="1000000")
    with many, running_once(PARTS) as context, fleet(context, *load, *quiet):
        time.sleep(SETTLE_S)
        yield context


@contextmanager
def _settings(**given: str) -> Iterator[None]:
    """A platform that starts meanwhile has these settings."""
    os.environ.update(given)
    try:
        yield
    finally:
        for name in given:
            del os.environ[name]


def _sample(context: Context, clients: int) -> Sample:
    supervisor = Supervisor(context.platform)
    states = supervisor.states()
    radar, web = (psutil.Process(states[name]["pid"]) for name in ("radar", "web"))
    argv = python("-m", "benchmarks.viewers", context.settings["SITE_URL"], str(clients), str(SAMPLE_S))
    env = {**inherited(), **context.settings}
    before, began, messages = (_cpu(radar), _cpu(web)), time.monotonic(), _messages(context)
    watching = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    told, _ = watching.communicate(timeout=SAMPLE_S + 120)
    if watching.returncode:
        raise RuntimeError("The browsers failed.")
    took, after = time.monotonic() - began, (_cpu(radar), _cpu(web))
    seen = json.loads(told)
    sent = (_messages(context) - messages) / took
    sample = Sample(
        p50_ms=seen["p50_ms"],
        p99_ms=seen["p99_ms"],
        bytes_a_second=seen["bytes_a_second"],
        frames_a_second=seen["frames_a_second"],
        shown=seen["updates"] / clients / seen["seconds"] / sent,
        radar_cores=(after[0] - before[0]) / took,
        web_cores=(after[1] - before[1]) / took,
        radar_mb=radar.memory_info().rss / 1e6,
    )
    Console(stderr=True).print(f"  {clients} browsers: {msgspec.to_builtins(sample)}", highlight=False)
    return sample


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _messages(context: Context) -> int:
    """Messages in telemetry.raw so far."""
    consumer = Consumer({"bootstrap.servers": context.settings["KAFKA_BOOTSTRAP"], "group.id": "bench-radar"})
    try:
        partitions = consumer.list_topics("telemetry.raw", timeout=10).topics["telemetry.raw"].partitions
        ends = [consumer.get_watermark_offsets(TopicPartition("telemetry.raw", number))[1] for number in partitions]
        return sum(ends)
    finally:
        consumer.close()


def _message_bytes(context: Context) -> float:
    """Mean bytes of the newest messages of a partition."""
    consumer = Consumer({"bootstrap.servers": context.settings["KAFKA_BOOTSTRAP"], "group.id": "bench-radar"})
    try:
        end = consumer.get_watermark_offsets(TopicPartition("telemetry.raw", 0))[1]
        consumer.assign([TopicPartition("telemetry.raw", 0, max(0, end - 5_000))])
        sizes = [len(message.value() or b"") for message in consumer.consume(2_000, timeout=10)]
        return statistics.fmean(sizes)
    finally:
        consumer.close()


def _middle(samples: list[Sample], name: str) -> float:
    return float(statistics.median(getattr(sample, name) for sample in samples))
