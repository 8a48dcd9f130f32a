"""What a trace says, and how messages are matched with frames: without any server."""

from __future__ import annotations

import datetime as dt

import pytest
from rich.console import Console

from hocotate_site.traces import Shown
from missions.models import Mission
from ships_client.contracts import MissionStatus
from telemetry.tracing.show import trace_table
from telemetry.tracing.step import KAFKA, RAW, SHIP, Asked, Found, Step, Trace
from telemetry.tracing.tail import Copy, Tail, says
from telemetry.tracing.watch import WAIT_S, Arrival, Matching, Met
from telemetry.tracing.why import behind, nowhere

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
ASKED = Asked(7, 12)


def arrival(seq: int) -> Arrival:
    """Taken 40 ms after its tick, a tick a second."""
    return Arrival(Asked(7, seq), seq * 1000, seq * 1000 + 40, f"3-{seq}", "telemetry/2")


def shown(seq: int, *, after_ms: int = 90) -> Shown:
    return Shown(7, "SS_DOLPHIN", seq, frame=100 + seq, at=seq * 1000 + after_ms, latency_ms=after_ms)


def mission(*, last: int | None, final: int | None = None, status: MissionStatus = MissionStatus.RUNNING) -> Mission:
    return Mission(mission_id=7, ship_name="SS_DOLPHIN", last_seq=last, final_seq=final, status=status.value)


def test_a_message_meets_the_frame_that_shows_it_and_only_once() -> None:
    matching = Matching()
    matching.came([arrival(1), arrival(2), arrival(1)], now=0)

    assert matching.met([], now=1) == []
    assert matching.met([shown(1)], now=1) == [Met(arrival(1), shown(1))]
    assert matching.lowest == 2
    assert matching.met([shown(1), shown(2)], now=1) == [Met(arrival(2), shown(2))]
    assert matching.lowest is None


def test_a_message_that_another_one_overtook_is_in_the_frame_that_shows_that_one() -> None:
    matching = Matching()
    matching.came([arrival(1), arrival(2)], now=0)

    one, two = matching.met([shown(2)], now=0)

    assert (one.frame, two.frame) == (shown(2), shown(2))
    assert "seq 1 " in one.as_line()
    assert "frame 102 (which shows seq 2) +1090 ms" in one.as_line()
    assert two.as_json() | {"trace_id": ""} == {
        "trace_id": "",
        "mission": 7,
        "seq": 2,
        "event_time": "1970-01-01T00:00:02.000+00:00",
        "kafka": "3-2",
        "contract": "telemetry/2",
        "kafka_ms": 40,
        "frame": 102,
        "frame_seq": 2,
        "frame_ms": 90,
    }


def test_a_message_that_no_frame_shows_is_said_to_have_none_and_a_frame_before_it_is_not_its_own() -> None:
    matching = Matching()
    matching.came([arrival(1)], now=0)

    assert matching.met([shown(9, after_ms=-8500)], now=WAIT_S) == []
    (met,) = matching.met([], now=WAIT_S + 0.1)
    assert met.frame is None
    assert "in no frame within 6 s" in met.as_line()


@pytest.mark.parametrize(
    ("of", "found", "said"),
    [
        (None, Found.ABSENT, "of such a mission"),
        (mission(last=None), Found.NOT_YET, "the newest of the mission is none yet"),
        (mission(last=11), Found.NOT_YET, "the newest of the mission is seq 11"),
        (mission(last=12), Found.NOT_YET, "missing, though seq 12 has come"),
        (mission(last=9, final=9, status=MissionStatus.SUCCESS), Found.ABSENT, "the ship ended with seq 9"),
        (mission(last=9, status=MissionStatus.FAILURE), Found.ABSENT, "It never came"),
        (mission(last=99, status=MissionStatus.FAILURE), Found.ABSENT, "missing, though seq 99 has come"),
    ],
)
def test_a_message_that_is_nowhere_has_a_reason(of: Mission | None, found: Found, said: str) -> None:
    step = nowhere(ASKED, of, Tail())

    assert step[0] is found
    assert said in step[-1]


def test_what_was_not_looked_through_is_not_called_absent() -> None:
    assert nowhere(ASKED, mission(last=1), Tail(behind=90_000, whole=False))[0] is Found.UNKNOWN


def test_a_message_behind_the_lakes_commit_and_one_before_it_are_told_apart() -> None:
    copy = Copy(3, 1017, NOW, "telemetry/2")

    assert "up to offset 1000; this one is 17 further" in behind(copy, 1000)
    assert "retention may have taken it out" in behind(copy, 2000)


@pytest.mark.parametrize(
    ("raw", "is_it"),
    [
        (b'{"mission_id": "7", "seq": 12, "fuel_prc": 900}', True),
        (b'{"mission_id": 7, "seq": 12}', True),
        (b'{"mission_id": "7", "seq": 13}', False),
        (b'{"mission_id": "7"}', False),
        (b'{"mission_id": "7", "seq": 12', False),
        (b"[7, 12]", False),
        (b"[" * 100_000, False),
        (b"", False),
    ],
)
def test_a_broken_message_is_known_by_what_can_be_read_of_it(raw: bytes, is_it: bool) -> None:
    assert says(raw, ASKED) is is_it


def test_the_table_shows_how_long_after_the_tick_each_place_had_it_and_no_markup_of_a_ship() -> None:
    later = NOW + dt.timedelta(milliseconds=1234)
    steps = (
        Step(SHIP, Found.THERE, NOW),
        Step(KAFKA, Found.THERE, later, {"place": "3-17", "contract": "[bold]\x1b[31m", "after_ms": 40}),
        Step(RAW, Found.THERE, later, {"rows": 1}),
    )
    console = Console(width=160)
    with console.capture() as captured:
        console.print(trace_table(Trace(ASKED, steps)))

    text = captured.get()
    assert "trace 0000000000000007000000000000000c" in text
    assert "40 ms" in text
    assert "1,234 ms" in text
    assert "[bold]" in text
    assert "\x1b" not in text
    assert Trace(ASKED, steps).met
    assert not Trace(ASKED, steps[:1]).met
