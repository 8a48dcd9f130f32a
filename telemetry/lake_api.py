"""API of the lake: SQL, and what tables there are. For signed-in people, and for programs with a token."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Final, Literal

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from ninja.errors import HttpError
from ninja.security import SessionAuth
from ninja.utils import check_csrf
from pydantic import ConfigDict

from hocotate_site.metrics import LAKE_QUERIES, LAKE_QUERY_SECONDS
from hocotate_site.openapi import file_of
from hocotate_site.problems import kind_of, problem
from missions.api import ShipTokenAuth
from missions.models import ShipToken
from missions.schemas import ErrorOut
from missions.scopes import Scope
from telemetry.lake import LakeAccess, LakeQueryError, QueryNotNow
from telemetry.lake.ask import Asked, ask
from telemetry.lake.tables import tables
from telemetry.lake.turns import Asker
from telemetry.lake.workers import workers

MOST_ROWS = settings.LAKE_QUERY_ROWS
STATUS = {
    "QueryRefused": 403,
    "QueryInvalid": 422,
    "QueryTooLarge": 413,
    "QueryNotNow": 429,
    "LakeEmpty": 404,
    "LakeUnavailable": 503,
}
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet"}

Format = Literal["json", "csv", "parquet"]


class SignedIn(SessionAuth):
    """Accepts the session of somebody who has signed in; what is not read-only needs the CSRF token too."""

    def __call__(self, request: HttpRequest) -> Any:
        """The user; request.auth is then it.

        Raises:
            HttpError: 401 without a session, 403 without the CSRF token.
        """
        if not request.user.is_authenticated:
            raise HttpError(
                401, "The lake is for those who are signed in: sign in at /login/, or send a ship token as bearer."
            )
        if check_csrf(request) is not None:
            raise HttpError(403, "The header X-CSRFToken is missing or old; load the page again.")
        return request.user


router = Router(tags=["lake"], auth=[ShipTokenAuth(Scope.LAKE_READ), SignedIn()])


class LakeRequest(HttpRequest):
    """A request of somebody who may ask."""

    auth: Any


class QueryIn(Schema):
    """One SELECT, and how its answer shall come."""

    model_config = ConfigDict(extra="forbid")

    sql: Annotated[str, Field(description="One SELECT over the lake's tables.")]
    format: Annotated[Format, Field(description="json, csv or parquet.")] = "json"
    limit: Annotated[int, Field(ge=1, le=MOST_ROWS, description="Most rows of the answer.")] = MOST_ROWS
    explain: Annotated[
        Literal["", "plan", "analyze"],
        Field(description="`plan` answers {plan} in place of rows; `analyze` runs the query for it."),
    ] = ""


class PlaceOut(ErrorOut):
    """What is wrong, and where in the query, when that is known; both count from 1."""

    line: int | None = None
    column: int | None = None


class LimitsOut(Schema):
    """What one query may take."""

    rows: int
    seconds: float
    memory_mb: int


class ColumnOut(Schema):
    """A column of an answer, with DuckDB's type."""

    name: str
    type: str


class AnswerOut(Schema):
    """Columns and rows; `truncated` when there were more rows than `limits.rows`.

    `snapshot` is when the oldest of the tables' newest commits was made (UTC), `table_bytes` their size.
    Whole numbers beyond 2^53, and what is not finite, come as text; bytes as base64.
    """

    row_count: int
    truncated: bool
    seconds: float
    snapshot: datetime | None
    table_bytes: int
    limits: LimitsOut
    columns: list[ColumnOut]
    rows: list[list[Any]]


class PlanOut(Schema):
    """The answer to a query with `explain`."""

    plan: str


class LakeColumnOut(Schema):
    """A column of a table, with Iceberg's type; `partition` is how the table is partitioned by it, or empty."""

    name: str
    type: str
    comment: str
    partition: str


class LakeTableOut(Schema):
    """A table at its newest snapshot, which was `committed` then (UTC)."""

    name: str
    comment: str
    columns: list[LakeColumnOut]
    rows: int
    files: int
    bytes: int
    committed: datetime | None


class LakeTablesOut(Schema):
    """The lake's tables, and what one query may take."""

    tables: list[LakeTableOut]
    limits: LimitsOut


REFUSALS = dict.fromkeys((401, 403, 404, 413, 422, 429, 503), PlaceOut)
ANSWERS: dict[Any, Any] = {200: AnswerOut | PlanOut, **REFUSALS}
FILES: Final = file_of(TYPES["csv"], TYPES["parquet"])


@router.get("/lake/query", response=ANSWERS, summary="Ask the lake", openapi_extra=FILES)
async def query_by_address(request: LakeRequest, asked: Annotated[QueryIn, Query()]) -> HttpResponse:
    """Run one SELECT. CSV and Parquet come as a file; the figures are then in headers X-Lake-*."""
    return await _answered(request, asked)


@router.post("/lake/query", response=ANSWERS, summary="Ask the lake", openapi_extra=FILES)
async def query_by_body(request: LakeRequest, body: QueryIn) -> HttpResponse:
    """Run one SELECT. CSV and Parquet come as a file; the figures are then in headers X-Lake-*."""
    return await _answered(request, body)


@router.get("/lake/tables", response={200: LakeTablesOut, **REFUSALS}, summary="List the lake's tables")
async def list_tables(request: LakeRequest) -> Any:
    """The tables, with columns, comments, partitioning, rows and bytes of the newest snapshot."""
    # Who looks at the tables will ask about them: the first query then need not wait for a process.
    await workers().prepare()
    try:
        found = await sync_to_async(tables, thread_sensitive=False)(LakeAccess.from_settings())
    except LakeQueryError as error:
        return refused(error)
    return {"tables": [asdict(one) for one in found], "limits": limits()}


def limits() -> dict[str, Any]:
    """What one query may take."""
    return {
        "rows": settings.LAKE_QUERY_ROWS,
        "seconds": settings.LAKE_QUERY_SECONDS,
        "memory_mb": settings.LAKE_QUERY_MB,
    }


def refused(error: LakeQueryError) -> HttpResponse:
    """Why there is no result, and where in the query."""
    place = asdict(error.place) if error.place else {"line": None, "column": None}
    name = type(error).__name__
    wait = 2 if isinstance(error, QueryNotNow) else None
    return problem(STATUS[name], str(error), kind=kind_of(name), retry_after_s=wait, **place)


async def _answered(request: LakeRequest, asked: QueryIn) -> HttpResponse:
    asker = Asker.token(request.auth.pk) if isinstance(request.auth, ShipToken) else Asker.user(request.auth.pk)
    form = "json" if asked.explain else asked.format
    try:
        found = await ask(asker, sql=asked.sql, rows=asked.limit, form=form, explain=asked.explain)
    except LakeQueryError as error:
        LAKE_QUERIES.labels(type(error).__name__).inc()
        return refused(error)
    LAKE_QUERIES.labels("answered").inc()
    LAKE_QUERY_SECONDS.observe(found.answer.seconds)
    return _response(found, form)


def _response(found: Asked, form: str) -> HttpResponse:
    answer = found.answer
    snapshot = found.snapshot.isoformat() if found.snapshot else None
    figures = {"row_count": answer.rows, "truncated": answer.truncated, "seconds": round(answer.seconds, 3)}
    data = answer.data
    if form == "json":
        more = {"snapshot": snapshot, "table_bytes": sum(one.bytes for one in found.tables), "limits": limits()}
        # The worker made an object; the figures go before its first name.
        data = json.dumps({**figures, **more})[:-1].encode() + b"," + data[1:]
    response = HttpResponse(data, content_type=TYPES[form])
    response["Cache-Control"] = "no-store"
    for name, value in figures.items():
        response[f"X-Lake-{name.replace('_', '-').title()}"] = str(value).lower()
    if form != "json":
        response["Content-Disposition"] = f'attachment; filename="lake.{form}"'
    return response
