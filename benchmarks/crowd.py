"""`python -m benchmarks.crowd SITE CLIENTS SECONDS`: browsers that come and go, and two that never read."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from contextlib import suppress

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from benchmarks.viewer import Viewer

DEAF = 2
SHORTEST_S = 5.0
LONGEST_S = 60.0


async def main(site: str, clients: int, seconds: float) -> None:
    """Keep so many there, for so long."""
    until = time.monotonic() + seconds
    async with asyncio.TaskGroup() as group:
        for _client in range(clients):
            group.create_task(_come_and_go(site, until))
        for _client in range(DEAF):
            group.create_task(_never_read(site, until))


async def _come_and_go(site: str, until: float) -> None:
    while (left := until - time.monotonic()) > 0:
        stay = min(left, random.uniform(SHORTEST_S, LONGEST_S))  # noqa: S311 - a load
        with suppress(TimeoutError):
            async with asyncio.timeout(stay), Viewer(site) as viewer:
                async for _frame in viewer:
                    pass


async def _never_read(site: str, until: float) -> None:
    """The server lets one go that acknowledges nothing; it comes again."""
    address = site.replace("http", "ws", 1) + "/ws/radar/"
    while time.monotonic() < until:
        async with connect(address, origin=Origin(site), max_size=None, proxy=None, ping_interval=None) as socket:
            # What the server sends stays in the socket's buffers: nothing is taken out of them.
            socket.transport.pause_reading()
            await asyncio.sleep(min(45.0, max(0.0, until - time.monotonic())))
            socket.transport.resume_reading()
            with suppress(ConnectionClosed):
                await socket.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3])))
