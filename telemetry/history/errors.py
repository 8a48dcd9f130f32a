"""Errors of a mission's history; each text is a sentence for the one who asked.

HistoryError
├── HistoryInvalid     a parameter is wrong
└── HistoryBusy        as many answers are made as may be at once
"""

from __future__ import annotations


class HistoryError(Exception):
    """A history that can't be answered."""


class HistoryInvalid(HistoryError):
    """A parameter of the question is wrong."""


class HistoryBusy(HistoryError):
    """All places are taken; it can be asked again in a moment."""
