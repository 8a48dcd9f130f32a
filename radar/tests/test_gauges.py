"""The ships' gauges follow the tracks and end with them."""

from prometheus_client import REGISTRY

from radar.gauges import ShipGauges
from radar.tests.factories import message, mission, ms
from radar.tracks import Fleet
from ships_client.contracts import MissionStatus, ShipStatus


def value(name: str, number: int = 1) -> float | None:
    return REGISTRY.get_sample_value(name, {"ship_id": "GAUGED", "mission_id": str(number)})


def test_gauges_show_the_newest_message_and_end_with_the_mission() -> None:
    missions = [mission(1, "GAUGED"), mission(2, "GAUGED")]
    fleet, gauges = Fleet(), ShipGauges()
    fleet.learn(missions)

    fleet.apply(message(10, of=missions[0], status=ShipStatus.REPAIR), ms(10))
    gauges.show(fleet.tracks.values.values())
    assert (value("ship_fuel_percent"), value("ship_repair_flag")) == (99.9, 1)
    assert (value("ship_mission_success"), value("ship_mission_failure")) == (0, 0)

    fleet.apply(message(11, of=missions[0], outcome=MissionStatus.FAILURE), ms(11))
    gauges.show(fleet.tracks.values.values())
    assert (value("ship_mission_failure"), value("ship_repair_flag")) == (1, 0)

    fleet.apply(message(0, of=missions[1]), ms(20))
    gauges.show(fleet.tracks.values.values())
    assert (value("ship_coord_x", 1), value("ship_coord_x", 2)) == (None, 0)

    gauges.end(["GAUGED", "NEVER_SHOWN"])
    assert value("ship_coord_x", 2) is None
