"""Tables, users and static files of the site."""

from __future__ import annotations

import subprocess

from stack.config import ROOT
from stack.errors import StackError
from stack.services.apps import manage
from stack.services.base import Context, inherited

STEPS = (
    ("migrate", "--no-input", "--verbosity", "0"),
    ("bootstrap_site",),
    ("collectstatic", "--no-input", "--verbosity", "0"),
)


def ensure(context: Context) -> None:
    """Migrate, make the users and the fleet's token, gather static files; each changes nothing the second time."""
    for step in STEPS:
        done = subprocess.run(
            manage(*step),
            cwd=ROOT,
            env={**inherited(), **context.settings},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise StackError(
                f"`manage.py {step[0]}` failed: {(done.stderr or done.stdout).strip()[-800:]}",
                "Mend that and start again; nothing after it was begun.",
            )
