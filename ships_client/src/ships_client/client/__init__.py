"""Flying missions: orders and plans, the fleet's loop, reports, and dealings with headquarters."""

from ships_client.client.connection import Connection
from ships_client.client.events import Event, Kind
from ships_client.client.fleet import Fleet
from ships_client.client.pilot import fly
from ships_client.client.plans import FlightPlan, OneFlight, Roster
from ships_client.client.status import Status
from ships_client.client.summary import Flight, Summary

__all__ = [
    "Connection",
    "Event",
    "Fleet",
    "Flight",
    "FlightPlan",
    "Kind",
    "OneFlight",
    "Roster",
    "Status",
    "Summary",
    "fly",
]
