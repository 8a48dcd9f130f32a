"""A backup is whole or none, is taken only of what stands still, and comes back only as it was written."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import stat
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from rich.console import Console

from stack import start
from stack.backup.disk import need_room
from stack.backup.files import LEFT_OUT, STALE
from stack.backup.manifest import NAME, Manifest
from stack.backup.marks import MIGRATIONS, POSTGRES, WRITTEN_BY, ours, refuse_other, remember
from stack.backup.restore import BUILDING, check, restore
from stack.backup.take import take
from stack.backup.unfinished import MARK
from stack.cli import main
from stack.config import Platform
from stack.errors import StackError
from stack.progress import Progress, Step
from stack.services.base import Context
from stack.services.kafka import RESTORED, SERVICE
from stack.services.postgres import MAJOR
from stack.supervisor import Supervisor, write_config
from stack.tests.test_cli import stack

FILES = {
    "data/postgres/PG_VERSION": f"{MAJOR}\n",
    "data/postgres/base/1/2619": "rows",
    "data/kafka/log/telemetry.raw-0/00000000000000000000.log": "messages",
    "data/seaweedfs/store/1.dat": "objects",
    "data/checkpoints/raw/offsets/0": "v1",
    "secrets.env": "POSTGRES_PASSWORD=long\n",
}
EMPTY = "data/postgres/pg_notify"
"""PostgreSQL does not start without its empty folders."""


@pytest.fixture
def old(tmp_path: Path) -> Platform:
    """A platform that was stopped."""
    home = tmp_path / "old"
    for path, text in FILES.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)
    (home / EMPTY).mkdir(mode=0o700)
    (home / "data" / "postgres").chmod(0o700)
    (home / "secrets.env").chmod(0o600)
    return Platform(home, 900, {})


@pytest.fixture
def new(tmp_path: Path) -> Platform:
    """A place where no platform has been, with other ports."""
    return Platform(tmp_path / "new", 1000, {})


@pytest.fixture
def taken(old: Platform, tmp_path: Path) -> Path:
    """A backup of the old platform."""
    take(old, tmp_path / "backup", silent())
    return tmp_path / "backup"


class Interrupted(Progress):
    """A progress at whose first news of a copy somebody presses Ctrl-C."""

    @contextmanager
    def step(self, title: str) -> Iterator[Step]:
        with super().step(title) as step:
            if title == "Copying":
                step.update = interrupt  # type: ignore[method-assign]
            yield step


def interrupt(text: str) -> None:
    raise KeyboardInterrupt


def silent(kind: Callable[[Console], Progress] = Progress) -> Progress:
    return kind(Console(file=StringIO()))


def held(home: Path) -> dict[str, str]:
    """Text of each file under a platform's data and of its secrets, by path."""
    paths = [*(home / "data").rglob("*"), home / "secrets.env"]
    return {path.relative_to(home).as_posix(): path.read_text() for path in paths if path.is_file()}


def test_all_comes_back_elsewhere_with_its_rights(old: Platform, new: Platform, taken: Path) -> None:
    assert restore(new, taken, silent()) is None

    assert held(new.home) == {**FILES, f"data/kafka/{RESTORED}": ""}
    assert (new.home / EMPTY).is_dir()
    assert not any((new.home / EMPTY).iterdir())
    for path in ("secrets.env", "data/postgres", EMPTY, "data/postgres/base/1/2619"):
        assert stat.S_IMODE((new.home / path).stat().st_mode) == stat.S_IMODE((old.home / path).stat().st_mode)
    assert sorted(path.name for path in new.home.iterdir()) == ["data", "lock", "secrets.env"]


def test_a_backup_is_for_its_owner_alone(taken: Path) -> None:
    for path in (taken, *taken.rglob("*")):
        if path.name != NAME:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600)


def test_scratch_and_the_mark_of_a_killed_server_are_left_out_and_a_link_to_another_disk_is_followed(
    old: Platform, tmp_path: Path
) -> None:
    for folder in LEFT_OUT:
        (old.home / folder).mkdir()
        (old.home / folder / "scratch").write_text("much")
    (old.home / STALE).write_text("4242\n")
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "2.dat").write_text("more objects")
    (old.home / "data" / "seaweedfs" / "far").symlink_to(tmp_path / "disk")

    manifest = take(old, tmp_path / "backup", silent())

    assert set(manifest.files) == {*FILES, "data/seaweedfs/far/2.dat"}
    assert (tmp_path / "backup" / "data" / "seaweedfs" / "far" / "2.dat").read_text() == "more objects"


def test_a_platform_that_runs_is_neither_copied_nor_overwritten(old: Platform, taken: Path, tmp_path: Path) -> None:
    (old.home / "logs").mkdir()
    write_config(old)
    Supervisor(old).start_daemon()
    try:
        with pytest.raises(StackError, match=r"runs.*make stop"):
            take(old, tmp_path / "another", silent())
        with pytest.raises(StackError, match=r"runs.*make stop"):
            restore(old, taken, silent(), replace=True)
    finally:
        Supervisor(old).shutdown()

    assert not (tmp_path / "another").exists()
    assert held(old.home) == FILES


def test_a_server_that_outlived_its_supervisor_is_named(old: Platform, tmp_path: Path) -> None:
    follower = subprocess.Popen(["tail", "-f", str(old.home / "data/seaweedfs/store/1.dat")], stdout=subprocess.DEVNULL)
    try:
        with pytest.raises(StackError, match=rf"in use by tail \(pid {follower.pid}\)"):
            take(old, tmp_path / "backup", silent())
    finally:
        follower.kill()
        follower.wait()


def test_a_start_that_is_under_way_is_waited_for_and_then_told(
    old: Platform, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stack.backup.take.PATIENCE_S", 0.1)
    with open(old.home / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(StackError, match="A start, stop, backup or restore"):
            take(old, tmp_path / "backup", silent())


def test_a_backup_overwrites_nothing(old: Platform, taken: Path) -> None:
    before = (taken / NAME).read_bytes()
    with pytest.raises(StackError, match="is there already"):
        take(old, taken, silent())
    assert (taken / NAME).read_bytes() == before


def test_a_backup_within_the_data_is_refused(old: Platform) -> None:
    with pytest.raises(StackError, match="within the data"):
        take(old, old.home / "data" / "backup", silent())


def test_of_nothing_there_is_no_backup(new: Platform, tmp_path: Path) -> None:
    with pytest.raises(StackError, match="nothing to back up"):
        take(new, tmp_path / "backup", silent())


def test_a_backup_that_is_interrupted_leaves_nothing(old: Platform, tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        take(old, tmp_path / "backup", silent(Interrupted))
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_what_a_killed_backup_left_is_no_backup_and_does_not_stop_the_next(old: Platform, tmp_path: Path) -> None:
    left = tmp_path / ".backup.partial"
    (left / "data").mkdir(parents=True)
    (left / "data" / "half").write_text("ha")
    with pytest.raises(StackError, match="no whole backup"):
        check(left, silent())

    take(old, tmp_path / "backup", silent())

    assert not left.exists()
    check(tmp_path / "backup", silent())


def test_no_room_is_told_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(StackError, match=r"free at .* needed"):
        need_room(tmp_path, 10**18)


@pytest.mark.parametrize("path", sorted(FILES))
def test_one_changed_byte_stops_a_restore_before_it_writes(path: str, new: Platform, taken: Path) -> None:
    changed = bytearray((taken / path).read_bytes())
    changed[-1] ^= 1
    (taken / path).write_bytes(changed)

    with pytest.raises(StackError, match=rf"1 of {len(FILES)} files .*{path} differs.*Nothing was changed"):
        restore(new, taken, silent())

    assert not new.home.exists()


def test_a_missing_file_stops_a_restore(new: Platform, taken: Path) -> None:
    (taken / "data/seaweedfs/store/1.dat").unlink()
    with pytest.raises(StackError, match=r"1\.dat is missing"):
        restore(new, taken, silent())
    assert not new.home.exists()


def test_a_manifest_that_was_changed_is_refused(new: Platform, taken: Path) -> None:
    told = json.loads((taken / NAME).read_text())
    told["content"]["files"].pop("secrets.env")
    (taken / NAME).write_text(json.dumps(told))
    with pytest.raises(StackError, match="not as it was written"):
        restore(new, taken, silent())


@pytest.mark.parametrize("path", ["../outside", "/etc/passwd", "data/../../outside", "lock"])
def test_a_manifest_leads_nowhere_but_into_the_data(path: str, tmp_path: Path) -> None:
    Manifest("2026-01-01T00:00:00+00:00", {}, {path: 0o700}, {}).write(tmp_path)
    with pytest.raises(StackError, match="not as it was written"):
        Manifest.read(tmp_path)


def test_a_folder_that_holds_a_platform_is_refused_and_with_a_word_put_aside(old: Platform, taken: Path) -> None:
    (old.home / "data" / "newer").write_text("written after the backup")
    (old.home / "platform.env").write_text("SITE_URL=http://127.0.0.1:1\n")
    with pytest.raises(StackError, match="holds a platform already"):
        restore(old, taken, silent())
    assert (old.home / "data" / "newer").exists()

    aside = restore(old, taken, silent(), replace=True)

    assert aside is not None
    assert held(aside) == {**FILES, "data/newer": "written after the backup"}
    assert held(old.home) == {**FILES, f"data/kafka/{RESTORED}": ""}
    assert not (old.home / "platform.env").exists()


def test_secrets_alone_are_a_platform(new: Platform, taken: Path) -> None:
    new.home.mkdir()
    new.secrets_file.write_text("POSTGRES_PASSWORD=another\n")
    with pytest.raises(StackError, match="holds a platform already"):
        restore(new, taken, silent())


def test_a_restore_that_is_interrupted_leaves_what_was_there(old: Platform, taken: Path) -> None:
    (old.home / "data" / "newer").write_text("written after the backup")
    with pytest.raises(KeyboardInterrupt):
        restore(old, taken, silent(Interrupted), replace=True)
    assert held(old.home) == {**FILES, "data/newer": "written after the backup"}
    assert not (old.home / BUILDING).exists()


def test_after_a_restore_that_was_cut_off_between_its_renames_nothing_starts_until_it_is_done_again(
    old: Platform, taken: Path, tmp_path: Path
) -> None:
    (old.home / MARK).write_text(f"{taken}\n")
    os.rename(old.secrets_file, tmp_path / "secrets")

    again = rf"cut off.*make restore FROM={taken} REPLACE=1"
    with pytest.raises(StackError, match=again):
        start.up(old, ("valkey",), silent())
    with pytest.raises(StackError, match="holds no platform"):
        take(old, tmp_path / "another", silent())

    restore(old, taken, silent(), replace=True)

    assert not (old.home / MARK).exists()
    assert held(old.home) == {**FILES, f"data/kafka/{RESTORED}": ""}


def test_a_restore_that_is_done_again_after_a_cut_keeps_the_former_data_and_secrets_together(
    old: Platform, taken: Path
) -> None:
    former = held(old.home)
    aside = old.home / "replaced-begun"
    (old.home / MARK).write_text(f"{taken}\n{aside.name}\n")
    aside.mkdir()
    os.rename(old.home / "data", aside / "data")
    shutil.copytree(taken / "data", old.home / "data")

    told = restore(old, taken, silent(), replace=True)

    assert told == aside
    assert held(aside) == former
    assert held(old.home) == {**FILES, f"data/kafka/{RESTORED}": ""}


def test_a_backup_tells_what_wrote_the_data_and_not_what_copies_it(old: Platform, tmp_path: Path) -> None:
    written = {**ours(), "Kafka": "4.0.0", f"{MIGRATIONS}missions": "0001_initial"}
    (old.home / "data" / WRITTEN_BY).write_text(json.dumps(written))

    assert take(old, tmp_path / "another", silent()).marks == {**written, POSTGRES: MAJOR}

    remember(old.home / "data")
    assert take(old, tmp_path / "newer", silent()).marks == {**ours(), POSTGRES: MAJOR}


def test_versions_that_this_release_can_read_pass() -> None:
    here = ours()
    assert set(here) > {POSTGRES, "Kafka", "SeaweedFS", "Valkey", "Spark"}
    refuse_other(here, here)
    refuse_other({"Kafka": "4.0.0", f"{MIGRATIONS}missions": "0001_initial", POSTGRES: MAJOR}, here)


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        (POSTGRES, "17", "made by PostgreSQL 17"),
        ("Kafka", "3.9.1", "made by Kafka 3.9.1"),
        ("Kafka", "4.99.0", "newer than"),
        ("SeaweedFS", "5.0", "made by SeaweedFS 5.0"),
        (f"{MIGRATIONS}missions", "9999_later", "tables of missions as of 9999_later"),
        (f"{MIGRATIONS}cargo", "0001_initial", "does not know"),
    ],
)
def test_other_majors_and_newer_releases_are_refused(name: str, written: str, said: str) -> None:
    with pytest.raises(StackError, match=f"can't read the backup.*{said}"):
        refuse_other({**ours(), name: written}, ours())


def test_data_of_another_postgresql_is_not_restored(old: Platform, new: Platform, tmp_path: Path) -> None:
    (old.home / "data" / "postgres" / "PG_VERSION").write_text("17\n")
    take(old, tmp_path / "backup", silent())
    with pytest.raises(StackError, match=f"made by PostgreSQL 17, this release runs {MAJOR}"):
        restore(new, tmp_path / "backup", silent())
    assert not new.home.exists()


def test_kafka_gives_its_readers_time_for_a_day_after_a_restore(new: Platform, taken: Path) -> None:
    restore(new, taken, silent())
    (new.home / "data" / "kafka" / "log" / "meta.properties").write_text("version=1\n")  # formatted already
    properties = new.home / "data" / "kafka" / "server.properties"

    SERVICE.prepare(Context(new, {}, {}))
    assert "log.initial.task.delay.ms=3600000\n" in properties.read_text()

    yesterday = time.time() - 25 * 3600
    os.utime(new.home / "data" / "kafka" / RESTORED, (yesterday, yesterday))
    SERVICE.prepare(Context(new, {}, {}))
    assert "log.initial.task.delay.ms" not in properties.read_text()


def test_the_commands_say_where_it_is_and_what_is_next(old: Platform, new: Platform, tmp_path: Path) -> None:
    to = tmp_path / "backup"

    def run(platform: Platform, *arguments: str, **settings: str) -> Result:
        env = {"STACK_DIR": str(platform.home), "STACK_PORT_OFFSET": str(platform.offset), **settings}
        return CliRunner(env=env).invoke(main, arguments)

    made = run(old, "backup", "--to", str(to))
    assert made.exit_code == 0, made.output
    assert f"make restore FROM={to} CHECK=1" in made.stdout

    looked = run(new, "restore", "--from", str(to), CHECK="1")
    assert looked.exit_code == 0, looked.output
    assert "is whole" in looked.stdout
    assert not new.home.exists()

    put = run(new, "restore", "--from", str(to))
    assert put.exit_code == 0, put.output
    assert held(new.home) == {**FILES, f"data/kafka/{RESTORED}": ""}

    again = run(new, "restore", "--from", str(to))
    assert again.exit_code == 1
    assert "REPLACE=1" in again.stderr

    replaced = run(new, "restore", "--from", str(to), REPLACE="1")
    assert replaced.exit_code == 0, replaced.output
    assert "replaced-" in replaced.stdout

    cleaned = run(new, "clean", YES="1")
    assert cleaned.exit_code == 0, cleaned.output
    aside, lock = sorted(new.home.iterdir(), reverse=True)
    assert (aside.name.startswith("replaced-"), lock.name) == (True, "lock")
    assert f"{aside}, which a restore put aside, stays." in cleaned.stdout


def test_a_disk_that_refuses_is_a_sentence(old: Platform, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = stack(old.home, "backup", "--to", str(tmp_path / "file" / "backup"))
    assert done.returncode == 1
    assert "Not a directory" in done.stderr
    assert "Traceback" not in done.stderr
