from ships_client.contracts import CAPTAINS, CATALOGUE, HOME, PLANETS, SHIPS, TARGETS
from ships_client.contracts.world import Band, ItemKind


def test_home_is_the_origin_and_no_target() -> None:
    home = PLANETS[HOME]
    assert (home.x, home.y, home.z, home.band) == (0, 0, 0, Band.HOME)
    assert HOME not in TARGETS


def test_the_world_has_its_five_eight_and_seven_planets() -> None:
    bands = [planet.band for planet in PLANETS.values()]
    assert [bands.count(band) for band in Band] == [1, 5, 8, 7]
    assert len(TARGETS) == 20


def test_names_are_told_apart() -> None:
    assert len(set(SHIPS)) == len(SHIPS) == 23
    assert len(set(CAPTAINS)) == len(CAPTAINS) == 15


def test_the_catalogue_has_16_treasures_and_7_kinds_of_freight() -> None:
    kinds = [item.kind for item in CATALOGUE]
    assert (kinds.count(ItemKind.TREASURE), kinds.count(ItemKind.FREIGHT)) == (16, 7)
    assert sum(item.poko for item in CATALOGUE) == 6150
