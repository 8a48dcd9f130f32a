"""Ships' credentials and missions to test with."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from missions import services
from missions.models import Mission, ShipToken


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
