"""A line of a log as people read it, and whether it is one that was asked for. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hocotate_logs.text import word
from stack.logs.moment import moment

_LEVEL: Final = re.compile(r"\b(DEBUG|INFO|WARN|WARNING|ERROR|CRITICAL|FATAL)\b")
_FIRST: Final = ("time", "level", "part", "logger", "message", "error", "stack")
_LOOKED_AT: Final = 120
"""Characters at the beginning of a line within which its time and level stand."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a service's log: its text, when it was written as far as it says so, and how serious it is.

    `time` is text that sorts as time does; empty where the line has none, as the later lines of a stack of calls.
    `raw` is the line as it stands in the file.
    """

    service: str
    text: str
    time: str = ""
    level: str = ""
    raw: str = ""


def read(service: str, raw: str) -> Line:
    """A line as it stands in the file; JSON becomes what LOG_FORMAT=text would have written."""
    if raw.startswith("{") and (found := _of_json(raw)) is not None:
        level = str(found.get("level", ""))
        return Line(service, _printable(_text(found)), moment(str(found["time"])), level, raw)
    head = raw[:_LOOKED_AT]
    named = _LEVEL.search(head)
    return Line(service, _printable(raw), moment(head), named[0] if named else "", raw)


def wanted(pattern: str) -> Callable[[Line], bool]:
    """Whether a line holds this text; `name=value` stands for itself alone, so that mission=7 is not mission=70."""
    if "=" not in pattern:
        return lambda line: pattern in line.text
    whole = re.compile(rf"(?<!\S){re.escape(pattern)}(?!\S)")
    return lambda line: whole.search(line.text) is not None


def _of_json(raw: str) -> dict[str, object] | None:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) and {"time", "message"} <= found.keys() else None


def _text(found: dict[str, object]) -> str:
    """As hocotate_logs.formats.LineFormatter writes it."""
    begin = " ".join(str(found[name]) for name in ("time", "level", "part", "logger") if name in found)
    ids = [f"{name}={word(value)}" for name, value in found.items() if name not in _FIRST]
    calls = [str(found[name]) for name in ("error", "stack") if name in found]
    return " | ".join("\n".join([" ".join([f"{begin}: {found['message']}", *ids]), *calls]).splitlines())


def _printable(text: str) -> str:
    """What stands in a log must not move the cursor of the terminal that shows it."""
    return text if text.isprintable() else "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text)
