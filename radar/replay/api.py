"""API of the replay: what can be replayed, the fleet in a window of time, and one ship's readings."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from hocotate_site.openapi import file_of
from missions.schemas import ErrorOut
from radar.replay.asked import LEAST_BACK, MOST_BACK, MOST_SECONDS, MOST_STEP, Window, moment
from radar.replay.errors import ReplayBusy, ReplayInvalid, ReplayTooLarge
from radar.replay.rows import Record
from radar.replay.ship import SHIP_COLUMNS, readings
from radar.replay.span import span
from radar.replay.turns import Kept, Turns
from radar.replay.window import LATEST_BACK_MS, window_answer
from telemetry.lake import LakeAccess, LakeEmpty, LakeUnavailable, QueryTooLarge

TURNS: Final = Turns(2, 10)
WINDOWS: Final = Kept(30, 24 * 2**20)
SPANS: Final = Kept(5, 2**20)
MINUTE_S: Final = 60


class Watching:
    """Accepts who may watch the radar."""

    def __call__(self, request: HttpRequest) -> str:
        """Who it is, as a key; request.auth is then it.

        Raises:
            HttpError: 401, nobody is signed in.
        """
        if request.user.is_authenticated:
            return f"user {request.user.pk}"
        if not settings.RADAR_PUBLIC:
            raise HttpError(401, "The radar is for those who are signed in: sign in at /login/.")
        return f"address {request.META.get('REMOTE_ADDR', 'nowhere')}"


class Asked(HttpRequest):
    """A request of somebody who may watch."""

    auth: str


class MarkOut(Schema):
    """A failure or a repair; of `many` close together the newest."""

    at: int
    kind: str
    ship: str
    mission: int
    many: int


class ReplayGapOut(Schema):
    """A stretch that lacks messages; `missing` is null where no message tells how many."""

    begin: int
    end: int
    missing: int | None


class SpanOut(Schema):
    """Times are ms since 1970, UTC. `earliest` and `latest` are the ends of the record, null without any; `bars` how
    many messages there are in equal parts of the time from `begin` to `now`."""

    now: int
    begin: int
    earliest: int | None
    latest: int | None
    bars: list[int]
    marks: list[MarkOut]
    gaps: list[ReplayGapOut]


class ReadingsOut(Schema):
    """A row a moment, in the order of `columns`; `at` is ms since 1970."""

    columns: list[str]
    rows: list[list[float | None]]


router = Router(tags=["radar"], auth=Watching())
REFUSALS: Final = dict.fromkeys((401, 404, 413, 422, 429, 503), ErrorOut)
Begin = Annotated[str, Query(alias="from", max_length=64)]
Seconds = Annotated[int, Query(ge=1, le=MOST_SECONDS)]


@router.get("/radar/replay/span", response={200: SpanOut, **REFUSALS}, summary="What can be replayed")
def replay_span(
    request: Asked, back: Annotated[int, Query(alias="seconds", ge=LEAST_BACK, le=MOST_BACK)] = MOST_BACK
) -> HttpResponse:
    """The last `seconds` of the record: its ends, gaps, repairs and failures."""
    with _refusing():
        access = LakeAccess.from_settings()
        key = (access.warehouse, back)
        answer = SPANS.get(key)
        if answer is None:
            with TURNS.taken(request.auth):
                record, now = Record.newest(access), _now()
                found = span(record, now, back * 1000, record.latest(now, LATEST_BACK_MS))
            answer = msgspec.json.encode(_plain(found))
            SPANS.put(key, answer)
    return _answer(answer, "application/json")


@router.get(
    "/radar/replay",
    response=REFUSALS,
    summary="The fleet in a window of the past",
    openapi_extra=file_of("application/vnd.msgpack"),
)
def replay_window(
    request: Asked,
    begin: Begin,
    seconds: Seconds = MINUTE_S,
    step: Annotated[int, Query(ge=1, le=MOST_STEP)] = 1,
) -> HttpResponse:
    """MessagePack (docs/contracts.md, "Replay"): all ships at `from`, then who changed by each `step` s."""
    with _refusing():
        window = Window.of(moment("from", begin, _now()), seconds, step)
        access = LakeAccess.from_settings()
        key = (access.warehouse, window)
        answer = WINDOWS.get(key)
        if answer is None:
            with TURNS.taken(request.auth):
                record, now = Record.newest(access), _now()
                whole = window.end < now - LATEST_BACK_MS
                latest = None if whole else record.latest(now, LATEST_BACK_MS) or now - LATEST_BACK_MS
                answer = window_answer(record, window, latest)
            if latest is None or latest >= window.end:
                WINDOWS.put(key, answer)
    return _answer(answer, "application/vnd.msgpack")


@router.get("/radar/replay/ship", response={200: ReadingsOut, **REFUSALS}, summary="A ship's readings in the past")
def replay_ship(
    request: Asked, mission: Annotated[int, Query(ge=1, lt=2**63)], begin: Begin, seconds: Seconds = MINUTE_S
) -> HttpResponse:
    """The readings of one mission, at most about one a second."""
    with _refusing():
        start = moment("from", begin, _now())
        with TURNS.taken(request.auth):
            rows = readings(Record.newest(LakeAccess.from_settings()), mission, start, start + seconds * 1000)
    return _answer(msgspec.json.encode({"columns": SHIP_COLUMNS, "rows": rows}), "application/json")


def _plain(found: Any) -> dict[str, Any]:
    told: dict[str, Any] = found._asdict()
    return told | {name: [one._asdict() for one in told[name]] for name in ("marks", "gaps")}


def _answer(body: bytes, media_type: str) -> HttpResponse:
    response = HttpResponse(body, content_type=media_type)
    response["Cache-Control"] = "no-store"
    return response


def _now() -> int:
    return int(time.time() * 1000)


@contextmanager
def _refusing() -> Iterator[None]:
    """Errors as the API's refusals."""
    try:
        yield
    except ReplayInvalid as error:
        raise HttpError(422, str(error)) from None
    except ReplayTooLarge as error:
        raise HttpError(413, str(error)) from None
    except QueryTooLarge as error:
        raise HttpError(413, f"{error} Ask for fewer seconds.") from None
    except ReplayBusy as error:
        raise HttpError(429, str(error)) from None
    except LakeEmpty:
        raise HttpError(
            404, "Nothing has been recorded yet; the lake holds messages some seconds after they are sent."
        ) from None
    except LakeUnavailable as error:
        raise HttpError(503, f"The record can't be reached. {error}") from None
