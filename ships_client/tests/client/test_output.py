import io
import json
from collections.abc import Callable
from typing import Any

from rich.console import Console

from ships_client import Kind
from ships_client.client.orders import Orders
from ships_client.output import JsonLines, LiveTable, PlainLines

Prepare = Callable[..., Any]


def test_the_live_table_shows_the_fleet_and_its_ships(prepare: Prepare) -> None:
    screen = io.StringIO()
    table = LiveTable(Console(file=screen, force_terminal=True, width=140, height=40))
    # Slow enough that the table is drawn while they fly, on a busy machine too.
    watched = prepare(Orders(seed=7, ships=3, report_freq_min=1, targets=("Nijo",)), speed=100)
    watched.fleet.run(watch=lambda: table.draw(watched.fleet))
    table.close()
    shown = screen.getvalue()
    for word in ("OUTBOUND", "acknowledged", "behind", "lost", "SS_DOLPHIN", "Home in", "GOOD", "--resume"):
        assert word in shown


def test_json_lines_say_which_they_are(prepare: Prepare) -> None:
    out = io.StringIO()
    tell = JsonLines(out)
    watched = prepare(Orders(seed=7, ships=2, report_freq_min=1, targets=("Nijo",)), speed=100, listener=tell)
    tell.finish(watched.fleet.run(watch=lambda: tell.draw(watched.fleet)))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {line["line"] for line in lines} == {"event", "status", "summary"}
    status = [line for line in lines if line["line"] == "status"][-1]
    assert status["acknowledged"] > 0
    assert lines[-1]["totals"]["missions"] == 2


def test_plain_lines_tell_of_few_ships_one_by_one_and_of_many_together(prepare: Prepare) -> None:
    for ships, told in ((2, 2), (80, 50)):
        out, err = io.StringIO(), io.StringIO()
        tell = PlainLines(out, err)
        watched = prepare(Orders(seed=7, ships=ships, targets=("Nijo",)), listener=tell)
        tell.finish(watched.fleet.run(watch=lambda fleet=watched.fleet, tell=tell: tell.draw(fleet)))
        assert out.getvalue().count("leaves for") == told
        assert f"{ships} missions flown" in out.getvalue()
        assert str(Kind.TROUBLE) not in err.getvalue()
