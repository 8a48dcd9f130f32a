"""The schema `ll`: what ships handed in, as it was handed in. The schema `ops`: how the platform itself is."""

from .replays import DeadLetterReplay, ReplayState
from .status import AuditRun, PartState, StatusSample
from .uploads import ReportUpload, UploadState
from .warehouse import Manifest, MissionReport, ShipState

__all__ = [
    "AuditRun",
    "DeadLetterReplay",
    "Manifest",
    "MissionReport",
    "PartState",
    "ReplayState",
    "ReportUpload",
    "ShipState",
    "StatusSample",
    "UploadState",
]
