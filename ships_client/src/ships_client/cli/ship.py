"""`hocotate-ship`: one ship, one mission."""

import sys
from typing import Any

import click

from ships_client.cli.session import fly, plain_errors
from ships_client.cli.settings import connection, given, seed_of, shared_options
from ships_client.client import FlightPlan
from ships_client.client.folders import Kind, fresh, to_resume
from ships_client.client.orders import Orders
from ships_client.client.pilot import begin, resume


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--ship", "ship_name", metavar="NAME", help="Name of the ship, its key on the telemetry topic.")
@click.option("--captain", metavar="NAME", help="Name of the captain.")
@click.option("--target", metavar="PLANET", help="Planet to fly to.")
@click.option(
    "--number", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True,
    help="Number of the flight within its seed: repeats that flight of a fleet.",
)  # fmt: skip
@shared_options
@click.pass_context
def ship(
    context: click.Context,
    /,
    ship_name: str | None,
    captain: str | None,
    target: str | None,
    number: int,
    **options: Any,
) -> None:
    """Fly one mission: register, fly out and back, stream telemetry, hand in reports, complete.

    \b
    hocotate-ship --ship SS_DOLPHIN --captain Olimar --target PNF-404
    hocotate-ship --resume

    Ctrl-C or SIGTERM interrupts the flight; --resume goes on with it. Exit codes: 0 home, 2 usage, 3 the ship is lost,
    4 headquarters refused or unreachable, 5 flight recorder (disk), 130 interrupted.
    """
    with plain_errors():
        state, limit = options["state"], options["limit_mb"] * 10**6
        connection(options)
        if options["resume"]:
            recorder, orders = resume(
                state or to_resume(options["missions_api"], Kind.SHIP, ship_name or ""), given(context), limit
            )
            sys.exit(fly("hocotate-ship", orders, recorder, options))
        if not (ship_name and captain and target):
            raise click.UsageError("Give --ship, --captain and --target, or --resume for an interrupted flight.")
        plan = FlightPlan(
            seed=seed_of(options),
            number=number,
            ship=ship_name,
            captain=captain,
            target=target,
            report_freq_min=options["report_freq_min"],
            one_way=options["one_way"],
        )
        how = {name: options[name] for name in ("speed", "failure_rate", "los")}
        orders = Orders.for_ship(plan, **how)
        recorder = begin(state or fresh(options["missions_api"], Kind.SHIP, ship_name), orders, limit)
        sys.exit(fly("hocotate-ship", orders, recorder, options))
