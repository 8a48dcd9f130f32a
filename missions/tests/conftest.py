"""Ships' credentials and missions to test with."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from missions import services
from missions.models import Mission, ShipToken
from ships_client.contracts import CAPTAINS, SHIPS, TARGETS, MissionStatus


@pytest.fixture
def credential(db: None) -> tuple[ShipToken, str]:
    """A token and its secret."""
    return services.token_create(name="test fleet")


@pytest.fixture
def token(credential: tuple[ShipToken, str]) -> ShipToken:
    """The token of `credential`."""
    return credential[0]


@pytest.fixture
def ship(credential: tuple[ShipToken, str]) -> Client:
    """A client that sends the token with each request."""
    return Client(headers={"authorization": f"Bearer {credential[1]}"})


@pytest.fixture
def register(token: ShipToken) -> Callable[..., Mission]:
    """Registers a mission; keyword arguments replace its values."""

    def register(**values: Any) -> Mission:
        usual = {"ship_name": "SS_DOLPHIN", "captain": "Olimar", "target": "Koppai", "report_freq_min": 5}
        return services.mission_register(**{"token": token, **usual, **values})

    return register


@pytest.fixture
def many(token: ShipToken) -> Callable[..., list[Mission]]:
    """Makes missions at once, a minute apart, oldest first; names go round, keyword arguments replace values."""

    def many(count: int, **values: Any) -> list[Mission]:
        start = datetime.now(UTC) - timedelta(minutes=count)
        made = Mission.objects.bulk_create(
            Mission(
                **{
                    "ship_name": SHIPS[n % len(SHIPS)],
                    "captain": CAPTAINS[n % len(CAPTAINS)],
                    "target": TARGETS[n % len(TARGETS)],
                    "report_freq_min": 5,
                    "registered_by": token,
                    **({"finished_at": start + timedelta(minutes=n, seconds=50)} if _ended(values) else {}),
                    **values,
                }
            )
            for n in range(count)
        )
        # Django sets the time of the start itself when a row is made.
        for n, mission in enumerate(made):
            mission.started_at = start + timedelta(minutes=n)
        Mission.objects.bulk_update(made, ["started_at"])
        return made

    return many


def _ended(values: dict[str, Any]) -> bool:
    return bool(values.get("status", MissionStatus.RUNNING) != MissionStatus.RUNNING)
