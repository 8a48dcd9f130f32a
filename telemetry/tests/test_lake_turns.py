"""One query a user, so many in all; what holds a turn is gone with its process."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings

from stack.config import ROOT
from telemetry.lake.errors import LakeUnavailable, QueryNotNow
from telemetry.lake.turns import Asker, turn

pytestmark = pytest.mark.django_db(transaction=True)

HOLDER = """
import asyncio, sys
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from telemetry.lake.turns import Asker, turn
async def hold():
    async with turn(Asker.user(1), 1):
        print("held", flush=True)
        await asyncio.sleep(600)
asyncio.run(hold())
"""


async def test_a_user_has_one_turn_at_a_time_and_others_have_theirs() -> None:
    async with turn(Asker.user(1), 4):
        with pytest.raises(QueryNotNow, match="Another query of yours is running") as refused:
            async with turn(Asker.user(1), 4):
                pytest.fail("Two turns at once.")
        async with turn(Asker.user(2), 4), turn(Asker.token(1), 4):
            pass
    assert refused.value.own
    async with turn(Asker.user(1), 4):
        pass


async def test_no_more_turns_than_places() -> None:
    async with turn(Asker.user(1), 2), turn(Asker.user(2), 2):
        with pytest.raises(QueryNotNow, match="All 2 places for queries are taken") as refused:
            async with turn(Asker.user(3), 2):
                pytest.fail("Three turns in two places.")
    assert not refused.value.own
    async with turn(Asker.user(3), 2):
        pass


async def test_who_comes_just_before_the_end_of_his_own_query_waits_for_it() -> None:
    async def second() -> float:
        async with turn(Asker.user(1), 4):
            return time.monotonic()

    async with turn(Asker.user(1), 4):
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.2)
        ended = time.monotonic()
    assert await waiting >= ended


async def test_kill_9_leaves_no_turn_behind() -> None:
    database = settings.DATABASES["default"]["NAME"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "hocotate_site.settings"}
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, database], cwd=ROOT, env=env, stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(QueryNotNow):
        async with turn(Asker.user(1), 1):
            pytest.fail("Two turns at once.")

    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()

    async with turn(Asker.user(1), 1):
        pass


async def test_a_database_that_is_away_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(settings.DATABASES["default"], "PORT", 1)

    with pytest.raises(LakeUnavailable, match="database is away"):
        async with turn(Asker.user(1), 1):
            pytest.fail("A turn without a database.")
