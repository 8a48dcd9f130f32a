"""The ships of Hocotate Freight: fly missions, stream telemetry, hand in captain's reports.

The public names load on first use, so that `ships_client.contracts` alone needs nothing but msgspec.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ships_client.client import (
        Connection,
        Event,
        Fleet,
        Flight,
        FlightPlan,
        Kind,
        OneFlight,
        Roster,
        Status,
        Summary,
        fly,
    )
    from ships_client.exceptions import ShipsClientError
    from ships_client.recorder import Recorder
    from ships_client.transports import Headquarters, ReportStore, TelemetryProducer

__version__ = "0.1.0"

__all__ = [
    "Connection",
    "Event",
    "Fleet",
    "Flight",
    "FlightPlan",
    "Headquarters",
    "Kind",
    "OneFlight",
    "Recorder",
    "ReportStore",
    "Roster",
    "ShipsClientError",
    "Status",
    "Summary",
    "TelemetryProducer",
    "__version__",
    "fly",
]

_HOME = {
    **dict.fromkeys(("Headquarters", "ReportStore", "TelemetryProducer"), "transports"),
    "Recorder": "recorder",
    "ShipsClientError": "exceptions",
}
"""Where a public name is that isn't in `client`."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME.get(name, 'client')}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
