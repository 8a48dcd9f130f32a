"""The schema `ll`: what ships handed in, as it was handed in."""

from .uploads import ReportUpload, UploadState
from .warehouse import Manifest, MissionReport, ShipState

__all__ = ["Manifest", "MissionReport", "ReportUpload", "ShipState", "UploadState"]
