"""Whatever is killed with -9 at whatever moment: each offset of Kafka stands once in the lake."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from spark.tests.lakes import Lake, until
from stack.health import ask
from stack.services import SERVICES
from stack.services.base import Context
from stack.supervisor import Supervisor
from tests.messages import invalid, valid

pytestmark = pytest.mark.timeout(900)

VICTIMS: Final = ("jvm", "kafka", "postgres", "seaweedfs", "jvm", "postgres", "seaweedfs")
MESSAGES: Final = 700
SEED: Final = int(os.environ.get("KILLS_SEED", "5"))
"""Another seed kills in another order, at other moments."""


@pytest.fixture
def lake(backing: Context, tmp_path: Path) -> Iterator[Lake]:
    """A lake of this test's own."""
    lake = Lake(backing, tmp_path)
    lake.make()
    yield lake
    lake.drop()


def test_each_offset_stands_once_whatever_is_killed_at_random_moments(lake: Lake) -> None:
    dice = random.Random(SEED)
    victims = list(VICTIMS)
    dice.shuffle(victims)
    lake.start()
    until("the queries run", lambda: lake.metric("lake_batch_seconds"))
    for number, victim in enumerate(victims):
        seqs = range(number * MESSAGES, (number + 1) * MESSAGES)
        lake.send(*map(valid, seqs), *invalid().values(), *map(valid, dice.sample(seqs, 50)))
        time.sleep(dice.uniform(0, 4))
        kill(lake, victim)

    if lake.process is not None and lake.process.poll() is not None:
        lake.start()
    lake.caught_up()
    lake.assert_each_offset_stands_once()
    until("the track has all", lambda: len(lake.contents("track")) >= MESSAGES * len(victims))
    assert sorted(row["seq"] for row in lake.contents("track")) == list(range(MESSAGES * len(victims)))
    until(
        "the minutes have all",
        lambda: sum(row["messages"] for row in lake.contents("ship_minute")) == MESSAGES * len(victims),
    )


def kill(lake: Lake, victim: str) -> None:
    """kill -9 of the lake's JVM, which is started again at once, or of a server, which the supervisor starts again."""
    if victim == "jvm":
        if lake.process is not None and lake.process.poll() is None:
            lake.kill_jvm()
        lake.start()
        return
    os.kill(int(Supervisor(lake.context.platform).states()[victim]["pid"]), signal.SIGKILL)
    until(f"{victim} is back", lambda: ask(lake.context, SERVICES[victim]).healthy)
