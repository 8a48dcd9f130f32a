"""The picture of the data flow: a box a part with what it tells, and the ways between them. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from telemetry.models import StatusSample

from .selectors import Status
from .words import age, many, size

WIDTH, HEIGHT = 1380, 288
BOX: Final = 58
_ROWS: Final = (6, 80, 154, 228)
_COLUMNS: Final = ((0, 188), (326, 184), (620, 190), (934, 190), (1198, 178))
"""Left edge and width of each column of boxes."""

Samples = Mapping[str, StatusSample]


@dataclass(frozen=True)
class Box:
    """A part in the picture: its corner, width, state and lines."""

    x: int
    y: int
    width: int
    title: str
    state: str
    lines: tuple[str, str]


@dataclass(frozen=True)
class Way:
    """An arrow, and what goes along it."""

    path: str
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class _Place:
    title: str
    part: str
    column: int
    row: int
    lines: Callable[[dict[str, Any], StatusSample], tuple[str, str]]


def _marts(facts: dict[str, Any], sample: StatusSample) -> tuple[str, str]:
    built = facts.get("built_at")
    if not built:
        return "not built yet", ""
    return f"built {dt.datetime.fromisoformat(built):%H:%M:%S} UTC", f"{age(sample.freshness_s)} old"


def _ingest(facts: dict[str, Any], sample: StatusSample) -> tuple[str, str]:
    loaded = facts.get("loaded_at")
    last = f"last report {dt.datetime.fromisoformat(loaded):%H:%M:%S} UTC" if loaded else "no report yet"
    held = facts.get("held")
    return last, f"{many(held, 'report')} in quarantine" if held else f"{many(sample.lag, 'report')} waiting"


def _rows(facts: dict[str, Any], sample: StatusSample) -> tuple[str, str]:
    return (
        f"{many(facts.get('rows'), 'row')}, {size(facts.get('bytes'))}",
        f"newest commit {age(sample.freshness_s)} ago",
    )


def _spark(facts: dict[str, Any], _: StatusSample) -> tuple[str, str]:
    rate, batch = facts.get("rows_s"), facts.get("batch_s")
    return (
        f"{rate:,.0f} rows a second" if rate is not None else "no batch yet",
        f"batch {batch:.1f} s, limit 30 s" if batch is not None else "",
    )


_PLACES: Final = (
    _Place(
        "Ships",
        "ships",
        0,
        1,
        lambda f, s: (f"{f.get('running', 0):,} in flight", f"{f.get('heard', 0):,} heard within 60 s"),
    ),
    _Place("Web and API", "web", 0, 3, lambda f, s: ("registry of missions", f"answers in {_ms(s)}")),
    _Place(
        "Kafka telemetry.raw",
        "kafka",
        1,
        1,
        lambda f, s: (many(f.get("partitions"), "partition"), f"{many(f.get('kept'), 'message')} kept"),
    ),
    _Place("Object store", "store", 1, 3, lambda f, s: ("reports and lake", f"answers in {_ms(s)}")),
    _Place(
        "Radar stream",
        "radar",
        2,
        0,
        lambda f, s: (
            f"{many(f.get('ships'), 'ship')} known",
            f"tick in {f['frame_ms']} ms" if f.get("frame_ms") else "",
        ),
    ),
    _Place("Tracker", "tracker", 2, 1, lambda f, s: ("phases and last seq", f"turned {age(s.freshness_s)} ago")),
    _Place("Spark streaming", "spark", 2, 2, _spark),
    _Place("Reports ingest", "ingest", 2, 3, _ingest),
    _Place("Browsers", "web", 3, 0, lambda f, s: ("one delta frame a tick", "")),
    _Place(
        "Mission registry", "postgresql", 3, 1, lambda f, s: ("schema params", many(f.get("connections"), "connection"))
    ),
    _Place("Lake", "lake", 3, 2, _rows),
    _Place("Warehouse", "postgresql", 3, 3, lambda f, s: ("schemas ll, bl, sl", size(f.get("bytes")))),
    _Place("Marts", "marts", 4, 3, _marts),
)


def _ms(sample: StatusSample) -> str:
    return f"{1000 * sample.seconds:.0f} ms" if sample.seconds is not None else "no time"


def boxes(status: Status) -> list[Box]:
    """Every part that data goes through; one that is down tells nothing."""
    return [_box(place, status.newest.get(place.part)) for place in _PLACES]


def _box(place: _Place, sample: StatusSample | None) -> Box:
    x, width = _COLUMNS[place.column]
    if sample is None:
        state, lines = "idle", ("not measured yet", "")
    elif sample.state in ("down", "idle"):
        state, lines = sample.state, ("does not answer" if sample.state == "down" else "not started", "")
    else:
        state, lines = sample.state, place.lines(sample.facts, sample)
    return Box(x, _ROWS[place.row], width, place.title, state, lines)


def ways(status: Status) -> list[Way]:
    """The arrows, with rates and lags as measured."""
    samples = status.newest
    rate = _fact(samples, "kafka", "per_second")
    return [
        _straight(0, 1, 1, f"{rate:,.0f} messages a second" if rate is not None else "telemetry"),
        _straight(1, 2, 1, _lag(samples, "tracker")),
        _bent(1, 1, 2, 0, _late(samples)),
        _bent(1, 1, 2, 2, _lag(samples, "spark")),
        _bent(0, 1, 1, 3, "signed uploads"),
        _straight(2, 3, 0, "frames"),
        _straight(2, 3, 1, "phase, last seq"),
        _straight(2, 3, 2, "commits"),
        _straight(1, 2, 3, "reports"),
        _straight(2, 3, 3, _loaded(samples)),
        _straight(3, 4, 3, "dbt"),
        Way(f"M94 {_ROWS[1] + BOX}V{_ROWS[3] - 6}", "register, complete", 100, _ROWS[2] + 26),
    ]


def _fact(samples: Samples, part: str, name: str) -> Any:
    return samples[part].facts.get(name) if part in samples else None


def _lag(samples: Samples, part: str) -> str:
    lag = samples[part].lag if part in samples else None
    return "" if lag is None else f"lag {lag:,}"


def _late(samples: Samples) -> str:
    seconds = samples["radar"].freshness_s if "radar" in samples else None
    return "" if seconds is None else f"{age(seconds)} old"


def _loaded(samples: Samples) -> str:
    rows = _fact(samples, "ingest", "rows")
    return f"{many(rows, 'row')} the last" if rows is not None else "rows"


def _straight(start: int, end: int, row: int, text: str) -> Way:
    left, right = sum(_COLUMNS[start]), _COLUMNS[end][0]
    y = _ROWS[row] + BOX / 2
    return Way(f"M{left} {y}H{right - 6}", text, (left + right) / 2, y - 6)


def _bent(start: int, row: int, end: int, other: int, text: str) -> Way:
    left, right = sum(_COLUMNS[start]), _COLUMNS[end][0]
    down = other > row
    y, to = _ROWS[row] + BOX / 2 + (14 if down else -14), _ROWS[other] + BOX / 2
    middle = (left + right) / 2
    path = f"M{left} {y}C{middle} {y} {middle} {to} {right - 6} {to}"
    return Way(path, text, middle + (24 if down else -12), (y + to) / 2 + (16 if down else -8))
