"""The delay of what a frame shows, as a histogram of which Prometheus makes quantiles."""

import pytest
from prometheus_client import CollectorRegistry

from radar.frames import FrameMaker
from radar.latency import Latency
from radar.tests.factories import message, mission, ms
from radar.tracks import Fleet
from radar.wire import Counts
from ships_client.contracts import MissionStatus


def test_delays_are_counted_in_buckets_that_hold_those_below() -> None:
    registry = CollectorRegistry()
    latency = Latency()
    registry.register(latency)

    latency.sent([ms(0), ms(9.9), ms(10.5)], now=ms(10))
    latency.sent([ms(10) - 500_000], now=ms(10))

    def below(bound: str) -> float | None:
        return registry.get_sample_value("radar_latency_seconds_bucket", {"le": bound})

    assert [below(bound) for bound in ("0.1", "5.0", "10.0", "120.0", "+Inf")] == [2, 2, 3, 3, 4]
    assert registry.get_sample_value("radar_latency_seconds_count") == 4
    assert registry.get_sample_value("radar_latency_seconds_sum") == pytest.approx(510.1)


def test_a_frame_tells_when_the_ships_that_it_shows_were_there() -> None:
    fleet = Fleet()
    first, second = mission(1, "FIRST"), mission(2, "SECOND")
    fleet.learn([first, second])
    maker = FrameMaker(fleet, "epoch")
    fleet.apply(message(3, of=first), ms(3.2))
    fleet.apply(message(4, of=second, outcome=MissionStatus.SUCCESS), ms(4))

    maker.delta(ms(5), "following", Counts())
    assert maker.seen == [ms(3)]

    maker.delta(ms(6), "following", Counts())
    assert maker.seen == []
