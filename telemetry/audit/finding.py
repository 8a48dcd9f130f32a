"""One row of the audit."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Finding:
    """How one invariant stands.

    Attributes:
        invariant: its number in docs/architecture.md.
        name: it, in a few words.
        ok: whether it holds; None when it is not measured here.
        figures: what was measured, by name.
        broken: a sentence for each thing that breaks it.
    """

    invariant: int
    name: str
    ok: bool | None = None
    figures: dict[str, int | str] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def judged(self) -> Finding:
        """The row with its verdict: it holds when nothing breaks it."""
        self.ok = not self.broken
        return self

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return asdict(self)


MOST_SENTENCES = 20


def sentences(found: list[str]) -> list[str]:
    """At most MOST_SENTENCES of them, the last one counting the rest."""
    if len(found) <= MOST_SENTENCES:
        return found
    return [*found[:MOST_SENTENCES], f"And {len(found) - MOST_SENTENCES} more."]
