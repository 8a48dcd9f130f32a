"""Flying missions: plans, the fleet's loop, reports, and dealings with headquarters."""

from ships_client.client.events import Event, Kind
from ships_client.client.fleet import Fleet
from ships_client.client.journal import Journal
from ships_client.client.plans import FlightPlan, OneFlight, Roster
from ships_client.client.summary import Summary

__all__ = ["Event", "Fleet", "FlightPlan", "Journal", "Kind", "OneFlight", "Roster", "Summary"]
