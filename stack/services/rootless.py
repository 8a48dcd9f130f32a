"""Servers that refuse to run as root: started under a plain user id."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

from stack.errors import StackError

PLAIN_ID = 1000
SYSTEM_USER = "hocotate"


def as_plain_user(argv: list[str], data: Path) -> list[str]:
    """The command line that runs argv without being root.

    As root a user namespace shows the process a plain user id while its files stay root's own, so that it works
    in folders that nobody else may enter. Where namespaces are not allowed (many containers), a system user of
    its own takes over, and owns the data.
    """
    if os.geteuid() != 0:
        return argv
    if _namespaces_work():
        return ["unshare", "--user", f"--map-user={PLAIN_ID}", f"--map-group={PLAIN_ID}", "--", *argv]
    _make_system_user()
    subprocess.run(["chown", "-R", f"{SYSTEM_USER}:", str(data)], check=True)
    return ["setpriv", f"--reuid={SYSTEM_USER}", f"--regid={SYSTEM_USER}", "--clear-groups", "--", *argv]


@cache
def _namespaces_work() -> bool:
    if shutil.which("unshare") is None:
        return False
    probe = ["unshare", "--user", f"--map-user={PLAIN_ID}", f"--map-group={PLAIN_ID}", "--", "true"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def _make_system_user() -> None:
    made = subprocess.run(
        ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_USER],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode not in (0, 9):  # 9: the user is there already
        raise StackError(
            f"PostgreSQL can't run as root, and the system user {SYSTEM_USER!r} could not be made: "
            f"{made.stderr.strip()}",
            "Run the platform as an ordinary user.",
        )
