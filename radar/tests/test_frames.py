"""From the radar over a lossy channel to browsers of any speed: in the end all know the same."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from radar.frames import FrameMaker, Interest, readings
from radar.records import pack, split, unpack
from radar.replica import Fit, Replica
from radar.session import BEAT_S, SILENCE_S, WINDOW, Session
from radar.tests.factories import message, mission, ms
from radar.tracks import Fleet
from radar.wire import Beat, Counts, Facts, Frame, FrameIn, FrameOut, Readings, decode_frame, decode_incoming, encode

SHIPS = ["SS_DOLPHIN", "SS_MOTH", "ONION?!"]
MISSIONS = {ship: mission(number, ship) for number, ship in enumerate(SHIPS, start=1)}
WATCHED = ["SS_MOTH", "NOBODY"]


class Browser:
    """What the page does with messages, in short."""

    def __init__(self, replica: Replica) -> None:
        self.session = Session(replica, now=0)
        self.session.watch(WATCHED)
        self.facts: dict[int, Facts] = {}
        self.records: dict[int, bytes] = {}
        self.read: dict[str, Readings] = {}
        self.events: list[str] = []
        self.last = 0
        self.pending: list[FrameIn] = []

    def poll(self) -> None:
        raw = self.session.next(now=0, clock_ms=0)
        if raw is not None:
            frame = decode_incoming(raw)
            assert isinstance(frame, FrameOut)
            self.pending.append(frame)

    def work_off(self) -> None:
        for frame in self.pending:
            if frame.full:
                self.facts, self.records, self.events = {}, {}, []
            assert frame.n == self.last + 1
            for slot in frame.gone:
                self.facts.pop(slot)
                self.records.pop(slot)
            self.facts |= {facts.slot: facts for facts in frame.facts}
            self.records |= dict(split(frame.records))
            self.read |= {found.ship: found for found in frame.readings}
            self.events += [event.text for event in frame.events]
            self.last = frame.n
            assert self.session.acknowledge(self.last, now=0)
        self.pending = []

    @property
    def ships(self) -> dict[str, tuple[int, bytes]]:
        """Mission and record of each ship by its name."""
        assert self.facts.keys() == self.records.keys()
        return {facts.ship: (facts.mission, self.records[slot][3:]) for slot, facts in self.facts.items()}


class FanOut(RuleBasedStateMachine):
    """A radar that restarts, a channel that loses, repeats and swaps, browsers that come late and read slowly."""

    @initialize()
    def start(self) -> None:
        self.replica = Replica()
        self.behind = True
        self.channel: list[bytes] = []
        self.browsers = [Browser(self.replica)]
        self.epochs = 0
        self.seq = 0
        self.restart_radar()

    @rule()
    def restart_radar(self) -> None:
        self.epochs += 1
        self.fleet = Fleet()
        self.fleet.learn(MISSIONS.values())
        self.maker = FrameMaker(self.fleet, f"epoch {self.epochs}")
        self.anew = frozenset(WATCHED)

    @rule(ship=st.sampled_from(SHIPS))
    def fly(self, ship: str) -> None:
        self.seq += 1
        self.fleet.apply(message(self.seq, of=MISSIONS[ship]), ms(self.seq))

    @rule()
    def forget(self) -> None:
        self.fleet.tick(ms(self.seq + 10_000))

    @rule(lost=st.booleans(), twice=st.booleans())
    def send(self, lost: bool, twice: bool) -> None:
        anew, self.anew = self.anew, frozenset()
        interest = Interest(frozenset(WATCHED), anew)
        frame = encode(self.maker.delta(0, "following", Counts(), interest))
        if not lost:
            self.channel += [frame, frame] if twice else [frame]

    @rule(swap=st.booleans())
    def deliver(self, swap: bool) -> None:
        if swap:
            self.channel.reverse()
        for raw in self.channel:
            self.accept(decode_frame(raw))
        self.channel = []

    @rule()
    def resync(self) -> None:
        if self.behind or self.replica.last is None or self.replica.last.epoch != self.maker.epoch:
            self.accept(self.snapshot())

    @rule()
    def join(self) -> None:
        self.browsers.append(Browser(self.replica))

    @rule(which=st.integers(0, 3))
    def poll(self, which: int) -> None:
        self.browsers[which % len(self.browsers)].poll()

    @rule(which=st.integers(0, 3))
    def work_off(self, which: int) -> None:
        self.browsers[which % len(self.browsers)].work_off()

    @invariant()
    def windows_are_kept(self) -> None:
        for browser in getattr(self, "browsers", []):
            assert len(browser.pending) <= WINDOW

    def teardown(self) -> None:
        if not hasattr(self, "maker"):
            return
        self.send(lost=False, twice=False)
        self.deliver(swap=False)
        self.accept(self.snapshot())
        for browser in self.browsers:
            browser.work_off()
            browser.poll()
            browser.work_off()
            assert browser.ships == truth(self.fleet)
            moth = self.fleet.tracks.values.get("SS_MOTH")
            assert moth is None or browser.read["SS_MOTH"] == readings(moth)
            assert browser.events == [told.text for _number, told in self.fleet.events]

    def accept(self, frame: Frame) -> None:
        fit = self.replica.accept(frame)
        self.behind = fit is Fit.GAP or (self.behind and fit is not Fit.APPLIED)

    def snapshot(self) -> Frame:
        interest = Interest(frozenset(WATCHED), frozenset())
        return decode_frame(encode(self.maker.snapshot(0, "following", Counts(), interest)))


def truth(fleet: Fleet) -> dict[str, Any]:
    tracks = fleet.tracks.values.items()
    return {ship: (track.mission.mission_id, pack(0, track)[3:]) for ship, track in tracks}


FanOut.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestFanOut = FanOut.TestCase


def joined(frames: int) -> tuple[FrameMaker, Replica]:
    fleet = Fleet()
    fleet.learn(MISSIONS.values())
    maker, replica = FrameMaker(fleet, "epoch"), Replica()
    replica.accept(maker.snapshot(0, "following", Counts()))
    for seq in range(frames):
        fleet.apply(message(seq, of=MISSIONS["SS_MOTH"]), ms(seq))
        replica.accept(maker.delta(0, "following", Counts()))
    return maker, replica


def test_a_slow_browser_gets_the_newest_state_and_is_told_how_many_frames_were_merged() -> None:
    maker, replica = joined(0)
    browser = Browser(replica)
    browser.poll()
    browser.work_off()
    fleet = maker._fleet
    for seq in range(10):
        fleet.apply(message(seq, of=MISSIONS["SS_MOTH"]), ms(seq))
        replica.accept(maker.delta(0, "following", Counts()))
        browser.poll()
    assert len(browser.pending) == WINDOW
    browser.work_off()

    browser.poll()

    frame = browser.pending[0]
    assert (frame.merged, unpack(frame.records, made=ms(9)).seen) == (6, ms(9))


@given(acknowledged=st.integers(-3, 9))
def test_only_what_was_sent_can_be_acknowledged(acknowledged: int) -> None:
    _maker, replica = joined(1)
    session = Session(replica, now=0)
    assert session.next(now=0, clock_ms=0) is not None

    assert session.acknowledge(acknowledged, now=1) == (acknowledged in (0, 1))


def test_without_frames_a_browser_hears_that_the_web_process_is_there_and_since_when_the_feed_stalls() -> None:
    maker, replica = joined(1)
    session = Session(replica, now=0)
    session.next(now=0, clock_ms=0)

    assert session.next(now=BEAT_S / 2, clock_ms=500) is None
    beat = decode_incoming(session.next(now=BEAT_S, clock_ms=1000) or b"")

    assert beat == Beat(n=2, now=1000, made=0)
    assert maker.epoch == "epoch"


def test_a_browser_that_acknowledges_nothing_for_30_s_is_let_go() -> None:
    session = Session(Replica(), now=0)

    assert not session.expired(now=SILENCE_S)
    assert session.expired(now=SILENCE_S + 0.1)
