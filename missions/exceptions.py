"""What can be wrong with a request to the registry.

MissionError
├── InvalidMission      a value that no mission can have
├── KeyReused           an Idempotency-Key that stands for another mission
├── InvalidScope        nothing that a token can allow
├── TokenRefused        no such ship token, or a revoked one
├── ScopeMissing        the token does not allow this
├── EnrolmentRefused    no such one-time secret, or one that was used, has expired or was revoked
├── NotYourShip         the token is another ship's
├── ShipInFlight        the enrolled ship flies already
├── MissionNotFound
├── NotYourMission      another token registered it
└── MissionEnded        it already has its outcome
"""


class MissionError(Exception):
    """Base of the registry's errors; the text is a sentence for the caller, with the value and the remedy."""


class InvalidMission(MissionError):
    """A value that no mission can have."""


class KeyReused(MissionError):
    """The Idempotency-Key stands for a mission with other values."""


class TokenRefused(MissionError):
    """The ship token is unknown or revoked."""


class MissionNotFound(MissionError):
    """No mission has this number."""


class NotYourMission(MissionError):
    """Another token registered the mission."""


class MissionEnded(MissionError):
    """The mission already has its outcome, `status`."""

    def __init__(self, message: str, status: str) -> None:
        super().__init__(message)
        self.status = status


class InvalidScope(MissionError):
    """Nothing that a token can allow."""


class ScopeMissing(MissionError):
    """The token is accepted, but does not allow this."""


class EnrolmentRefused(MissionError):
    """The one-time secret is unknown, used, expired or revoked."""


class NotYourShip(MissionError):
    """The token belongs to a ship of another name."""


class ShipInFlight(MissionError):
    """The enrolled ship flies already, mission `mission_id`."""

    def __init__(self, message: str, mission_id: int) -> None:
        super().__init__(message)
        self.mission_id = mission_id
