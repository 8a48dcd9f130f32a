"""`make backup` and `make restore`."""

from __future__ import annotations

from pathlib import Path

import click

from stack.backup.disk import amount, disk_errors
from stack.backup.restore import check
from stack.backup.restore import restore as put_back
from stack.backup.take import take
from stack.config import Platform
from stack.progress import Progress
from stack.terminal import Command, console_of

FOLDER = click.Path(path_type=Path)


@click.command(cls=Command)
@click.option("--to", required=True, type=FOLDER, help="A folder that is not there yet.")
def backup(to: Path) -> None:
    """Copy all that a stopped platform keeps, its secrets too, into a new folder."""
    console = console_of()
    with disk_errors():
        manifest = take(Platform.from_environment(), to, Progress(console))
    console.print(
        f"{to} holds all of it, {amount(manifest.bytes)}, passwords too: keep it as private as STACK_DIR.",
        soft_wrap=True,
        highlight=False,
    )
    console.print(f"To look it over at any time: make restore FROM={to} CHECK=1", soft_wrap=True, highlight=False)


@click.command(cls=Command)
@click.option("--from", "source", required=True, type=FOLDER, help="A folder that `backup` made.")
@click.option("--check", "only_check", is_flag=True, envvar="CHECK", help="Only look the backup over; writes nothing.")
@click.option("--replace", is_flag=True, envvar="REPLACE", help="Put the data that is there aside first.")
def restore(source: Path, only_check: bool, replace: bool) -> None:
    """Put a backup into STACK_DIR, which may be another folder, with other ports, than it was made of."""
    platform, console = Platform.from_environment(), console_of()
    with disk_errors():
        if only_check:
            manifest = check(source, Progress(console))
            console.print(f"{source} is whole; it was made {manifest.made}.", soft_wrap=True, highlight=False)
            return
        aside = put_back(platform, source, Progress(console), replace=replace)
    if aside:
        console.print(
            f"What was there before is in {aside}; delete it when all is well.", soft_wrap=True, highlight=False
        )
    console.print(
        "`make run` starts it, `.venv/bin/python manage.py audit` says whether all is there.", highlight=False
    )
