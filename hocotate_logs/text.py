"""How a value stands behind its name in a line for people: `name=value`."""

from __future__ import annotations

import json
import re
from typing import Final

_PLAIN: Final = re.compile(r"[!#-<>-~]+")
"""A value that needs no quotes: ASCII that can be seen, without `"` and `=`."""


def word(value: object) -> str:
    """The value as one word; in quotes where it would not be one."""
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)
