"""From settings to a fleet in flight: transports, signals, output, exit code."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Flag
from types import FrameType

import click
import msgspec
from rich.console import Console

from ships_client.cli.settings import Settings
from ships_client.client import Event, Fleet, Journal, Kind, Summary
from ships_client.client.fleet import Plans
from ships_client.client.journal import default_path
from ships_client.exceptions import BrokerAway, ShipsClientError
from ships_client.output import JsonLines, LiveTable, PlainLines
from ships_client.transports import Headquarters, ReportStore, TelemetryProducer, api_base

_BROKER_S = 10.0
_HEADQUARTERS_S = 30.0


@contextmanager
def plain_errors() -> Iterator[None]:
    """Errors of the package as one sentence on stderr and exit code 2, never a stack trace."""
    try:
        yield
    except ShipsClientError as error:
        click.echo(f"hocotate: {error}", err=True)
        sys.exit(2)


def fly(
    settings: Settings,
    plans: Plans,
    *,
    berths: int,
    spread_s: float = 0.0,
    keep: bool = False,
    state: Path | None = None,
) -> int:
    """Fly and tell about it; exit code 0, or 1 when something couldn't be delivered or handed in.

    With `keep`, an absent broker or headquarters is waited for, as a service must; otherwise they are an error.
    """
    logging.basicConfig(level=logging.INFO if settings.verbose else logging.CRITICAL, format="%(name)s: %(message)s")
    tell = _output(settings)
    with _stopping_on_signals() as stop:
        summary = _fly(settings, plans, stop, tell, berths=berths, spread_s=spread_s, keep=keep, state=state)
    if settings.summary_file:
        settings.summary_file.write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2))
    tell.finish(summary)
    return 1 if summary.totals.troubles else 0


def _fly(
    settings: Settings,
    plans: Plans,
    stop: Flag,
    tell: "Output",
    *,
    berths: int,
    spread_s: float,
    keep: bool,
    state: Path | None,
) -> Summary:
    producer = TelemetryProducer(settings.bootstrap, stop=stop)
    _await_broker(producer, keep, stop, tell)
    journal = Journal(state or default_path(api_base(settings.missions_api))) if keep or state else None
    fleet = Fleet(
        berths=berths,
        seed=settings.seed,
        plans=plans,
        headquarters=Headquarters(settings.missions_api, settings.token),
        store=ReportStore(),
        producer=producer,
        stop=stop,
        speed=settings.speed,
        spread_s=spread_s,
        patience_s=float("inf") if keep else _HEADQUARTERS_S,
        journal=journal,
        listener=tell,
    )
    tell(Event(Kind.NOTE, datetime.now(UTC), f"Seed {settings.seed}."))
    if not isinstance(tell, LiveTable):
        return fleet.run()
    with tell:
        return fleet.run(watch=lambda: tell.draw(fleet.hangar.frame, fleet.hangar.flights, len(fleet.ground.landing)))


Output = JsonLines | PlainLines | LiveTable


def _output(settings: Settings) -> Output:
    if settings.as_json:
        return JsonLines(sys.stdout)
    console = Console()
    if console.is_terminal and not console.is_dumb_terminal and "CI" not in os.environ:
        return LiveTable(console)
    return PlainLines(sys.stdout, sys.stderr)


@contextmanager
def _stopping_on_signals() -> Iterator[Flag]:
    """A flag that the first SIGINT or SIGTERM sets; a second one ends the process at once."""
    stop = Flag()

    def on_signal(number: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _await_broker(producer: TelemetryProducer, keep: bool, stop: Flag, tell: Callable[[Event], None]) -> None:
    while not stop.is_set():
        try:
            producer.check(_BROKER_S)
        except BrokerAway as error:
            if not keep:
                raise
            tell(Event(Kind.WAITING, datetime.now(UTC), str(error)))
        else:
            return
