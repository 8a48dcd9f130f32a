"""From options to a fleet in flight: recorder, signals, output, exit code."""

import logging
import os
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event as Flag
from types import FrameType
from typing import Any

import click
import msgspec
from rich.console import Console

from ships_client.cli import codes
from ships_client.cli.settings import connection
from ships_client.client import Event, Kind, Summary
from ships_client.client.orders import Orders
from ships_client.client.pilot import fly_fleet
from ships_client.exceptions import ShipsClientError
from ships_client.output import JsonLines, LiveTable, Output, PlainLines
from ships_client.recorder import Recorder


@contextmanager
def plain_errors() -> Iterator[None]:
    """Errors of the package as one sentence on stderr and an exit code, never a stack trace."""
    try:
        yield
    except ShipsClientError as error:
        click.echo(f"hocotate: {error}", err=True)
        sys.exit(codes.of(error))


def fly(command: str, orders: Orders, recorder: Recorder, options: dict[str, Any], stop: Flag | None = None) -> int:
    """Fly and tell about it; the exit code. `command` is the name of the command, for the way to resume."""
    logging.basicConfig(level=logging.INFO if options["verbose"] else logging.CRITICAL, format="%(name)s: %(message)s")
    tell = output(options)
    with recorder, stopping_on_signals(stop or Flag()) as stopped:
        began = "Resuming" if recorder.last_turn >= 0 else "Beginning"
        what = f"{began} with seed {orders.seed}; the flight recorder is {recorder.folder}."
        tell(Event(Kind.NOTE, datetime.now(UTC), what))
        try:
            summary = fly_fleet(
                orders,
                recorder,
                connection(options),
                stop=stopped,
                listener=tell,
                give_up=options["give_up"],
                duration_s=options.get("duration_s") or float("inf"),
                patience_s=options["patience_s"],
                watch=tell.draw,
            )
        except ShipsClientError:
            tell.close()
            if recorder.last_turn >= 0:
                click.echo(resume_hint(command, recorder.folder), err=True)
            raise
    finish(command, summary, tell, options)
    return codes.of_summary(summary, one_ship=orders.ship is not None)


def finish(command: str, summary: Summary, tell: Output, options: dict[str, Any]) -> None:
    """Show and keep what was done, and how the rest is resumed."""
    if options["summary_file"]:
        options["summary_file"].write_bytes(msgspec.json.format(msgspec.json.encode(summary), indent=2))
    tell.finish(summary)
    if summary.recorder and not options["as_json"]:
        click.echo(resume_hint(command, Path(summary.recorder)), err=True)


def resume_hint(command: str, folder: Path) -> str:
    """How to go on with what is left."""
    return f"What is left is kept. Go on with: {command} --resume --state {shlex.quote(str(folder))}"


def output(options: dict[str, Any]) -> Output:
    """Where events go: JSON, a live table on a terminal, or plain lines."""
    if options["as_json"]:
        return JsonLines(sys.stdout)
    console = Console()
    if console.is_terminal and not console.is_dumb_terminal and "CI" not in os.environ:
        return LiveTable(console)
    return PlainLines(sys.stdout, sys.stderr)


@contextmanager
def stopping_on_signals(stop: Flag) -> Iterator[Flag]:
    """A flag that the first SIGINT or SIGTERM sets; a second one ends the process at once."""

    def on_signal(number: int, _: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
