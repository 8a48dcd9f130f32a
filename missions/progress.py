"""How far missions have come, as told by telemetry: one statement a batch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from missions import rules
from ships_client.contracts import Phase


@dataclass(frozen=True, slots=True)
class Progress:
    """The newest that a batch of telemetry says of a mission; None where it says nothing."""

    mission_id: int
    phase: Phase | None
    last_seq: int | None
    last_message_at: datetime


# Highest of the batch, then highest of batch and row: greatest() passes over nulls, so a message without
# phase or seq leaves them. Rows are locked in the order of their numbers, so two batches cannot deadlock.
_RECORD = """
WITH told AS (
    SELECT mission_id,
           max(array_position(%(order)s::text[], phase)) AS rank,
           max(last_seq) AS last_seq,
           max(last_message_at) AS last_message_at
    FROM unnest(%(ids)s::bigint[], %(phases)s::text[], %(seqs)s::bigint[], %(times)s::timestamptz[])
         AS message (mission_id, phase, last_seq, last_message_at)
    GROUP BY mission_id
), merged AS (
    SELECT m.mission_id,
           CASE WHEN m.phase = %(home)s THEN m.phase
                ELSE (%(order)s::text[])[greatest(array_position(%(order)s::text[], m.phase::text), told.rank)]
           END AS phase,
           greatest(m.last_seq, told.last_seq) AS last_seq,
           greatest(m.last_message_at, told.last_message_at) AS last_message_at
    FROM params.missions AS m JOIN told USING (mission_id)
    ORDER BY m.mission_id
    FOR NO KEY UPDATE OF m
)
UPDATE params.missions AS m
SET phase = merged.phase, last_seq = merged.last_seq, last_message_at = merged.last_message_at, updated_at = now()
FROM merged
WHERE m.mission_id = merged.mission_id
  AND (m.phase, m.last_seq, m.last_message_at)
      IS DISTINCT FROM (merged.phase, merged.last_seq, merged.last_message_at)
"""


def missions_record_progress(progress: Iterable[Progress]) -> int:
    """Record what a batch of telemetry says and return how many missions moved.

    Phase, seq and time only grow, so a batch may come twice or late. Missions that do not exist are passed
    over; an ended mission keeps its status, and may still learn of messages that came late.
    """
    batch = list(progress)
    if not batch:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            {
                "order": [phase.value for phase in rules.PHASE_ORDER],
                "home": Phase.HOME.value,
                "ids": [told.mission_id for told in batch],
                "phases": [told.phase.value if told.phase else None for told in batch],
                "seqs": [told.last_seq for told in batch],
                "times": [told.last_message_at for told in batch],
            },
        )
        return int(cursor.rowcount)
