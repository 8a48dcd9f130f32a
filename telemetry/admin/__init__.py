"""Reports, the warehouse's lowest layer and dead letters in the admin: for looking things up, and a few actions."""

from telemetry.admin.replays import DeadLetterReplayAdmin
from telemetry.admin.reports import ManifestAdmin, MissionReportAdmin, ReportUploadAdmin, TreasureReportAdmin
from telemetry.admin.runs import MartBuildAdmin, ReconcileAdmin

__all__ = [
    "DeadLetterReplayAdmin",
    "ManifestAdmin",
    "MartBuildAdmin",
    "MissionReportAdmin",
    "ReconcileAdmin",
    "ReportUploadAdmin",
    "TreasureReportAdmin",
]
