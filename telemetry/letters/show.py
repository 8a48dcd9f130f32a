"""Dead letters as text: tables for lists, and one letter with a mark under what is wrong. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from telemetry.lake.output import as_table
from telemetry.lake.result import Result

from .letter import Letter
from .read import Group

SHORT: Final = 60
"""Characters of a message in a list."""
AROUND: Final = 60
"""Characters before and after a fault in text that is no JSON."""
MOST_LINES: Final = 200
_BYTE: Final = re.compile(r"\(byte (?P<place>[0-9]+)\)")


def letters_table(letters: Sequence[Letter], fates: Mapping[str, str]) -> str:
    """A line a letter; `fates` says by place what became of it."""
    rows = [
        (
            letter.place.short,
            f"{letter.kafka_time:%Y-%m-%d %H:%M:%S}",
            letter.reason,
            letter.field,
            letter.contract,
            len(letter.raw or b""),
            fates.get(str(letter.place), ""),
            shortened(letter.raw),
        )
        for letter in letters
    ]
    columns = ("place", "taken, UTC", "reason", "field", "contract", "bytes", "replayed", "message")
    return _table(columns, rows, numbers={"bytes"})


def groups_table(groups: Sequence[Group], sent: Mapping[tuple[str, str], int]) -> str:
    """A line a reason and field; `sent` counts those that were sent once more."""
    rows = [
        (
            group.reason,
            group.field,
            group.count,
            sent.get((group.reason, group.field or ""), 0),
            f"{group.first:%Y-%m-%d %H:%M:%S}",
            f"{group.last:%Y-%m-%d %H:%M:%S}",
            group.example.short,
        )
        for group in groups
    ]
    columns = ("reason", "field", "letters", "replayed", "first, UTC", "last, UTC", "last place")
    return _table(columns, rows, numbers={"letters", "replayed"})


def _table(columns: Sequence[str], rows: list[tuple[Any, ...]], numbers: set[str]) -> str:
    typed = tuple((name, "BIGINT" if name in numbers else "VARCHAR") for name in columns)
    return as_table(Result(typed, rows, truncated=False, seconds=0.0)).rpartition("\n(")[0] + "\n"


def shortened(raw: bytes | None) -> str:
    """The first characters of a message, on one line, that can't move a terminal's cursor."""
    text = printable(" ".join(text_of(raw).split()))
    return text if len(text) <= SHORT else text[: SHORT - 1] + "…"


def text_of(raw: bytes | None) -> str:
    """A message as text; bytes that are none are written as \\xff."""
    return (raw or b"").decode("utf-8", "backslashreplace")


def printable(text: str) -> str:
    """The text with control characters written out."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def letter_text(letter: Letter, fate: str) -> str:
    """All of a letter: where, when, why, and its message with a mark under the fault."""
    raw = letter.raw or b""
    facts = [
        ("place", str(letter.place)),
        ("taken", f"{letter.kafka_time:%Y-%m-%d %H:%M:%S.%f} UTC"),
        ("reason", letter.reason),
        ("field", letter.field or "none"),
        ("detail", letter.detail),
        ("contract", letter.contract or "none named"),
        ("key", "not kept" if letter.key is None else text_of(letter.key)),
        ("size", f"{len(raw):,} bytes"),
        ("replayed", fate or "no"),
    ]
    lines = [f"{name:<9} {printable(value)}" for name, value in facts]
    return "\n".join([*lines, "", *_body(letter, raw)]) + "\n"


def _body(letter: Letter, raw: bytes) -> list[str]:
    if not raw:
        return ["(no bytes)"]
    try:
        message = json.loads(raw)
    except (ValueError, RecursionError):
        return _excerpt(raw, letter.detail)
    lines = [line for path, text in _pretty(message) for line in _marked(path, text, letter)]
    cut = len(lines) - MOST_LINES
    return lines if cut <= 0 else [*lines[:MOST_LINES], f"({cut:,} more lines)"]


def _marked(path: str, text: str, letter: Letter) -> Iterator[str]:
    yield printable(text)
    if path and path == letter.field:
        yield f"{' ' * (len(text) - len(text.lstrip()))}^ {letter.reason}: {printable(letter.detail)}"


def _pretty(value: Any, path: str = "", indent: int = 0, name: str = "", comma: str = "") -> Iterator[tuple[str, str]]:
    """Lines of JSON, each with the dotted path of what it shows."""
    margin, label = "  " * indent, f"{json.dumps(name, ensure_ascii=False)}: " if name else ""
    if not isinstance(value, dict) or not value:
        yield path, f"{margin}{label}{json.dumps(value, ensure_ascii=False)}{comma}"
        return
    yield path, f"{margin}{label}{{"
    last = len(value) - 1
    for number, (key, inner) in enumerate(value.items()):
        inside = f"{path}.{key}" if path else str(key)
        yield from _pretty(inner, inside, indent + 1, str(key), "," if number < last else "")
    yield "", f"{margin}}}{comma}"


def _excerpt(raw: bytes, detail: str) -> list[str]:
    """What stands around the byte that can't be read; the end of a message that breaks off."""
    found = _BYTE.search(detail)
    place = min(int(found["place"]), len(raw)) if found else len(raw) if "truncated" in detail else 0
    before, after = printable(text_of(raw[:place])), printable(text_of(raw[place:]))
    head = before if len(before) <= AROUND else "…" + before[-AROUND:]
    tail = after if len(after) <= AROUND else after[:AROUND] + "…"
    return [head + tail, f"{' ' * len(head)}^ {printable(detail)}"]
