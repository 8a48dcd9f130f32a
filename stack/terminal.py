"""What the platform's commands share: where they print, and how an error is shown."""

from __future__ import annotations

import sys
from typing import Any

import click
from rich.console import Console
from rich.text import Text

from stack.errors import StackError


def console_of(*, stderr: bool = False) -> Console:
    """Lines of 120 where there is no terminal to ask for its width."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(stderr=stderr, width=None if stream.isatty() else 120)


class Command(click.Command):
    """Shows a StackError as its sentence, and exits with 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except StackError as error:
            console = console_of(stderr=True)
            console.print("[bold red]✗[/]", Text(error.what), soft_wrap=True)
            if error.remedy:
                console.print(Text(f"  {error.remedy}"), soft_wrap=True)
            sys.exit(1)
