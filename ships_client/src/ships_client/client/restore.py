"""From the flight recorder back to a fleet in flight."""

import numpy as np

from ships_client.client.flight import ActiveFlight
from ships_client.client.ground import Ground
from ships_client.client.hangar import Hangar
from ships_client.client.launchpad import Launchpad
from ships_client.client.plans import FlightPlan
from ships_client.recorder import OpenFlight, Recorder


def restore(recorder: Recorder, hangar: Hangar, ground: Ground, pad: Launchpad) -> None:
    """Put every flight that isn't closed back to where the recorder ends; a fresh recorder has none."""
    standing = recorder.standing
    flights = [_flight(standing.header.seed, opened) for opened in standing.flights.values()]
    pad.resume({flight.berth for flight in flights}, standing.flown)
    aloft = [flight for flight in flights if flight.ended_turn is None]
    flying = sorted((f for f in aloft if f.launch_turn <= recorder.last_turn), key=lambda flight: flight.plan.number)
    for flight in aloft:
        if flight.launch_turn > recorder.last_turn:
            hangar.board(flight)
    if flying:
        turn = recorder.turn(recorder.last_turn)
        places = np.searchsorted(turn.numbers, [flight.plan.number for flight in flying])
        hangar.restore(flying, turn.rows[places])
    for flight in flights:
        if flight.launch_turn <= recorder.last_turn:
            last_seq = flight.last_seq
            flight.plan_reports_until(hangar.seq(flight) if last_seq is None else last_seq)
            if flight.due or last_seq is not None:
                ground.take(flight)


def _flight(seed: int, opened: OpenFlight) -> ActiveFlight:
    plan = FlightPlan(
        seed=seed,
        number=opened.number,
        ship=opened.ship,
        captain=opened.captain,
        target=opened.target,
        report_freq_min=opened.report_freq_min,
        one_way=opened.one_way,
    )
    return ActiveFlight(
        plan,
        opened.mission_id,
        opened.started_at,
        opened.berth,
        launch_turn=opened.launch_turn,
        ended_turn=opened.ended_turn,
        outcome=opened.outcome,
        planned_seq=opened.reported_seq,
        planned_reports=opened.reports,
        reports=opened.reports,
        items=opened.items,
        landed=opened.landed,
    )
