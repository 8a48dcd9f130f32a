"""Which frame shows a message, for missions that somebody traces (hocotate_site.traces); for no others.

While nobody traces, a frame costs one look at an empty set, and Valkey one question a second.
"""

import asyncio
import logging
import time
from collections import deque
from typing import Any, Final

import msgspec
from django.conf import settings
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hocotate_logs.trace_id import trace_id
from hocotate_site.traces import KEPT_S, LIST, MOST_NOTES, MOST_TRACED, Shown, notes_of
from radar.tracks import Fleet, Track
from radar.trouble import Trouble

logger = logging.getLogger(__name__)

LOOK_S: Final = 1.0
PATIENCE_S: Final = 2.0
WAITING: Final = 2_000
"""Notes that wait while Valkey is away; the oldest give way."""


class Tracing:
    """The missions that are traced at this moment, and notes about their frames on the way to Valkey."""

    def __init__(self) -> None:
        self.missions: frozenset[int] = frozenset()
        self._newest: dict[int, int] = {}
        self._notes: deque[Shown] = deque(maxlen=WAITING)
        self._trouble = Trouble(logger, "Looking up who is traced")

    def shown(self, fleet: Fleet, frame: int) -> list[Track]:
        """The tracks of traced missions that frame `frame`, the newest, shows with a newer message than any before."""
        if not self.missions:
            return []
        ships = {fleet.known[mission].ship for mission in self.missions if mission in fleet.known}
        tracks = [fleet.tracks.values[ship] for ship in ships if fleet.tracks.changed_at(ship) == frame]
        return [track for track in tracks if track.mission.mission_id in self.missions and self._is_newer(track)]

    def _is_newer(self, track: Track) -> bool:
        """A track also changes when the registry ends its mission."""
        seq, mission = track.last.seq, track.mission.mission_id
        if seq is None or seq <= self._newest.get(mission, -1):
            return False
        self._newest[mission] = seq
        return True

    def sent(self, tracks: list[Track], frame: int, now: int) -> None:
        """The frame has gone out at `now` (ms): say so in the log, and keep it for who asks."""
        for track in tracks:
            mission, seq, latency = track.mission, track.last.seq or 0, now - track.at
            ids = {
                "mission": mission.mission_id,
                "ship": mission.ship,
                "trace_id": trace_id(mission.mission_id, seq),
                "seq": seq,
                "latency_ms": latency,
            }
            logger.info("Frame %d shows message %d of %s.", frame, seq, mission.ship, extra=ids)
            self._notes.append(Shown(mission.mission_id, mission.ship, seq, frame, now, latency))

    async def follow(self) -> None:
        """Learn once a second who is traced, and hand the notes on, until cancelled."""
        url = settings.VALKEY_URL
        async with Redis.from_url(url, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S) as valkey:
            while True:
                try:
                    await self._turn(valkey)
                except (RedisError, OSError, ValueError) as error:
                    self._trouble.report(error)
                    # Who can't be told to stop is not gone on with.
                    self.missions = frozenset()
                else:
                    self._trouble.over()
                await asyncio.sleep(LOOK_S)

    async def _turn(self, valkey: Any) -> None:
        notes = list(self._notes)
        asking = valkey.pipeline(transaction=False)
        asking.zrangebyscore(LIST, time.time(), "+inf", start=0, num=MOST_TRACED)
        for note in notes:
            asking.zadd(notes_of(note.mission), {msgspec.json.encode(note): note.seq})
        for mission in {note.mission for note in notes}:
            asking.zremrangebyrank(notes_of(mission), 0, -MOST_NOTES - 1)
            asking.expire(notes_of(mission), KEPT_S)
        listed, *_done = await asking.execute()
        self.missions = frozenset(map(int, listed))
        self._newest = {mission: seq for mission, seq in self._newest.items() if mission in self.missions}
        for note in notes:
            if self._notes and self._notes[0] is note:
                self._notes.popleft()
