"""The site's API: its routers, its errors as sentences, and its documentation page."""

import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

import missions.api
import telemetry.api
from missions import exceptions

logger = logging.getLogger(__name__)

STATUS = {
    exceptions.InvalidMission: HTTPStatus.UNPROCESSABLE_ENTITY,
    exceptions.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    exceptions.TokenRefused: HTTPStatus.UNAUTHORIZED,
    exceptions.NotYourMission: HTTPStatus.FORBIDDEN,
    exceptions.MissionNotFound: HTTPStatus.NOT_FOUND,
    exceptions.MissionEnded: HTTPStatus.CONFLICT,
}
LONGEST_VALUE = 80
"""Characters of a refused value that an error repeats."""


def refusal(status: int, sentence: str, **more: str) -> HttpResponse:
    """An error as all of the API gives it: {"detail": sentence}."""
    response = JsonResponse({"detail": sentence, **more}, status=status)
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="ships"'
    return response


def mission_error(_request: HttpRequest, error: exceptions.MissionError) -> HttpResponse:
    """The registry's own refusals."""
    more = {"status": str(error.status)} if isinstance(error, exceptions.MissionEnded) else {}
    return refusal(STATUS[type(error)], str(error), **more)


def validation_error(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values of the wrong type or out of range, a sentence each."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(_sentence(problem) for problem in error.errors))


def authentication_error(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """A write without a credential."""
    return refusal(
        HTTPStatus.UNAUTHORIZED,
        "This needs a ship token: send the header `Authorization: Bearer <token>`. "
        "`manage.py create_ship_token NAME` makes one.",
    )


def database_error(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database is away; nothing was changed."""
    logger.error("The database did not answer: %s", error)
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The registry's database is away; try again in a few seconds.")


def _sentence(problem: dict[str, object]) -> str:
    place = problem.get("loc")
    field = place[-1] if isinstance(place, tuple | list) and place else "request"
    said = str(problem.get("msg", "is not valid"))
    if problem.get("type") == "missing":
        return f"{field} is missing; send it."
    if "input" not in problem:
        return f"{field}: {said}."
    given = repr(problem["input"])
    if len(given) > LONGEST_VALUE:
        given = given[:LONGEST_VALUE] + "…"
    return f"{field} is {given}: {said[:1].lower()}{said[1:]}."


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    exceptions.MissionError: mission_error,
    ValidationError: validation_error,
    AuthenticationError: authentication_error,
    OperationalError: database_error,
}


def with_refusals(api: NinjaAPI) -> NinjaAPI:
    """The API with all errors answered as sentences."""
    for error, handler in HANDLERS.items():
        api.add_exception_handler(error, handler)
    return api


api = with_refusals(
    NinjaAPI(
        title="Hocotate Freight",
        version="1",
        description="Missions and the reports of their captains. Reading is free; writing needs a ship token.",
        # Swagger UI draws its icons from data: images; no other page may.
        docs_decorator=csp_update({"img-src": ["'self'", "data:"]}),
    )
)
api.add_router("/v1", missions.api.router)
api.add_router("/v1", telemetry.api.router)

original = with_refusals(NinjaAPI(urls_namespace="original", docs_url=None, openapi_url=None))
original.add_router("", missions.api.original_router)
