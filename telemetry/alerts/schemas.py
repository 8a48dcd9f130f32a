"""What Alertmanager's webhook sends (version 4), as far as it is kept; the rest is ignored."""

from __future__ import annotations

from typing import Annotated, Final, Literal, Self

from ninja import Field, Schema
from pydantic import BeforeValidator, field_validator, model_validator

from missions.schemas import Moment

MOST: Final = 1000
"""Alerts in one call; the platform's own Alertmanager sends 500 at most."""
NEVER: Final = "0001-01-01T"
"""How Go writes a time that is not set."""


def _written(value: object) -> object:
    """Refuse numbers, which pydantic takes for seconds; no time where none is set."""
    if value is not None and not isinstance(value, str):
        raise ValueError("write it as ISO 8601 with zone, such as 2026-11-25T08:30:00Z")
    return None if value is None or value.startswith(NEVER) else value


Text = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Field(max_length=100, pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]
Texts = Annotated[dict[Name, Text], Field(max_length=64)]


class AlertIn(Schema):
    """One alert: which, since when, and whether it is over."""

    status: Literal["firing", "resolved"]
    fingerprint: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    starts_at: Annotated[Moment, BeforeValidator(_written), Field(alias="startsAt")]
    ends_at: Annotated[Moment | None, BeforeValidator(_written), Field(alias="endsAt")] = None
    labels: Texts
    annotations: Texts = {}

    @field_validator("labels")
    @classmethod
    def _named(cls, labels: dict[str, str]) -> dict[str, str]:
        if not labels.get("alertname"):
            raise ValueError("the label alertname is missing; it names the alert")
        return labels

    @model_validator(mode="after")
    def _ended(self) -> Self:
        if self.status == "resolved" and self.ends_at is None:
            raise ValueError("a resolved alert needs endsAt, the time at which it was over")
        if self.status == "firing":
            # Alertmanager guesses an end for some alerts that still fire.
            self.ends_at = None
        return self


class AlertsIn(Schema):
    """A notification of Alertmanager's webhook."""

    version: Literal["4"] = "4"
    alerts: Annotated[list[AlertIn], Field(min_length=1, max_length=MOST)]


class AlertsOut(Schema):
    """How many alerts are now kept of those that were sent; the same one sent twice counts once."""

    alerts: int
