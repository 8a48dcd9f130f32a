"""The schema `ll`: what ships handed in, as it was handed in, and the builds of the marts made of it."""

from .marts import BuildState, MartBuild
from .reconciles import Reconcile, ReconcileState
from .replays import DeadLetterReplay, ReplayState
from .treasures import TreasureReport
from .uploads import ReportUpload, UploadState
from .warehouse import Manifest, MissionReport, ShipState

__all__ = [
    "BuildState",
    "DeadLetterReplay",
    "Manifest",
    "MartBuild",
    "MissionReport",
    "Reconcile",
    "ReconcileState",
    "ReplayState",
    "ReportUpload",
    "ShipState",
    "TreasureReport",
    "UploadState",
]
