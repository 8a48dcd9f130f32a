"""Shows the steps of a start: a spinner on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status
from rich.text import Text


class Step:
    """A step that is under way."""

    def __init__(self, title: str, status: Status) -> None:
        self.title = title
        self.detail = ""
        self._status = status

    def update(self, text: str) -> None:
        """Say how far it is."""
        self._status.update(f"{self.title}: {text}")


class Progress:
    """Tells a person what is going on, one line a finished step."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        """A step with its time; a failure is marked and goes on."""
        began = time.monotonic()
        with self.console.status(title) as status:
            step = Step(title, status)
            try:
                yield step
            except BaseException:
                self.console.print(Text.assemble("  ", ("✗ ", "red"), title), soft_wrap=True)
                raise
        self.done(title, step.detail, time.monotonic() - began)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """A spinner while several parts come up."""
        with self.console.status(f"Waiting for {what}"):
            yield

    def done(self, title: str, detail: str, seconds: float) -> None:
        """A line for something that is finished."""
        line = Text.assemble("  ", ("✓ ", "green"), title, (f" {seconds:.1f} s  {detail}".rstrip(), "dim"))
        self.console.print(line, soft_wrap=True)

    def warn(self, sentence: str) -> None:
        """A warning; the start goes on."""
        self.console.print(Text.assemble("  ", ("! ", "yellow"), sentence), soft_wrap=True)
