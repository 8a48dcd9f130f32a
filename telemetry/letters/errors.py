"""Errors about dead letters; each text is a sentence for the operator.

LettersError
├── FilterInvalid   a filter that can't be understood
├── MendInvalid     a mend that no message can take
├── Unmendable      a message that this mend can't be applied to
├── LetterNotFound  no letter has this place
├── ReplayBusy      another replay is under way
└── BrokerAway      Kafka does not answer
"""

from __future__ import annotations


class LettersError(Exception):
    """Base of what goes wrong with dead letters."""


class FilterInvalid(LettersError):
    """A filter can't be understood."""


class MendInvalid(LettersError):
    """A mend names a field or a value that no message can have."""


class Unmendable(LettersError):
    """This mend can't be applied to this message."""


class LetterNotFound(LettersError):
    """No letter has this place."""


class ReplayBusy(LettersError):
    """Another replay is under way."""


class BrokerAway(LettersError):
    """Kafka does not answer."""
