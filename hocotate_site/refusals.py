"""Errors of the API, each answered as application/problem+json (RFC 9457) with a sentence as its detail."""

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError, ValidationErrorContext
from ninja.openapi.schema import OpenAPISchema

from hocotate_site import problems
from hocotate_site.bounded import SearchTooBroad
from hocotate_site.openapi import tell_refusals
from hocotate_site.problems import Refuse
from missions import exceptions

logger = logging.getLogger(__name__)

STATUS = {
    exceptions.InvalidMission: HTTPStatus.UNPROCESSABLE_ENTITY,
    exceptions.InvalidScope: HTTPStatus.UNPROCESSABLE_ENTITY,
    exceptions.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    exceptions.TokenRefused: HTTPStatus.UNAUTHORIZED,
    exceptions.ScopeMissing: HTTPStatus.FORBIDDEN,
    exceptions.EnrolmentRefused: HTTPStatus.FORBIDDEN,
    exceptions.NotYourMission: HTTPStatus.FORBIDDEN,
    exceptions.NotYourShip: HTTPStatus.FORBIDDEN,
    exceptions.MissionNotFound: HTTPStatus.NOT_FOUND,
    exceptions.MissionEnded: HTTPStatus.CONFLICT,
    exceptions.ShipInFlight: HTTPStatus.CONFLICT,
}
LONGEST_VALUE = 80
"""Characters of a refused value that an error repeats."""
MOST_PROBLEMS = 3
"""Wrong values of a request that an error tells one by one."""


class RefusingAPI(NinjaAPI):
    """An API whose every refusal is a sentence that says what was wrong, with which value, and what to do."""

    refuse: Refuse = staticmethod(problems.problem)

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for error, handler in HANDLERS.items():
            self.add_exception_handler(error, partial(handler, refuse=self.refuse))

    def validation_error_from_error_contexts(
        self, error_contexts: list[ValidationErrorContext[Any]]
    ) -> ValidationError:
        """Sentences in place of pydantic's records."""
        problems = [
            problem
            for context in error_contexts
            for problem in context.pydantic_validation_error.errors(include_url=False)
        ]
        said = [sentence(problem) for problem in problems[:MOST_PROBLEMS]]
        if len(problems) > MOST_PROBLEMS:
            said.append(f"{len(problems) - MOST_PROBLEMS:,} more values are wrong.")
        return ValidationError([{"detail": detail} for detail in said])

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        """The schema, with what all operations may answer."""
        schema = super().get_openapi_schema(**where)
        tell_refusals(schema)
        return schema


class PlainAPI(RefusingAPI):
    """An API that refuses as the original did, with {"detail": sentence}; an ended mission's status is `status`."""

    refuse: Refuse = staticmethod(problems.plain)


def sentence(problem: Mapping[str, Any]) -> str:
    """What pydantic says of one value, as a sentence with the field and the value."""
    field = field_name(problem["loc"])
    if problem["type"] == "missing":
        return f"{field} is missing; send it."
    if problem["type"] == "extra_forbidden":
        return f"{field} is not known here; leave it out."
    given = repr(problem["input"])
    if len(given) > LONGEST_VALUE:
        given = given[:LONGEST_VALUE] + "…"
    said = str(problem["msg"])
    return f"{field} is {given}: {said[:1].lower()}{said[1:]}."


def field_name(loc: Iterable[str | int]) -> str:
    """Where pydantic found a value, without the parts that only ninja knows: `captain`, `missions[3].captain`."""
    name = ""
    for part in loc:
        if isinstance(part, int):
            name += f"[{part}]"
        else:
            name = f"{name}.{part}" if name.endswith("]") else part
    return name or "The request"


def mission_error(_request: HttpRequest, error: exceptions.MissionError, refuse: Refuse) -> HttpResponse:
    """The registry's own refusals."""
    more: dict[str, Any] = {}
    if isinstance(error, exceptions.MissionEnded):
        more["mission_status"] = str(error.status)
    if isinstance(error, exceptions.ShipInFlight):
        more["mission_id"] = error.mission_id
    return refuse(STATUS[type(error)], str(error), kind=problems.kind_of(type(error).__name__), **more)


def too_broad(_request: HttpRequest, error: SearchTooBroad, refuse: Refuse) -> HttpResponse:
    """A search that looks at too many rows."""
    return refuse(HTTPStatus.UNPROCESSABLE_ENTITY, str(error), kind="search-too-broad")


def http_error(_request: HttpRequest, error: HttpError, refuse: Refuse) -> HttpResponse:
    """A refusal that the API's code words itself."""
    return refuse(error.status_code, error.message)


def validation_error(_request: HttpRequest, error: ValidationError, refuse: Refuse) -> HttpResponse:
    """Values of the wrong type or out of range."""
    return refuse(
        HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(problem["detail"] for problem in error.errors), kind="invalid-value"
    )


def authentication_error(_request: HttpRequest, _error: AuthenticationError, refuse: Refuse) -> HttpResponse:
    """A write without a credential."""
    return refuse(
        HTTPStatus.UNAUTHORIZED,
        "This needs a ship token: send the header `Authorization: Bearer <token>`. "
        "`manage.py create_ship_token NAME` makes one.",
        kind="no-token",
    )


def too_large(_request: HttpRequest, _error: RequestDataTooBig, refuse: Refuse) -> HttpResponse:
    """A body beyond what the site takes; it was not read."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return refuse(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {limit} MiB; send it in parts, in several calls."
    )


def database_error(_request: HttpRequest, error: OperationalError, refuse: Refuse) -> HttpResponse:
    """The database is away; nothing was changed."""
    logger.error("The database did not answer: %s", error)
    return refuse(HTTPStatus.SERVICE_UNAVAILABLE, "The registry's database is away; try again in a few seconds.")


HANDLERS: dict[type[Exception], Callable[..., HttpResponse]] = {
    exceptions.MissionError: mission_error,
    SearchTooBroad: too_broad,
    HttpError: http_error,
    ValidationError: validation_error,
    AuthenticationError: authentication_error,
    RequestDataTooBig: too_large,
    OperationalError: database_error,
}
