"""API of a mission's history: its readings as points for charts, and all its telemetry as a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import chain
from typing import Annotated, Any, Final, Literal, NoReturn

import pyarrow as pa
from django.db import connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from hocotate_site.openapi import file_of
from missions import selectors as missions
from missions.api import MissionId
from missions.schemas import ErrorOut
from telemetry.history import asked
from telemetry.history.answer import plain_gap, plain_series, points_of
from telemetry.history.columns import EXPORTED, NUMBERS, READINGS, chosen
from telemetry.history.errors import HistoryBusy, HistoryInvalid
from telemetry.history.export import FORMATS, Stream
from telemetry.history.places import Places
from telemetry.history.reading import Reading
from telemetry.history.thinning import LEAST_POINTS, MOST_POINTS
from telemetry.lake import LakeAccess, LakeUnavailable, QueryTooLarge

router = Router(tags=["telemetry"])

REFUSALS = {404: ErrorOut, 422: ErrorOut, 503: ErrorOut}
CHARTS: Final = Places(4, 10, "charts")
EXPORTS: Final = Places(4, 0.1, "exports")

Text = Annotated[str | None, Query(max_length=1000)]


class SeriesOut(Schema):
    """Points of one column: times (ms since 1970, UTC), values, seqs (null in version 1); each really measured.

    `breaks` are places in these lists: between such a point and the one before it messages are missing.
    """

    at: list[float]
    value: list[float]
    seq: list[int | None]
    breaks: list[int]


class HistoryGapOut(Schema):
    """No message between two: their times (ms since 1970), their seqs, and how many are missing, where seqs tell."""

    begin: float
    end: float
    after_seq: int | None
    before_seq: int | None
    missing: int | None


class SourceOut(Schema):
    """Where the messages came from: rows of the lake, rows that it had not committed yet (Kafka), and how many
    messages of all ships were read there."""

    lake: int
    tail: int
    tail_read: int


class HistoryOut(Schema):
    """A mission's readings in a span of time.

    `complete_until`: every message that headquarters' broker took before this moment is in the answer; null when
    that can't be said. `thinned`: `series` has not all of the `rows`. `gaps` names the longest 200 of `gap_count`.
    """

    mission_id: int
    ship: str
    rows: int
    thinned: bool
    complete_until: datetime | None
    source: SourceOut
    series: dict[str, SeriesOut]
    gaps: list[HistoryGapOut]
    gap_count: int


@router.get("/missions/{mission_id}/telemetry", response={200: HistoryOut, **REFUSALS}, summary="A mission's readings")
def history(
    request: HttpRequest,
    mission_id: MissionId,
    begin: Annotated[str | None, Query(alias="from", max_length=64)] = None,
    end: Annotated[str | None, Query(alias="to", max_length=64)] = None,
    points: Annotated[int, Query(ge=LEAST_POINTS, le=MOST_POINTS)] = 1000,
    columns: Text = None,
) -> dict[str, Any]:
    """Readings `from` up to, and without, `to` (ISO 8601 with zone), at most `points` of each of the `columns`.

    Where there are more messages than points, each column keeps the lowest and the highest value of equal spans of
    time, and the first and the last message.
    """
    flight = _flight(mission_id)
    with _refusing(), CHARTS.taken():
        names = chosen(columns, NUMBERS, READINGS)
        reading, spans = _reading(flight, names, begin, end)
        found = points_of(reading.slices(spans), names, points)
    return {
        "mission_id": flight.mission_id,
        "ship": flight.ship,
        "rows": found.rows,
        "thinned": found.thinned,
        "complete_until": reading.complete_until,
        "source": {"lake": reading.counts.lake, "tail": reading.counts.tail, "tail_read": reading.tail.read},
        "series": {name: plain_series(series) for name, series in found.series.items()},
        "gaps": [plain_gap(gap) for gap in found.gaps],
        "gap_count": found.gap_count,
    }


@router.get(
    "/missions/{mission_id}/telemetry.csv",
    response=REFUSALS,
    summary="A mission's telemetry as CSV",
    openapi_extra=file_of(FORMATS["csv"][0]),
)
def export_csv(
    request: HttpRequest,
    mission_id: MissionId,
    begin: Annotated[str | None, Query(alias="from", max_length=64)] = None,
    end: Annotated[str | None, Query(alias="to", max_length=64)] = None,
    columns: Text = None,
) -> HttpResponse | StreamingHttpResponse:
    """All messages, each once, in the order of their times."""
    return _export("csv", mission_id, begin, end, columns)


@router.get(
    "/missions/{mission_id}/telemetry.parquet",
    response=REFUSALS,
    summary="A mission's telemetry as Parquet",
    openapi_extra=file_of(FORMATS["parquet"][0]),
)
def export_parquet(
    request: HttpRequest,
    mission_id: MissionId,
    begin: Annotated[str | None, Query(alias="from", max_length=64)] = None,
    end: Annotated[str | None, Query(alias="to", max_length=64)] = None,
    columns: Text = None,
) -> HttpResponse | StreamingHttpResponse:
    """All messages, each once, in the order of their times."""
    return _export("parquet", mission_id, begin, end, columns)


def _export(
    kind: Literal["csv", "parquet"], mission_id: int, begin: str | None, end: str | None, columns: str | None
) -> StreamingHttpResponse:
    flight = _flight(mission_id)
    media_type, make = FORMATS[kind]
    if not connection.in_atomic_block:
        # A download may take long, and Django would keep one of the process' few connections until its end.
        connection.close()
    with _refusing():
        names = chosen(columns, tuple(EXPORTED.names), tuple(EXPORTED.names))
        schema = pa.schema([EXPORTED.field(name) for name in names])
        with ExitStack() as held:
            held.enter_context(EXPORTS.taken())
            reading, spans = _reading(flight, names, begin, end)
            pieces = _held_until_sent(make(reading.slices(spans), schema), held.pop_all())
        # What goes wrong at the first row is still a refusal.
        first = [next(pieces), next(pieces, b"")]
    response = StreamingHttpResponse(Stream(_followed(first, pieces)), content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="mission-{flight.mission_id}-telemetry.{kind}"'
    response["Cache-Control"] = "no-store"
    return response


def _held_until_sent(pieces: Iterator[bytes], held: ExitStack) -> Iterator[bytes]:
    with held:
        yield from pieces


def _followed(first: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    try:
        yield from chain(first, rest)
    finally:
        rest.close()  # type: ignore[attr-defined]  # a generator


def _flight(mission_id: int) -> asked.Flight:
    mission = missions.mission_get(mission_id)
    return asked.Flight(
        mission_id=mission.mission_id,
        ship=mission.ship_name,
        started_at=mission.started_at,
        finished_at=mission.finished_at,
        last_seq=mission.last_seq,
        last_at=mission.last_message_at,
    )


def _reading(
    flight: asked.Flight, columns: tuple[str, ...], begin: str | None, end: str | None
) -> tuple[Reading, list[asked.Span]]:
    now = datetime.now(UTC)
    span = asked.span(flight, asked.moment("from", begin), asked.moment("to", end), now)
    reading = Reading.begin(flight, columns, LakeAccess.from_settings())
    return reading, span.slices(asked.flown(flight, now), asked.rows_expected(flight, now))


@contextmanager
def _refusing() -> Iterator[None]:
    """Errors as the API's refusals."""
    try:
        yield
    except HistoryInvalid as error:
        _refuse(422, error)
    except QueryTooLarge as error:
        raise HttpError(422, f"{error} Narrow from and to.") from None
    except (HistoryBusy, LakeUnavailable) as error:
        _refuse(503, error)


def _refuse(code: int, error: Exception) -> NoReturn:
    raise HttpError(code, str(error)) from None
