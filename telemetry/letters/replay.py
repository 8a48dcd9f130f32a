"""Sends dead letters once more: each is reserved in the ledger, sent, and confirmed once Kafka acknowledges it.

Whatever breaks off in between leaves rows that are reserved. The next run looks in Kafka for their messages before it
sends any: so a letter is sent once, however often this is run, by how many, and wherever it is killed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from confluent_kafka import KafkaError, KafkaException, Message, Producer
from django.conf import settings
from django.utils import timezone

from hocotate_site import kafka, kafka_stretch
from telemetry.models import DeadLetterReplay, ReplayState

from . import doubt, ledger
from .errors import BrokerAway
from .filters import Filters
from .letter import Letter, Place
from .mend import Mend
from .read import letters_all
from .trial import Failing, Passing, tried

PAGE: Final = 200
"""Letters that are read, reserved, sent and confirmed together; each may have up to 1 MiB."""
FLUSH_S: Final = 130.0
"""Longer than the producer keeps trying, so that then each message has its answer."""
HOPELESS: Final = frozenset({KafkaError.MSG_SIZE_TOO_LARGE, KafkaError.INVALID_MSG, KafkaError.INVALID_MSG_SIZE})
"""Answers after which a message certainly is not in Kafka."""


@dataclass(slots=True)
class Outcome:
    """What became of the letters that were meant, or what would.

    Attributes:
        passing: letters that were sent, or would be.
        refused: letters that readers would refuse again, by reason and field.
        examples: of each of these, the first.
        before: letters that were sent by an earlier run.
        doubtful: letters in doubt, and a sentence.
        failed: letters that Kafka did not take, and what it said.
    """

    passing: int = 0
    refused: Counter[tuple[str, str | None]] = field(default_factory=Counter)
    examples: dict[tuple[str, str | None], Failing] = field(default_factory=dict)
    before: int = 0
    doubtful: dict[Place, str] = field(default_factory=dict)
    failed: dict[Place, str] = field(default_factory=dict)

    @property
    def meant(self) -> int:
        """All letters that the filters chose."""
        return self.passing + self.refused.total() + self.before + len(self.doubtful) + len(self.failed)


def letters_try(filters: Filters, mend: Mend) -> Outcome:
    """What `letters_replay` would do now; changes nothing.

    Raises:
        LakeQueryError: the lake is empty, or does not answer.
    """
    outcome = Outcome()
    for letters in letters_all(filters, page=PAGE):
        known = ledger.replays_of(letter.place for letter in letters)
        outcome.passing += len(_passing(letters, known, set(), mend, outcome))
    return outcome


def letters_replay(filters: Filters, mend: Mend, *, by: str, told: Callable[[str], None]) -> Outcome:
    """Send the letters that pass to the topic of telemetry; `told` hears of each page.

    Raises:
        ReplayBusy: another run is under way.
        BrokerAway: Kafka does not answer.
        LakeQueryError: the lake is empty, or does not answer.
    """
    outcome = Outcome()
    with ledger.alone():
        try:
            kafka_stretch.bounds(settings.TOPIC_RAW)  # so that nothing is reserved while the broker is away
            doubts = doubt.doubts_settle(ledger.replays_in_doubt(), now=timezone.now())
        except KafkaException as error:
            raise BrokerAway(f"Kafka does not answer ({error.args[0].str()}); run it again once it does.") from error
        ledger.confirm(doubts.arrived, now=timezone.now())
        producer = kafka.producer(partitioner="murmur2_random")
        for letters in letters_all(filters, page=PAGE):
            known = ledger.replays_of(letter.place for letter in letters)
            passing = _passing(letters, known, doubts.unsent, mend, outcome, doubts.open)
            acknowledged = _send(passing, known, mend, by, producer, outcome)
            told(f"{outcome.passing:,} sent.")
            if not acknowledged:
                break
    return outcome


def _passing(
    letters: Sequence[Letter],
    known: dict[Place, DeadLetterReplay],
    unsent: set[Place],
    mend: Mend,
    outcome: Outcome,
    still_open: dict[Place, str] | None = None,
) -> list[Passing]:
    """The letters that may be sent; of the others the outcome is told why not."""
    found = []
    for letter in letters:
        row = known.get(letter.place)
        if row is not None and row.state == ReplayState.SENT:
            outcome.before += 1
        elif row is not None and letter.place not in unsent:
            doubtful = (still_open or {}).get(letter.place, "in doubt; a run with --send looks whether it was sent")
            outcome.doubtful[letter.place] = doubtful
        elif isinstance(trial := tried(letter, mend, timezone.now()), Passing):
            found.append(trial)
        else:
            kind = (trial.reason, trial.field)
            outcome.refused[kind] += 1
            outcome.examples.setdefault(kind, trial)
    return found


def _send(
    letters: list[Passing],
    known: dict[Place, DeadLetterReplay],
    mend: Mend,
    by: str,
    producer: Producer,
    outcome: Outcome,
) -> bool:
    """Reserve, send and confirm; whether Kafka has answered for each."""
    if not letters:
        return True
    ledger.reserve(letters, known, mend=mend, by=by, now=timezone.now())
    arrived: dict[Place, ledger.Arrival] = {}
    errors: dict[Place, KafkaError] = {}
    try:
        for passing in letters:
            place = passing.letter.place
            producer.produce(
                settings.TOPIC_RAW,
                passing.value,
                passing.key,
                on_delivery=partial(_answered, place, arrived, errors),
                headers=[("contract", passing.contract), (doubt.HEADER, str(place).encode())],
            )
        producer.flush(FLUSH_S)
    finally:
        ledger.confirm(arrived, now=timezone.now())
    hopeless = [place for place, error in errors.items() if error.code() in HOPELESS]
    ledger.release(hopeless)
    outcome.passing += len(arrived)
    for place in (passing.letter.place for passing in letters):
        if place in hopeless:
            outcome.failed[place] = errors[place].str()
        elif place not in arrived:
            said = errors[place].str() if place in errors else f"no answer within {FLUSH_S:.0f} s"
            outcome.doubtful[place] = f"Kafka did not acknowledge it ({said}); run it again, it looks first"
    return len(arrived) + len(hopeless) == len(letters)


def _answered(
    place: Place,
    arrived: dict[Place, ledger.Arrival],
    errors: dict[Place, KafkaError],
    error: KafkaError | None,
    message: Message,
) -> None:
    if error is None:
        arrived[place] = ledger.Arrival(message.partition() or 0, message.offset() or 0)
    else:
        errors[place] = error
