"""API of the marts: figures of fleet, planets, captains and ships by period. Reading is free."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema

from hocotate_site.bounded import bounded
from hocotate_site.problems import problem
from missions.schemas import PRINTABLE, ErrorOut

from .exceptions import MartNotBuilt
from .marts.rows import Mart, Period, mart_page

router = Router(tags=["marts"])


class MartOut(Schema):
    """Rows of a mart, in the order of their key; docs/contracts.md says what the columns are.

    `next` is the `after` of the following page, null on the last one.
    """

    mart: Mart
    period: Period | None
    rows: list[dict[str, Any]]
    next: str | None


class MartsOut(Schema):
    """Names of the marts, and of the periods that each has."""

    marts: list[Mart]
    periods: list[Period]


@router.get("/marts", response=MartsOut, summary="List the marts")
def list_marts(request: HttpRequest) -> dict[str, Any]:
    """What marts there are."""
    return {"marts": list(Mart), "periods": list(Period)}


@router.get("/marts/{mart}", response={200: MartOut, 404: ErrorOut, 422: ErrorOut}, summary="Read a mart")
def read_mart(
    request: HttpRequest,
    mart: Mart,
    period: Period = Period.ALL,
    limit: Annotated[int, Query(ge=1, le=1000)] = 400,
    after: Annotated[str | None, Query(max_length=64, pattern=PRINTABLE)] = None,
) -> Any:
    """Rows of one period; fleet_daily has a row a day instead. 404 while no marts were built."""
    try:
        with bounded():
            page = mart_page(mart, period=period, limit=limit, after=after)
    except MartNotBuilt as error:
        return problem(404, str(error), kind="mart-not-built")
    told = None if mart is Mart.FLEET_DAILY else period
    return {"mart": mart, "period": told, "rows": page.rows, "next": page.next}
