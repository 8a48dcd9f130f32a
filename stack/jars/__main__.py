"""`python -m stack.jars`: resolve ivy.xml anew, with all that it depends on, and write jars.lock."""

from __future__ import annotations

import tempfile
from pathlib import Path

from stack.jars.ivy import run_ivy
from stack.jars.lock import LOCK_FILE, LockedFile, sha256_of, write_lock
from stack.java import find_java

MODULE = Path(__file__).with_name("ivy.xml")
PATTERN = "[conf]/[organisation]/[artifact]/[revision]/([classifier])-/[ext]/file"


def main() -> None:
    """Resolve, fetch and lock."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        java = find_java(directory=folder / "java").java
        arguments = ["-ivy", str(MODULE), "-retrieve", f"{folder}/files/{PATTERN}"]
        run_ivy(java, folder / "cache", arguments, print)
        files = [_locked(path, folder / "files") for path in (folder / "files").rglob("file")]
    write_lock(files)
    print(f"{LOCK_FILE.name}: {len(files)} files")


def _locked(path: Path, root: Path) -> LockedFile:
    conf, organisation, name, revision, classifier, extension, _ = path.relative_to(root).parts
    return LockedFile(
        conf, organisation, name, revision, classifier.removesuffix("-") or "-", extension, sha256_of(path)
    )


if __name__ == "__main__":
    main()
