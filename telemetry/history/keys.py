"""Which partition a ship's messages are on. Pure."""

from __future__ import annotations

_M = 0x5BD1E995
_SEED = 0x9747B28C
_WORD = 0xFFFFFFFF


def partition_of(key: bytes, partitions: int) -> int:
    """The partition of a key among `partitions`, as Java's clients and our ships choose it (murmur2)."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def murmur2(data: bytes) -> int:
    """Murmur2 of Austin Appleby, 32 bits, with the seed of Kafka's clients."""
    value = _SEED ^ len(data)
    whole = len(data) & ~3
    for place in range(0, whole, 4):
        word = int.from_bytes(data[place : place + 4], "little") * _M & _WORD
        word = (word ^ word >> 24) * _M & _WORD
        value = (value * _M & _WORD) ^ word
    if rest := data[whole:]:
        value = (value ^ int.from_bytes(rest, "little")) * _M & _WORD
    value = (value ^ value >> 13) * _M & _WORD
    return value ^ value >> 15
