"""A browser of the radar without a page: reads every frame, and says so."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from radar.wire import Beat, FrameIn, FrameOut, decode_incoming


class Viewer:
    """An open socket; iterating yields the frames. `bytes` counts what came, frames of WebSocket not included."""

    def __init__(self, site: str) -> None:
        self.bytes = 0
        self._opening = connect(
            site.replace("http", "ws", 1) + "/ws/radar/", origin=Origin(site), max_size=None, proxy=None
        )
        self._socket: ClientConnection

    async def __aenter__(self) -> Self:
        self._socket = await self._opening.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._opening.__aexit__(kind, error, trace)

    async def __aiter__(self) -> AsyncIterator[FrameIn]:
        async for raw in self._socket:
            if isinstance(raw, str):
                raise TypeError(f"The radar sent a text: {raw[:100]}")
            self.bytes += len(raw)
            message = decode_incoming(raw)
            if isinstance(message, (FrameOut, Beat)):
                await self._socket.send(json.dumps({"t": "ack", "n": message.n}))
            if isinstance(message, FrameOut):
                yield message
