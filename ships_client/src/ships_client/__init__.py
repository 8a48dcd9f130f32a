"""The ships of Hocotate Freight: fly missions, stream telemetry, hand in captain's reports.

The public names load on first use, so that `ships_client.contracts` alone needs nothing but msgspec.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ships_client.client import Event, Fleet, FlightPlan, Journal, OneFlight, Roster, Summary
    from ships_client.exceptions import ShipsClientError
    from ships_client.transports import Headquarters, ReportStore, TelemetryProducer

__version__ = "0.1.0"

__all__ = [
    "Event",
    "Fleet",
    "FlightPlan",
    "Headquarters",
    "Journal",
    "OneFlight",
    "ReportStore",
    "Roster",
    "ShipsClientError",
    "Summary",
    "TelemetryProducer",
    "__version__",
]

_HOME = {
    **dict.fromkeys(("Event", "Fleet", "FlightPlan", "Journal", "OneFlight", "Roster", "Summary"), "client"),
    **dict.fromkeys(("Headquarters", "ReportStore", "TelemetryProducer"), "transports"),
    "ShipsClientError": "exceptions",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
