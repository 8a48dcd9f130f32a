"""The processes of queries: kept while they are good, killed with their asker, replaced when they die."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace

import psutil
import pytest
import pytest_asyncio

from spark.tests.lakes import pid_is_gone
from telemetry.lake import LakeAccess, LakeUnavailable, Limits, QueryTooLarge
from telemetry.lake.catalog import metadata_locations
from telemetry.lake.workers import Job, Workers

from .lakes import ROWS

ENDLESS = "SELECT sum(sqrt(range)) FROM range(1000000000000)"


@pytest_asyncio.fixture
async def pool(access: LakeAccess) -> AsyncIterator[Workers]:
    pool = Workers(access, Limits(seconds=60, memory_mb=128))
    yield pool
    await pool.close()


def job(access: LakeAccess, sql: str) -> Job:
    return Job(sql, metadata_locations(access), rows=10)


def pids() -> set[int]:
    return {one.pid for one in psutil.Process().children() if "telemetry.lake.worker" in one.cmdline()}


async def test_one_process_answers_one_query_after_the_other(access: LakeAccess, pool: Workers) -> None:
    await pool.prepare()
    first = pids()
    for _ in range(3):
        answer = await pool.run(job(access, "SELECT count(*) FROM telemetry.raw"))
        assert json.loads(answer.data)["rows"] == [[ROWS]]

    assert len(first) == 1
    assert pids() == first


async def test_two_queries_at_once_have_a_process_each(access: LakeAccess, pool: Workers) -> None:
    both = await asyncio.gather(*(pool.run(job(access, "SELECT 1 FROM telemetry.raw LIMIT 1")) for _ in range(2)))

    assert [answer.rows for answer in both] == [1, 1]
    assert len(pids()) == 2


async def test_a_query_that_is_let_go_takes_its_process_along(access: LakeAccess, pool: Workers) -> None:
    await pool.prepare()
    (pid,) = pids()
    asked = asyncio.create_task(pool.run(job(access, ENDLESS)))
    while sum(psutil.Process(pid).cpu_times()[:2]) < 3:
        await asyncio.sleep(0.05)

    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked

    assert pid_is_gone(pid)
    assert (await pool.run(job(access, "SELECT 1"))).rows == 1


async def test_a_process_that_the_kernel_kills_is_told_as_a_limit_and_replaced(
    access: LakeAccess, pool: Workers
) -> None:
    await pool.prepare()
    (pid,) = pids()
    asked = asyncio.create_task(pool.run(job(access, ENDLESS)))
    while sum(psutil.Process(pid).cpu_times()[:2]) < 3:
        await asyncio.sleep(0.05)

    psutil.Process(pid).kill()

    with pytest.raises(QueryTooLarge, match="needs more than 128 MB"):
        await asked
    assert (await pool.run(job(access, "SELECT 1"))).rows == 1


async def test_a_process_that_can_not_start_is_told_as_a_fault(access: LakeAccess) -> None:
    broken = Workers(replace(access, namespace="no such name"), Limits())

    with pytest.raises(LakeUnavailable, match="the fault is ours"):
        await broken.run(job(access, "SELECT 1"))


async def test_the_process_of_a_query_is_bounded_and_gives_way(access: LakeAccess, pool: Workers) -> None:
    await pool.run(job(access, "SELECT 1"))
    (pid,) = pids()
    process = psutil.Process(pid)

    assert process.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert process.rlimit(psutil.RLIMIT_DATA)[1] == (128 + 512) * 2**20
    assert process.nice() >= 10
    assert access.s3_secret_key not in " ".join([*process.cmdline(), *process.environ().values()])
    assert access.catalog_url not in " ".join(process.environ().values())
