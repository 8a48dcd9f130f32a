"""manage.py dead_letters on a real lake, a real Kafka and a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from confluent_kafka import Message
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from hocotate_site import kafka, kafka_stretch
from ships_client.contracts import Reason, Telemetry, decode, encode
from spark.tests.lakes import Lake
from spark.tests.test_verdicts import batch
from spark.transforms.verdicts import rejected
from stack.config import ROOT
from stack.services.base import Context
from telemetry.letters import doubt, ledger
from telemetry.models import DeadLetterReplay, ReplayState
from tests.messages import invalid, message, valid

from .lake_rows import append, make_tables
from .worker import eventually, site_env

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
MANY = 450
MANY_MISSION = 900_000_000_000_000_001
MANY_TOPIC = "telemetry.raw"
FIRST = 100


def place_of(reason: Reason) -> str:
    return f"3-{FIRST + list(invalid(NOW)).index(reason)}"


@pytest.fixture(scope="module")
def lake(backing: Context, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lake]:
    """A lake with a letter of every reason, taken two days ago, and one that only needed time; without keys."""
    lake = Lake(backing, Path(tmp_path_factory.mktemp("lake")))
    lake.make()
    make_tables(lake)
    taken = NOW - dt.timedelta(days=2)
    append(lake, "dead_letters", [rejected(batch(*invalid(taken).values(), at=taken))], at=taken)
    early = batch(*[b"{}"] * len(Reason), valid(7, at=NOW), at=NOW - dt.timedelta(hours=1))
    append(lake, "dead_letters", [rejected(early)[len(Reason) :]], at=NOW)
    yield lake
    lake.drop()


@pytest.fixture
def site(lake: Lake, settings: Settings, tables: None) -> Iterator[None]:
    """The command reads this lake, writes to a topic of the test's own, and keeps its ledger."""
    access = lake.access()
    settings.LAKE_CATALOG_READER_URL, settings.LAKE_WAREHOUSE = access.catalog_url, access.warehouse
    settings.TOPIC_RAW = f"test.raw.{uuid.uuid4().hex[:12]}"
    admin = AdminClient({"bootstrap.servers": settings.KAFKA_BOOTSTRAP})
    config = {"message.timestamp.type": "LogAppendTime"}
    admin.create_topics([NewTopic(settings.TOPIC_RAW, 3, 1, config=config)])[settings.TOPIC_RAW].result(10)
    yield
    admin.delete_topics([settings.TOPIC_RAW])[settings.TOPIC_RAW].result(10)
    DeadLetterReplay.objects.all().delete()


def letters(*arguments: str) -> str:
    """What the command prints."""
    out = StringIO()
    call_command("dead_letters", *(a if a[0] != "3" else f"telemetry.raw-{a}" for a in arguments), stdout=out)
    return out.getvalue()


def on_topic(topic: str) -> list[Message]:
    """All messages of a topic."""
    return list(kafka_stretch.messages(topic, kafka_stretch.bounds(topic), seconds=30))


def headers(found: Message) -> list[tuple[str, bytes]]:
    return list(found.headers())  # type: ignore[arg-type]


def test_letters_are_listed_newest_first_and_by_page(site: None) -> None:
    first = letters("list", "--limit", "4").splitlines()

    assert [line.split()[0] for line in first[2:6]] == ["3-111", "3-110", "3-109", "3-108"]
    assert first[6] == "Older ones: --before 3-108"
    rest = letters("list", "--before", "3-108").splitlines()
    assert [line.split()[0] for line in rest[2:]] == [f"3-{offset}" for offset in range(107, 99, -1)]
    assert letters("list", "--before", "3-100") == "No older one matches.\n"


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        (["--reason", "out_of_range"], 1),
        (["--field", "timestamp"], 3),
        (["--since", "24h"], 1),
        (["--until", "24h"], 11),
        (["--mission", "42"], 9),
        (["--mission", "43"], 0),
        (["--ship", "ONION?!", "--reason", "unknown_field"], 1),
        (["--ship", "ONION?!", "--reason", "malformed_json"], 0),
        (["--contract", "telemetry/3"], 0),
    ],
)
def test_letters_are_filtered(site: None, filters: list[str], count: int) -> None:
    found = letters("list", *filters)

    assert len(found.splitlines()) == (count + 2 if count else 1), found


def test_letters_are_grouped_by_reason_and_field(site: None) -> None:
    lines = letters("groups").splitlines()

    assert lines[-1] == "12 letters."
    ahead = next(line for line in lines if line.startswith("too_far_ahead"))
    assert ahead.split()[:4] == ["too_far_ahead", "timestamp", "2", "0"]
    assert ahead.endswith("3-111")


def test_one_letter_is_shown_with_a_mark_under_its_fault(site: None) -> None:
    assert "  ^ unknown_value: Invalid enum value 'SLEEPY'" in letters("show", place_of(Reason.UNKNOWN_VALUE))
    with pytest.raises(CommandError, match=r"no dead letter telemetry.raw-3-999; .* shows them"):
        letters("show", "3-999")


def test_without_send_it_says_what_would_happen_and_changes_nothing(site: None, settings: Settings) -> None:
    told = letters("replay", "--all")

    assert "12 letters match: 2 would be sent, 10 would be refused again, 0 were sent before" in told
    assert "1 out_of_range at fuel_prc: Expected `float` <= 100.0. Such as 3-108." in told
    assert "Nothing was changed. Add --send" in told
    assert not DeadLetterReplay.objects.exists()
    assert not on_topic(settings.TOPIC_RAW)


def test_letters_are_sent_once_with_key_contract_and_place_however_often_it_is_run(
    site: None, settings: Settings
) -> None:
    place = place_of(Reason.UNKNOWN_FIELD)
    mend = ("--drop", "pikmin", "--reason", "unknown_field", "--send")
    assert "1 letters match: 1 were sent" in letters("replay", *mend)
    assert "1 letters match: 0 were sent, 0 would be refused again, 1 were sent before" in letters("replay", *mend)

    (sent,) = on_topic(settings.TOPIC_RAW)
    taken = NOW - dt.timedelta(days=2)
    assert decode(sent.value(), NOW) == decode(valid(at=taken), NOW)
    assert sent.key() == b"ONION?!"
    assert headers(sent) == [("contract", b"telemetry/2"), ("replay-of", f"telemetry.raw-{place}".encode())]
    row = DeadLetterReplay.objects.get()
    assert (row.state, row.mend, row.reason) == (ReplayState.SENT, "drop pikmin", "unknown_field")
    assert (row.sent_partition, row.sent_offset) == (sent.partition(), sent.offset())
    assert f"to {sent.partition()}-{sent.offset()}" in letters("list", "--reason", "unknown_field")
    assert next(line for line in letters("groups").splitlines() if "pikmin" in line).split()[2:4] == ["1", "1"]


def test_a_message_from_a_file_is_for_one_letter(site: None, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "mended.json"
    file.write_bytes(valid(3, at=NOW))
    place = place_of(Reason.MALFORMED_JSON)

    with pytest.raises(CommandError, match="message of one letter"):
        letters("replay", "--all", "--from-file", str(file))
    with pytest.raises(CommandError, match=r"nowhere\.json can't be read: No such file"):
        letters("replay", place, "--from-file", str(tmp_path / "nowhere.json"))
    assert "1 were sent" in letters("replay", place, "--from-file", str(file), "--send")

    assert [found.value() for found in on_topic(settings.TOPIC_RAW)] == [valid(3, at=NOW)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["replay"], "Say which letters are meant"),
        (["replay", "--all", "--set", "fuel_prc=101"], "fuel_prc can't be '101'"),
        (["replay", "x"], "'x' is no place"),
        (["list", "--limit", "0"], "--limit is 0; give 1 to 1,000"),
        (["list", "--since", "yesterday"], "'yesterday' is no time"),
        (["list", "--mission", "-1"], "no such mission number"),
        (["list", "--reason", "boredom"], "invalid choice: 'boredom'"),
    ],
)
def test_what_can_t_be_meant_is_refused_in_a_sentence(site: None, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence.replace("(", r"\(")):
        letters(*arguments)


def test_a_run_that_broke_off_after_sending_is_found_in_kafka_and_not_sent_again(
    site: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(found: dict[object, object], **_named: object) -> None:
        if found:
            raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(ledger, "confirm", killed)
        with pytest.raises(KeyboardInterrupt):
            letters("replay", "--since", "24h", "--send")
    assert DeadLetterReplay.objects.get().state == ReplayState.RESERVED
    assert "1 are in doubt" in letters("replay", "--since", "24h")

    assert "1 were sent before, 0 are in doubt" in letters("replay", "--since", "24h", "--send")
    assert len(on_topic(settings.TOPIC_RAW)) == 1
    assert DeadLetterReplay.objects.get().sent_offset == 0


def test_a_run_that_broke_off_before_sending_is_made_up_for_once_that_is_certain(
    site: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doubt, "SETTLED", dt.timedelta(minutes=5))  # longer than this test takes on a busy machine
    with monkeypatch.context() as broken:
        broken.setattr(kafka, "producer", lambda **_named: Dying())
        with pytest.raises(KeyboardInterrupt):
            letters("replay", "--since", "24h", "--send")
    with pytest.raises(CommandError, match="not sent for certain"):
        letters("replay", "--since", "24h", "--send")
    assert not on_topic(settings.TOPIC_RAW)

    settle()
    assert "1 were sent" in letters("replay", "--since", "24h", "--send")
    assert len(on_topic(settings.TOPIC_RAW)) == 1


class Dying:
    """A producer of a process that is killed before it sends anything."""

    def produce(self, *_args: object, **_named: object) -> None:
        raise KeyboardInterrupt


def settle() -> None:
    """As if the runs in doubt had broken off some time ago."""
    for row in DeadLetterReplay.objects.filter(state=ReplayState.RESERVED):
        row.reserved_at -= doubt.SETTLED
        row.save(update_fields=["reserved_at"])


def test_while_one_operator_sends_a_second_is_told_to_wait(site: None) -> None:
    held = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import django, sys; django.setup()\n"
            "from telemetry.letters import ledger\n"
            "with ledger.alone():\n    print('held', flush=True)\n    sys.stdin.read()",
        ],
        cwd=ROOT,
        env=site_env(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert held.stdout is not None
        assert held.stdout.readline() == b"held\n"
        with pytest.raises(CommandError, match="Another replay is under way"):
            letters("replay", "--since", "24h", "--send")
        held.kill()
        held.wait()
        eventually(lambda: "1 were sent" in letters("replay", "--since", "24h", "--send"), "the right is free again")
    finally:
        held.kill()
        held.communicate()


def test_while_kafka_is_away_nothing_is_sent_and_it_is_said(site: None, settings: Settings) -> None:
    settings.KAFKA_BOOTSTRAP = "127.0.0.1:1"

    with pytest.raises(CommandError, match="Kafka does not answer"):
        letters("replay", "--since", "24h", "--send")

    assert not DeadLetterReplay.objects.exists()


@pytest.mark.parametrize("query", ["", "?q=100", "?state__exact=sent"])
def test_the_ledger_can_be_read_but_not_changed_in_the_admin(site: None, admin_client: Client, query: str) -> None:
    letters("replay", "--since", "24h", "--send")
    row = DeadLetterReplay.objects.get()

    page = f"/admin/telemetry/deadletterreplay/{query}"
    assert admin_client.get(page).status_code == 200
    change = f"/admin/telemetry/deadletterreplay/{row.pk}/change/"
    assert admin_client.get(change).status_code == 200
    assert admin_client.post(change, {"state": "reserved"}).status_code == 403
    assert admin_client.post("/admin/telemetry/deadletterreplay/add/", {}).status_code == 403


@pytest.mark.timeout(600)
def test_two_operators_and_kills_send_each_letter_once(
    backing: Context, tables: None, tmp_path: Path, settings: Settings
) -> None:
    """Real processes, killed at whatever they are at, and begun again."""
    lake = Lake(backing, tmp_path)
    lake.make()
    try:
        make_tables(lake, with_keys=True)
        sent = [message(MANY_MISSION, seq, at=NOW) for seq in range(MANY)]
        raws = [valid_of(one, b',"pikmin":1}') for one in sent]
        keys = [b"KEY-%d" % (number % 7) for number in range(MANY)]
        append(lake, "dead_letters", [rejected(batch(*raws, at=NOW))], at=NOW, kafka_key=keys)
        before = kafka_stretch.bounds(MANY_TOPIC)
        for kills in range(4):
            killed_when(lake, before, more_than=kills * 100)
            settle()
        eventually(lambda: finished(lake), "all are sent", 240)

        after = {n: range(before[n].stop, there.stop) for n, there in kafka_stretch.bounds(MANY_TOPIC).items()}
        found = list(kafka_stretch.messages(MANY_TOPIC, after, seconds=30))
        assert Counter(one.value() for one in found) == Counter(valid_of(one, b"}") for one in sent)
        assert {one.key() for one in found} == set(keys)
        assert DeadLetterReplay.objects.filter(state=ReplayState.SENT).count() == MANY
    finally:
        lake.drop()
        DeadLetterReplay.objects.all().delete()


def valid_of(one: Telemetry, end: bytes) -> bytes:
    """A message with another end."""
    return encode(one)[:-1] + end


def operator(lake: Lake) -> subprocess.Popen[bytes]:
    """Somebody who replays all letters."""
    access = lake.access()
    return subprocess.Popen(
        [sys.executable, "manage.py", "dead_letters", "replay", "--all", "--drop", "pikmin", "--send"],
        cwd=ROOT,
        env=site_env(LAKE_CATALOG_READER_URL=access.catalog_url, LAKE_WAREHOUSE=access.warehouse),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def killed_when(lake: Lake, before: dict[int, range], *, more_than: int) -> None:
    """Two operators, killed once so many letters were sent, or both have ended."""
    running = [operator(lake), operator(lake)]
    eventually(lambda: arrived(before) > more_than or ended(running), "something is sent", 120)
    for one in running:
        one.kill()
        one.communicate()


def arrived(before: dict[int, range]) -> int:
    return sum(there.stop - before[n].stop for n, there in kafka_stretch.bounds(MANY_TOPIC).items())


def ended(running: list[subprocess.Popen[bytes]]) -> bool:
    return all(one.poll() is not None for one in running)


def finished(lake: Lake) -> bool:
    """Run to the end; whether nothing is left to send."""
    settle()
    told, _ = operator(lake).communicate(timeout=120)
    return f"{MANY} were sent before".encode() in told
