"""API of SQL over the warehouse, for those who have signed in: as that of the lake, run by PostgreSQL."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from ninja import Router, Schema

from telemetry.lake import LakeQueryError
from telemetry.lake.result import Result
from telemetry.lake.turns import Asker, turn
from telemetry.lake_api import (
    ANSWERS,
    REFUSALS,
    TYPES,
    LakeRequest,
    LakeTableOut,
    LimitsOut,
    QueryIn,
    SignedIn,
    refused,
)
from telemetry.sql.files import written
from telemetry.sql.run import Bounds, plan, query
from telemetry.sql.tables import tables

router = Router(tags=["warehouse"], auth=SignedIn())


class WarehouseTablesOut(Schema):
    """The warehouse's tables, the serving layer first, and what one query may take."""

    tables: list[LakeTableOut]
    limits: LimitsOut


@router.post("/warehouse/query", response=ANSWERS, summary="Ask the warehouse")
async def warehouse_query(request: LakeRequest, body: QueryIn) -> HttpResponse:
    """Run one SELECT in PostgreSQL. CSV and Parquet come as a file; the figures are then in headers X-Warehouse-*."""
    bounds = Bounds(rows=body.limit, seconds=settings.LAKE_QUERY_SECONDS)
    try:
        async with turn(Asker.user(request.auth.pk), settings.LAKE_QUERIES_AT_ONCE):
            if body.explain:
                return JsonResponse({"plan": await plan(body.sql, body.explain, bounds)})
            result = await query(body.sql, bounds)
        return _response(result, written(result, body.format), body.format)
    except LakeQueryError as error:
        return refused(error)


@router.get("/warehouse/tables", response={200: WarehouseTablesOut, **REFUSALS}, summary="List the warehouse's tables")
async def warehouse_tables(request: LakeRequest) -> Any:
    """The tables that can be read, with columns, comments, and rows as PostgreSQL estimates them."""
    try:
        found = await tables()
    except LakeQueryError as error:
        return refused(error)
    return {"tables": [asdict(one) for one in found], "limits": limits()}


def limits() -> dict[str, Any]:
    """What one query may take; its memory is PostgreSQL's."""
    return {
        "rows": settings.LAKE_QUERY_ROWS,
        "seconds": settings.LAKE_QUERY_SECONDS,
        "memory_mb": settings.LAKE_QUERY_MB,
    }


def _response(result: Result, data: bytes, form: str) -> HttpResponse:
    figures = {"row_count": len(result.rows), "truncated": result.truncated, "seconds": round(result.seconds, 3)}
    if form == "json":
        more = {"snapshot": None, "table_bytes": 0, "limits": limits()}
        # It is an object already; the figures go before its first name.
        data = json.dumps({**figures, **more})[:-1].encode() + b"," + data[1:]
    response = HttpResponse(data, content_type=TYPES[form])
    response["Cache-Control"] = "no-store"
    for name, value in figures.items():
        response[f"X-Warehouse-{name.replace('_', '-').title()}"] = str(value).lower()
    if form != "json":
        response["Content-Disposition"] = f'attachment; filename="warehouse.{form}"'
    return response
