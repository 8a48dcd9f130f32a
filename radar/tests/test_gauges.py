"""The ships' gauges tell the newest message of each ship that is shown, and nothing of others."""

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as of_openmetrics
from prometheus_client.parser import text_string_to_metric_families

from radar.gauges import GAUGES, LEFT_OUT, ShipGauges
from radar.honesty import LIVE_MS
from radar.tests.factories import message, mission, ms
from radar.tracks import KEEP_MS, Fleet
from ships_client.contracts import MissionStatus, ShipStatus

MISSIONS = [mission(1, "GAUGED"), mission(2, "GAUGED")]
NOW = ms(12)


@pytest.fixture
def fleet() -> Fleet:
    fleet = Fleet()
    fleet.learn(MISSIONS)
    return fleet


def text(fleet: Fleet, most: int = 100) -> str:
    return "".join(ShipGauges(fleet, most, lambda: NOW).text())


def samples(fleet: Fleet, most: int = 100) -> dict[tuple[str, str, str], float]:
    """Values by name, ship and mission."""
    return {
        (sample.name, sample.labels.get("ship_id", ""), sample.labels.get("mission_id", "")): sample.value
        for family in text_string_to_metric_families(text(fleet, most))
        for sample in family.samples
    }


def value(fleet: Fleet, name: str, number: int = 1) -> float | None:
    return samples(fleet).get((name, "GAUGED", str(number)))


def ships(fleet: Fleet, most: int) -> set[str]:
    return {ship for _name, ship, _mission in samples(fleet, most)} - {""}


def test_gauges_show_the_newest_message(fleet: Fleet) -> None:
    assert value(fleet, "ship_fuel_percent") is None

    fleet.apply(message(10, of=MISSIONS[0], status=ShipStatus.REPAIR), ms(10))

    assert (value(fleet, "ship_fuel_percent"), value(fleet, "ship_repair_flag")) == (99.9, 1)
    assert (value(fleet, "ship_mission_success"), value(fleet, "ship_mission_failure")) == (0, 0)
    assert value(fleet, "ship_health_ratio") == 0.4
    assert value(fleet, "ship_last_report_timestamp_seconds") == ms(10) / 1000


def test_gauges_tell_how_a_mission_ended_and_end_with_the_ship(fleet: Fleet) -> None:
    fleet.apply(message(11, of=MISSIONS[0], outcome=MissionStatus.FAILURE), ms(11))
    assert (value(fleet, "ship_mission_failure"), value(fleet, "ship_repair_flag")) == (1, 0)

    fleet.tick(ms(11) + KEEP_MS[MissionStatus.FAILURE] + 1)
    assert value(fleet, "ship_mission_failure") is None


def test_a_ships_next_mission_takes_the_place_of_the_one_before(fleet: Fleet) -> None:
    fleet.apply(message(10, of=MISSIONS[0]), ms(10))
    fleet.apply(message(0, of=MISSIONS[1]), ms(20))

    assert (value(fleet, "ship_coord_x", 1), value(fleet, "ship_coord_x", 2)) == (None, 0)


def test_both_formats_read_the_same_and_any_name_is_quoted(fleet: Fleet) -> None:
    odd = mission(3, 'A "B"\\C')
    fleet.learn([odd])
    fleet.apply(message(10, of=odd), ms(10))

    assert samples(fleet)["ship_coord_z", 'A "B"\\C', "3"] == -2.4e7
    families = list(of_openmetrics(text(fleet) + "# EOF\n"))  # type: ignore[no-untyped-call]
    assert [family.name for family in families] == [*(gauge.name for gauge in GAUGES), LEFT_OUT]
    assert {family.type for family in families} == {"gauge"}


def test_of_too_many_ships_those_that_need_attention_are_told(fleet: Fleet) -> None:
    flown = [mission(number, f"SHIP-{number}") for number in range(10, 16)]
    fleet.learn(flown)
    for one in flown[:2]:
        fleet.apply(message(12, of=one), ms(12))
    fleet.apply(message(12, of=flown[2], status=ShipStatus.REPAIR), ms(12))
    fleet.apply(message(12, of=flown[3], outcome=MissionStatus.FAILURE), ms(12))
    fleet.apply(message(12, of=flown[4], outcome=MissionStatus.SUCCESS), ms(12))
    fleet.apply(message(0, of=flown[5]), NOW - LIVE_MS - 1)

    assert ships(fleet, most=3) == {"SHIP-12", "SHIP-13", "SHIP-15"}
    assert ships(fleet, most=4) == {"SHIP-12", "SHIP-13", "SHIP-15", "SHIP-10"}
    assert samples(fleet, most=4)[LEFT_OUT, "", ""] == 2
    assert samples(fleet, most=6)[LEFT_OUT, "", ""] == 0
