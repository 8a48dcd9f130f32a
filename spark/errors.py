"""Errors of the lake application.

LakeError
├── SettingInvalid    a setting is missing or cannot be read
├── LockHeld          another application writes this lake
└── LakeStalled       the application can't go on by itself and has to be started again
"""

from __future__ import annotations


class LakeError(Exception):
    """Something a person can mend; the text says what it is and what to do."""


class SettingInvalid(LakeError):
    """A setting is missing or wrong."""


class LockHeld(LakeError):
    """Another application writes this lake."""


class LakeStalled(LakeError):
    """A query failed or stands still, or the application lost its lock: it must be started again."""
