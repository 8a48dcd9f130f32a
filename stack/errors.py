"""Errors of the native platform.

StackError
├── PortTaken     a port that the platform needs is held by another process
└── StepFailed    one step of the start failed; nothing after it was begun
"""

from __future__ import annotations


class StackError(Exception):
    """Something went wrong that a person can mend: what happened, and what to do."""

    def __init__(self, what: str, remedy: str = "") -> None:
        super().__init__(f"{what} {remedy}".strip())
        self.what = what
        self.remedy = remedy


class PortTaken(StackError):
    """A port is held by a process that is not the platform's own."""


class StepFailed(StackError):
    """A step of the start failed."""
