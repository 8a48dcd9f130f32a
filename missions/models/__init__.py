"""Tables of the registry, in schema params."""

from missions.models.audit_log import AuditEntry, Channel, Outcome
from missions.models.days import MissionDay
from missions.models.missions import Mission
from missions.models.tokens import Enrolment, ShipToken

__all__ = ["AuditEntry", "Channel", "Enrolment", "Mission", "MissionDay", "Outcome", "ShipToken"]
