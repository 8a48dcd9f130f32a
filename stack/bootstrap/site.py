"""Tables, users and static files of the site."""

from __future__ import annotations

import subprocess

from stack.config import ROOT
from stack.errors import StackError
from stack.services.base import Context, inherited, python


def ensure(context: Context) -> None:
    """Migrate, make the users and the fleet's token, gather static files; each changes nothing the second time.

    Raises:
        StackError: one failed; carries what it said.
    """
    done = subprocess.run(
        python("-m", "stack.bootstrap.site_commands"),
        cwd=ROOT,
        env={**inherited(), **context.settings},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(
            f"The site could not be prepared: {(done.stderr or done.stdout).strip()[-800:]}",
            "Mend that and start again; nothing after it was begun.",
        )
