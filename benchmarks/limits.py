"""What it means that a load is carried: the limits, and which of them a sample breaks. Pure.

Lags are told in seconds' worth of messages, so that they mean the same whatever the load.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

RADAR_P99_MS: Final = 1_000
LAKE_FRESH_S: Final = 30.0
GROWTH_S: Final = 5.0
"""The lake commits every 5 s, so its lag goes up and down by as much without growing."""
LAG_S: Final = 30.0
HELD: Final = 0.98
"""Share of a message a ship and second that counts as holding the rate; the rest is where a sample begins and ends."""
SHOWN: Final = 0.9
"""Share of the messages that a viewer must be shown: one that sees few can't tell how late the others are."""
FEWEST: Final = 6
"""Looks that can tell whether a lag grows."""
BIN_MS: Final = 10
BINS: Final = 2_000
"""Ages up to 20 s, the last bin also what is older."""

Ages = NDArray[np.int64]
"""How many updates were how old when a viewer had them: a count for each BIN_MS."""


class Broken(NamedTuple):
    """A limit that is broken, and a sentence on it."""

    limit: str
    said: str


@dataclass(frozen=True)
class Look:
    """The platform at a moment.

    Attributes:
        at: s, of any clock that only goes on.
        sent: messages in telemetry.raw so far.
        lags: of each consumer, messages that it has not taken in.
        lake_age_s: age of the oldest message that is not in the lake, at most.
    """

    at: float
    sent: int
    lags: Mapping[str, int]
    lake_age_s: float


def p99_ms(ages: Ages) -> float:
    """The age that 99 % of the updates do not exceed, in ms; 0 where there are none."""
    total = np.cumsum(ages)
    if not total[-1]:
        return 0.0
    return float((np.searchsorted(total, 0.99 * total[-1]) + 1) * BIN_MS)


def growth_s(looks: Sequence[Look], consumer: str, rate: float) -> float:
    """By how much a consumer fell behind over the looks, in s: medians of the last third and the first."""
    third = max(1, len(looks) // 3)
    lags = [look.lags[consumer] for look in looks]
    return (statistics.median(lags[-third:]) - statistics.median(lags[:third])) / rate


def broken_already(looks: Sequence[Look], ages: Ages, ships: int, seconds: float) -> Broken | None:
    """The limit that a sample of `seconds` will have broken in the end, whatever is still to come of it."""
    late = int(ages[RADAR_P99_MS // BIN_MS :].sum())
    if late > 0.01 * ships * seconds:
        return Broken("radar p99", f"{late:,} updates reached the viewer later than {RADAR_P99_MS} ms.")
    newest = looks[-1]
    unseen = newest.sent - looks[0].sent - int(ages.sum())
    if unseen > (1 - SHOWN) * ships * seconds:
        return Broken("radar shows", f"{unseen:,} messages were not shown to the viewer.")
    if newest.lake_age_s > LAKE_FRESH_S:
        return Broken("lake freshness", f"The lake lacked messages of {newest.lake_age_s:.0f} s ago.")
    for consumer, lag in newest.lags.items():
        if lag / ships > LAG_S:
            return Broken(f"{consumer} lag", f"{consumer} was {lag:,} messages behind ({lag / ships:.0f} s).")
    return None


def broken_at_last(looks: Sequence[Look], ages: Ages, ships: int) -> Broken | None:
    """The limit that a whole sample has broken, None when the load was carried."""
    if len(looks) < FEWEST:
        return Broken(
            "looks", f"The sample was too short: {len(looks)} looks at the platform, and {FEWEST} are needed."
        )
    sent, seconds = looks[-1].sent - looks[0].sent, looks[-1].at - looks[0].at
    if sent < HELD * ships * seconds:
        return Broken("rate", f"{sent / seconds:,.0f} messages a second reached Kafka instead of {ships:,}.")
    shown = int(ages.sum())
    if shown < SHOWN * sent:
        return Broken("radar shows", f"The viewer was shown {shown:,} of {sent:,} messages.")
    if (p99 := p99_ms(ages)) > RADAR_P99_MS:
        return Broken("radar p99", f"It took {p99:,.0f} ms from a ship to the viewer, 99 % within.")
    if (oldest := max(look.lake_age_s for look in looks)) > LAKE_FRESH_S:
        return Broken("lake freshness", f"The lake lacked messages of {oldest:.0f} s ago.")
    for consumer in looks[-1].lags:
        if (growth := growth_s(looks, consumer, ships)) > GROWTH_S:
            return Broken(f"{consumer} lag", f"{consumer} fell behind by {growth:.0f} s within {seconds:.0f} s.")
    return None


class Freshness:
    """How old the oldest message is that a reader lacks, from where the topic ended when, and how far it has read.

    At most by the time between two looks too old.
    """

    def __init__(self) -> None:
        self._known: list[tuple[float, Mapping[int, int]]] = []

    def age_s(self, at: float, ends: Mapping[int, int], read: Mapping[int, int]) -> float:
        """The age at `at`, when partitions end before `ends` and all before `read` is there; 0 when all is."""
        self._known.append((at, ends))
        lacking = [(when, then) for when, then in self._known if any(read.get(p, 0) < end for p, end in then.items())]
        # One that all was read of stays: what came after it is lacking since then at the earliest.
        covered = [known for known in self._known if known not in lacking][-1:]
        self._known = [*covered, *lacking]
        if not lacking:
            return 0.0
        return at - (covered[0][0] if covered else lacking[0][0])
