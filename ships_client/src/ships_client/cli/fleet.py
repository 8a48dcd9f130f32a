"""`hocotate-fleet`: many ships in one process, or in several."""

import sys
from pathlib import Path
from typing import Any

import click

from ships_client.cli.processes import fly_in_processes
from ships_client.cli.session import fly, plain_errors
from ships_client.cli.settings import ORDERS, connection, given, seed_of, shared_options
from ships_client.cli.share import Share, stop_with_parent
from ships_client.client.folders import Kind, fresh, shares, to_resume
from ships_client.client.orders import Orders
from ships_client.client.pilot import begin, resume
from ships_client.client.plans import MAX_SHIPS
from ships_client.contracts.world import TARGETS
from ships_client.exceptions import NothingToResume
from ships_client.recorder import Recorder


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--ships", type=click.IntRange(1, MAX_SHIPS), metavar="N", help="Ships in flight at once.")
@click.option("--targets", metavar="NAME,NAME", help="Planets to choose from; all when left out.")
@click.option(
    "--spread", "spread_s", type=click.FloatRange(0), default=0.0, metavar="SECONDS", help="Time between two launches."
)
@click.option("--keep", is_flag=True, help="Keep N ships in flight: a new mission starts as one ends.")
@click.option(
    "--duration",
    "duration_s",
    type=click.FloatRange(min=0, min_open=True),
    metavar="SECONDS",
    help="Stop after so long; without it, when all ships are home.",
)
@click.option(
    "--processes",
    type=click.IntRange(1, 256),
    default=1,
    show_default=True,
    help="Share the fleet among so many processes, for machines with many cores.",
)
@click.option("--share", type=Share(), default=(0, 1), hidden=True)
@shared_options
@click.pass_context
def fleet(
    context: click.Context,
    /,
    ships: int | None,
    targets: str | None,
    processes: int,
    share: tuple[int, int],
    **options: Any,
) -> None:
    """Fly a fleet: N ships, each with a captain and a target drawn from the seed.

    \b
    hocotate-fleet --ships 200 --speed 5 --spread 0.1
    hocotate-fleet --ships 20 --keep
    hocotate-fleet --resume

    Ctrl-C or SIGTERM interrupts all flights within 8 s; --resume goes on with them. With --keep, the fleet waits for an
    absent broker or headquarters, and --resume with a --state that holds nothing begins anew. Exit codes: 0 all done
    and handed over, 2 usage, 4 headquarters refused or unreachable, 5 flight recorder (disk), 130 interrupted.
    """
    with plain_errors():
        connection(options)
        folder = _folder(options, ships)
        parts = shares(folder) if options["resume"] else []
        if processes > 1 or parts:
            told = {**options, "ships": ships, "targets": targets}
            # Resumed, each share takes from its recorder what nobody has given anew.
            silent = set(ORDERS) - set(given(context)) if parts else set()
            told = {name: None if name in silent else value for name, value in told.items()}
            sys.exit(fly_in_processes(len(parts) or processes, folder, told, seed_of(options)))
        changed = given(context)
        if targets:
            changed["targets"] = options["targets"] = [name.strip() for name in targets.split(",")]
        recorder, orders = _recorder(folder, changed, {**options, "ships": ships, "share": share})
        stop = stop_with_parent() if share != (0, 1) else None
        sys.exit(fly("hocotate-fleet", orders, recorder, options, stop))


def _folder(options: dict[str, Any], ships: int | None) -> Path:
    state: Path | None = options["state"]
    if options["resume"]:
        return state or to_resume(options["missions_api"], Kind.FLEET)
    if ships is None:
        raise click.UsageError("Give --ships, or --resume for an interrupted fleet.")
    return state or fresh(options["missions_api"], Kind.FLEET, "fleet")


def _recorder(folder: Path, changed: dict[str, Any], options: dict[str, Any]) -> tuple[Recorder, Orders]:
    limit = options["limit_mb"] * 10**6
    if options["resume"]:
        try:
            return resume(folder, changed, limit)
        except NothingToResume:
            if not (options["keep"] and options["state"] and options["ships"]):
                raise
    orders = Orders(
        seed=seed_of(options),
        ships=options["ships"],
        targets=tuple(options.get("targets") or TARGETS),
        **{
            name: options[name]
            for name in ("report_freq_min", "speed", "spread_s", "keep", "one_way", "failure_rate", "los", "share")
        },
    )
    return begin(folder, orders, limit), orders
