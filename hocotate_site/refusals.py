"""Errors of the API, each answered as {"detail": sentence}."""

import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError, ValidationErrorContext

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
MOST_PROBLEMS = 3
"""Wrong values of a request that an error tells one by one."""


class RefusingAPI(NinjaAPI):
    """An API whose every refusal is a sentence that says what was wrong, with which value, and what to do."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        for error, handler in HANDLERS.items():
            self.add_exception_handler(error, handler)

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


def refusal(code: int, detail: str, **more: str) -> HttpResponse:
    """An error as all of the API gives it."""
    response = JsonResponse({"detail": detail, **more}, status=code)
    if code == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="ships"'
    return response


def mission_error(_request: HttpRequest, error: exceptions.MissionError) -> HttpResponse:
    """The registry's own refusals."""
    more = {"status": str(error.status)} if isinstance(error, exceptions.MissionEnded) else {}
    return refusal(STATUS[type(error)], str(error), **more)


def validation_error(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Values of the wrong type or out of range."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, " ".join(problem["detail"] for problem in error.errors))


def authentication_error(_request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    """A write without a credential."""
    return refusal(
        HTTPStatus.UNAUTHORIZED,
        "This needs a ship token: send the header `Authorization: Bearer <token>`. "
        "`manage.py create_ship_token NAME` makes one.",
    )


def too_large(_request: HttpRequest, _error: RequestDataTooBig) -> HttpResponse:
    """A body beyond what the site takes; it was not read."""
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 2**20
    return refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"The body is larger than {limit} MiB; send it in parts, in several calls."
    )


def database_error(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database is away; nothing was changed."""
    logger.error("The database did not answer: %s", error)
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The registry's database is away; try again in a few seconds.")


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    exceptions.MissionError: mission_error,
    ValidationError: validation_error,
    AuthenticationError: authentication_error,
    RequestDataTooBig: too_large,
    OperationalError: database_error,
}
