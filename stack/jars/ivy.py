"""Runs Apache Ivy, which PySpark brings: it fetches jars by name and keeps what it has fetched."""

from __future__ import annotations

import importlib.util
import queue
import re
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import quoteattr

from stack.errors import StackError
from stack.jars.lock import LockedFile
from stack.java import trust_options

SILENCE_S = 120
"""A download that says nothing for so long is given up: Ivy prints a dot for every few kilobytes."""


def run_ivy(java: Path, cache: Path, arguments: Sequence[str], on_line: Callable[[str], None]) -> None:
    """Run Ivy and hand each of its lines to `on_line`.

    Raises:
        StackError: it failed or fell silent; the text holds what Ivy said.
    """
    command = [str(java), *trust_options(), "-jar", str(_ivy_jar()), "-cache", str(cache), *arguments]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        errors="replace",
    )
    lines: queue.Queue[str | None] = queue.Queue()
    reader = threading.Thread(target=_read, args=(process, lines), daemon=True)
    reader.start()
    said: list[str] = []
    try:
        while (line := lines.get(timeout=SILENCE_S)) is not None:
            if not re.fullmatch(r"[.\s]*(\(\d+kB\))?", line):
                said.append(line)
                on_line(line)
        status = process.wait()
    except queue.Empty:
        raise StackError(f"The download of jars stood still for {SILENCE_S} s.", _REMEDY) from None
    finally:
        process.kill()
        process.wait()
        reader.join()
    if status or any("UNRESOLVED DEPENDENCIES" in line or "FAILED DOWNLOADS" in line for line in said):
        wrong = [line for line in said if re.search(r"not found|FAILED|ERROR|[Ee]xception|timed out", line)]
        raise StackError("Jars could not be fetched: " + "; ".join((wrong or said)[-4:]) + ".", _REMEDY)


def locked_module(files: Sequence[LockedFile]) -> str:
    """The ivy.xml that asks for exactly these files and for nothing that they depend on."""
    folders = sorted({file.folder for file in files})
    confs = "".join(f"<conf name={quoteattr(folder)}/>" for folder in folders)
    dependencies = "".join(
        f"<dependency org={quoteattr(f.organisation)} name={quoteattr(f.name)} rev={quoteattr(f.revision)}"
        f' transitive="false" conf={quoteattr(f"{f.folder}->*")}><artifact name={quoteattr(f.name)}'
        f" type={quoteattr(f.extension)} ext={quoteattr(f.extension)}"
        + ("" if f.classifier == "-" else f" m:classifier={quoteattr(f.classifier)}")
        + "/></dependency>"
        for f in files
    )
    return (
        '<ivy-module version="2.0" xmlns:m="http://ant.apache.org/ivy/maven">'
        f'<info organisation="hocotate" module="platform"/><configurations>{confs}</configurations>'
        f"<dependencies>{dependencies}</dependencies></ivy-module>"
    )


_REMEDY = "Check the network (a proxy's certificate?) and start again: files already fetched are kept."


def _ivy_jar() -> Path:
    spec = importlib.util.find_spec("pyspark")
    folders = spec.submodule_search_locations if spec else None
    found = sorted(Path(folder) / "jars" for folder in folders or [])
    for jars in found:
        for jar in jars.glob("ivy-*.jar"):
            return jar
    raise StackError("PySpark is not installed, and with it Ivy is missing.", "Install the requirements again.")


def _read(process: subprocess.Popen[str], lines: queue.Queue[str | None]) -> None:
    assert process.stdout is not None  # noqa: S101 - asked for above
    # Ivy prints dots while a file comes in and ends the line with the file: by lines, no life would be seen.
    rest = ""
    while chunk := process.stdout.read(256):
        *whole, rest = (rest + chunk).split("\n")
        for line in whole or [""]:
            lines.put(line.strip())
    lines.put(rest.strip())
    lines.put(None)
    process.stdout.close()
