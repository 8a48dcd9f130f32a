import pytest

from ships_client.client.plans import MAX_SHIPS, FlightPlan, OneFlight, Roster, ship_name
from ships_client.contracts import CAPTAINS, SHIPS, TARGETS
from ships_client.exceptions import ConfigurationError


def plan(target: str = "Giya", report_freq_min: int = 2) -> FlightPlan:
    return FlightPlan(1, 0, "SS_MOTH", "Louie", target, report_freq_min)


def test_ships_beyond_the_known_ones_get_a_number() -> None:
    names = [ship_name(berth) for berth in range(len(SHIPS) * 2 + 1)]
    assert names[: len(SHIPS)] == list(SHIPS)
    assert names[len(SHIPS)] == "SS_DOLPHIN_02"
    assert names[-1] == "SS_DOLPHIN_03"
    assert len(set(names)) == len(names)


def test_the_same_seed_plans_the_same_fleet_whatever_its_order() -> None:
    roster, again = Roster(seed=5, ships=50), Roster(seed=5, ships=50)
    first = [roster.next(berth) for berth in range(50)]
    assert first == [again.next(berth) for berth in range(50)]
    assert [p.number for p in first if p] == list(range(50))
    assert {p.target for p in first if p} <= set(TARGETS)
    assert {p.captain for p in first if p} <= set(CAPTAINS)
    assert len({p.target for p in first if p}) > 10


def test_a_berth_flies_once_or_for_ever() -> None:
    once, keep = Roster(seed=5, ships=1), Roster(seed=5, ships=1, keep=True)
    assert once.next(0) is not None
    assert once.next(0) is None
    flown = [keep.next(0) for _ in range(3)]
    assert [p.number for p in flown if p] == [0, MAX_SHIPS, 2 * MAX_SHIPS]
    assert {p.ship for p in flown if p} == {"SS_DOLPHIN"}


def test_shares_of_a_fleet_fly_what_one_process_would() -> None:
    whole = Roster(seed=5, ships=10, keep=True)
    shares = [Roster(seed=5, ships=10, keep=True, share=(number, 3)) for number in range(3)]
    alone = {plan for _ in range(2) for berth in range(whole.berths) if (plan := whole.next(berth))}
    assert sum(share.berths for share in shares) == 10
    shared = {p for _ in range(2) for share in shares for berth in range(share.berths) if (p := share.next(berth))}
    assert shared == alone


def test_a_single_ship_flies_once() -> None:
    only = OneFlight(plan())
    assert only.next(0) == plan()
    assert only.next(0) is None


def test_targets_can_be_chosen() -> None:
    roster = Roster(seed=5, ships=1, targets=["Giya", "Nijo"], keep=True)
    assert {p.target for _ in range(40) if (p := roster.next(0))} == {"Giya", "Nijo"}


@pytest.mark.parametrize("target", ["Pluto", "", "giya"])
def test_a_planet_that_is_none_is_named_with_those_there_are(target: str) -> None:
    with pytest.raises(ConfigurationError, match=f"no planet '{target}'.*PNF-404, Karut"):
        plan(target)


def test_home_is_no_target() -> None:
    with pytest.raises(ConfigurationError, match="Hocotate is home"):
        plan("Hocotate")


@pytest.mark.parametrize("minutes", [0, -1, 1441])
def test_impossible_report_frequencies_are_refused(minutes: int) -> None:
    with pytest.raises(ConfigurationError, match=str(minutes)):
        plan(report_freq_min=minutes)
