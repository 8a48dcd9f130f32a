"""`python -m stack.jars.fetch JAVA_HOME JARS FOLDER...`: a Java and some of the lock's jars, for building an image."""

from __future__ import annotations

import sys
from pathlib import Path

from stack.errors import StackError
from stack.jars.retrieve import ensure
from stack.java import find_java


def main(java: str, jars: str, *folders: str) -> None:
    """Make a JAVA_HOME at `java`, and fetch these folders of the lock below `jars`, each file checked.

    Raises:
        StackError: a file cannot be fetched, or has not the sha256 of the lock.
    """
    ensure(Path(jars), find_java(directory=Path(java)).java, print, folders)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except StackError as error:
        sys.exit(str(error))
