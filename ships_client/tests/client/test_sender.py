import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from confluent_kafka import KafkaError, Message

from ships_client.client.sender import Sender
from ships_client.contracts import MissionStatus, Phase, Telemetry, decode
from ships_client.contracts.telemetry import CONTRACT_HEADER
from ships_client.recorder import VERSION, Acknowledged, Boarded, Closed, Ended, Header, Recorder
from ships_client.sim.rows import ROW
from ships_client.sim.rules import LOST, NONE
from ships_client.transports import TelemetryProducer

START = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
START_US = round(START.timestamp() * 1e6)
HEADER = Header("a" * 32, VERSION, "2026-11-25T08:30:00Z", 7, {})
Stored = Callable[[int], list[Message]]


@dataclass
class Fleet:
    """Ships that stand still and are recorded: by number the turn in which each takes off."""

    recorder: Recorder
    launches: dict[int, int] = field(default_factory=dict)

    def board(self, *numbers: int, ship: str | None = None) -> None:
        """They take off in the next turn."""
        for number in numbers:
            launch = self.recorder.last_turn + 1
            self.launches[number] = launch
            name = ship or f"SHIP_{number}"
            self.recorder.note(Boarded(number, number, 100 + number, name, "Olimar", "Karut", 2, False, "", launch))

    def fly(self, turns: int, *, lost: Sequence[int] = (), fuel_too_long: int | None = None) -> None:
        """Record turns; in the last of them some are lost."""
        for left in reversed(range(turns)):
            turn = self.recorder.last_turn + 1
            numbers = np.array(sorted(self.launches), dtype=np.int64)
            rows = np.zeros(len(numbers), dtype=ROW)
            rows["tick"] = [turn - self.launches[number] for number in numbers.tolist()]
            rows["component"] = NONE
            rows["readings"] = [90.0, 325.0, 600.0, -70.0]
            if left == 0:
                rows["phase"][np.isin(numbers, lost)] = LOST
            if fuel_too_long is not None:
                rows["readings"][numbers == fuel_too_long, 3] = 5.0
            self.recorder.append(START_US + turn * 1_000_000, numbers, rows)
        for number in lost:
            last_seq = self.recorder.last_turn - self.launches.pop(number)
            self.recorder.note(Ended(number, MissionStatus.FAILURE, last_seq, self.recorder.last_turn))


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    recorder = Recorder.create(tmp_path, HEADER)
    yield Fleet(recorder)
    recorder.close()


@pytest.fixture
def told() -> list[str]:
    """What the sender has told of."""
    return []


def sender(fleet: Fleet, bootstrap: str, told: list[str], los: range | None = None, **config: object) -> Sender:
    return Sender(fleet.recorder, TelemetryProducer(bootstrap, **config), los, told.append)


def deliver(sender: Sender, seconds: float = 20.0) -> bool:
    """Send and wait until all that may be sent is acknowledged, as a fleet's loop does; whether it came to that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if sender.send(time.monotonic() + 0.1) and not sender.pending:
            return True
        sender.serve(time.monotonic() + 0.02)
    return False


def by_ship(records: Sequence[Message]) -> dict[str, list[Telemetry]]:
    """Messages by key, in the order of the topic; each checked against its contract."""
    found: dict[str, list[Telemetry]] = {}
    for record in records:
        found.setdefault(record.key().decode(), []).append(decode(record.value(), START + timedelta(hours=1)))
    return found


def seqs(records: Sequence[Message]) -> dict[str, list[int | None]]:
    return {ship: [message.seq for message in messages] for ship, messages in by_ship(records).items()}


def first_times(numbers: list[int | None]) -> list[int | None]:
    """Without what came again."""
    return list(dict.fromkeys(numbers))


def test_every_recorded_turn_arrives_in_order_with_its_own_time(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(3, 5)
    fleet.fly(10)
    fleet.board(8)
    fleet.fly(10)
    line = sender(fleet, bootstrap, told)
    assert deliver(line)
    assert (line.sent, line.acknowledged, line.refused, line.behind) == (50, 50, 0, 0)
    records = stored(50)
    ships = by_ship(records)
    assert seqs(records) == {"SHIP_3": list(range(20)), "SHIP_5": list(range(20)), "SHIP_8": list(range(10))}
    assert [m.timestamp for m in ships["SHIP_8"]] == [START + timedelta(seconds=turn) for turn in range(10, 20)]
    assert {m.mission_id for m in ships["SHIP_8"]} == {"108"}
    assert all(record.headers() == [CONTRACT_HEADER] for record in records)
    assert not told


def test_a_full_queue_is_left_and_gone_on_with_within_the_turn(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(*range(700))
    fleet.fly(3)
    line = sender(fleet, bootstrap, told, queue_buffering_max_messages=100)
    assert not line.send(time.monotonic() + 60)
    assert line.sent <= 700
    assert deliver(line)
    assert line.acknowledged == 2100
    records = stored(2100)
    assert len(records) == 2100
    assert seqs(records) == {f"SHIP_{number}": [0, 1, 2] for number in range(700)}


def test_a_broker_that_is_away_costs_the_flight_no_time(fleet: Fleet, nowhere: str, told: list[str]) -> None:
    fleet.board(1)
    line = sender(fleet, nowhere, told, queue_buffering_max_messages=10)
    for _ in range(50):
        fleet.fly(1)
        began = time.monotonic()
        line.send(began + 0.05)
        assert time.monotonic() - began < 0.5
    assert (line.acknowledged, line.behind, line.acknowledged_turn) == (0, 50, -1)
    assert line.sent <= 10
    assert not line.delivered(1, 0)


def test_sending_stops_when_its_time_is_up_and_goes_on_there(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(*range(1300))
    fleet.fly(1)
    line = sender(fleet, bootstrap, told)
    assert not line.send(0.0)
    assert 0 < line.sent < 1300
    assert deliver(line)
    assert len(stored(1300)) == 1300


def test_what_is_acknowledged_is_noted_and_not_sent_again_after_a_resume(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str], tmp_path: Path
) -> None:
    fleet.board(1)
    fleet.fly(20)
    line = sender(fleet, bootstrap, told)
    assert deliver(line)
    line.close()
    assert fleet.recorder.standing.acknowledged_turn == 19
    fleet.recorder.close()
    fleet.recorder = Recorder.resume(tmp_path)
    fleet.fly(5)
    assert deliver(sender(fleet, bootstrap, told))
    assert seqs(stored(25)) == {"SHIP_1": list(range(25))}


def test_what_was_not_acknowledged_is_sent_after_a_resume_with_its_own_time(
    fleet: Fleet, bootstrap: str, nowhere: str, stored: Stored, told: list[str], tmp_path: Path
) -> None:
    fleet.board(1)
    fleet.fly(20)
    unheard = sender(fleet, nowhere, told)
    unheard.send(time.monotonic() + 1)
    unheard.close()
    fleet.recorder.close()
    fleet.recorder = Recorder.resume(tmp_path)
    assert deliver(sender(fleet, bootstrap, told))
    messages = by_ship(stored(20))["SHIP_1"]
    assert [m.timestamp for m in messages] == [START + timedelta(seconds=turn) for turn in range(20)]


def test_messages_that_kafka_gives_back_are_sent_again_from_the_cursor_on(
    fleet: Fleet, bootstrap: str, nowhere: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1, 2)
    fleet.fly(10)
    producer = TelemetryProducer(nowhere, message_timeout_ms=100)
    line = Sender(fleet.recorder, producer, None, told.append)
    producer._config["bootstrap.servers"] = bootstrap
    assert deliver(line)
    assert (line.sent, line.acknowledged, line.behind) == (20, 20, 0)
    assert seqs(stored(20)) == {"SHIP_1": list(range(10)), "SHIP_2": list(range(10))}
    assert told
    assert "sent again" in told[0]


def test_a_producer_that_has_failed_for_good_is_renewed(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1)
    fleet.fly(10)
    producer = TelemetryProducer(bootstrap)
    line = Sender(fleet.recorder, producer, None, told.append)
    assert deliver(line)
    fleet.fly(10)
    line.send(time.monotonic() + 1)
    producer._on_error(KafkaError(KafkaError._FATAL, "fenced", fatal=True))
    assert deliver(line)
    assert first_times(seqs(stored(20))["SHIP_1"]) == list(range(20))


def test_a_message_that_kafka_will_never_take_is_left_out_and_told(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1)
    fleet.board(2, ship="🚀" * 64)
    fleet.fly(5)
    line = sender(fleet, bootstrap, told, message_max_bytes=1000)
    assert deliver(line)
    assert (line.acknowledged, line.refused, line.behind) == (5, 5, 0)
    assert seqs(stored(5)) == {"SHIP_1": list(range(5))}
    assert "turn 0" in told[0]


def test_a_row_that_breaks_the_contract_is_never_sent_but_counted_and_told_once(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1, 2)
    fleet.fly(4, fuel_too_long=2)
    line = sender(fleet, bootstrap, told)
    assert deliver(line)
    assert (line.sent, line.acknowledged, line.refused, line.behind) == (4, 4, 4, 0)
    assert seqs(stored(4)) == {"SHIP_1": [0, 1, 2, 3]}
    assert [text for text in told if "navigation_signal_db" in text] == told
    assert len(told) == 1


def test_a_ship_whose_name_breaks_the_contract_is_never_sent_but_counted_and_told_once(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1)
    fleet.board(2, ship="S" * 65)
    fleet.fly(4)
    line = sender(fleet, bootstrap, told)
    assert deliver(line)
    assert (line.sent, line.refused, line.behind) == (4, 4, 0)
    assert seqs(stored(4)) == {"SHIP_1": [0, 1, 2, 3]}
    assert len(told) == 1


def test_a_flight_is_delivered_once_its_last_message_is_acknowledged(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1, 2)
    fleet.fly(5, lost=[1])
    line = sender(fleet, bootstrap, told)
    assert not line.delivered(1, 4)
    assert deliver(line)
    assert line.delivered(1, 4)
    assert not line.delivered(2, 5)
    last = by_ship(stored(10))["SHIP_1"][-1]
    assert (last.seq, last.phase, last.mission_status) == (4, Phase.LOST, MissionStatus.FAILURE)


def test_a_closed_flight_whose_messages_are_acknowledged_is_left_out(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1, 2)
    fleet.fly(5, lost=[1])
    fleet.recorder.note(Acknowledged(2), Closed(1, MissionStatus.FAILURE))
    assert deliver(sender(fleet, bootstrap, told))
    assert seqs(stored(4)) == {"SHIP_1": [3, 4], "SHIP_2": [3, 4]}


def test_a_lost_signal_withholds_messages_and_catches_up_in_order_with_their_own_times(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    line = sender(fleet, bootstrap, told, range(3, 6))
    fleet.board(1)
    fleet.fly(2)
    fleet.board(2)
    for turn in range(2, 6):
        fleet.fly(1)
        assert deliver(line)
        assert line.acknowledged_turn == 2 if turn > 2 else turn
    assert line.acknowledged == 3 + 3  # up to seq 2 of either
    assert not line.delivered(1, 5)
    fleet.fly(1)
    assert deliver(line)
    assert line.acknowledged_turn == 4  # ship 2 isn't heard since turn 5
    assert line.delivered(1, 6)
    fleet.fly(2)
    assert deliver(line)
    assert (line.behind, line.acknowledged) == (0, 9 + 7)
    records = stored(16)
    assert seqs(records) == {"SHIP_1": list(range(9)), "SHIP_2": list(range(7))}
    assert [m.timestamp for m in by_ship(records)["SHIP_1"]] == [START + timedelta(seconds=s) for s in range(9)]


def test_the_cursor_waits_for_all_that_was_withheld_while_some_of_it_is_sent(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    line = sender(fleet, bootstrap, told, range(2, 50), queue_buffering_max_messages=1)
    fleet.board(5)
    fleet.fly(2)
    fleet.board(1)
    fleet.fly(4)
    assert deliver(line)
    assert line.acknowledged_turn == 1
    fleet.fly(1, lost=[1, 5])
    while not line.send(0.0):
        line.serve(time.monotonic() + 0.01)
        assert line.acknowledged_turn in (1, 6)
    assert deliver(line)
    assert line.acknowledged_turn == 6
    assert seqs(stored(12)) == {"SHIP_5": list(range(7)), "SHIP_1": list(range(5))}


def test_a_process_that_ends_while_the_signal_is_lost_sends_what_was_withheld_after_its_resume(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str], tmp_path: Path
) -> None:
    line = sender(fleet, bootstrap, told, range(3, 8))
    fleet.board(1)
    for _ in range(6):
        fleet.fly(1)
        assert deliver(line)
    line.close()
    assert fleet.recorder.standing.acknowledged_turn == 2
    fleet.recorder.close()
    fleet.recorder = Recorder.resume(tmp_path)
    line = sender(fleet, bootstrap, told, range(3, 8))
    for _ in range(4):
        fleet.fly(1)
        assert deliver(line)
    assert seqs(stored(10)) == {"SHIP_1": list(range(10))}
    assert line.behind == 0


def test_a_ship_lost_while_its_signal_is_lost_is_heard_at_its_end(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    line = sender(fleet, bootstrap, told, range(2, 50))
    fleet.board(1, 2)
    fleet.fly(4)
    assert deliver(line)
    fleet.fly(1, lost=[1])
    assert deliver(line)
    assert line.delivered(1, 4)
    assert seqs(stored(7)) == {"SHIP_1": list(range(5)), "SHIP_2": [0, 1]}


def test_turns_sent_late_are_not_withheld_once_the_fleet_has_passed_the_loss_of_signal(
    fleet: Fleet, bootstrap: str, stored: Stored, told: list[str]
) -> None:
    fleet.board(1)
    fleet.fly(10)
    assert deliver(sender(fleet, bootstrap, told, range(3, 6)))
    assert seqs(stored(10)) == {"SHIP_1": list(range(10))}
