"""The command line of the native platform, under `make run` and its like."""

from __future__ import annotations

import json
import shutil
import sys
import time
from contextlib import suppress
from dataclasses import asdict

import click
from rich.console import Console
from rich.live import Live

from stack import screen, start, watchers
from stack.backup.commands import backup, restore
from stack.backup.restore import BUILDING, REPLACED
from stack.backup.unfinished import MARK
from stack.config import Platform
from stack.doctor import examine
from stack.errors import StackError
from stack.execute import become, context
from stack.health import Health, ask_all
from stack.logs.show import LAST, show
from stack.progress import Progress
from stack.services import CORE, SERVICES
from stack.services.base import Context
from stack.supervisor import DOWN_STATES, Supervisor
from stack.terminal import Command, console_of

REFRESH_S = 5
NAMES = click.Choice(list(SERVICES))


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Run the whole platform on this machine, without Docker.

    STACK_DIR (default .run) holds its data, logs and secrets; STACK_PORT_OFFSET moves all its ports, so that
    several platforms run side by side.
    """


@main.command(cls=Command)
@click.option("--detach", is_flag=True, envvar="DETACH", help="Return once all is ready instead of showing the status.")
def run(detach: bool) -> None:
    """Set up, start everything with the demo fleet, and show how it does until Ctrl-C."""
    platform, console = Platform.from_environment(), console_of()
    if _all_run(platform):
        console.print(f"The platform already runs in {platform.home}. `make stop` stops it.")
        _show(context(platform), console)
        return
    console.print("[bold]Hocotate Freight[/] is starting", highlight=False)
    here = start.up(platform, tuple(SERVICES), Progress(console))
    if detach:
        _show(here, console)
        console.print("It goes on in the background; `make stop` stops it.")
        return
    try:
        with Live(console=console, auto_refresh=False) as live:
            while True:
                live.update(screen.overview(here, _ask_all(here)), refresh=True)
                time.sleep(REFRESH_S)
    except KeyboardInterrupt:
        console.print("Stopping. Data stays; `make run` goes on from here.")
        start.down(platform, Progress(console))


@main.command(cls=Command)
@click.argument("names", nargs=-1, type=NAMES)
def up(names: tuple[str, ...]) -> None:
    """Start some services and what they need, in the background (all without NAMES, but those that watch)."""
    start.up(Platform.from_environment(), names or CORE, Progress(console_of()))


@main.command(cls=Command)
def down() -> None:
    """Stop everything; data stays."""
    if not start.down(Platform.from_environment(), Progress(console_of())):
        console_of().print("Nothing runs.")


@main.command(cls=Command)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", envvar="FORMAT")
def status(form: str) -> None:
    """Ask every part how it is; exit 0 only when all are healthy."""
    platform = Platform.from_environment()
    try:
        parts = _ask_all(context(platform)) if Supervisor(platform).pid() else []
    except StackError:
        parts = []
    healthy = bool(parts) and all(part.healthy for part in parts)
    if form == "json":
        click.echo(json.dumps({"healthy": healthy, "parts": [part.as_dict() for part in parts]}, indent=1))
    elif not parts:
        console_of().print(f"No platform runs in {platform.home}. `make run` starts it.")
    else:
        console = console_of()
        console.print(screen.health_table(parts))
        console.print(screen.verdict(parts))
    sys.exit(0 if healthy else 1)


@main.command(cls=Command)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", envvar="FORMAT")
def doctor(form: str) -> None:
    """Look over this machine and the platform on it, say what is wrong and what to do; exit 1 when something is."""
    findings = examine(Platform.from_environment())
    if form == "json":
        found = list(findings)
        click.echo(json.dumps([asdict(finding) for finding in found], indent=1))
    else:
        found = screen.tell(console_of(), findings)
    sys.exit(1 if any(finding.state == "bad" for finding in found) else 0)


@main.command(cls=Command)
@click.argument("names", nargs=-1, required=True, type=click.Choice([*SERVICES, "supervisord", "all"]))
@click.option(
    "--follow/--no-follow", default=None,
    help="Go on with what is written next until Ctrl-C; on a terminal this is the default.",
)  # fmt: skip
@click.option("--grep", default="", help="Only lines with this text; name=value, such as mission=7, as a whole word.")
@click.option("--lines", type=click.IntRange(1, 20_000), default=LAST, show_default=True, help="Lines to begin with.")
@click.option("--raw", is_flag=True, help="Lines as they stand in the files, JSON too.")
def logs(names: tuple[str, ...], follow: bool | None, grep: str, lines: int, raw: bool) -> None:
    """Show the logs of some services, or of all, and on a terminal what is written next."""
    platform = Platform.from_environment()
    chosen = [*SERVICES, "supervisord"] if "all" in names else list(dict.fromkeys(names))
    paths = {name: platform.log(name) for name in chosen}
    missing = [name for name, path in paths.items() if not path.exists()]
    if missing and ("all" not in names or len(missing) == len(paths)):
        raise StackError(
            f"{', '.join(missing)} has written no log yet ({paths[missing[0]]}).", "Start it with `make run`."
        )
    follow = sys.stdout.isatty() if follow is None else follow
    with suppress(KeyboardInterrupt):
        show(paths, console_of(), lines=lines, grep=grep, raw=raw, follow=follow)


@main.command(cls=Command)
@click.option("--yes", is_flag=True, envvar="YES", help="Do not ask.")
def clean(yes: bool) -> None:
    """Stop the platform and delete its data, logs and secrets (downloads stay)."""
    platform = Platform.from_environment()
    if not platform.home.exists():
        return
    if not yes:
        click.confirm(f"Delete all data, logs and secrets in {platform.home}?", abort=True)
    start.down(platform, Progress(console_of()))
    with start.alone(platform):
        for name in ("data", "logs", BUILDING):
            shutil.rmtree(platform.home / name, ignore_errors=True)
        # Not the lock's own file: who waits for it would hold another one than who comes later.
        for pattern in ("*.env", "supervisord.*", MARK):
            for path in platform.home.glob(pattern):
                path.unlink()
    for aside in sorted(platform.home.glob(f"{REPLACED}*")):
        console_of().print(f"{aside}, which a restore put aside, stays.", soft_wrap=True, highlight=False)


@main.command("exec", cls=Command, hidden=True)
@click.argument("name", type=NAMES)
def execute(name: str) -> None:
    """Become a service (supervisord calls this)."""
    become(Platform.from_environment(), name)


main.add_command(backup)
main.add_command(restore)


def _all_run(platform: Platform) -> bool:
    supervisor = Supervisor(platform)
    if not platform.home.exists() or supervisor.pid() is None:
        return False
    states = supervisor.states()
    return all(states[name]["statename"] not in DOWN_STATES for name in CORE)


def _ask_all(here: Context) -> list[Health]:
    return ask_all(here, watchers.asked(Supervisor(here.platform).states()))


def _show(here: Context, console: Console) -> list[Health]:
    parts = _ask_all(here)
    console.print(screen.overview(here, parts))
    return parts
