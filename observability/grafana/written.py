"""The dashboards as the files that Grafana reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from observability.grafana import fleet, lake, pipeline, platform, ship

FOLDER: Final = Path(__file__).parent / "dashboards"
MODULES: Final = (fleet, ship, pipeline, lake, platform)


def texts() -> dict[str, str]:
    """The text of each file, by its name."""
    boards = (module.dashboard() for module in MODULES)
    return {
        f"{(board.uid or '').removeprefix('hocotate-')}.json": json.dumps(
            board, cls=JSONEncoder, indent=2, sort_keys=True, ensure_ascii=False
        )
        + "\n"
        for board in boards
    }


def write(folder: Path = FOLDER) -> None:
    """Write the files, and take away those of dashboards that are no more."""
    written = texts()
    for old in folder.glob("*.json"):
        if old.name not in written:
            old.unlink()
    for name, text in written.items():
        (folder / name).write_text(text)
