"""Which settings there are: those that `.env.example` names, and how a misspelt one is told."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache

from stack.config import ROOT


@cache
def known_settings() -> frozenset[str]:
    """The names of all settings that a person may set in `.env`."""
    text = (ROOT / ".env.example").read_text()
    lines = [line for line in text.splitlines() if re.match(r"# [A-Z][A-Z0-9_]*=", line)]
    return frozenset(name for line in lines for name in re.findall(r"(?<![A-Za-z0-9_])([A-Z][A-Z0-9_]*)=", line))


def unknown_settings(names: Iterable[str]) -> list[str]:
    """A sentence for each name that is no setting, with the one that may be meant."""
    sentences = []
    for name in sorted(set(names) - known_settings()):
        near = difflib.get_close_matches(name, sorted(known_settings()), n=1)
        meant = f" Is {near[0]} meant?" if near else ""
        sentences.append(f".env sets {name}, which nothing reads.{meant}")
    return sentences
