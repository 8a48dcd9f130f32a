"""Options that both commands share, and what they mean."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import click

from ships_client.client.plans import MAX_REPORT_FREQ_MIN
from ships_client.exceptions import ConfigurationError
from ships_client.transports import api_base

Command = TypeVar("Command", bound=Callable[..., Any])

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
    click.option("--json", "as_json", is_flag=True, help="Tell events and the summary as JSON, one a line."),
    click.option(
        "--summary", "summary_file", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
        help="Write a JSON summary of all missions at the end.",
    ),
    click.option(
        "--kafka", "bootstrap", envvar="KAFKA_BOOTSTRAP", default="127.0.0.1:9092", show_default=True,
        metavar="HOST:PORT", help="The broker [env: KAFKA_BOOTSTRAP].",
    ),
    click.option(
        "--api", "missions_api", envvar="MISSIONS_API", default="http://127.0.0.1:8000/register_mission",
        show_default=True, metavar="URL", help="URL of register_mission [env: MISSIONS_API].",
    ),
    click.option(
        "--token", envvar="HOCOTATE_TOKEN", metavar="TOKEN",
        help="The ship token [env: HOCOTATE_TOKEN, the better place for it].",
    ),
    click.option("-v", "--verbose", is_flag=True, help="Tell what the transports do, on stderr."),
)  # fmt: skip


def shared_options(command: Command) -> Command:
    """Add the options of both commands, in order."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Settings:
    """What both commands are told."""

    report_freq_min: int
    speed: float
    seed: int
    one_way: bool
    as_json: bool
    summary_file: Path | None
    bootstrap: str
    missions_api: str
    token: str = field(repr=False)
    verbose: bool

    @classmethod
    def read(cls, *, seed: int | None, token: str | None, missions_api: str, **rest: Any) -> "Settings":
        """Check what the command line and the environment say; raises ConfigurationError."""
        api_base(missions_api)
        if not token:
            raise ConfigurationError(
                "There is no ship token. Set HOCOTATE_TOKEN; "
                "at headquarters, `manage.py create_ship_token NAME` makes one."
            )
        drawn = secrets.randbits(32) if seed is None else seed
        return cls(seed=drawn, token=token, missions_api=missions_api, **rest)
