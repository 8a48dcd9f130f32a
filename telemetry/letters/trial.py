"""Whether a letter would pass now, as it is or mended. Pure: the time comes in as an argument."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from ships_client.contracts import InvalidMessage, Telemetry, decode, encode
from ships_client.contracts.telemetry import CONTRACT_HEADER

from .errors import Unmendable
from .letter import Letter
from .mend import Mend


@dataclass(frozen=True, slots=True)
class Passing:
    """A message that readers will take: its bytes, what they say, key and contract for its header."""

    letter: Letter
    value: bytes
    message: Telemetry
    key: bytes
    contract: bytes


@dataclass(frozen=True, slots=True)
class Failing:
    """A message that readers would refuse again: reason, field and detail; without a reason it can't be mended so."""

    letter: Letter
    reason: str
    field: str | None
    detail: str


def tried(letter: Letter, mend: Mend, now: dt.datetime) -> Passing | Failing:
    """Judge the letter by the contract as if the broker took it `now`.

    Unmended it keeps its bytes and the contract that its producer named; mended it is written by our own encoder.
    """
    try:
        value = mend.apply(letter.raw)
        message = decode(value, now)
    except Unmendable as error:
        return Failing(letter, "unmendable", None, str(error))
    except InvalidMessage as error:
        return Failing(letter, error.reason.value, error.field, error.detail)
    contract = CONTRACT_HEADER[1]
    if mend:
        value = encode(message)
    elif letter.contract:
        contract = letter.contract.encode()
    return Passing(letter, value, message, letter.key or message.ship_id.encode(), contract)
