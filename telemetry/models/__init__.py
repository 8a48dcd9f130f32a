"""Schema `ll`: what ships handed in, and the marts' builds made of it. Schema `ops`: how the platform itself is."""

from .alerts import Alert
from .marts import BuildState, MartBuild
from .reconciles import Reconcile, ReconcileState
from .replays import DeadLetterReplay, ReplayState
from .status import AuditRun, PartState, StatusSample
from .treasures import TreasureReport
from .uploads import ReportUpload, UploadState
from .warehouse import Manifest, MissionReport, ShipState

__all__ = [
    "Alert",
    "AuditRun",
    "BuildState",
    "DeadLetterReplay",
    "Manifest",
    "MartBuild",
    "MissionReport",
    "PartState",
    "Reconcile",
    "ReconcileState",
    "ReplayState",
    "ReportUpload",
    "ShipState",
    "StatusSample",
    "TreasureReport",
    "UploadState",
]
