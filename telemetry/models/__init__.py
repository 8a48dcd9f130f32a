"""The schema `ll`: what ships handed in, as it was handed in."""

from .replays import DeadLetterReplay, ReplayState
from .uploads import ReportUpload, UploadState
from .warehouse import Manifest, MissionReport, ShipState

__all__ = [
    "DeadLetterReplay",
    "Manifest",
    "MissionReport",
    "ReplayState",
    "ReportUpload",
    "ShipState",
    "UploadState",
]
