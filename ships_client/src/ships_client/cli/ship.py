"""`hocotate-ship`: one ship, one mission."""

import sys
from typing import Any

import click

from ships_client.cli.session import fly, plain_errors
from ships_client.cli.settings import Settings, shared_options
from ships_client.client import FlightPlan, OneFlight


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--ship", "ship_name", required=True, help="Name of the ship, its key on the telemetry topic.")
@click.option("--captain", required=True, help="Name of the captain.")
@click.option("--target", required=True, help="Planet to fly to.")
@click.option(
    "--number", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True,
    help="Number of the flight within its seed: repeats that flight of a fleet.",
)  # fmt: skip
@shared_options
def ship(ship_name: str, captain: str, target: str, number: int, **options: Any) -> None:
    """Fly one mission: register, fly out and back, stream telemetry, hand in reports, complete.

    Ctrl-C gives the ship up as lost. Exit code 0 when everything was delivered, even if the ship was lost;
    1 when something was not; 2 when the flight couldn't be begun.
    """
    with plain_errors():
        settings = Settings.read(**options)
        plan = FlightPlan(
            seed=settings.seed,
            number=number,
            ship=ship_name,
            captain=captain,
            target=target,
            report_freq_min=settings.report_freq_min,
            one_way=settings.one_way,
        )
        sys.exit(fly(settings, OneFlight(plan), berths=1))
