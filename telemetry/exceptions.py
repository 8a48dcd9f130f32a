"""What headquarters refuses about reports.

TelemetryError
├── InvalidReport   a date or a number that no report can have
├── UploadsClosed   the mission ended too long ago
├── NotAnnounced    nobody asked for this report's upload addresses
├── NotQuarantined  only a quarantined report can be tried again
└── MartNotBuilt    no marts were built so far
"""

from __future__ import annotations


class TelemetryError(Exception):
    """Base of all errors that this app raises on purpose; the text is a sentence for people."""


class InvalidReport(TelemetryError):
    """A date or a number that no report can have."""


class UploadsClosed(TelemetryError):
    """The mission ended too long ago to hand in reports."""


class NotAnnounced(TelemetryError):
    """The report was never announced."""


class NotQuarantined(TelemetryError):
    """The report is not quarantined."""


class MartNotBuilt(TelemetryError):
    """No marts were built so far."""
