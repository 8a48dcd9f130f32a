"""`hocotate-fleet`: many ships in one process."""

import sys
from pathlib import Path
from typing import Any

import click

from ships_client.cli.session import fly, plain_errors
from ships_client.cli.settings import Settings, shared_options
from ships_client.client import Roster
from ships_client.contracts.world import TARGETS


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--ships", type=click.IntRange(1, 100_000), required=True, metavar="N", help="Ships in flight at once.")
@click.option("--targets", metavar="NAME,NAME", help="Planets to choose from; all when left out.")
@click.option(
    "--spread", "spread_s", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Time between two launches."
)
@click.option("--keep", is_flag=True, help="Keep N ships in flight: a new mission starts as one ends.")
@click.option(
    "--state", type=click.Path(dir_okay=False, path_type=Path), envvar="HOCOTATE_STATE", metavar="FILE",
    help="Missions in flight, so that the next start can close what a killed fleet left running; "
    "with --keep there is one in the user's state folder [env: HOCOTATE_STATE].",
)  # fmt: skip
@shared_options
def fleet(ships: int, targets: str | None, spread_s: float, keep: bool, state: Path | None, **options: Any) -> None:
    """Fly a fleet: N ships, each with a captain and a target drawn from the seed.

    Ctrl-C or SIGTERM stops it within 8 s: every ship in the air sends a last message with phase LOST, and its mission
    is completed as FAILURE. With --keep, the fleet waits for an absent broker or
    headquarters. Exit codes as of hocotate-ship.
    """
    with plain_errors():
        settings = Settings.read(**options)
        roster = Roster(
            seed=settings.seed,
            report_freq_min=settings.report_freq_min,
            targets=[name.strip() for name in targets.split(",")] if targets else TARGETS,
            one_way=settings.one_way,
            keep=keep,
        )
        sys.exit(fly(settings, roster, berths=ships, spread_s=spread_s, keep=keep, state=state))
