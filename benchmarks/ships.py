"""How fast one process sends telemetry: from physics to Kafka's acknowledgement, and what the recorder costs of it."""

from __future__ import annotations

import math
import shutil
import statistics
import time
from datetime import UTC, datetime
from typing import Final, cast
from uuid import uuid4

import numpy as np
from confluent_kafka import KafkaError, Message, Producer
from numpy.typing import NDArray
from rich.console import Console

from benchmarks.bench_platform import running
from benchmarks.figures import Result
from benchmarks.messages import own_topic
from ships_client.client.messages import callsign, encode_turn
from ships_client.client.sender import Sender
from ships_client.contracts import PLANETS
from ships_client.contracts.telemetry import CONTRACT_HEADER
from ships_client.recorder import VERSION, Boarded, Header, Note, Recorder, Standing, Turn
from ships_client.sim import FleetState, flight_draws, flight_keys, launch, observe, places, step, to_rows
from ships_client.sim.state import Ints
from ships_client.transports import TelemetryProducer
from ships_client.transports.kafka import SETTINGS

SHIPS: Final = 10_000
TURNS: Final = 60
ROUNDS: Final = 7
WARM_UP: Final = 2
"""Rounds that don't count: the broker's code is compiled while it runs."""
TARGETS: Final = ("Maxima", "Koodgio", "Neechki", "Enohee", "Tagwa")
"""Far enough that all ships fly all the while."""
_SEED: Final = 12
_START: Final = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
_SLICE_S: Final = 0.01
_POLL_EVERY: Final = 512
_KEYS: Final = [f"BENCH_{number:05}".encode() for number in range(SHIPS)]


class Unrecorded:
    """In the recorder's place: the last turn in memory, and nothing on the disk."""

    def __init__(self, header: Header) -> None:
        self.standing = Standing(header)
        self.last_turn = -1
        self._turn: Turn | None = None

    def append(self, timestamp_us: int, numbers: Ints, rows: NDArray[np.void]) -> int:
        """Keep the turn in place of the one before."""
        self.last_turn += 1
        self._turn = Turn(self.last_turn, timestamp_us, numbers, rows)
        return self.last_turn

    def turn(self, number: int) -> Turn:
        """The last turn."""
        if self._turn is None or self._turn.number != number:
            raise LookupError(f"Turn {number} isn't kept.")
        return self._turn

    def note(self, *notes: Note) -> None:
        """Take notes in."""
        for note in notes:
            self.standing.apply(note)

    def finish(self) -> None:
        """There is nothing to remove."""


def measure_telemetry() -> list[Result]:
    """produce_ratio and recorder_ratio, both of messages a second that Kafka has acknowledged.

    10,000 ships fly 60 ticks as fast as they can in one process: physics, recorder (fsync every second), messages,
    producer, delivery reports. The same without a recorder, its turns only passed on. And librdkafka with the same
    settings, keys, header and delivery reports, given one constant payload of the same size. A round is one of each in
    turn, and yields ratios of its own; the medians of seven rounds, after two to warm up, count.
    """
    produce_ratios, recorder_ratios = [], []
    with running(("kafka",)) as context, own_topic(context.settings["KAFKA_BOOTSTRAP"]) as topic:
        bootstrap, folder = context.settings["KAFKA_BOOTSTRAP"], context.platform.data("bench-recorder")
        header = Header(uuid4().hex, VERSION, _START.isoformat(), _SEED, {})
        shutil.rmtree(folder, ignore_errors=True)
        for number in range(WARM_UP + ROUNDS):
            unrecorded = fly(bootstrap, topic, Unrecorded(header))
            flown = fly(bootstrap, topic, Recorder.create(folder, header))
            constant = produce_constant(bootstrap, topic)
            Console(stderr=True).print(
                f"  {flown:,.0f}, without a recorder {unrecorded:,.0f}, constant {constant:,.0f} messages/s",
                highlight=False,
            )
            if number >= WARM_UP:
                produce_ratios.append(flown / constant)
                recorder_ratios.append(flown / unrecorded)
    return [
        Result("produce_ratio", round(statistics.median(produce_ratios), 2)),
        Result("recorder_ratio", round(statistics.median(recorder_ratios), 2)),
    ]


def fly(bootstrap: str, topic: str, recorder: Recorder | Unrecorded) -> float:
    """Messages a second of a fleet, from its first tick to the last acknowledgement; the recorder is finished."""
    numbers, state = np.arange(SHIPS), _launch()
    recorder.note(*map(_boarded, numbers.tolist()))
    # Every method that a sender uses is there.
    sender = Sender(cast(Recorder, recorder), TelemetryProducer(bootstrap, topic=topic), None, _unexpected)
    start_us = round(_START.timestamp() * 1e6)
    recorder.append(start_us, numbers, to_rows(state, numbers))
    _hand_over(sender)
    _wait(sender)
    warm, began = sender.acknowledged, time.monotonic()
    for turn in range(1, TURNS + 1):
        aloft = np.flatnonzero(~state.ended)
        state = step(state, flight_draws(state.key, state.tick))
        recorder.append(start_us + turn * 1_000_000, numbers[aloft], to_rows(state, aloft))
        _hand_over(sender)
    _wait(sender)
    rate = (sender.acknowledged - warm) / (time.monotonic() - began)
    recorder.finish()
    return rate


def produce_constant(bootstrap: str, topic: str) -> float:
    """Messages a second of librdkafka alone, up to the last acknowledgement."""
    acknowledged = 0

    def delivered(error: KafkaError | None, message: Message) -> None:
        nonlocal acknowledged
        if error is not None:
            raise RuntimeError(f"Kafka has refused a message: {error.str()}.")
        acknowledged += 1

    producer = Producer({**SETTINGS, "bootstrap.servers": bootstrap})
    payload = _typical_message()
    headers: list[tuple[str, str | bytes | None]] = [CONTRACT_HEADER]
    began = 0.0
    for turn in range(TURNS + 1):
        for number, key in enumerate(_KEYS):
            while True:
                try:
                    producer.produce(topic, payload, key, headers=headers, on_delivery=delivered)
                    break
                except BufferError:
                    producer.poll(_SLICE_S)
            if not number % _POLL_EVERY:
                producer.poll(0)
        while turn in (0, TURNS) and acknowledged < (turn + 1) * SHIPS:
            producer.poll(_SLICE_S)
        began = began or time.monotonic()
    return TURNS * SHIPS / (time.monotonic() - began)


def _typical_message() -> bytes:
    """A message of the mean size of those of a fleet in the middle of its flight."""
    state = _launch()
    for _ in range(TURNS // 2):
        state = step(state, flight_draws(state.key, state.tick))
    callsigns = np.array([callsign(str(10**6 + n), key.decode()) for n, key in enumerate(_KEYS)])
    messages, _ = encode_turn(observe(state), callsigns, round(_START.timestamp() * 1e6))
    size = statistics.mean(map(len, messages))
    return min(messages, key=lambda message: abs(len(message) - size))


def _launch() -> FleetState:
    planets = [PLANETS[_target(number)] for number in range(SHIPS)]
    keys = flight_keys(_SEED, np.arange(SHIPS, dtype=np.uint64))
    return launch(places(planets), np.zeros(SHIPS, dtype=np.bool_), keys)


def _target(number: int) -> str:
    return TARGETS[number % len(TARGETS)]


def _boarded(number: int) -> Boarded:
    ship, made_at = _KEYS[number].decode(), _START.isoformat()
    return Boarded(number, number, 10**6 + number, ship, "Olimar", _target(number), 2, False, made_at, 0)


def _hand_over(sender: Sender) -> None:
    while not sender.send(math.inf):
        sender.serve(time.monotonic() + _SLICE_S)


def _wait(sender: Sender) -> None:
    while sender.pending:
        sender.serve(time.monotonic() + _SLICE_S)


def _unexpected(sentence: str) -> None:
    raise RuntimeError(sentence)
