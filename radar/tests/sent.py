"""What a browser reads, for tests."""

from radar.records import Seen, split, unpack
from radar.replica import Replica
from radar.wire import Facts, FrameIn


def seen_in(frame: FrameIn) -> dict[str, Seen]:
    """Ships of a frame that names each of them."""
    named = {facts.slot: facts.ship for facts in frame.facts}
    return {named[slot]: unpack(record, frame.made) for slot, record in split(frame.records) if slot in named}


def facts_of(replica: Replica, ship: str) -> Facts | None:
    """What a web process knows of a ship by name."""
    return next((facts for facts in replica.facts.values.values() if facts.ship == ship), None)


def seen_of(replica: Replica, ship: str, made: int) -> Seen | None:
    """The newest record of a ship."""
    facts = facts_of(replica, ship)
    return unpack(replica.records.values[facts.slot], made) if facts else None
