"""What a part answers, and how a failure is told: in a sentence without addresses or passwords."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from telemetry.models import PartState

logger = logging.getLogger(__name__)

PATIENCE_S: Final = 2.0
"""What has not answered by then is down."""


class NotStarted(Exception):
    """This platform has no such part; the text says why."""


class Unwell(Exception):
    """The part answers, and what it says is not well; the text is a sentence for everybody."""


@dataclass(frozen=True)
class Answer:
    """How a part is; see StatusSample for what each means."""

    state: PartState = PartState.HEALTHY
    said: str = ""
    seconds: float | None = None
    version: str = ""
    up_since: dt.datetime | None = None
    lag: int | None = None
    freshness_s: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)

    def degraded(self, said: str) -> Answer:
        """The same, not well."""
        return replace(self, state=PartState.DEGRADED, said=said)


def heard(part: str, ask: Callable[[], Answer]) -> Answer:
    """Ask a part; whatever goes wrong is its answer. The log has the error itself."""
    began = time.monotonic()
    try:
        answer = ask()
    except NotStarted as error:
        return Answer(PartState.IDLE, str(error))
    except Unwell as error:
        return Answer(PartState.DOWN, str(error))
    except Exception as error:
        # Any failure of any client library means the same here: the part does not answer.
        logger.warning("Status: %s does not answer: %s: %s", part, type(error).__name__, " ".join(str(error).split()))
        took = time.monotonic() - began
        return Answer(PartState.DOWN, f"It did not answer ({type(error).__name__} after {took:.1f} s).")
    return answer if answer.seconds is not None else replace(answer, seconds=time.monotonic() - began)
