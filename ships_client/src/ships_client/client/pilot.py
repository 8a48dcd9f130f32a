"""Puts a fleet together and flies it: what the commands and programs call."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Flag
from typing import Any, Final
from uuid import uuid4

from ships_client.client.connection import Connection
from ships_client.client.events import Event, Kind, Listener
from ships_client.client.fleet import Fleet
from ships_client.client.folders import Kind as Shelf
from ships_client.client.folders import fresh
from ships_client.client.orders import Orders
from ships_client.client.plans import FlightPlan
from ships_client.client.summary import Flight, Summary
from ships_client.exceptions import (
    BrokerAway,
    ConfigurationError,
    HeadquartersAway,
    NothingToResume,
    ShipsClientError,
    Unfinished,
)
from ships_client.recorder import VERSION, Header, Recorder
from ships_client.transports.kafka import TelemetryProducer

LIMIT_BYTES: Final = 2 * 2**30
PATIENCE_S: Final = 3600.0
_BROKER_S: Final = 10.0
_REGISTRATION_S: Final = 30.0
_LOOK_S: Final = 5.0


def begin(folder: Path, orders: Orders, limit_bytes: int = LIMIT_BYTES) -> Recorder:
    """A flight recorder for new orders; raises RecorderError."""
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    header = Header(uuid4().hex, VERSION, made_at, orders.seed, orders.as_options())
    return Recorder.create(folder, header, limit_bytes=limit_bytes)


def resume(
    folder: Path, changed: dict[str, Any] | None = None, limit_bytes: int = LIMIT_BYTES
) -> tuple[Recorder, Orders]:
    """A flight recorder that was left, and its orders, some of them `changed`.

    Raises:
        RecorderError: the log can't be used.
        ConfigurationError: it can't be flown with these changes.
    """
    recorder = Recorder.resume(folder, limit_bytes=limit_bytes)
    try:
        return recorder, Orders.recorded(recorder.standing.header.options, changed or {})
    except ConfigurationError:
        recorder.close()
        raise


def fly_fleet(
    orders: Orders,
    recorder: Recorder,
    connection: Connection,
    *,
    stop: Flag,
    listener: Listener,
    give_up: bool = False,
    duration_s: float = float("inf"),
    patience_s: float = PATIENCE_S,
    watch: Callable[[Fleet], None] | None = None,
) -> Summary:
    """Fly what `orders` say until all is done or `stop` is set; `watch` gets the fleet about twice a second.

    A fleet that keeps flying waits for an absent broker and headquarters; for others they are an error at the start.

    Raises:
        BrokerAway, HeadquartersError: nobody could be reached, or a mission was refused.
        RecorderError: the flight recorder can't take any more.
    """
    headquarters = connection.headquarters()
    producer = connection.producer(orders.ships / orders.share[1] * orders.speed)
    patience_s = float("inf") if orders.keep else patience_s
    with _nothing_left_of_nothing(recorder):
        if resumed := recorder.last_turn >= 0:
            _same_registry(recorder, connection)
        _await_broker(producer, orders.keep or resumed, listener)
        fleet = Fleet(
            plans=orders.plans(),
            recorder=recorder,
            headquarters=headquarters,
            store=connection.store(),
            producer=producer,
            stop=stop,
            give_up=give_up,
            speed=orders.speed,
            spread_s=orders.spread_s,
            duration_s=duration_s,
            patience_s=patience_s,
            registration_s=patience_s if orders.keep else _REGISTRATION_S,
            failure_rate=orders.failure_rate,
            los=orders.silent_ticks,
            listener=listener,
        )
        return fleet.run(watch=(lambda: watch(fleet)) if watch else None)


def fly(
    plan: FlightPlan,
    *,
    connection: Connection | None = None,
    speed: float = 1.0,
    los: tuple[int, int] | None = None,
    state: Path | None = None,
    listener: Listener = lambda event: None,
    patience_s: float = PATIENCE_S,
) -> Flight:
    """Fly one mission to its end, and hand over all of it; what became of it.

    Args:
        plan: the flight.
        connection: how headquarters is reached; from the environment when left out.
        speed: ticks a second.
        los: first and last tick without a signal.
        state: folder of the flight recorder; a fresh one in the user's state folder when left out. If it holds an
            unfinished flight, that one is flown to its end instead of `plan`.
        listener: gets each event, from this thread.
        patience_s: how long what has to be handed over may wait after the landing.

    Raises:
        ConfigurationError: something can't be flown as it is asked for.
        BrokerAway, HeadquartersError: nobody could be reached, or the mission was refused.
        RecorderError: the flight recorder can't take any more.
        Unfinished: something is left to hand over; call again with the same `state`.
    """
    connection = connection or Connection.from_environment()
    orders = Orders.for_ship(plan, speed=speed, los=los)
    folder = state or fresh(connection.missions_api, Shelf.SHIP, plan.ship)
    try:
        recorder, orders = resume(folder)
    except NothingToResume:
        recorder = begin(folder, orders)
    with recorder:
        summary = fly_fleet(orders, recorder, connection, stop=Flag(), listener=listener, patience_s=patience_s)
    if not summary.missions:
        raise Unfinished(f"Not all of the flight has been handed over; it lies in {folder}. Call again to go on.")
    return summary.missions[0]


@contextmanager
def _nothing_left_of_nothing(recorder: Recorder) -> Iterator[None]:
    """Remove the log of what could not be begun: there is nothing in it to resume."""
    try:
        yield
    except ShipsClientError:
        if recorder.last_turn < 0 and not recorder.standing.flights:
            recorder.finish()
        raise


def _same_registry(recorder: Recorder, connection: Connection) -> None:
    """Refuse to speak for missions of another registry that have the same numbers."""
    newest = max(recorder.standing.flights.values(), key=lambda flight: flight.mission_id, default=None)
    if newest is None:
        return
    try:
        mission = connection.headquarters(_LOOK_S).mission(newest.mission_id)
    except HeadquartersAway:
        return
    if mission is None or (mission.ship_name, mission.started_at) != (newest.ship, newest.started_at):
        raise ConfigurationError(
            f"Headquarters at {connection.missions_api} doesn't know mission {newest.mission_id} of {newest.ship}: the "
            f"flight recorder {recorder.folder} belongs to another. Set MISSIONS_API, or remove that folder."
        )


def _await_broker(producer: TelemetryProducer, patient: bool, listener: Listener) -> None:
    try:
        producer.check(_BROKER_S)
    except BrokerAway as error:
        if not patient:
            raise
        # The flight goes on, and the recorder keeps what is to be sent.
        listener(Event(Kind.WAITING, datetime.now(UTC), str(error)))
