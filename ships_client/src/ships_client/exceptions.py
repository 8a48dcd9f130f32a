"""Every error of the package.

ShipsClientError
├── InvalidMessage          a telemetry message or a manifest breaks its contract
├── InvalidKey              an object key that isn't a report's
├── ConfigurationError      a setting is missing or wrong
├── HeadquartersError       the missions API can't be used
│   ├── HeadquartersAway    no answer, or 5xx, for longer than the ship waits
│   └── Refused             the API answered 4xx: asking again won't help
├── UploadError             a report can't be stored
│   ├── UploadAway          no answer, or 5xx, for longer than the ship waits
│   ├── UploadExpired       the presigned URL is no longer valid: ask for new ones
│   └── UploadRefused       the store answered 4xx
├── Unfinished              a flight is over, and something of it is left to hand over
├── TelemetryError          telemetry can't be delivered
│   ├── BrokerAway          the broker doesn't answer
│   └── BrokerRefused       the broker knows no such user, password or right
└── RecorderError           the flight recorder's log can't be written or read
    ├── RecorderFull        it has reached its size limit
    ├── RecorderHeld        another process holds its folder
    ├── RecorderBusy        an unfinished flight lies there, and a new one was to begin
    ├── RecorderDamaged     what lies on the disk isn't what was written
    └── NothingToResume     no unfinished flight lies there
"""

from enum import StrEnum


class Reason(StrEnum):
    """Why a message is invalid; each invalid message has exactly one reason, the first that was found."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    MALFORMED_JSON = "malformed_json"
    NOT_FINITE = "not_finite"
    MISSING_FIELD = "missing_field"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_VALUE = "unknown_value"
    OUT_OF_RANGE = "out_of_range"
    TOO_FAR_AHEAD = "too_far_ahead"
    TOO_OLD = "too_old"


class ShipsClientError(Exception):
    """Base of all errors that this package raises on purpose."""


class InvalidMessage(ShipsClientError):
    """A message breaks its contract: `reason`, `field` (dotted path; None for the whole), `detail`."""

    def __init__(self, reason: Reason, field: str | None, detail: str) -> None:
        super().__init__(reason, field, detail)
        self.reason = reason
        self.field = field
        self.detail = detail

    def __str__(self) -> str:
        where = f" at {self.field}" if self.field else ""
        return f"{self.reason.value}{where}: {self.detail}"


class InvalidKey(ShipsClientError):
    """An object key that doesn't have the form of a report's key."""


class ConfigurationError(ShipsClientError):
    """A setting is missing or wrong; the message names it and the remedy."""


class HeadquartersError(ShipsClientError):
    """The missions API can't be used."""


class HeadquartersAway(HeadquartersError):
    """The missions API gave no answer, or 5xx, for longer than the ship waits."""


class Refused(HeadquartersError):
    """The missions API answered 4xx; `status_code`, its `detail` sentence and the whole `body`."""

    def __init__(self, status_code: int, detail: str, body: dict[str, object] | None = None) -> None:
        super().__init__(status_code, detail)
        self.status_code = status_code
        self.detail = detail
        self.body = body or {}

    def __str__(self) -> str:
        return f"Headquarters refused ({self.status_code}): {self.detail}"


class UploadError(ShipsClientError):
    """A report can't be stored."""


class UploadAway(UploadError):
    """The store gave no answer, or 5xx, for longer than the ship waits."""


class UploadExpired(UploadError):
    """The presigned URL is no longer valid; ask headquarters for new ones."""


class UploadRefused(UploadError):
    """The object store answered 4xx to a presigned PUT."""


class Unfinished(ShipsClientError):
    """A flight is over, and something of it is left to hand over."""


class TelemetryError(ShipsClientError):
    """Telemetry can't be delivered."""


class BrokerAway(TelemetryError):
    """The Kafka broker doesn't answer."""


class BrokerRefused(TelemetryError):
    """The Kafka broker refuses the ship's user and password, its certificate isn't trusted, or a right is missing."""


class RecorderError(ShipsClientError):
    """The flight recorder's log can't be written or read; the message says what to do."""


class RecorderFull(RecorderError):
    """The log has reached its size limit: what Kafka and headquarters haven't got yet fills it."""


class RecorderHeld(RecorderError):
    """Another process holds the recorder's folder."""


class RecorderBusy(RecorderError):
    """An unfinished flight lies in the folder in which a new one was to begin."""


class RecorderDamaged(RecorderError):
    """What lies on the disk isn't what was written; the message names file and offset."""


class NothingToResume(RecorderError):
    """No unfinished flight lies in the folder."""
