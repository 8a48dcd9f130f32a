"""From msgspec's errors to a reason and a field.

The fast path is msgspec's compiled decoder; only a message that it refuses comes here. Its sentences are
stable within a release, and a test pins each of them.
"""

import json
import math
import re
from typing import TypeVar

import msgspec

from ships_client.exceptions import InvalidMessage, Reason

T = TypeVar("T")

_PATH = re.compile(r" - at `\$\.?([^`]*)`$")
_NAME = re.compile(r"(?:required|unknown) field `(.*?)`(?: - at `\$[^`]*`)?$", re.DOTALL)
_LONGEST_FIELD = 80
_LONGEST_DETAIL = 300

_BY_SENTENCE: tuple[tuple[str, Reason], ...] = (
    ("Object missing required field", Reason.MISSING_FIELD),
    ("Object contains unknown field", Reason.UNKNOWN_FIELD),
    ("Invalid enum value", Reason.UNKNOWN_VALUE),
    ("Number out of range", Reason.NOT_FINITE),
    ("Integer value out of range", Reason.OUT_OF_RANGE),
)
_BOUND = re.compile(r"^Expected `[^`]+` (?:<=|>=|<|>|of length) ")


def decode_strictly(decoder: "msgspec.json.Decoder[T]", raw: bytes | None, largest: int) -> T:
    """Decode `raw` (at most `largest` bytes) or raise InvalidMessage with the first reason found."""
    if not raw:
        raise InvalidMessage(Reason.EMPTY, None, "There is no value.")
    if len(raw) > largest:
        raise InvalidMessage(Reason.TOO_LARGE, None, f"{len(raw):,} bytes; at most {largest:,} are taken.")
    try:
        return decoder.decode(raw)
    except msgspec.ValidationError as error:
        raise _from_validation(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _from_syntax(raw, str(error)) from None


def _from_validation(sentence: str) -> InvalidMessage:
    reason = next((reason for start, reason in _BY_SENTENCE if sentence.startswith(start)), None)
    if reason is None:
        reason = Reason.OUT_OF_RANGE if _BOUND.match(sentence) else Reason.WRONG_TYPE
    path = _PATH.search(sentence)
    field = path.group(1) if path else ""
    if reason in (Reason.MISSING_FIELD, Reason.UNKNOWN_FIELD) and (name := _NAME.search(sentence)):
        field = f"{field}.{name.group(1)}" if field else name.group(1)
    detail = sentence[: path.start()] if path else sentence
    return InvalidMessage(reason, _short(field, _LONGEST_FIELD) or None, _short(detail))


def _from_syntax(raw: bytes, sentence: str) -> InvalidMessage:
    """JSON has no NaN or Infinity; Python's own parser takes them, which tells them from broken JSON."""
    if not raw.strip():
        return InvalidMessage(Reason.EMPTY, None, "There is only white space.")
    try:
        loose = json.loads(raw)
    except (ValueError, RecursionError):
        return InvalidMessage(Reason.MALFORMED_JSON, None, _short(sentence))
    found = _first_not_finite(loose)
    if found is None:
        return InvalidMessage(Reason.MALFORMED_JSON, None, _short(sentence))
    field = _short(found, _LONGEST_FIELD) or None
    return InvalidMessage(Reason.NOT_FINITE, field, "NaN and infinities are no readings.")


def _first_not_finite(value: object) -> str | None:
    """Dotted path of the first number that is not finite, two levels deep, as deep as a message goes."""
    if isinstance(value, float) and not math.isfinite(value):
        return ""
    if not isinstance(value, dict):
        return None
    for name, inner in value.items():
        if isinstance(inner, float) and not math.isfinite(inner):
            return str(name)
        if isinstance(inner, dict):
            for leaf, number in inner.items():
                if isinstance(number, float) and not math.isfinite(number):
                    return f"{name}.{leaf}"
    return None


def _short(text: str, longest: int = _LONGEST_DETAIL) -> str:
    """Cut, and without control characters and lone surrogates, which logs, terminals and databases choke on."""
    cut = text if len(text) <= longest else text[: longest - 1] + "…"
    return cut if cut.isprintable() else "".join(c if c.isprintable() else "?" for c in cut)
