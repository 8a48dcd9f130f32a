"""make logs: one log or several, readable, followed over a rotation, with what was asked for alone."""

from __future__ import annotations

import json
import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocotate_logs.formats import JsonLines, LineFormatter
from stack.config import ROOT
from stack.logs import files
from stack.logs.files import LogFile
from stack.logs.line import read, wanted
from stack.logs.moment import moment
from stack.logs.show import in_order


def environment(home: Path) -> dict[str, str]:
    return {**os.environ, "STACK_DIR": str(home), "STACK_PORT_OFFSET": "900"}


def logs(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    argv = [sys.executable, "-m", "stack", "logs", *arguments]
    return subprocess.run(
        argv, cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=60, check=False
    )


def write(home: Path, service: str, *lines: str) -> Path:
    path = home / "logs" / f"{service}.log"
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.writelines(f"{line}\n" for line in lines)
    return path


def at(second: int, text: str, level: str = "INFO") -> str:
    return f"2026-11-25T08:18:{second:02d}.000Z {level} {text}"


def test_one_log_is_shown_as_it_is_its_last_lines_only(tmp_path: Path) -> None:
    write(tmp_path, "kafka", *(f"[2026-11-25 08:18:03,123] INFO line {n} [x]" for n in range(500)))

    done = logs(tmp_path, "kafka")
    few = logs(tmp_path, "kafka", "--lines", "2")

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0].endswith("INFO line 300 [x]")
    assert len(done.stdout.splitlines()) == 200
    assert few.stdout.splitlines()[1] == "[2026-11-25 08:18:03,123] INFO line 499 [x]"


def test_several_logs_are_one_in_the_order_of_time_with_their_names(tmp_path: Path) -> None:
    write(tmp_path, "web", at(1, "web a: one"), at(3, "web a: three"), "  of a stack of calls")
    write(tmp_path, "kafka", "[2026-11-25 08:18:02,123] INFO two")
    write(tmp_path, "supervisord", "2026-11-25 08:18:04,000 INFO four")

    done = logs(tmp_path, "all")

    assert [line.split()[0] for line in done.stdout.splitlines()] == ["web", "kafka", "web", "web", "supervisord"]
    assert [line.split()[-1] for line in done.stdout.splitlines()] == ["one", "two", "three", "calls", "four"]


def test_json_is_shown_as_a_line_for_people_and_as_it_is_where_a_program_asks(tmp_path: Path) -> None:
    said = {"time": "2026-11-25T08:18:01.000Z", "level": "INFO", "part": "web", "logger": "a", "message": "said"}
    write(tmp_path, "web", json.dumps({**said, "mission": 7, "ship": "SS MOTH"}), "{no JSON", '{"other": 1}')

    done = logs(tmp_path, "web")
    raw = logs(tmp_path, "web", "--raw", "--lines", "3")

    assert done.stdout.splitlines() == [
        '2026-11-25T08:18:01.000Z INFO web a: said mission=7 ship="SS MOTH"',
        "{no JSON",
        '{"other": 1}',
    ]
    assert json.loads(raw.stdout.splitlines()[0])["ship"] == "SS MOTH"


NEW_YEAR = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("2026-11-29T06:39:05,409Z WARN  [x] Performing", "2026-11-29T06:39:05.409000"),
        ("2026-11-29 06:38:57.930 UTC [31222] LOG:  starting", "2026-11-29T06:38:57.930000"),
        ("[2026-11-25 08:18:03,123] INFO line [x]", "2026-11-25T08:18:03.123000"),
        ("31223:M 29 Nov 2026 06:38:59.885 * oO0OoO0OoO0Oo", "2026-11-29T06:38:59.885000"),
        ("I1129 06:38:59.784717 master.go:400 current", "2026-11-29T06:38:59.784717"),
        ("W1231 23:59:59.1 master.go:400 of the year before", "2026-12-31T23:59:59.100000"),
        ("I0101 00:04:59.000001 master.go:400 of this year", "2027-01-01T00:04:59.000001"),
        ("31223:M 29 Foo 2026 06:38:59.885 * of no month", ""),
        ("  at org.apache.kafka.Thing(Thing.java:29)", ""),
    ],
)
def test_the_time_of_a_line_is_understood_as_each_server_writes_it(line: str, said: str) -> None:
    assert moment(line, NEW_YEAR) == said


def test_lines_for_programs_are_in_order_and_filtered_too(tmp_path: Path) -> None:
    said = {"time": "2026-11-25T08:18:02.000Z", "level": "INFO", "message": "said"}
    ours = [json.dumps({**said, "mission": mission}) for mission in (7, 70)]
    write(tmp_path, "web", *ours)
    write(tmp_path, "radar", at(1, "radar a: mine mission=7"))

    done = logs(tmp_path, "all", "--raw", "--grep", "mission=7")

    assert done.stdout.splitlines() == [at(1, "radar a: mine mission=7"), ours[0]]


def test_a_filter_finds_a_mission_and_no_other_one_among_more_lines_than_are_shown(tmp_path: Path) -> None:
    write(tmp_path, "radar", at(1, "radar a: mine mission=7"), at(2, "radar a: other mission=70"))
    write(tmp_path, "radar", *(at(3, f"radar a: {n}") for n in range(300)))

    assert logs(tmp_path, "radar", "--grep", "mission=7").stdout == at(1, "radar a: mine mission=7") + "\n"
    assert len(logs(tmp_path, "radar", "--grep", "mission").stdout.splitlines()) == 2


def test_without_a_service_or_a_log_it_is_a_sentence(tmp_path: Path) -> None:
    assert "Usage: python -m stack logs" in logs(tmp_path).stderr
    done = logs(tmp_path, "all")
    assert (done.returncode, "has written no log yet" in done.stderr) == (1, True)
    assert "Traceback" not in done.stderr


@contextmanager
def followed(home: Path, *arguments: str) -> Iterator[Callable[[str], None]]:
    """`make logs` that goes on; the function given waits for a line with a text."""
    argv = [sys.executable, "-u", "-m", "stack", "logs", "--follow", *arguments]
    process = subprocess.Popen(argv, cwd=ROOT, env=environment(home), stdout=subprocess.PIPE, text=True)
    said: queue.Queue[str] = queue.Queue()
    assert process.stdout is not None
    out = process.stdout

    def hear() -> None:
        for line in out:
            said.put(line)

    hearing = threading.Thread(target=hear)
    hearing.start()

    def heard(text: str) -> None:
        line = said.get(timeout=30)
        assert text in line, line

    try:
        yield heard
    finally:
        process.terminate()
        process.wait(10)
        hearing.join(10)
        out.close()


def test_what_is_written_next_is_shown_also_after_a_log_was_rotated_or_begun(tmp_path: Path) -> None:
    web = write(tmp_path, "web", at(1, "first"))
    with followed(tmp_path, "web", "all") as heard:
        heard("first")
        write(tmp_path, "web", at(2, "second"))
        heard("second")
        write(tmp_path, "web", at(3, "last of the old"))
        web.rename(web.with_suffix(".log.1"))
        write(tmp_path, "web", at(4, "first of the new"))
        heard("last of the old")
        heard("first of the new")
        write(tmp_path, "worker", at(5, "begun"))
        heard("begun")


def test_of_a_large_log_only_the_end_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MOST_BYTES", 1000)
    path = write(tmp_path, "web", *(f"line {n}" for n in range(10_000)))

    with LogFile(path) as log:
        found = log.last(10_000)
        assert len(found) < 100
        assert found[-1] == "line 9999"
        assert all(line.startswith("line 9") for line in found)
        assert log.news() == []
        with path.open("a") as file:
            file.write("half ")
        assert log.news() == []
        write(tmp_path, "web", "a line")
        assert log.news() == ["half a line"]
        path.write_text("emptied\n")
        assert log.news() == ["emptied"]


def test_a_log_cannot_move_the_cursor_of_a_terminal() -> None:
    made = logging.LogRecord("a", logging.INFO, "f", 1, "\x1b[2J", (), None)

    assert "\x1b" not in read("web", JsonLines("web").format(made)).text
    assert "\x1b" not in read("web", "\x1b[2J").text


@given(st.text(), st.one_of(st.none(), st.text(max_size=20)))
def test_json_is_shown_as_the_text_format_would_have_written_it(message: str, ship: str | None) -> None:
    made = logging.LogRecord("a", logging.WARNING, "f", 1, "%s", (message,), None)
    if ship is not None:
        made.__dict__["ship"] = ship

    of_json = read("web", JsonLines("web").format(made))
    of_text = read("web", LineFormatter("web").format(made))

    assert (of_json.text, of_json.level) == (of_text.text, "WARNING")


@given(st.lists(st.lists(st.integers(0, 59).map(lambda second: at(second, "x")), max_size=5).map(sorted), max_size=4))
def test_the_order_of_time_keeps_each_logs_own_order(made: list[list[str]]) -> None:
    read_lines = [[read(str(place), raw) for raw in log] for place, log in enumerate(made)]

    merged = in_order(read_lines, wanted(""))

    assert [line.time for line in merged] == sorted(line.time for log in read_lines for line in log)
    assert all([line for line in merged if line.service == str(n)] == log for n, log in enumerate(read_lines))
