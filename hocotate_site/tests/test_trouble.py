"""What librdkafka finds wrong, told once an outage."""

import logging

import pytest
from confluent_kafka import KafkaError

from hocotate_site.trouble import OVER_S, Trouble, librdkafka_log

REFUSED = KafkaError(KafkaError._TRANSPORT, "Connection refused")
DOWN = KafkaError(KafkaError._ALL_BROKERS_DOWN, "1/1 brokers are down")
UNKNOWN = KafkaError(KafkaError.UNKNOWN_TOPIC_OR_PART, "No such topic")


def told(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The sentences so far, and a fresh page."""
    messages = [record.getMessage() for record in caplog.records]
    caplog.clear()
    return messages


def test_an_outage_is_told_once_however_long_it_lasts(caplog: pytest.LogCaptureFixture) -> None:
    seconds = iter(range(0, 7200, 10))
    trouble = Trouble(lambda: next(seconds))

    for _ in range(360):
        trouble(REFUSED)
        trouble(DOWN)

    assert len(told(caplog)) == 1


def test_the_next_outage_is_told_again(caplog: pytest.LogCaptureFixture) -> None:
    times = iter([0.0, 1.0, 1.0 + OVER_S])
    trouble = Trouble(lambda: next(times))

    counts = []
    for _ in range(3):
        trouble(REFUSED)
        counts.append(len(told(caplog)))

    assert counts == [1, 0, 1]


def test_another_trouble_during_an_outage_is_told(caplog: pytest.LogCaptureFixture) -> None:
    trouble = Trouble()

    for error in (REFUSED, UNKNOWN, DOWN, UNKNOWN):
        trouble(error)

    first, second = told(caplog)
    assert "Connection refused" in first
    assert "No such topic" in second


def test_what_librdkafka_says_beside_failed_connections_stays_in_its_log(caplog: pytest.LogCaptureFixture) -> None:
    log = librdkafka_log()

    log.error("%s [%s] %s", "FAIL", "rdkafka#consumer-1", "Connection refused")
    log.warning("%s [%s] %s", "MAXPOLL", "rdkafka#consumer-1", "Maximum poll interval exceeded")
    logging.getLogger("librdkafka").warning("a line of another form")

    assert [record.levelname for record in caplog.records] == ["WARNING", "WARNING"]
    assert "Maximum poll interval" in told(caplog)[0]
