"""What a person is told of a load: how it goes, how it went, and what each part took of the machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console

from benchmarks.lags import Consumers
from benchmarks.limits import Ages, Broken, Look, growth_s, p99_ms
from benchmarks.parts import Part
from stack.services import SERVICES


@dataclass(frozen=True)
class Carried:
    """How a load went.

    Attributes:
        ships: at a message a second each.
        seconds: for so long.
        broken: the limit that broke, None when it was carried.
        measured: a phrase with the figures that are held against limits.
        limit: a sentence on what was at the limit of its processor.
        parts: what each took meanwhile.
    """

    ships: int
    seconds: float
    broken: Broken | None
    measured: str
    limit: str
    parts: Sequence[Part]

    @property
    def sentence(self) -> str:
        """All of it but the parts."""
        flown = f"{self.ships:,} ships, {self.seconds:.0f} s"
        if self.broken is None:
            return f"{flown}: carried; {self.measured}. {self.limit}"
        return f"{flown}: {self.broken.limit} broke. {self.broken.said} {self.limit} ({self.measured})"


def progress(ships: int, looks: Sequence[Look], ages: Ages, consumers: Consumers) -> str:
    """How it goes at the newest of the looks."""
    behind = ", ".join(f"{name} {lag / ships:.1f} s" for name, lag in looks[-1].lags.items())
    derived = "" if consumers.derived_s is None else f", its derived tables {consumers.derived_s:.0f} s"
    return (
        f"radar p99 {p99_ms(ages):,.0f} ms, lake {looks[-1].lake_age_s:.0f} s old{derived}; behind: {behind}; "
        f"the radar's metrics took {consumers.scrape_ms:.0f} ms"
    )


def measured(ships: int, looks: Sequence[Look], ages: Ages) -> str:
    """The figures of a sample."""
    if not looks:
        return "nothing was measured"
    grown = ", ".join(f"{name} {growth_s(looks, name, ships):+.1f} s" for name in looks[-1].lags)
    oldest = max(look.lake_age_s for look in looks)
    return f"radar p99 {p99_ms(ages):,.0f} ms, lake at most {oldest:.0f} s old, growth of lags: {grown}"


def tell(found: Carried) -> None:
    """Say how it went, and what each part took."""
    for part in found.parts:
        say(f"  {part.name:14} {part.cores:5.2f} cores {part.mb:7,.0f} MB")
    platform = [part for part in found.parts if part.name in SERVICES or part.name == "supervisord"]
    others = [part for part in found.parts if part not in platform]
    for name, some in (("the platform", platform), ("the load and its measuring", others)):
        say(f"  {name}: {sum(part.cores for part in some):.2f} cores, {sum(part.mb for part in some):,.0f} MB")
    say(found.sentence)


def say(sentence: str) -> None:
    """A line, at once."""
    Console(stderr=True).print(f"  {sentence}", highlight=False, markup=False, soft_wrap=True)
