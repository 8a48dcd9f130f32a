"""The broker as docker/kafka/start.sh makes it: who is let in, and what each may do. On a real broker of its own."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ships_client.exceptions import BrokerAway, BrokerRefused
from ships_client.transports import TelemetryProducer
from ships_client.transports.kafka_security import KafkaSecurity
from stack.bootstrap import topics
from stack.config import ROOT, Platform
from stack.containers import kafka_users
from stack.execute import context
from stack.services.base import Context
from stack.services.java import kafka_agent
from stack.services.loops import sample

PASSWORDS = {
    f"KAFKA_{name}_PASSWORD": f"{name.lower()}-secret" for name in ("ADMIN", "BROKER", "SITE", "LAKE", "FLEET")
}
FLIGHT_S = 20.0


@dataclass(frozen=True)
class Door:
    """A running broker: its listeners, and how ships speak to the outer one."""

    inner: str
    outer: str
    protocol: str
    authority: str
    metrics: str

    def ship(self, user: str, password: str) -> KafkaSecurity:
        return KafkaSecurity(self.protocol, user, password, self.authority)

    def config(self, user: str, password: str) -> dict[str, object]:
        return {"bootstrap.servers": self.outer, **self.ship(user, password).config(), "log_level": 0}

    def administrator(self) -> Context:
        settings = {
            "KAFKA_BOOTSTRAP": self.inner,
            "KAFKA_SECURITY_PROTOCOL": "SASL_PLAINTEXT",
            "KAFKA_USER": "admin",
            "KAFKA_PASSWORD": PASSWORDS["KAFKA_ADMIN_PASSWORD"],
        }
        return Context(Platform.from_environment(), PASSWORDS, settings)


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for held in sockets:
        held.bind(("127.0.0.1", 0))
    ports: list[int] = [held.getsockname()[1] for held in sockets]
    for held in sockets:
        held.close()
    return ports


def certificates(folder: Path) -> tuple[Path, Path]:
    """server.pem as Kafka wants it, for 127.0.0.1, and the authority that signed it."""
    now = dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's authority")])
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())

    def signed(subject: x509.Name, public: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        begun = x509.CertificateBuilder().subject_name(subject).issuer_name(name).public_key(public)
        return (
            begun.serial_number(x509.random_serial_number())
            .not_valid_before(now)
            .not_valid_after(now + dt.timedelta(days=1))
        )

    authority = (
        signed(name, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    server_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hq")])
    server = (
        signed(server_name, key.public_key())
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem = serialization.Encoding.PEM
    (folder / "server.pem").write_bytes(private + server.public_bytes(pem) + authority.public_bytes(pem))
    (folder / "ca.crt").write_bytes(authority.public_bytes(pem))
    return folder / "server.pem", folder / "ca.crt"


@pytest.fixture(scope="module", params=["SASL_PLAINTEXT", "SASL_SSL"])
def door(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    """A broker with its topics and users, made by the container's script from the native platform's jars."""
    home, protocol = tmp_path_factory.mktemp("kafka"), str(request.param)
    here = context(Platform.from_environment())
    java = Path(here.settings["JAVA_HOME"]) / "bin" / "java"
    jars = Path(here.settings["SPARK_JARS"]).parent / "kafka"
    bin_folder = home / "bin"
    bin_folder.mkdir()
    for script, main in (("kafka-storage.sh", "kafka.tools.StorageTool"), ("kafka-server-start.sh", "kafka.Kafka")):
        (bin_folder / script).write_text(
            f'#!/bin/sh\nexec "{java}" -Xmx256m -XX:+UseSerialGC'
            f' $KAFKA_LOG4J_OPTS $KAFKA_OPTS -cp "{jars}/*" {main} "$@"\n'
        )
        (bin_folder / script).chmod(0o755)
    outer, inner, controller, metrics = free_ports(4)
    key, authority = certificates(home)
    env = {
        "PATH": os.environ["PATH"],
        **PASSWORDS,
        "KAFKA_AGENT": f"{kafka_agent(here)}=127.0.0.1:{metrics}:{ROOT}/observability/kafka/jmx.yml",
        "KAFKA_BIN": str(bin_folder),
        "KAFKA_CLUSTER_ID": "MkU3OEVBNTcwNTJENDM2Qk",
        "KAFKA_CONTROLLER_PORT": str(controller),
        "KAFKA_DATA": str(home),
        "KAFKA_INNER": "127.0.0.1",
        "KAFKA_INNER_PORT": str(inner),
        "KAFKA_LISTEN": "127.0.0.1",
        "KAFKA_LOG4J_OPTS": f"-Dlog4j2.configurationFile={ROOT}/docker/kafka/log4j2.properties",
        "KAFKA_OUTER_PORT": str(outer),
        "KAFKA_OUTER_PROTOCOL": protocol,
        "KAFKA_PUBLIC": f"127.0.0.1:{outer}",
        "KAFKA_RUN": str(home / "run"),
        "KAFKA_TLS_FILE": str(key),
    }
    with (home / "said.txt").open("wb") as log:
        argv = ["bash", str(ROOT / "docker" / "kafka" / "start.sh")]
        process = subprocess.Popen(argv, env=env, stdout=log, stderr=log, start_new_session=True)
        try:
            found = Door(
                f"127.0.0.1:{inner}",
                f"127.0.0.1:{outer}",
                protocol,
                str(authority) if protocol == "SASL_SSL" else "",
                f"http://127.0.0.1:{metrics}/metrics",
            )
            wait_for(inner, process, home / "said.txt")
            topics.ensure(found.administrator())
            kafka_users.ensure(found.administrator())
            yield found
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while True:
        assert process.poll() is None, log.read_text()[-2000:]
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            assert time.monotonic() < deadline, log.read_text()[-2000:]
            time.sleep(0.2)
        else:
            return


def outcome(producer: Producer, topic: str) -> KafkaError | None:
    """What became of one message; fails when nothing became of it."""
    told: list[KafkaError | None] = []

    def on_delivery(error: KafkaError | None, _message: Message) -> None:
        told.append(error)

    producer.produce(topic, b"{}", key=b"SS_MOTH", on_delivery=on_delivery)
    producer.flush(FLIGHT_S)
    assert told
    return told[0]


def reading(door: Door, user: str, password: str, group: str) -> KafkaError | None:
    """What reading the first message of telemetry.raw comes to."""
    consumer = Consumer({**door.config(user, password), "group.id": group, "auto.offset.reset": "earliest"})
    try:
        for partition in range(6):
            consumer.incremental_assign([TopicPartition("telemetry.raw", partition, 0)])
        message = consumer.poll(FLIGHT_S)
        assert message is not None
        return message.error()
    finally:
        consumer.close()


def test_a_fleet_writes_telemetry_idempotently(door: Door) -> None:
    producer = TelemetryProducer(door.outer, security=door.ship("fleet", "fleet-secret"))
    producer.check(FLIGHT_S)
    idempotent = Producer({**door.config("fleet", "fleet-secret"), "enable.idempotence": True})
    assert outcome(idempotent, "telemetry.raw") is None


def test_the_broker_tells_prometheus_what_it_took(door: Door) -> None:
    assert outcome(Producer(door.config("fleet", "fleet-secret")), "telemetry.raw") is None

    text = httpx.get(door.metrics, timeout=10, trust_env=False).raise_for_status().text

    assert (sample(text, "kafka_messages_in_total", topic="telemetry.raw") or 0) >= 1
    assert sample(text, "kafka_offline_partitions") == 0


def test_a_wrong_password_is_told_in_a_sentence_that_names_the_user(door: Door) -> None:
    producer = TelemetryProducer(door.outer, security=door.ship("fleet", "another"))
    with pytest.raises(BrokerRefused, match=r"refused user 'fleet'.*KAFKA_PASSWORD"):
        producer.check(5)


def test_without_a_credential_nobody_is_let_in(door: Door) -> None:
    with pytest.raises(BrokerAway, match="KAFKA_SECURITY_PROTOCOL"):
        TelemetryProducer(door.outer).check(3)


@pytest.mark.parametrize("door", ["SASL_SSL"], indirect=True)
def test_a_certificate_that_nobody_vouches_for_is_told(door: Door) -> None:
    stranger = KafkaSecurity(door.protocol, "fleet", "fleet-secret")
    with pytest.raises(BrokerRefused, match="KAFKA_CA_FILE"):
        TelemetryProducer(door.outer, security=stranger).check(5)


@pytest.mark.parametrize("topic", ["telemetry.dlq", "stack.health"])
def test_a_ship_writes_nowhere_else(door: Door, topic: str) -> None:
    error = outcome(Producer({**door.config("fleet", "fleet-secret"), "message.timeout.ms": 10_000}), topic)
    assert error is not None
    assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_a_ship_reads_nothing_and_headquarters_does(door: Door) -> None:
    assert outcome(Producer(door.config("fleet", "fleet-secret")), "telemetry.raw") is None
    refused = reading(door, "fleet", "fleet-secret", "radar.1")
    assert refused is not None
    # Whichever is asked first: the group or the topic.
    assert refused.code() in (KafkaError.GROUP_AUTHORIZATION_FAILED, KafkaError.TOPIC_AUTHORIZATION_FAILED)
    assert reading(door, "site", "site-secret", "radar.1") is None
    assert reading(door, "lake", "lake-secret", "spark-kafka-source-1") is None


def test_a_new_ship_has_its_own_pair_until_it_is_grounded(door: Door) -> None:
    here = door.administrator()
    kafka_users.add(here, kafka_users.ship("SS_PELICAN", "pelican-secret"))
    assert outcome(Producer(door.config("SS_PELICAN", "pelican-secret")), "telemetry.raw") is None
    kafka_users.add(here, kafka_users.ship("SS_PELICAN", "pelican-secret"))  # again, which changes nothing
    kafka_users.remove(here, "SS_PELICAN")
    kafka_users.remove(here, "SS_PELICAN")
    with pytest.raises(BrokerRefused):
        TelemetryProducer(door.outer, security=door.ship("SS_PELICAN", "pelican-secret")).check(5)


def test_rights_that_an_older_release_gave_are_taken(door: Door) -> None:
    here = door.administrator()
    more = kafka_users.Right(kafka_users.TOPIC, "telemetry.dlq", kafka_users.WRITE)
    kafka_users.add(here, kafka_users.User("SS_COMET", "comet-secret", (*kafka_users.SHIP, more)))
    kafka_users.add(here, kafka_users.ship("SS_COMET", "comet-secret"))
    error = outcome(
        Producer({**door.config("SS_COMET", "comet-secret"), "message.timeout.ms": 10_000}), "telemetry.dlq"
    )
    assert error is not None
    assert error.code() == KafkaError.TOPIC_AUTHORIZATION_FAILED


def test_only_the_administrator_makes_topics(door: Door) -> None:
    here = door.administrator()
    as_fleet = {**here.settings, "KAFKA_USER": "fleet", "KAFKA_PASSWORD": "fleet-secret"}
    before = topics.TOPICS.copy()
    topics.TOPICS["made.by.a.ship"] = (1, {})
    try:
        with pytest.raises(KafkaException, match="AUTHORIZATION_FAILED"):
            topics.ensure(Context(here.platform, here.secrets, as_fleet))
    finally:
        topics.TOPICS.clear()
        topics.TOPICS.update(before)
