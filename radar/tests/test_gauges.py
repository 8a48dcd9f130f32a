"""The ships' gauges tell the newest message of each ship that is shown, and nothing of others."""

import pytest
from prometheus_client import CollectorRegistry

from radar.gauges import ShipGauges
from radar.tests.factories import message, mission, ms
from radar.tracks import KEEP_MS, Fleet
from ships_client.contracts import MissionStatus, ShipStatus

MISSIONS = [mission(1, "GAUGED"), mission(2, "GAUGED")]


@pytest.fixture
def fleet() -> Fleet:
    fleet = Fleet()
    fleet.learn(MISSIONS)
    return fleet


@pytest.fixture
def registry(fleet: Fleet) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(ShipGauges(fleet))
    return registry


def value(registry: CollectorRegistry, name: str, number: int = 1) -> float | None:
    return registry.get_sample_value(name, {"ship_id": "GAUGED", "mission_id": str(number)})


def test_gauges_show_the_newest_message(fleet: Fleet, registry: CollectorRegistry) -> None:
    assert value(registry, "ship_fuel_percent") is None

    fleet.apply(message(10, of=MISSIONS[0], status=ShipStatus.REPAIR), ms(10))

    assert (value(registry, "ship_fuel_percent"), value(registry, "ship_repair_flag")) == (99.9, 1)
    assert (value(registry, "ship_mission_success"), value(registry, "ship_mission_failure")) == (0, 0)


def test_gauges_tell_how_a_mission_ended_and_end_with_the_ship(fleet: Fleet, registry: CollectorRegistry) -> None:
    fleet.apply(message(11, of=MISSIONS[0], outcome=MissionStatus.FAILURE), ms(11))
    assert (value(registry, "ship_mission_failure"), value(registry, "ship_repair_flag")) == (1, 0)

    fleet.tick(ms(11) + KEEP_MS[MissionStatus.FAILURE] + 1)
    assert value(registry, "ship_mission_failure") is None


def test_a_ships_next_mission_takes_the_place_of_the_one_before(fleet: Fleet, registry: CollectorRegistry) -> None:
    fleet.apply(message(10, of=MISSIONS[0]), ms(10))
    fleet.apply(message(0, of=MISSIONS[1]), ms(20))

    assert (value(registry, "ship_coord_x", 1), value(registry, "ship_coord_x", 2)) == (None, 0)
