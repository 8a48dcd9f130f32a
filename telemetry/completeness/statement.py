"""The one query that a mission's completeness asks of the lake. Pure: text in, text out.

Its rows are of several kinds, told by the column `kind`; what a kind does not use is null. All of them come from one
scan of a few columns, bounded by mission and time.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

LATE_S: Final = 5
"""A message came late when the broker took it more than so many seconds after the ship's time of it."""
SILENCE_S: Final = 5
"""Messages without a number that are further apart have a gap between them; ships send one a second."""
MOST_RUNS: Final = 2000
"""Runs that are told one by one; the counts are exact beyond."""

_QUERY: Final = """
WITH mine AS MATERIALIZED (
    SELECT seq, event_time, kafka_time, phase, status, malfunctioned_component, kafka_partition, kafka_offset
    FROM telemetry.raw
    WHERE mission_id = {mission} AND event_time >= {since} AND event_time < {until}
), told AS MATERIALIZED (
    SELECT seq, min(event_time) AS moment, min(kafka_time) AS came, arg_min(phase, kafka_time) AS phase,
           arg_min(status, kafka_time) AS status, arg_min(malfunctioned_component, kafka_time) AS part,
           min(kafka_time) - min(event_time) > INTERVAL {late} SECOND AS late
    FROM mine WHERE seq IS NOT NULL GROUP BY seq
), neighbours AS (
    SELECT *, lag(seq) OVER (ORDER BY seq) AS before, lag(late) OVER (ORDER BY seq) AS late_before,
           lead(moment) OVER (ORDER BY seq) AS after
    FROM told
), numbered AS (
    SELECT *, sum(CASE WHEN before = seq - 1 AND late_before = late THEN 0 ELSE 1 END)
              OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) AS run
    FROM neighbours
), runs AS (
    SELECT min(seq) AS first, max(seq) AS last, arg_min(moment, seq) AS began, arg_max(moment, seq) AS ended, late,
           max(came - moment) AS delay
    FROM numbered GROUP BY run, late ORDER BY first LIMIT {most}
), timed AS (
    SELECT event_time AS moment, lag(event_time) OVER (ORDER BY event_time) AS before FROM mine WHERE seq IS NULL
), stretches AS (
    SELECT moment, sum(CASE WHEN moment - before > INTERVAL {silence} SECOND THEN 1 ELSE 0 END)
                   OVER (ORDER BY moment ROWS UNBOUNDED PRECEDING) AS stretch
    FROM timed
), mending AS (
    SELECT moment, coalesce(after, moment) AS after, part, seq - row_number() OVER (ORDER BY seq) AS repair
    FROM neighbours WHERE status = 'REPAIR'
)
SELECT 'total' AS kind, count(*) AS rows, count(seq) AS with_seq, count(DISTINCT seq) AS different,
       min(seq) AS first, max(seq) AS last, min(event_time) AS began, max(event_time) AS ended,
       count(*) FILTER ({held}) AS in_kafka,
       (SELECT count(*) FROM told WHERE late) AS late_messages,
       (SELECT epoch(max(came - moment)) FROM told WHERE late) AS delay_s,
       (SELECT count(*) FROM neighbours WHERE seq - 1 > coalesce(before, -1)) AS gaps
FROM mine
UNION ALL BY NAME
SELECT 'run' AS kind, first, last, began, ended, late, epoch(delay) AS delay_s FROM runs
UNION ALL BY NAME
SELECT 'stretch' AS kind, min(moment) AS began, max(moment) AS ended FROM
    (SELECT * FROM stretches) GROUP BY stretch
    QUALIFY row_number() OVER (ORDER BY min(moment)) <= {most}
UNION ALL BY NAME
SELECT 'phase' AS kind, phase AS label, min(moment) AS began, max(moment) AS ended FROM told
    WHERE phase IS NOT NULL GROUP BY phase
UNION ALL BY NAME
SELECT 'repair' AS kind, any_value(part) AS label, min(moment) AS began, max(after) AS ended FROM mending
    GROUP BY repair QUALIFY row_number() OVER (ORDER BY min(moment)) <= {most}
"""


def statement(mission: int, since: dt.datetime, until: dt.datetime, oldest: Mapping[int, int]) -> str:
    """The query for one mission; `oldest` is by partition the oldest offset that Kafka still holds."""
    held = " OR ".join(
        f"kafka_partition = {int(number)} AND kafka_offset >= {int(offset)}" for number, offset in oldest.items()
    )
    return _QUERY.format(
        mission=int(mission),
        since=_moment(since),
        until=_moment(until),
        late=LATE_S,
        silence=SILENCE_S,
        most=MOST_RUNS,
        held=held or "false",
    )


def _moment(time: dt.datetime) -> str:
    return f"TIMESTAMPTZ '{time.astimezone(dt.UTC).isoformat(sep=' ')}'"
