"""Errors of the API, each answered as {"detail": sentence}."""

import logging
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

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
        return ValidationError(
            [
                {"detail": sentence(problem)}
                for context in error_contexts
                for problem in context.pydantic_validation_error.errors(include_url=False)
            ]
        )


def sentence(problem: Mapping[str, Any]) -> str:
    """What pydantic says of one value, as a sentence with the field and the value."""
    field = next((str(part) for part in reversed(problem["loc"]) if isinstance(part, str)), "The request")
    if problem["type"] == "missing":
        return f"{field} is missing; send it."
    if problem["type"] == "extra_forbidden":
        return f"{field} is not known here; leave it out."
    given = repr(problem["input"])
    if len(given) > LONGEST_VALUE:
        given = given[:LONGEST_VALUE] + "…"
    said = str(problem["msg"])
    return f"{field} is {given}: {said[:1].lower()}{said[1:]}."


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


def database_error(_request: HttpRequest, error: OperationalError) -> HttpResponse:
    """The database is away; nothing was changed."""
    logger.error("The database did not answer: %s", error)
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "The registry's database is away; try again in a few seconds.")


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    exceptions.MissionError: mission_error,
    ValidationError: validation_error,
    AuthenticationError: authentication_error,
    OperationalError: database_error,
}
