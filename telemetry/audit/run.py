"""All invariants, in their order, as of one moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError
from confluent_kafka import KafkaException
from django.db import DatabaseError
from django.utils import timezone

from missions import selectors as missions
from telemetry import selectors
from telemetry.ingest.errors import StoreAway
from telemetry.lake import LakeEmpty, LakeQueryError, mission_sequences, offsets_by_partition

from . import access, registry, reports, stream
from .finding import Finding
from .flights import Flight, flights

AWAY: Final = (BotoCoreError, ClientError, DatabaseError, KafkaException, LakeQueryError, StoreAway)
"""What a part raises that does not answer: its invariant counts as broken, for it is not shown to hold."""

Tell = Callable[[str], None]


def audit(*, wait_s: float, everything: bool, told: Tell) -> list[Finding]:
    """Measure every invariant on what stands now, after waiting up to `wait_s` for it to be worked off.

    `told` hears what the wait is for, and each change of it.
    """
    end = time.monotonic() + wait_s
    findings = [
        *_stream(wait_s, told),
        _measured(2, reports.NAME, lambda: _reports(end, everything, told)),
        Finding(4, "no silent ship is shown live", figures={"measured by": "the browser test, not here"}),
        _measured(5, registry.NAME, _registry),
        access.access(),
    ]
    return sorted(findings, key=lambda finding: finding.invariant)


def _stream(wait_s: float, told: Tell) -> list[Finding]:
    def heard(behind: int) -> None:
        tell(f"Waiting for the lake, {behind:,} messages behind.")

    tell = _once(told)
    try:
        # Ended missions first: all that they sent then lies below the ends.
        made_up = missions.demo_mission_ids()
        ended = [m for m in registry.missions() if not m.is_running and m.mission_id not in made_up]
        ends = stream.kafka_ends()
        lag = stream.lag_after(ends, wait_s=wait_s, told=heard)
        try:
            partitions = offsets_by_partition()
            sequences = mission_sequences([mission.mission_id for mission in ended])
        except LakeEmpty:
            partitions, sequences = [], {}
        # Asked once more: ships went on sending while the lake was read.
        return [stream.once(partitions, stream.kafka_ends(), lag), stream.gapless(ended, sequences, lag)]
    except AWAY as error:
        said = [_sentence(error)]
        return [
            Finding(1, stream.ONCE, ok=False, broken=said),
            Finding(3, stream.GAPLESS, ok=False, broken=said),
        ]


def _reports(end: float, everything: bool, told: Tell) -> Finding:
    tell = _once(told)
    while (open_now := len(selectors.uploads_open(committed_only=True))) and time.monotonic() < end:
        tell(f"Waiting for the ingest, {open_now:,} reports are committed and not loaded.")
        time.sleep(1)
    return reports.reports(now=timezone.now(), everything=everything)


def _once(told: Tell) -> Tell:
    """Pass on a sentence only when it differs from the one before."""
    last = ""

    def tell(sentence: str) -> None:
        nonlocal last
        if sentence != last:
            told(sentence)
        last = sentence

    return tell


def _registry() -> Finding:
    heard: dict[int, Flight] = flights()
    return registry.registry(list(registry.missions()), heard)


def _measured(number: int, name: str, measure: Callable[[], Finding]) -> Finding:
    try:
        return measure()
    except AWAY as error:
        return Finding(number, name, ok=False, broken=[_sentence(error)])


def _sentence(error: Exception) -> str:
    said = error.args[0].str() if isinstance(error, KafkaException) else str(error).strip()
    return f"Not measured: {said}"
