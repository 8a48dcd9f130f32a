"""The picture of a mission on one time axis, and the sentences under it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from .lake import Stretch
from .runs import Came, Gap, Run
from .selectors import Completeness

TICKS = 5
MOST_RANGES = 3
"""Ranges of seq that a sentence names."""
PHASES = {"OUTBOUND": "Outbound", "ON_PLANET": "On planet", "RETURNING": "Returning"}
"""Those that take time; home and lost are moments."""
NARROW, NARROWER = 14.0, 4.0
"""Percent of the axis below which a phase has no room for its name, and none for its time either."""
PARTS = {
    "motor_temp_c": "motor temperature",
    "engine_pressure_kpa": "engine pressure",
    "power_core_temp_c": "power core temperature",
    "navigation_signal_db": "navigation signal",
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the axis, in percent of it, with its kind and what a pointer on it says."""

    kind: str
    start: float
    width: float
    title: str
    note: str = ""

    @property
    def x(self) -> str:
        """Where it begins, as an attribute of SVG."""
        return f"{self.start:.3f}%"

    @property
    def w(self) -> str:
        """Its width, as an attribute of SVG."""
        return f"{self.width:.3f}%"

    @property
    def room(self) -> str:
        """What there is room for on a wide screen: name and time, the time, or nothing."""
        return "all" if self.width >= NARROW else "time" if self.width >= NARROWER else "none"

    @property
    def towards_end(self) -> bool:
        """Whether what stands beside it stands better on its left."""
        return self.start > 70

    @property
    def middle(self) -> str:
        """Where its middle is."""
        return f"{self.start + self.width / 2:.3f}%"


@dataclass(frozen=True, slots=True)
class Tick:
    """A time on the axis: where, in percent, and how it is anchored there; `minor` ones go first for want of room."""

    x: str
    label: str
    anchor: str
    minor: bool


@dataclass(slots=True)
class Picture:
    """All of the panel that is drawn; segments in the order in which they are."""

    phases: list[Segment] = field(default_factory=list)
    repairs: list[Segment] = field(default_factory=list)
    bar: list[Segment] = field(default_factory=list)
    ticks: list[Tick] = field(default_factory=list)
    span: str = ""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One of those under the bar; `tone` is strong, bad, soft or info."""

    tone: str
    text: str


def picture(found: Completeness) -> Picture:
    """The panel's drawing; without bar and ticks while there is nothing to draw."""
    lake = found.lake
    starts = [run.began for run in found.runs] + ([lake.began] if lake and lake.began else [])
    if lake is None or not starts:
        return Picture()
    axis = _Axis(min(starts), max(found.end, *starts))
    bar = [*_runs(axis, found.runs), *map(axis.gap, found.gaps)]
    if not found.runs:
        bar = [axis.segment("in-time", began, ended, "no numbers") for began, ended in lake.stretches] + bar
    return Picture(
        phases=_phases(axis, lake.phases),
        repairs=[
            axis.segment(
                "repair", r.began, r.ended, f"{PARTS.get(r.label, 'repair')}, mended in {span(r.began, r.ended)}"
            )
            for r in lake.repairs
        ],
        bar=bar,
        ticks=axis.ticks(),
        span=span(axis.start, axis.end),
    )


def _phases(axis: _Axis, told: Sequence[Stretch]) -> list[Segment]:
    """The phases, each up to the next one."""
    return [
        axis.segment(
            phase.label.lower(),
            phase.began,
            until := after.began if after is not None else phase.ended,
            PHASES[phase.label],
            span(phase.began, until),
        )
        for phase, after in zip_longest(told, told[1:])
        if phase.label in PHASES
    ]


def _runs(axis: _Axis, runs: Sequence[Run]) -> list[Segment]:
    """The runs; one that the next one follows without a gap is drawn up to it."""
    return [
        axis.run(run, until=after.began if after is not None and after.first == run.last + 1 else run.ended)
        for run, after in zip_longest(runs, runs[1:])
    ]


class _Axis:
    """From the first to the last message."""

    def __init__(self, start: dt.datetime, end: dt.datetime) -> None:
        self.start, self.end = start, end
        self._seconds = max((end - start).total_seconds(), 1e-6)

    def percent(self, moment: dt.datetime) -> float:
        return min(max((moment - self.start).total_seconds() / self._seconds, 0.0), 1.0) * 100

    def segment(self, kind: str, began: dt.datetime, ended: dt.datetime, title: str, note: str = "") -> Segment:
        start = self.percent(min(began, ended))
        return Segment(kind, start, self.percent(max(began, ended)) - start, title, note)

    def run(self, run: Run, until: dt.datetime) -> Segment:
        title = {
            Came.IN_TIME: "on time",
            Came.LATE: f"came up to {span_s(run.delay_s)} late",
            Came.ARRIVING: "on the way to the lake",
        }[run.came]
        return self.segment(run.came.value.replace("_", "-"), run.began, until, f"{numbers(run)}: {title}")

    def gap(self, gap: Gap) -> Segment:
        title = "on the way, or missing" if gap.arriving else "missing"
        named = numbers(gap) if gap.count is not None else "silence"
        return self.segment("unknown" if gap.arriving else "missing", gap.since, gap.until, f"{named}: {title}")

    def ticks(self) -> list[Tick]:
        form = "%H:%M:%S" if self._seconds < 24 * 3600 else "%d %b %H:%M"
        step = (self.end - self.start) / (TICKS - 1)
        return [
            Tick(
                x=f"{number * 100 / (TICKS - 1):.0f}%",
                label=(self.start + number * step).strftime(form),
                anchor="start" if number == 0 else "end" if number == TICKS - 1 else "middle",
                minor=number in (1, 3),
            )
            for number in range(TICKS)
        ]


def sentences(found: Completeness) -> list[Sentence]:
    """What the bar says, in words: how many messages, what is missing, what came late, what came twice."""
    lake = found.lake
    if found.made_up:
        return [
            Sentence("soft", "manage.py demo_history made this mission up: it has reports, and never sent a message.")
        ]
    if lake is None:
        return []
    if found.sent is None:
        if not lake.rows:
            return [Sentence("strong", "No message yet.")]
        said = [Sentence("strong", f"{_messages(lake.rows)}.")]
        said.append(Sentence("soft", "They carry no number (contract version 1), so that only silences show."))
        if found.gaps:
            said.append(Sentence("bad", f"{_count(len(found.gaps), 'silence')} of more than 5 s."))
        return said
    said = [Sentence("strong", f"{lake.different:,} of {_messages(found.sent + 1)}.")]
    certain = [gap for gap in found.gaps if not gap.arriving]
    if found.missing:
        said.append(Sentence("bad", f"{found.missing:,} missing: {_ranges(certain)}."))
    if found.arriving:
        said.append(Sentence("soft", f"{found.arriving:,} on the way to the lake."))
    elif any(gap.arriving for gap in found.gaps):
        said.append(
            Sentence("soft", f"What comes after seq {lake.highest or 0:,} may be on its way: the lake is behind.")
        )
    if lake.late:
        late = [run for run in found.runs if run.came is Came.LATE]
        said.append(Sentence("info", f"{lake.late:,} came up to {span_s(lake.delay_s)} late: {_ranges(late)}."))
    if lake.without_seq:
        said.append(Sentence("soft", f"{lake.without_seq:,} more carry no number."))
    again = f"{lake.sent_again:,} sent again, counted once." if lake.sent_again else "None came twice."
    said.append(Sentence("soft", again))
    return said


def numbers(stretch: Run | Gap) -> str:
    """`seq 402 to 409`."""
    return f"seq {stretch.first:,}" if stretch.first == stretch.last else f"seq {stretch.first:,} to {stretch.last:,}"


def span(began: dt.datetime, ended: dt.datetime) -> str:
    """`5 min 50 s`."""
    return span_s((ended - began).total_seconds())


def span_s(seconds: float) -> str:
    """`45 s`, `5 min 50 s`, `2 h 05 min`, `3 d 4 h`."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    if hours:
        return f"{hours} h {minutes:02} min"
    return f"{minutes} min {rest:02} s" if minutes else f"{rest} s"


def _ranges(stretches: Sequence[Run] | Sequence[Gap]) -> str:
    named = ", ".join(numbers(stretch).removeprefix("seq ") for stretch in stretches[:MOST_RANGES])
    more = len(stretches) - MOST_RANGES
    return f"seq {named}" + (f" and {more:,} more ranges" if more > 0 else "")


def _messages(count: int) -> str:
    return _count(count, "message")


def _count(count: int, what: str) -> str:
    return f"{count:,} {what}" + ("" if count == 1 else "s")
