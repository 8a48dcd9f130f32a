"""Installs the jars of the lock, checked, and unpacks the schema registry."""

from __future__ import annotations

import fcntl
import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError
from stack.jars.ivy import locked_module, run_ivy
from stack.jars.lock import LockedFile, read_lock, sha256_of

SETTINGS = Path(__file__).with_name("ivysettings.xml")
REGISTRY = "registry"
FOLDERS = ("kafka", "agent", "spark", REGISTRY)
RETRIEVE_PATTERN = "[conf]/[artifact]-[revision](-[classifier]).[ext]"
TRIES = 3


@dataclass(frozen=True)
class JarDirs:
    """Where the jars lie: three folders of jars, and the unpacked registry (with its `quarkus-run.jar`)."""

    kafka: Path
    agent: Path
    spark: Path
    registry: Path


def ensure(
    directory: Path, java: Path, on_progress: Callable[[str], None], folders: Collection[str] = FOLDERS
) -> JarDirs:
    """Bring every file of the lock under `directory`; what is there and matches is not fetched again.

    Args:
        directory: keeps the folders kafka, agent, spark and registry, and while it fetches Ivy's cache, so that a
            broken start goes on where it stopped. May be shared by platforms.
        java: the `java` program that runs Ivy.
        on_progress: told what is going on, in a few words.
        folders: those to bring; an image needs only its own.

    Raises:
        StackError: a file cannot be fetched, or has not the sha256 of the lock.
    """
    directory.mkdir(parents=True, exist_ok=True)
    with _alone(directory, on_progress):
        locked = [file for file in read_lock() if file.folder in folders]
        missing = [file for file in locked if not _in_place(directory, file)]
        if missing:
            _fetch(directory, java, missing, on_progress)
        _drop_others(directory, locked)
        shutil.rmtree(directory / "ivy-cache", ignore_errors=True)
    return JarDirs(directory / "kafka", directory / "agent", directory / "spark", directory / REGISTRY)


def _in_place(directory: Path, file: LockedFile) -> bool:
    if file.folder == REGISTRY:
        mark = directory / REGISTRY / ".sha256"
        return mark.is_file() and mark.read_text() == file.sha256
    path = directory / file.folder / file.file_name
    return path.is_file() and sha256_of(path) == file.sha256


def _fetch(directory: Path, java: Path, files: Sequence[LockedFile], on_progress: Callable[[str], None]) -> None:
    staging = directory / "staging"
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    module = staging / "ivy.xml"
    module.write_text(locked_module(files))
    pattern = f"{staging}/{RETRIEVE_PATTERN}"
    arguments = ["-settings", str(SETTINGS), "-ivy", str(module), "-retrieve", pattern]
    for attempt in range(1, TRIES + 1):
        try:
            run_ivy(java, directory / "ivy-cache", arguments, _progress(len(files), on_progress))
            break
        except StackError as error:
            if attempt == TRIES:
                raise
            on_progress(f"trying again: {error.what}")
    for file in files:
        _install(staging / file.folder / file.file_name, directory, file, on_progress)
    shutil.rmtree(staging)


def _progress(total: int, on_progress: Callable[[str], None]) -> Callable[[str], None]:
    done = 0

    def on_line(line: str) -> None:
        nonlocal done
        done += "[SUCCESSFUL ]" in line
        if found := re.match(r"downloading \S+/(\S+) \.\.\.", line):
            on_progress(f"jars: {done} of {total}, fetching {found[1]}")

    on_progress(f"jars: looking up {total} files")
    return on_line


def _install(fetched: Path, directory: Path, file: LockedFile, on_progress: Callable[[str], None]) -> None:
    if not fetched.is_file():
        raise StackError(f"{file.coordinates} was not fetched, and Ivy did not say why.", "Start again.")
    if (sha256 := sha256_of(fetched)) != file.sha256:
        # Otherwise the next start would find the same bad file in the cache.
        shutil.rmtree(directory / "ivy-cache", ignore_errors=True)
        raise StackError(
            f"{file.coordinates} has the sha256 {sha256}, the lock has {file.sha256}: it is not installed.",
            "Start again; if it stays so, the download is not the file that this version was built with.",
        )
    if file.folder == REGISTRY:
        on_progress(f"jars: unpacking {file.file_name}")
        _unpack(fetched, directory, file.sha256)
    else:
        (directory / file.folder).mkdir(exist_ok=True)
        fetched.replace(directory / file.folder / file.file_name)


def _unpack(archive: Path, directory: Path, sha256: str) -> None:
    fresh = Path(tempfile.mkdtemp(prefix="unpacking-", dir=directory))
    with tarfile.open(archive) as tar:
        tar.extractall(fresh, filter="data")
    (fresh / ".sha256").write_text(sha256)
    fresh.chmod(0o755)
    target = directory / REGISTRY
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def _drop_others(directory: Path, locked: Sequence[LockedFile]) -> None:
    # A jar of an older lock beside its successor on one class path would win by its name.
    wanted = {(file.folder, file.file_name) for file in locked}
    for folder in {file.folder for file in locked} - {REGISTRY}:
        for path in (directory / folder).iterdir():
            if (folder, path.name) not in wanted:
                path.unlink()
    for half in directory.glob("unpacking-*"):
        shutil.rmtree(half)


@contextmanager
def _alone(directory: Path, on_progress: Callable[[str], None]) -> Iterator[None]:
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_progress(f"waiting for another start that fetches jars into {directory}")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
