"""One verdict for every message, and the rows that follow from it.

`ships_client.contracts.decode` alone decides, by the message and the time at which the broker took it: so a
replay reaches the same verdict, and each message stands in exactly one of the two tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Final

import pyarrow as pa

from ships_client.contracts import InvalidMessage, Telemetry, decode
from spark.columns import KAFKA, KEY, TELEMETRY, VERDICT, Column, arrow_schema

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
RAW_COLUMNS: Final = (*TELEMETRY, *KAFKA)
DEAD_LETTER_COLUMNS: Final = (*VERDICT, KEY, *KAFKA)

_read_message = attrgetter(*(column.attribute for column in TELEMETRY))
_read_verdict = attrgetter(*(column.attribute for column in VERDICT if column.attribute))
_MISSION_ID: Final = [column.name for column in TELEMETRY].index("mission_id")


def judge(values: Iterable[bytes | None], received: Iterable[datetime]) -> list[Telemetry | InvalidMessage]:
    """Decode each value, or say why it is refused; both have one entry a message."""
    verdicts: list[Telemetry | InvalidMessage] = []
    for value, time in zip(values, received, strict=True):
        try:
            verdicts.append(decode(value, time))
        except InvalidMessage as refused:
            verdicts.append(refused)
    return verdicts


def accepted(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of `raw` in a batch that has `value` and the Kafka columns."""
    verdicts = _judge_batch(batch)
    places = [place for place, verdict in enumerate(verdicts) if isinstance(verdict, Telemetry)]
    columns = _columns([_read_message(verdicts[place]) for place in places], len(TELEMETRY))
    columns[_MISSION_ID] = [int(str(digits)) for digits in columns[_MISSION_ID]]
    return _with_kafka(columns, TELEMETRY, batch, places)


def rejected(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The rows of `dead_letters` in a batch that has `value`, the key and the Kafka columns."""
    verdicts = _judge_batch(batch)
    places = [place for place, verdict in enumerate(verdicts) if isinstance(verdict, InvalidMessage)]
    columns = _columns([_read_verdict(verdicts[place]) for place in places], len(VERDICT) - 1)
    taken = pa.array(places, pa.int64())
    raw, key = (batch.column(name).take(taken).to_pylist() for name in ("value", KEY.name))
    return _with_kafka([*columns, raw, key], (*VERDICT, KEY), batch, places)


def accepted_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """`accepted` over a stream of batches."""
    return map(accepted, batches)


def rejected_batches(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """`rejected` over a stream of batches."""
    return map(rejected, batches)


def _judge_batch(batch: pa.RecordBatch) -> list[Telemetry | InvalidMessage]:
    microseconds = batch.column("kafka_time").cast(pa.int64()).to_pylist()
    times = {count: EPOCH + timedelta(microseconds=count) for count in set(microseconds)}
    return judge(batch.column("value").to_pylist(), map(times.__getitem__, microseconds))


def _columns(rows: Sequence[tuple[object, ...]], width: int) -> list[Sequence[object]]:
    return list(zip(*rows, strict=True)) if rows else [() for _ in range(width)]


def _with_kafka(
    values: Sequence[Sequence[object]], columns: tuple[Column, ...], batch: pa.RecordBatch, places: list[int]
) -> pa.RecordBatch:
    schema = arrow_schema((*columns, *KAFKA))
    arrays = [pa.array(column, type=kind) for column, kind in zip(values, schema.types, strict=False)]
    rows = pa.array(places, pa.int64())
    taken = [batch.column(column.name).take(rows).cast(schema.field(column.name).type) for column in KAFKA]
    return pa.RecordBatch.from_arrays([*arrays, *taken], schema=schema)
