"""manage.py trace: the way of one message, or of a mission's messages as they come."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from confluent_kafka import KafkaException
from django.core.management.base import BaseCommand, CommandError
from redis.exceptions import RedisError
from rich.console import Console

from hocotate_logs.trace_id import message_of, trace_id
from hocotate_site.kafka import Stop
from hocotate_site.traces import TooManyTraced, trace_for
from missions.exceptions import MissionNotFound
from missions.models import Mission
from missions.selectors import mission_get
from telemetry.tracing.path import trace
from telemetry.tracing.show import trace_table
from telemetry.tracing.step import Asked
from telemetry.tracing.watch import watch

LONGEST_S = 3600.0


class Command(BaseCommand):
    """Parses, asks and prints; what is done stands in telemetry.tracing."""

    help = (
        "Tells the way of one message: the ship's tick, Kafka, tracker, radar, lake. `trace 1445 17`, or `trace` with "
        "the trace id of a log line; `trace 1445 --watch` follows a mission's messages as they come, and `trace 1445 "
        "--log 600` has the radar log for so many seconds which frame shows each."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which message, or which mission for how long."""
        parser.add_argument("of", metavar="MISSION|TRACE_ID", help="number of the mission, or a trace id (32 digits)")
        parser.add_argument("seq", nargs="?", type=int, metavar="SEQ", help="number of the message within the mission")
        parser.add_argument("--format", choices=("table", "json"), default="table", help="default: table")
        live = parser.add_mutually_exclusive_group()
        live.add_argument("--watch", action="store_true", help="follow the mission's messages as they come")
        live.add_argument("--log", type=float, metavar="SECONDS", help="have the radar log its frames for so long")
        parser.add_argument("--seconds", type=float, default=60.0, help="how long to watch (default 60)")
        parser.add_argument("--width", type=int, help="width of the table; the terminal's, or 140")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it; an error is one sentence on stderr and exit status 1. A message that is nowhere is 1, too."""
        try:
            if options["watch"] or options["log"] is not None:
                self._live(options)
            else:
                self._trace(options)
        except MissionNotFound as error:
            raise CommandError(str(error)) from None
        except KafkaException as error:
            raise CommandError(f"Kafka does not answer: {error.args[0].str()}.") from None
        except RedisError as error:
            raise CommandError(f"Valkey does not answer: {error}") from None
        except TooManyTraced as error:
            raise CommandError(str(error)) from None

    def _trace(self, options: dict[str, Any]) -> None:
        found = trace(_asked(options["of"], options["seq"]))
        if options["format"] == "json":
            self.stdout.write(json.dumps(found.as_json(), ensure_ascii=False, indent=1))
        else:
            console = Console(width=options["width"] or (None if self.stdout.isatty() else 140))
            with console.capture() as shown:
                console.print(trace_table(found))
            self.stdout.write(shown.get(), ending="")
        if not found.met:
            raise CommandError(
                "The message was met neither in Kafka nor in the lake; what is said above tells why that may be."
            )

    def _live(self, options: dict[str, Any]) -> None:
        if options["seq"] is not None:
            raise CommandError("--watch and --log are about a mission; leave SEQ out.")
        mission = _mission(options["of"])
        if (log_s := options["log"]) is not None:
            trace_for(mission.mission_id, _seconds(log_s, "--log"))
            self.stdout.write(
                f"The radar logs for {log_s:g} s which frame shows each message of mission {mission.mission_id}: "
                f"make logs S=radar G=mission={mission.mission_id}"
            )
            return
        seconds = _seconds(options["seconds"], "--seconds")
        count = 0
        for met in watch(mission, seconds=seconds, stop=Stop().on_signals()):
            count += 1
            self.stdout.write(json.dumps(met.as_json()) if options["format"] == "json" else met.as_line())
            self.stdout.flush()
        if not count:
            raise CommandError(f"No message of mission {mission.mission_id} came; it is {mission.status}.")


def _asked(of: str, seq: int | None) -> Asked:
    try:
        mission, number = message_of(of) if seq is None else (int(of), seq)
        trace_id(mission, number)
    except ValueError as error:
        said = str(error) if seq is None or of.isdecimal() else f"{of!r} is no number of a mission."
        raise CommandError(f"{said} Give MISSION SEQ, such as 1445 17, or the trace id of a log line.") from None
    return Asked(mission, number)


def _mission(of: str) -> Mission:
    if not (of.isdecimal() and len(of) <= 18):
        raise CommandError(f"{of!r} is no number of a mission.")
    return mission_get(int(of))


def _seconds(asked: float, option: str) -> float:
    if not 0 < asked <= LONGEST_S:
        raise CommandError(f"{option} is {asked:g}; give more than 0 and at most {LONGEST_S:,.0f} s.")
    return asked
