"""A fleet that a test makes up: the page's WebSocket is answered here, with as many ships as it takes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from struct import pack

from playwright.sync_api import Page, WebSocketRoute

from radar import wire
from radar.records import FAULTS, PHASES, STATUSES
from ships_client.contracts import Component, Phase, ShipStatus


@dataclass(frozen=True, kw_only=True)
class MadeShip:
    """A ship as the radar would tell it; places in M km."""

    name: str
    captain: str = "Olimar"
    target: str = "Koppai"
    x: int = 100
    y: int = 0
    fuel: float = 80
    health: float = 0.9
    phase: Phase = Phase.OUTBOUND
    fault: Component | None = None
    """A ship with a fault stands for repair."""
    silent_s: float = 0


class MadeFleet:
    """Answers the radar's socket of a page; `tell` sends the whole fleet."""

    def __init__(self, page: Page, ships: Sequence[MadeShip]) -> None:
        self.ships = list(ships)
        self.events: list[wire.Event] = []
        self._socket: WebSocketRoute | None = None
        self._sent = 0
        page.route_web_socket("**/ws/radar/", self._open)

    def _open(self, socket: WebSocketRoute) -> None:
        self._socket = socket
        self._sent = 0
        # Acknowledgements and questions are of no interest here.
        socket.on_message(lambda _message: None)
        self.tell()

    def tell(self) -> None:
        """Send everything, as of now."""
        if self._socket is None:
            return
        self._sent += 1
        now = time.time_ns() // 1_000_000
        names = [
            wire.Facts(slot, s.name, slot + 1, s.captain, s.target, 1.0, None) for slot, s in enumerate(self.ships)
        ]
        frame = wire.FrameOut(
            n=self._sent,
            full=True,
            now=now,
            made=now,
            newest=now,
            source="following",
            counts=wire.Counts(messages=self._sent),
            facts=wire.encode_facts(names),
            records=b"".join(_record(slot, ship, now) for slot, ship in enumerate(self.ships)),
            gone=[],
            events=self.events,
            readings=[],
            merged=0,
        )
        self._socket.send(wire.encode(frame))


def _record(slot: int, ship: MadeShip, now: int) -> bytes:
    status = ShipStatus.REPAIR if ship.fault else ShipStatus.OK
    flags = STATUSES.index(status) | PHASES.index(ship.phase) << 2 | FAULTS.index(ship.fault) << 8 | 3 << 11
    place = b"".join((km * 1_000).to_bytes(3, "little", signed=True) for km in (ship.x, ship.y, 0))
    seen = (now - int(ship.silent_s * 1000)) // 10 & 0xFFFFFFFF
    tail = pack("<IHH", seen, round(ship.health * 10_000), round(ship.fuel * 100))
    return slot.to_bytes(3, "little") + flags.to_bytes(2, "little") + place + tail
