"""Sends dead letters to telemetry.dlq until the broker has acknowledged every one."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from django.conf import settings

from .dead_letters import DeadLetter

FLUSH_S: Final = 5.0
"""How long one step waits for the broker."""


class Burial:
    """The dead letters of one batch on their way; call `step` until it returns None."""

    def __init__(self, letters: Iterable[DeadLetter], producer: Producer) -> None:
        self._producer = producer
        self._to_send = list(letters)
        self._errors: list[KafkaError] = []

    def step(self) -> str | None:
        """Send what is not under way, wait up to FLUSH_S, and say what is missing; None once all is there.

        Raises:
            KafkaException: the producer cannot go on in this process.
        """
        letters, self._to_send = self._to_send, []
        self._errors.clear()
        for letter in letters:
            self._producer.produce(
                settings.TOPIC_DEAD_LETTERS,
                letter.value(),
                letter.key(),
                on_delivery=partial(self._answered, letter),
            )
        under_way = self._producer.flush(FLUSH_S)
        if self._errors:
            return f"{len(self._to_send)} dead letters were refused: {self._errors[0].str()}"
        return f"{under_way} dead letters are not acknowledged yet" if under_way else None

    def _answered(self, letter: DeadLetter, error: KafkaError | None, _message: Message) -> None:
        if error is None:
            return
        if error.fatal():
            raise KafkaException(error)
        self._to_send.append(letter)
        self._errors.append(error)
