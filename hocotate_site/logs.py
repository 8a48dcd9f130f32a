"""What Celery says of an outage of Valkey, in one sentence."""

import logging

from redis.exceptions import ConnectionError as ValkeyAway
from redis.exceptions import TimeoutError as ValkeySilent


class ValkeyOutage(logging.Filter):
    """Makes one sentence of what Celery says when Valkey is away, without the stack of calls.

    Any other error keeps its stack: it is the only trace of a fault.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Every record passes."""
        outage = _outage(record.exc_info[1]) if record.exc_info else None
        if outage is not None:
            sentence = record.getMessage().partition("\n")[0]
            record.msg = sentence if str(outage) in sentence else f"{sentence} ({outage})"
            record.args = record.exc_info = record.exc_text = None
        return True


def _outage(error: BaseException | None) -> BaseException | None:
    """The error that says that Valkey is away: this one, or one that it came of."""
    while error is not None and not isinstance(error, ValkeyAway | ValkeySilent):
        error = error.__cause__ or error.__context__
    return error
