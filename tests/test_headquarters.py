"""The ship's side of headquarters, against the site itself and its PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from missions import services
from missions.models import Mission
from ships_client.contracts import MissionStatus
from ships_client.exceptions import Refused
from ships_client.transports import Headquarters, Registration


class Cut(httpx.HTTPTransport):
    """A line that is cut once, after the request went out and before its answer came in."""

    cut = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        if not self.cut:
            self.cut = True
            response.close()
            raise httpx.ReadError("cut")
        return response


@pytest.fixture
def secret(transactional_db: None) -> str:
    """An accepted ship token."""
    return services.token_create(name="test fleet")[1]


@pytest.fixture
def lines(live_server: LiveServer, secret: str) -> Iterator[Callable[..., Headquarters]]:
    """Makes lines to the site."""
    with ExitStack() as stack:

        def line(http: httpx.Client | None = None) -> Headquarters:
            headquarters = Headquarters(f"{live_server.url}/register_mission", secret, http=http)
            stack.callback(headquarters.close)
            return headquarters

        yield line


@pytest.fixture
def headquarters(lines: Callable[..., Headquarters]) -> Headquarters:
    return lines()


def fleet(count: int) -> list[Registration]:
    return [Registration(f"SHIP_{n}", "Olimar", "Koppai", 5, f"k-{n}") for n in range(count)]


def names() -> dict[int, str]:
    return dict(Mission.objects.values_list("mission_id", "ship_name"))


def test_a_fleet_is_registered_in_order_and_asked_again_is_the_same(headquarters: Headquarters) -> None:
    missions = headquarters.register_many(fleet(2_100))

    assert [names()[mission.mission_id] for mission in missions] == [asked.ship for asked in fleet(2_100)]
    assert headquarters.register_many(fleet(2_100)) == missions
    assert headquarters.mission(missions[-1].mission_id) == missions[-1]
    assert len(names()) == 2_100


def test_a_fleet_whose_answer_was_lost_is_registered_once(lines: Callable[..., Headquarters]) -> None:
    transport = Cut()

    missions = lines(httpx.Client(transport=transport)).register_many(fleet(50))

    assert transport.cut
    assert names() == {mission.mission_id: mission.ship_name for mission in missions}
    assert len(missions) == 50


def test_a_key_means_the_same_alone_and_among_many(headquarters: Headquarters) -> None:
    alone = headquarters.register("SHIP_1", "Olimar", "Koppai", 5, key="k-1")
    headquarters.complete(alone.mission_id, MissionStatus.SUCCESS, 9)

    found = headquarters.register_many(fleet(2))[1]

    assert (found.mission_id, found.started_at, found.status) == (
        alone.mission_id,
        alone.started_at,
        MissionStatus.SUCCESS,
    )


def test_a_refused_fleet_is_told_which_mission_and_nothing_is_registered(headquarters: Headquarters) -> None:
    wrong = Registration("SHIP", "Olimar", "Pluto", 5, "wrong")

    with pytest.raises(Refused, match=r"422.*missions\[2\].*Pluto"):
        headquarters.register_many([*fleet(2), wrong])

    assert not names()


def test_a_thousand_registrations_at_once_are_a_thousand_missions(headquarters: Headquarters) -> None:
    with ThreadPoolExecutor(20) as pool:
        registered = list(
            pool.map(lambda n: headquarters.register(f"SHIP_{n}", "Olimar", "Koppai", 5, key=f"k-{n}"), range(1_000))
        )

    assert names() == {mission.mission_id: mission.ship_name for mission in registered}
    assert sorted(names().values()) == sorted(f"SHIP_{n}" for n in range(1_000))
