"""Changes: a delta on top of what was known gives what is."""

from hypothesis import given
from hypothesis import strategies as st

from radar.changes import Changes

KEYS = st.sampled_from("ABCDE")
STEPS = st.lists(st.tuples(KEYS, st.one_of(st.none(), st.integers())), max_size=40)


def play(changes: Changes[str, int], steps: list[tuple[str, int | None]]) -> None:
    for key, value in steps:
        if value is None:
            changes.drop(key)
        else:
            changes.put(key, value)


@given(before=STEPS, after=STEPS)
def test_a_delta_on_top_of_an_older_copy_gives_the_newest_state(
    before: list[tuple[str, int | None]], after: list[tuple[str, int | None]]
) -> None:
    changes: Changes[str, int] = Changes()
    play(changes, before)
    version = changes.close()
    copy = dict(changes.values)

    play(changes, after)
    changes.close()
    delta = changes.since(version)

    assert delta is not None
    copy.update(delta.put)
    for key in delta.gone:
        copy.pop(key, None)
    assert copy == dict(changes.values)


@given(steps=STEPS)
def test_a_delta_holds_only_what_changed(steps: list[tuple[str, int | None]]) -> None:
    changes: Changes[str, int] = Changes()
    play(changes, [("A", 1), ("Z", 2)])
    version = changes.close()

    play(changes, steps)
    delta = changes.since(version)

    assert delta is not None
    assert set(delta.put) | set(delta.gone) <= {key for key, _value in steps}
    assert "Z" not in delta.put
    assert not set(delta.put) & set(delta.gone)


def test_who_is_further_behind_than_removals_are_remembered_gets_no_delta() -> None:
    changes: Changes[str, int] = Changes(keep_gone=1)
    for key in "AB":
        changes.put(key, 1)
    long_ago = changes.close()
    changes.drop("A")
    changes.close()
    changes.drop("B")
    recent = changes.close()

    assert changes.since(long_ago) is None
    assert changes.since(recent) is not None


def test_pending_says_whether_the_next_version_has_anything() -> None:
    changes: Changes[str, int] = Changes()
    pending = [changes.pending]
    changes.put("A", 1)
    pending.append(changes.pending)
    changes.close()
    pending.append(changes.pending)
    changes.drop("A")
    pending.append(changes.pending)

    assert pending == [False, True, False, True]
