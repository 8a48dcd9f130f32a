"""Reports, the warehouse's lowest layer and dead letters in the admin: for looking things up, and a few actions."""

from telemetry.admin.letters import DeadLetterReplayAdmin
from telemetry.admin.reports import ManifestAdmin, MissionReportAdmin, ReportUploadAdmin

__all__ = ["DeadLetterReplayAdmin", "ManifestAdmin", "MissionReportAdmin", "ReportUploadAdmin"]
