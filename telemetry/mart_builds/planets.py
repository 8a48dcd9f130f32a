"""`python -m telemetry.mart_builds.planets` writes the seed of planets from the contracts' table."""

from __future__ import annotations

import csv
import io
import math
from pathlib import Path
from typing import Final

from ships_client.contracts import PLANETS

SEED: Final = Path(__file__).resolve().parents[2] / "warehouse" / "seeds" / "planets.csv"


def seed_text() -> str:
    """The seed: name, band and distance (millions of km, one decimal) of every planet, home first."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["planet", "band", "distance_m_km"])
    for planet in PLANETS.values():
        distance = math.hypot(planet.x, planet.y, planet.z) / 1e6
        rows.writerow([planet.name, planet.band.value, f"{distance:.1f}"])
    return text.getvalue()


if __name__ == "__main__":
    SEED.write_text(seed_text())
