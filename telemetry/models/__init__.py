"""The schema `ll`: what ships handed in, as it was handed in."""

from .reconciles import Reconcile, ReconcileState
from .replays import DeadLetterReplay, ReplayState
from .uploads import ReportUpload, UploadState
from .warehouse import Manifest, MissionReport, ShipState

__all__ = [
    "DeadLetterReplay",
    "Manifest",
    "MissionReport",
    "Reconcile",
    "ReconcileState",
    "ReplayState",
    "ReportUpload",
    "ShipState",
    "UploadState",
]
