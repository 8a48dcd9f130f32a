"""The schema `ll`: what ships handed in, as it was handed in, and the builds of the marts made of it."""

from .marts import BuildState, MartBuild
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
    "ReplayState",
    "ReportUpload",
    "ShipState",
    "TreasureReport",
    "UploadState",
]
