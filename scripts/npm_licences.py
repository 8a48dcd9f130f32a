"""Is the licence of each npm package of a lock file among those that are allowed? Exit 1 and a list where not."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def refused(lock: Path, allowed: Path) -> list[str]:
    """Packages whose licence is missing or contains none of the allowed words, with it."""
    words = allowed.read_text().split("\n")
    packages = json.loads(lock.read_text())["packages"]
    found = {
        name.removeprefix("node_modules/"): entry.get("license", "none") for name, entry in packages.items() if name
    }
    return sorted(f"{name}: {held}" for name, held in found.items() if not any(w and w in str(held) for w in words))


def main(lock: str, allowed: str) -> int:
    """Say what is refused; the exit status."""
    wrong = refused(Path(lock), Path(allowed))
    sys.stdout.write("\n".join(wrong or ["All are allowed."]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
