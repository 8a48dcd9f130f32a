"""The registry in the admin: for looking things up; what changes goes through the services."""

from missions.admin.history import AuditEntryAdmin, LogEntryAdmin
from missions.admin.missions import MissionAdmin
from missions.admin.people import PersonAdmin
from missions.admin.tokens import EnrolmentAdmin, ShipTokenAdmin

__all__ = ["AuditEntryAdmin", "EnrolmentAdmin", "LogEntryAdmin", "MissionAdmin", "PersonAdmin", "ShipTokenAdmin"]
