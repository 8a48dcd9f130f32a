"""Reports, the warehouse's lowest layer, dead letters and alerts in the admin: to look things up, and a few actions."""

from telemetry.admin.alerts import AlertAdmin
from telemetry.admin.replays import DeadLetterReplayAdmin
from telemetry.admin.reports import ManifestAdmin, MissionReportAdmin, ReportUploadAdmin, TreasureReportAdmin
from telemetry.admin.runs import MartBuildAdmin, ReconcileAdmin

__all__ = [
    "AlertAdmin",
    "DeadLetterReplayAdmin",
    "ManifestAdmin",
    "MartBuildAdmin",
    "MissionReportAdmin",
    "ReconcileAdmin",
    "ReportUploadAdmin",
    "TreasureReportAdmin",
]
