"""`python -m metabase`: set Metabase up, once or again and again."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import click

from metabase.client import Metabase, MetabaseError
from metabase.ensure import Marts, ensure


@click.command()
@click.option(
    "--every", type=click.IntRange(0), default=0, metavar="SECONDS", help="Do it again so often; 0 does it once."
)
@click.option("--done", type=click.Path(path_type=Path), help="A file to make once it has been done.")
def main(every: int, done: Path | None) -> None:
    """Make administrator, connection, questions and dashboard where they are missing.

    Reads METABASE_URL, ADMIN_EMAIL, ADMIN_PASSWORD and MARTS_DB_HOST, _PORT, _NAME, _USER and _PASSWORD.
    """
    while True:
        try:
            _once()
        except MetabaseError as error:
            click.echo(str(error), err=True)
            if not every:
                sys.exit(1)
        else:
            if done:
                done.touch()
        if not every:
            return
        time.sleep(every if not done or done.exists() else 10)


def _once() -> None:
    env = os.environ
    marts = Marts(
        env["MARTS_DB_HOST"],
        int(env.get("MARTS_DB_PORT", "5432")),
        env["MARTS_DB_NAME"],
        env["MARTS_DB_USER"],
        env["MARTS_DB_PASSWORD"],
    )
    with Metabase(env["METABASE_URL"]) as metabase:
        fresh = metabase.sign_in(env["ADMIN_EMAIL"], env["ADMIN_PASSWORD"])
        said = [*(["administrator made"] if fresh else []), *ensure(metabase, marts)]
    click.echo(f"Metabase: {', '.join(said) or 'all is there'}.")


if __name__ == "__main__":
    main()
