"""The dashboards as they are committed: their panels, and what these ask."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from stack.services.templates import OBSERVABILITY

GRAFANA = OBSERVABILITY / "grafana"
FILES = sorted((GRAFANA / "dashboards").glob("*.json"))
BOARDS: dict[str, dict[str, Any]] = {path.stem: json.loads(path.read_text()) for path in FILES}


@dataclass(frozen=True)
class Asked:
    """One question of a panel: PromQL or SQL, the other one is empty."""

    board: str
    panel: str
    ref_id: str
    promql: str
    sql: str

    def __str__(self) -> str:
        return f"{self.board}: {self.panel}, {self.ref_id}"


def panels(board: dict[str, Any]) -> list[dict[str, Any]]:
    """The panels of a dashboard without the heads of its rows."""
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def questions() -> Iterator[Asked]:
    """What all panels ask."""
    for name, board in BOARDS.items():
        for panel in panels(board):
            for target in panel["targets"]:
                yield Asked(name, panel["title"], target["refId"], target.get("expr", ""), target.get("rawSql", ""))
