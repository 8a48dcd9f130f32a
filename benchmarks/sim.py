"""Ship-ticks a second of a fleet as arrays, over those of one ship after the other in plain Python."""

from __future__ import annotations

from random import Random
from statistics import median
from time import process_time

import numpy as np

from benchmarks.figures import Result
from benchmarks.plain_ship import PlainShip
from ships_client.contracts import PLANETS, TARGETS
from ships_client.sim import FleetState, docked, flight_draws, flight_keys, launch, observe, places, step

SHIPS = 10_000
SEED = 4
_TICKS_BEFORE = 100
"""Flown before the first measured tick, so that ships are in all states."""
_ROUNDS = 7
_TICKS = 60
"""Ticks of the arrays a round; plain ships fly one."""


def measure() -> list[Result]:
    """sim_speedup: draws, step and instruments of 10,000 ships, in turns with plain ships.

    Of both the median CPU time of a tick, which other work on the machine stretches least.
    """
    start, ships = _fleet(), _plain_ships()
    arrays, plain = [], []
    for _ in range(_ROUNDS):
        fleet = start
        for _ in range(_TICKS):
            began = process_time()
            fleet = step(fleet, flight_draws(fleet.key, fleet.tick))
            observe(fleet)
            arrays.append(process_time() - began)
        began = process_time()
        for ship in ships:
            ship.fly()
            ship.observe()
        plain.append(process_time() - began)
    print(f"{SHIPS:,} ships a tick: arrays {median(arrays) * 1e3:.2f} ms, plain Python {median(plain) * 1e3:.0f} ms.")
    return [Result("sim_speedup", round(median(plain) / median(arrays), 1))]


def _fleet() -> FleetState:
    targets = places([PLANETS[TARGETS[i % len(TARGETS)]] for i in range(SHIPS)])
    keys = flight_keys(SEED, np.arange(SHIPS, dtype=np.uint64))
    fleet = docked(SHIPS).put(np.arange(SHIPS), launch(targets, np.zeros(SHIPS, dtype=np.bool_), keys))
    for _ in range(_TICKS_BEFORE):
        fleet = step(fleet, flight_draws(fleet.key, fleet.tick))
    return fleet


def _plain_ships() -> list[PlainShip]:
    random = Random(SEED).random  # noqa: S311
    ships = [PlainShip(PLANETS[TARGETS[i % len(TARGETS)]], random) for i in range(SHIPS)]
    for ship in ships:
        for _ in range(_TICKS_BEFORE):
            ship.fly()
    return ships
