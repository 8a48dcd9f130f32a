"""The mark that a restore leaves while it puts files in their places."""

from __future__ import annotations

from stack.config import Platform
from stack.errors import StackError

MARK = "restore.unfinished"


def refuse_unfinished(platform: Platform) -> None:
    """Refuse to work on data and secrets that may not belong together.

    Raises:
        StackError: a restore was cut off between the first and the last of its renames.
    """
    mark = platform.home / MARK
    if mark.exists():
        raise StackError(
            f"A restore into {platform.home} was cut off, so that its data is not whole.",
            f"Restore again: make restore FROM={mark.read_text().splitlines()[0]} REPLACE=1",
        )
