"""An ASGI application that streams, for the server's tests: it tells how much it could send."""

from __future__ import annotations

import asyncio
from typing import Any

PIECE = b"x" * 65_536
PIECES = 1_600
"""100 MiB, more than all buffers between a server and its client hold."""

sent: dict[str, int] = {"pieces": 0, "failed": 0, "left": 0}


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """`/sent` answers how many pieces went out, `/fail` breaks in mid-answer, all else is 100 MiB.

    A WebSocket is sent messages until it is gone; `/failed` and `/left` answer to how many sending failed, and how many
    have gone.
    """
    if scope["type"] == "websocket":
        await _talk(receive, send)
        return
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    if scope["path"] == "/sent":
        await send({"type": "http.response.body", "body": str(sent["pieces"]).encode()})
    elif scope["path"] in ("/failed", "/left"):
        await send({"type": "http.response.body", "body": str(sent[scope["path"][1:]]).encode()})
    elif scope["path"] == "/fail":
        await send({"type": "http.response.body", "body": PIECE, "more_body": True})
        raise RuntimeError("The lake went away.")
    else:
        for _ in range(PIECES):
            await send({"type": "http.response.body", "body": PIECE, "more_body": True})
            sent["pieces"] += 1
        await send({"type": "http.response.body", "body": b""})


async def _talk(receive: Any, send: Any) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    gone = asyncio.create_task(receive())
    while not gone.done():
        try:
            await send({"type": "websocket.send", "bytes": b"news"})
        except Exception:
            sent["failed"] += 1
        await asyncio.sleep(0)
    sent["left"] += 1
