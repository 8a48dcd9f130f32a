import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ships_client.contracts import Condition
from ships_client.sim import health, instruments, rules
from ships_client.sim.state import docked


def judged(
    motor: float = 90,
    engine: float = 325,
    core: float = 600,
    fuel: float = 100,
    status: int = rules.OK,
    component: int = rules.NONE,
) -> tuple[list[float], float, Condition]:
    readings, fuels = np.array([[motor, engine, core, -70.0]]), np.array([float(fuel)])
    parts, broken = health.scores(readings, fuels)
    statuses, components = np.array([status]), np.array([component])
    total = health.total(parts, statuses, components)
    code = health.condition(total, broken, statuses, components)[0]
    return parts[0].tolist(), float(total[0]), rules.CONDITIONS[code]


def test_a_new_ship_is_whole() -> None:
    parts, total, condition = judged()
    assert (parts, condition) == ([1, 1, 1, 1], Condition.GOOD)
    assert total == pytest.approx(1)


@pytest.mark.parametrize(
    ("readings", "part", "score", "condition"),
    [
        ({"motor": 30.9}, 0, 30.9 / 90, Condition.GOOD),
        ({"motor": 29.9}, 0, 0, Condition.UNOPERATIONAL),
        ({"motor": 179}, 0, 1 / 90, Condition.MID),
        ({"motor": 180.1}, 0, 0, Condition.UNOPERATIONAL),
        ({"engine": 100}, 1, 100 / 325, Condition.MID),
        ({"engine": 600}, 1, 50 / 325, Condition.MID),
        ({"engine": 601}, 1, 0, Condition.UNOPERATIONAL),
        ({"core": 300}, 2, 0.5, Condition.GOOD),
        ({"core": 951}, 2, 0, Condition.UNOPERATIONAL),
        ({"fuel": 5.01}, 3, 0.0501, Condition.GOOD),
        ({"fuel": 5}, 3, 0, Condition.UNOPERATIONAL),
    ],
    ids=str,
)
def test_parts_are_judged_at_their_limits(
    readings: dict[str, float], part: int, score: float, condition: Condition
) -> None:
    parts, _, found = judged(**readings)  # type: ignore[arg-type]  # readings only, no codes
    assert parts[part] == pytest.approx(score)
    assert found is condition


@given(st.floats(-50, 400), st.floats(0, 2000), st.floats(0, 3000), st.floats(0, 100))
def test_parts_are_judged_alike_for_any_readings(motor: float, engine: float, core: float, fuel: float) -> None:
    broken = [not 30 <= motor <= 180, not 100 <= engine <= 600, not 300 <= core <= 950, fuel <= 5]
    whole = [1 - abs(motor - 90) / 90, 1 - abs(engine - 325) / 325, 1 - abs(core - 600) / 600, fuel / 100]
    parts, _, condition = judged(motor, engine, core, fuel)
    assert parts == pytest.approx([0 if bad else max(0, part) for part, bad in zip(whole, broken, strict=True)])
    assert (condition is Condition.UNOPERATIONAL) == any(broken)


def test_what_stands_limits_the_total() -> None:
    assert judged(status=rules.REPAIR, component=1)[1:] == (0.4, Condition.REPAIRING)
    assert judged(component=1)[1:] == (0.3, Condition.UNOPERATIONAL)
    assert judged(status=rules.FAILURE, component=1)[1:] == (0.0, Condition.UNOPERATIONAL)


@pytest.mark.parametrize(
    ("total", "condition"),
    [
        (0.8, Condition.GOOD),
        (0.799, Condition.MID),
        (0.5, Condition.MID),
        (0.499, Condition.BAD),
        (0.3, Condition.BAD),
        (0.299, Condition.CRITICAL),
    ],
)
def test_the_condition_follows_the_total(total: float, condition: Condition) -> None:
    none = np.array([rules.NONE])
    code = health.condition(np.array([total]), np.array([False]), np.array([rules.OK]), none)[0]
    assert rules.CONDITIONS[code] is condition


def test_cabin_and_cargo_follow_the_state() -> None:
    readings = np.array([[90.0, 325.0, 600.0, -70.0], [100.0, 325.0, 650.0, -70.0]])
    assert instruments.cabin_temperature(readings).tolist() == pytest.approx([21.0, 22.3])
    assert instruments.radiation(readings, np.array([0.0, 1e9])).tolist() == pytest.approx([0.3, 5.3])
    assert instruments.cargo_integrity(np.array([0, 2, 100])).tolist() == [100.0, 95.0, 0.0]
    assert instruments.observe_cabin(docked(1), instruments.observe(docked(1))).integrity.tolist() == [100.0]
