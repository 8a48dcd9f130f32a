"""Fetching: only what is missing or wrong, checked, and whole or not at all."""

import hashlib
import tarfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from stack.errors import StackError
from stack.jars import retrieve
from stack.jars.lock import LockedFile


@pytest.fixture
def origin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for what Ivy can fetch, with two jars and one archive, and a lock that fits."""
    folder = tmp_path / "origin"
    for name in ("kafka/a-1.jar", "spark/b-2.jar"):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(name)
    (folder / "quarkus-run.jar").write_text("runs")
    (folder / "registry").mkdir()
    with tarfile.open(folder / "registry/r-3.tar.gz", "w:gz") as archive:
        archive.add(folder / "quarkus-run.jar", "quarkus-run.jar")
    lock = [
        LockedFile(path.parent.name, "org", name, revision, "-", extension, _sha256(path))
        for path, name, revision, extension in (
            (folder / "kafka/a-1.jar", "a", "1", "jar"),
            (folder / "spark/b-2.jar", "b", "2", "jar"),
            (folder / "registry/r-3.tar.gz", "r", "3", "tar.gz"),
        )
    ]
    monkeypatch.setattr(retrieve, "read_lock", lambda: lock)
    monkeypatch.setattr(retrieve, "run_ivy", _fetch_from(folder))
    return folder


def test_files_of_the_lock_are_installed_and_the_archive_is_unpacked(origin: Path, tmp_path: Path) -> None:
    dirs = retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)

    assert (dirs.kafka / "a-1.jar").read_text() == "kafka/a-1.jar"
    assert (dirs.spark / "b-2.jar").is_file()
    assert (dirs.registry / "quarkus-run.jar").read_text() == "runs"


def test_files_that_match_are_not_fetched_again(origin: Path, tmp_path: Path) -> None:
    retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)
    for path in origin.rglob("*.*"):
        path.unlink()

    retrieve.ensure(tmp_path / "jars", Path("java"), pytest.fail)


def test_a_file_that_changed_on_disk_is_fetched_again(origin: Path, tmp_path: Path) -> None:
    dirs = retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)
    (dirs.kafka / "a-1.jar").write_text("damaged")

    retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)

    assert (dirs.kafka / "a-1.jar").read_text() == "kafka/a-1.jar"


def test_a_jar_of_an_older_lock_is_removed(origin: Path, tmp_path: Path) -> None:
    dirs = retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)
    (dirs.kafka / "a-0.jar").write_text("older")

    retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)

    assert [path.name for path in dirs.kafka.iterdir()] == ["a-1.jar"]


def test_a_file_with_another_sha256_is_refused_by_name(origin: Path, tmp_path: Path) -> None:
    (origin / "kafka/a-1.jar").write_text("something else")

    with pytest.raises(StackError, match="org:a:1 has the sha256"):
        retrieve.ensure(tmp_path / "jars", Path("java"), lambda _: None)

    assert not (tmp_path / "jars/kafka/a-1.jar").exists()


def _fetch_from(folder: Path) -> Callable[..., None]:
    def run_ivy(java: Path, cache: Path, arguments: Sequence[str], on_line: Callable[[str], None]) -> None:
        staging = Path(arguments[-1].partition("/[conf]")[0])
        for path in (*folder.glob("*/*.jar"), *folder.glob("*/*.tar.gz")):
            target = staging / path.relative_to(folder)
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(path.read_bytes())

    return run_ivy


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
