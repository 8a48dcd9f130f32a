"""What is asked of the record: a window of time, or how far back the track goes. Pure; times are ms since 1970."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from radar.replay.errors import ReplayInvalid

MOST_SECONDS: Final = 600
MOST_STEP: Final = 60
MOST_MOMENTS: Final = 120
"""A window has one moment more: its end, which is the next one's begin."""
MOST_BACK: Final = 86_400
LEAST_BACK: Final = 600
_LONGEST_SHOWN: Final = 40


@dataclass(frozen=True)
class Window:
    """Moments `begin`, `begin` + `step` and so on; `count` + 1 of them, all ms."""

    begin: int
    step: int
    count: int

    @property
    def end(self) -> int:
        """The last moment."""
        return self.begin + self.step * self.count

    @classmethod
    def of(cls, begin: int, seconds: int, step: int) -> "Window":
        """From ms, s and s.

        Raises:
            ReplayInvalid: the step does not divide the window, or there are too many moments.
        """
        if seconds % step:
            raise ReplayInvalid(f"seconds is {seconds} and step {step}; seconds must be a multiple of step.")
        if seconds // step > MOST_MOMENTS:
            raise ReplayInvalid(
                f"A window of {seconds} s in steps of {step} s has {seconds // step} moments; at most {MOST_MOMENTS}"
                " are answered. Ask for fewer seconds or a longer step."
            )
        return cls(begin, step * 1000, seconds // step)


def moment(name: str, text: str, now: int) -> int:
    """The time that a parameter tells, ms since 1970; fractions of a ms are cut.

    Raises:
        ReplayInvalid: it is not ISO 8601, lacks its zone, or has not been yet.
    """
    try:
        # A plus sign that was not encoded comes as a space.
        told = datetime.fromisoformat(text.strip().replace(" ", "+") if "T" in text else text)
        found = int(told.astimezone(UTC).timestamp() * 1000) if told.tzinfo is not None else None
    except (ValueError, OverflowError):
        found = None
    if found is None:
        shown = text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"
        raise ReplayInvalid(
            f"{name} is {shown!r}; it must be a time with its zone in ISO 8601, such as 2026-11-25T08:00:00Z."
        )
    if found > now:
        raise ReplayInvalid(f"{name} is {text.strip()}, which has not been yet; ask for an earlier time.")
    return found
