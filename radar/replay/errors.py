"""Errors of the replay; each text is a sentence for the one who asked.

ReplayError
├── ReplayInvalid      a parameter is wrong
├── ReplayTooLarge     the window holds more than one answer may
└── ReplayBusy         the same person's other question is being answered, or as many as may be at once
"""


class ReplayError(Exception):
    """A question to the record that can't be answered."""


class ReplayInvalid(ReplayError):
    """A parameter of the question is wrong."""


class ReplayTooLarge(ReplayError):
    """The window holds more than one answer may."""


class ReplayBusy(ReplayError):
    """All places are taken; it can be asked again in a moment."""
