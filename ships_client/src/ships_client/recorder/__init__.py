"""The flight recorder: an append-only, checksummed, segmented log of every turn, from which flights go on."""

from ships_client.recorder.notes import VERSION, Acknowledged, Boarded, Closed, Ended, Header, Note, Reported
from ships_client.recorder.recorder import LIMIT_BYTES, SEGMENT_BYTES, Recorder
from ships_client.recorder.records import Turn
from ships_client.recorder.standing import OpenFlight, Standing, Tally

__all__ = [
    "LIMIT_BYTES",
    "SEGMENT_BYTES",
    "VERSION",
    "Acknowledged",
    "Boarded",
    "Closed",
    "Ended",
    "Header",
    "Note",
    "OpenFlight",
    "Recorder",
    "Reported",
    "Standing",
    "Tally",
    "Turn",
]
