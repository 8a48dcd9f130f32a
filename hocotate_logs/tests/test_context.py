"""Ids that are bound for a while."""

from __future__ import annotations

import asyncio

import pytest

from hocotate_logs import bind, bound, current, unbound


def test_what_is_bound_is_there_until_the_block_ends() -> None:
    with bound(request_id="a"):
        with bound():
            bind(mission=1)
            assert current() == {"request_id": "a", "mission": 1}
        assert current() == {"request_id": "a"}
    assert current() == {}


def test_a_fault_within_the_block_leaves_nothing_bound() -> None:
    with pytest.raises(ZeroDivisionError), bound(mission=1):
        raise ZeroDivisionError
    assert current() == {}


def test_a_name_that_no_line_carries_is_refused() -> None:
    with pytest.raises(ValueError, match="carry no password"):
        bind(password="x")
    assert current() == {}


async def test_tasks_side_by_side_have_each_their_own_ids_and_what_outlives_them_has_none() -> None:
    seen = []

    async def look(name: str) -> None:
        await asyncio.sleep(0)
        seen.append((name, dict(current())))

    async def request(number: int) -> None:
        with bound(mission=number):
            await asyncio.gather(
                asyncio.create_task(look(f"helper {number}")),
                asyncio.create_task(look(f"lasting {number}"), context=unbound()),
            )

    await asyncio.gather(request(1), request(2))

    assert sorted(seen, key=lambda one: one[0]) == [
        ("helper 1", {"mission": 1}),
        ("helper 2", {"mission": 2}),
        ("lasting 1", {}),
        ("lasting 2", {}),
    ]
