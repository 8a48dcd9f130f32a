"""The channel layer as the radar needs it, and how tasks that use it are ended."""

import asyncio
from typing import Any

from channels.layers import get_channel_layer


def channel_layer() -> Any:
    """The default channel layer, whose blocking reads wait for as long as they were told to.

    The Redis client gives up any read after 5 s by default, the very time for which the layer asks Valkey to wait for
    a message: an idle channel would then fail every 5 s, and a message that comes at that moment would be lost.
    """
    layer = get_channel_layer()
    for host in getattr(layer, "hosts", ()):
        host.setdefault("socket_timeout", None)
    return layer


async def end(*tasks: "asyncio.Task[Any]") -> None:
    """Cancel tasks and wait until they have ended.

    Again and again: `asyncio.wait_for` of Python 3.11, which the Redis client uses, may swallow a cancellation.
    """
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _done, pending = await asyncio.wait(pending, timeout=0.5)
