"""Kombu's way to Valkey, of which a worker survives that its broker goes away while it has a job in hand.

After an outage kombu 5.7 closes the connection, and its channels lose their way to it. A job that is cancelled or done
only then speaks through such a channel, and fails over an attribute of None, which ends the worker. Told in words that
Celery knows, the loss costs one log line: the job comes again from the queue, and the worker goes on.
"""

from __future__ import annotations

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as ValkeyAway


class Channel(redis.Channel):
    """A channel that says so when its connection was closed."""

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """What to connect to Valkey with.

        Raises:
            ConnectionError: the connection that the channel belonged to was closed.
        """
        if self.connection.client is None:
            raise ValkeyAway("The connection that this channel belonged to was closed.")
        params: dict[str, Any] = super()._connparams(asynchronous)  # type: ignore[no-untyped-call]  # kombu has no types
        return params


class Transport(redis.Transport):
    """Kombu's transport, with these channels."""

    Channel = Channel
