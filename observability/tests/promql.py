"""Reads PromQL, as far as the tests need it."""

from __future__ import annotations

import re

PROMQL = {"and", "or", "unless", "on", "by", "ignoring", "without", "offset", "bool", "group_left", "group_right"}


def metrics_of(expression: str) -> set[str]:
    """The metrics that a PromQL expression asks for."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', "", expression)
    plain = re.sub(r"\{[^}]*\}|\[[^]]*\]", "", plain)
    plain = re.sub(r"\b(?:by|on|without|ignoring)\s*\([^)]*\)", "", plain)
    names = re.findall(r"(?<![\w:.])([a-zA-Z_:][\w:]*)(?!\s*\()(?![\w:])", plain)
    return {name for name in names if name not in PROMQL}
