"""Options that both commands share."""

import os
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ships_client.client.connection import Connection
from ships_client.client.pilot import LIMIT_BYTES, PATIENCE_S
from ships_client.client.plans import MAX_REPORT_FREQ_MIN
from ships_client.transports.kafka_security import PROTOCOLS, KafkaSecurity

Command = TypeVar("Command", bound=Callable[..., Any])

ORDERS = ("seed", "ships", "targets", "report_freq_min", "speed", "spread_s", "keep", "one_way", "failure_rate", "los")
"""Options that a resumed fleet takes from its flight recorder unless they are given anew."""


class Ticks(click.ParamType[tuple[int, int]]):
    """`120-180`: the first and the last tick of a stretch."""

    name = "ticks"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        """Both numbers."""
        found = re.fullmatch(r"(\d+)-(\d+)", str(value))
        if not found or not 0 < int(found[1]) <= int(found[2]):
            self.fail(
                f"{value!r} is no stretch of ticks; give the first and the last one, such as 120-180.", param, ctx
            )
        return int(found[1]), int(found[2])


_OPTIONS = (
    click.option(
        "--reportfreq", "report_freq_min", type=click.IntRange(1, MAX_REPORT_FREQ_MIN), default=2, show_default=True,
        metavar="MINUTES", help="Mission time between two captain's reports.",
    ),
    click.option(
        "--speed", type=click.FloatRange(0.1, 1000), default=1.0, show_default=True,
        help="Ticks a second; 20 flies twenty times as fast.",
    ),
    click.option(
        "--seed", type=click.IntRange(0, 2**64 - 1), help="Makes flights repeatable; drawn and told when left out."
    ),
    click.option("--one-way", is_flag=True, help="End the mission on the planet, without the way back."),
    click.option(
        "--failure-rate", type=click.FloatRange(0, 1), default=0.005, show_default=True, metavar="P",
        help="Chance of a malfunction for each tick in flight; with 0 no ship is ever lost.",
    ),
    click.option(
        "--los", type=Ticks(), metavar="FIRST-LAST",
        help="Lose the signal between these ticks of each mission, and catch up after them.",
    ),
    click.option(
        "--state", type=click.Path(file_okay=False, path_type=Path), envvar="HOCOTATE_STATE", metavar="DIR",
        help="Folder of the flight recorder; a fresh one in the user's state folder when left out "
        "[env: HOCOTATE_STATE].",
    ),
    click.option("--resume", is_flag=True, help="Go on with what was interrupted, killed or not handed over."),
    click.option(
        "--give-up", is_flag=True,
        help="On Ctrl-C or SIGTERM give ships in the air up for lost instead of leaving them to --resume.",
    ),
    click.option(
        "--recorder-limit", "limit_mb", type=click.IntRange(1, 10**6), default=LIMIT_BYTES // 10**6, show_default=True,
        metavar="MB", help="Most that the flight recorder may hold.",
    ),
    click.option(
        "--patience", "patience_s", type=click.FloatRange(0), default=PATIENCE_S, show_default=True, metavar="SECONDS",
        help="How long to wait, after the landing, for what has to be handed over.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Tell events and the summary as JSON, one a line."),
    click.option(
        "--summary", "summary_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        help="Write a JSON summary of all missions at the end.",
    ),
    click.option(
        "--kafka", envvar="KAFKA_BOOTSTRAP", default="127.0.0.1:9092", show_default=True, metavar="HOST:PORT",
        help="The broker [env: KAFKA_BOOTSTRAP].",
    ),
    click.option(
        "--kafka-security", envvar="KAFKA_SECURITY_PROTOCOL", type=click.Choice(PROTOCOLS), default="PLAINTEXT",
        show_default=True, help="How the broker is spoken to [env: KAFKA_SECURITY_PROTOCOL].",
    ),
    click.option(
        "--kafka-user", envvar="KAFKA_USER", default="", metavar="NAME", show_default=False,
        help="The user at the broker [env: KAFKA_USER]; its password comes from KAFKA_PASSWORD alone.",
    ),
    click.option(
        "--kafka-ca", "kafka_ca_file", envvar="KAFKA_CA_FILE", default="", metavar="FILE", show_default=False,
        help="Authority of the broker's certificate, PEM [env: KAFKA_CA_FILE].",
    ),
    click.option(
        "--api", "missions_api", envvar="MISSIONS_API", default="http://127.0.0.1:8000/register_mission",
        show_default=True, metavar="URL", help="URL of register_mission [env: MISSIONS_API].",
    ),
    click.option(
        "--token", envvar="HOCOTATE_TOKEN", default="", metavar="TOKEN", show_default=False,
        help="The ship token [env: HOCOTATE_TOKEN, the better place for it].",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Tell what the transports do, on stderr."),
)  # fmt: skip


def shared_options(command: Command) -> Command:
    """Add the options of both commands, in order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def connection(options: dict[str, Any]) -> Connection:
    """The connection that the options name; raises ConfigurationError."""
    security = KafkaSecurity(
        options["kafka_security"], options["kafka_user"], os.environ.get("KAFKA_PASSWORD", ""), options["kafka_ca_file"]
    )
    return Connection(options["kafka"], options["missions_api"], options["token"], security)


def given(context: click.Context) -> dict[str, Any]:
    """Those of the options in ORDERS that somebody gave."""
    return {
        name: context.params[name]
        for name in ORDERS
        if name in context.params and context.get_parameter_source(name) is not click.core.ParameterSource.DEFAULT
    }


def seed_of(options: dict[str, Any]) -> int:
    """The seed that was given, or a fresh one."""
    seed: int | None = options["seed"]
    return secrets.randbits(32) if seed is None else seed
