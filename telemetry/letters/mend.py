"""Mends of a message: rename, drop and set fields, or another message altogether. Pure.

They are done in that order, so that a renamed field can be set. `health_scores.motor` reaches into the inner object.
"""

from __future__ import annotations

import json
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

import msgspec

from ships_client.contracts import HealthScores, Telemetry

from .errors import MendInvalid, Unmendable

INNER: Final = "health_scores"


def _fields() -> dict[str, Any]:
    """Types of the contract's fields, by dotted path."""
    types = typing.get_type_hints(Telemetry, include_extras=True)
    inner = typing.get_type_hints(HealthScores, include_extras=True)
    return types | {f"{INNER}.{name}": kind for name, kind in inner.items()}


FIELDS: Final[Mapping[str, Any]] = MappingProxyType(_fields())


@dataclass(frozen=True, slots=True)
class Mend:
    """What is to be changed; `whole` replaces the message. False when it changes nothing."""

    renamed: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)
    whole: bytes | None = None

    def __bool__(self) -> bool:
        return bool(self.renamed or self.dropped or self.values or self.whole is not None)

    def __str__(self) -> str:
        told = [f"rename {old}={new}" for old, new in self.renamed.items()]
        told += [f"drop {name}" for name in self.dropped]
        told += [f"set {name}={json.dumps(value, ensure_ascii=False)}" for name, value in self.values.items()]
        return ", ".join([*told, *(["from a file"] if self.whole is not None else [])])

    def apply(self, raw: bytes | None) -> bytes:
        """The message after the mend.

        Raises:
            Unmendable: fields are to be changed, but the message is no JSON object.
        """
        if self.whole is not None:
            return self.whole
        if not self:
            return raw or b""
        message = _parsed(raw)
        for old, new in self.renamed.items():
            holder, name = _holder(message, old)
            if holder is not None and name in holder:
                _put(message, new, holder.pop(name))
        for path in self.dropped:
            holder, name = _holder(message, path)
            if holder is not None:
                holder.pop(name, None)
        for path, value in self.values.items():
            _put(message, path, value)
        return json.dumps(message).encode()


def mend_read(
    *, sets: Iterable[str] = (), drops: Iterable[str] = (), renames: Iterable[str] = (), whole: bytes | None = None
) -> Mend:
    """The mend that a command's options describe: FIELD=VALUE, FIELD, OLD=NEW, and a whole message.

    Raises:
        MendInvalid: an option can't be understood, or no message can have that field or value.
    """
    mend = Mend(
        renamed=dict(_pair(text, "OLD=NEW") for text in renames),
        dropped=tuple(drops),
        values={name: _value(name, text) for name, text in (_pair(text, "FIELD=VALUE") for text in sets)},
        whole=whole,
    )
    for name in mend.renamed.values():
        _type(name)
    if whole is not None and (mend.renamed or mend.dropped or mend.values):
        raise MendInvalid("A message from a file is taken as it is; leave out --set, --drop and --rename.")
    return mend


def _pair(text: str, form: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found or not name:
        raise MendInvalid(f"{text!r} is not of the form {form}.")
    return name, value


def _type(name: str) -> Any:
    try:
        return FIELDS[name]
    except KeyError:
        raise MendInvalid(
            f"Messages have no field {name!r}; they have {', '.join(path for path in FIELDS if path != INNER)}."
        ) from None


def _value(name: str, text: str) -> Any:
    """The value as the field's type takes it: `97.5` a number, `null` nothing, `42` for mission_id a text."""
    try:
        return msgspec.to_builtins(msgspec.convert(text, _type(name), strict=False))
    except msgspec.ValidationError as error:
        raise MendInvalid(f"{name} can't be {text!r}: {error}.") from None


def _parsed(raw: bytes | None) -> dict[str, Any]:
    """Python's own parser: it takes NaN, which a mend may replace."""
    try:
        message = json.loads(raw or b"")
    except (ValueError, RecursionError):
        raise Unmendable("It is no JSON, so it has no fields to change; give the message by --from-file.") from None
    if not isinstance(message, dict):
        raise Unmendable("It is no JSON object, so it has no fields to change; give the message by --from-file.")
    return message


def _holder(message: dict[str, Any], path: str) -> tuple[dict[str, Any] | None, str]:
    """The object that holds a path's last name, None where there is none; and that name."""
    outer, dot, name = path.partition(".")
    if not dot or path in message:
        return message, path
    inner = message.get(outer)
    return (inner if isinstance(inner, dict) else None), name


def _put(message: dict[str, Any], path: str, value: Any) -> None:
    outer, dot, name = path.partition(".")
    if not dot:
        message[path] = value
        return
    if not isinstance(message.get(outer), dict):
        message[outer] = {}
    message[outer][name] = value
