"""`python -m benchmarks.metrics_run SHIPS`: a radar's fleet of so many ships, served to Prometheus, and nothing else.

The fleet, its gauges and the server are those of `run_radar`; the ships are real ones, a minute and a half into their
flight, whose messages came by the same decoder. Prints the port and the ships that gauges may be made of, as JSON, and
ends when its standard input does. Nothing has to run beside it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import UTC, datetime

import numpy as np

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocotate_site.settings")

from django.conf import settings
from prometheus_client import REGISTRY

from benchmarks.ships import TARGETS
from hocotate_site import exposition, metrics
from radar.collector import StateCollector
from radar.gauges import ShipGauges
from radar.intake import Intake, Reading
from radar.latency import Latency
from radar.tracks import Fleet, Mission
from ships_client.client.messages import callsign, encode_turn
from ships_client.client.plans import ship_name
from ships_client.contracts import CAPTAINS, PLANETS, decode
from ships_client.sim import FleetState, flight_draws, flight_keys, launch, observe, places, step

TICKS = 90
_SEED = 16
_FIRST_MISSION = 10**6


def fleet_of(ships: int, now_ms: int) -> tuple[Fleet, Intake]:
    """A radar's fleet of so many ships, all heard at this moment (ms since 1970), and what counted their messages."""
    fleet = Fleet()
    intake = Intake(fleet)
    missions = [_mission(number) for number in range(ships)]
    fleet.learn(missions)
    intake.take(_readings(missions, now_ms), now_ms)
    if len(fleet.tracks.values) != ships:
        raise RuntimeError(f"The radar shows {len(fleet.tracks.values):,} of {ships:,} ships.")
    return fleet, intake


def serve(ships: int) -> int:
    """Serve the metrics of a radar with so many ships in flight, at a port that was free, which is returned."""
    now_ms = int(time.time() * 1000)
    fleet, intake = fleet_of(ships, now_ms)
    fleet.tick(now_ms)
    for link, count in fleet.links().items():
        metrics.RADAR_SHIPS.labels(link.value).set(count)
    REGISTRY.register(StateCollector(fleet, intake))
    REGISTRY.register(Latency())
    # All ships stay as they were at that moment, live ones, as in the radar of a fleet that flies.
    exposition.SOURCES.append(ShipGauges(fleet, settings.METRICS_SHIPS, lambda: now_ms).text)
    return exposition.serve_metrics(0)


def _mission(number: int) -> Mission:
    captain, target = CAPTAINS[number % len(CAPTAINS)], TARGETS[number % len(TARGETS)]
    return Mission(_FIRST_MISSION + number, ship_name(number), captain, target)


def _readings(missions: list[Mission], now_ms: int) -> list[Reading]:
    callsigns = np.array([callsign(str(mission.mission_id), mission.ship) for mission in missions])
    written, refused = encode_turn(observe(_flown(missions)), callsigns, now_ms * 1000)
    if refused:
        raise RuntimeError(f"{len(refused):,} messages break the contract.")
    now = datetime.fromtimestamp(now_ms / 1000, UTC)
    return [Reading(decode(message, now), now_ms) for message in written]


def _flown(missions: list[Mission]) -> FleetState:
    targets = places([PLANETS[mission.target] for mission in missions])
    keys = flight_keys(_SEED, np.arange(len(missions), dtype=np.uint64))
    state = launch(targets, np.zeros(len(missions), dtype=np.bool_), keys)
    for _tick in range(TICKS):
        # A ship that is lost by then shows its last message.
        state = step(state, flight_draws(state.key, state.tick))
    return state


if __name__ == "__main__":
    told = {"port": serve(int(sys.argv[1])), "most": settings.METRICS_SHIPS}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
