"""Apache Kafka 4.3.1 in KRaft mode, one node, from jars."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time

from confluent_kafka import Producer
from confluent_kafka.admin import AdminClient

from stack.config import LOOPBACK
from stack.errors import StackError
from stack.free import is_free
from stack.services.base import Command, Context, Service
from stack.services.java import java_program, kafka_agent, kafka_jars
from stack.services.templates import OBSERVABILITY, address

HEALTH_TOPIC = "stack.health"
RESTORED = "restored"
"""A file that a restore leaves beside the log."""
RESTORED_FOR_S = 24 * 3600
FORGET_LATER = {"log.initial.task.delay.ms": "3600000"}
"""What was not read yet when a backup was taken may be beyond the retention when it is restored, and Kafka deletes such
half a minute after its start: for a day after a restore it gives its readers an hour first."""

LOG4J = """rootLogger.level = WARN
rootLogger.appenderRef.console.ref = console
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss,SSSX} %-5p %m (%c)%n
logger.server.name = kafka.server.KafkaRaftServer
logger.server.level = INFO
"""


def _properties(context: Context) -> dict[str, str]:
    client = f"{LOOPBACK}:{context.platform.port('KAFKA_PORT')}"
    controller = f"{LOOPBACK}:{context.platform.port('KAFKA_CONTROLLER_PORT')}"
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}",
        "advertised.listeners": f"PLAINTEXT://{client},CONTROLLER://{controller}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "controller.quorum.bootstrap.servers": controller,
        "log.dirs": str(context.platform.data("kafka") / "log"),
        "offsets.topic.replication.factor": "1",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "offsets.topic.num.partitions": "8",
        "group.initial.rebalance.delay.ms": "0",
        # After a kill -9 the node may register again only once the session of its former life is over: by default 9 s.
        "broker.heartbeat.interval.ms": "1000",
        "broker.session.timeout.ms": "3000",
        "auto.create.topics.enable": "false",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "log.cleaner.dedupe.buffer.size": "16777216",
        "log.cleaner.threads": "1",
        "log.segment.bytes": "134217728",
    }


def _prepare(context: Context) -> None:
    data = context.platform.data("kafka")
    data.mkdir(parents=True, exist_ok=True)
    restored = data / RESTORED
    young = restored.exists() and time.time() - restored.stat().st_mtime < RESTORED_FOR_S
    properties = {**_properties(context), **(FORGET_LATER if young else {})}
    lines = [f"{name}={value}\n" for name, value in properties.items()]
    (data / "server.properties").write_text("".join(lines))
    (data / "log4j2.properties").write_text(LOG4J)
    if not (data / "log" / "meta.properties").exists():
        shutil.rmtree(data / "log", ignore_errors=True)  # left by a format that was stopped half-way
        cluster = _tool(context, "random-uuid").strip().splitlines()[-1]
        _tool(context, "format", "--standalone", "-t", cluster, "-c", str(data / "server.properties"))


def _tool(context: Context, *arguments: str) -> str:
    done = subprocess.run(
        [java_program(context), "-Xmx128m", *_class_path(context), "kafka.tools.StorageTool", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise StackError(
            f"Kafka's storage could not be prepared: {(done.stderr or done.stdout).strip()[-600:]}",
            "Check that STACK_DIR is writable and not full.",
        )
    return done.stdout


def _class_path(context: Context) -> list[str]:
    configuration = context.platform.data("kafka") / "log4j2.properties"
    return [f"-Dlog4j2.configurationFile={configuration}", "-cp", f"{kafka_jars(context)}/*"]


def _agent(context: Context) -> list[str]:
    jar = kafka_agent(context)
    if jar is None or not is_free(context.platform.port("KAFKA_METRICS_PORT")):
        # Neither in the middle of an upgrade nor without the port, which would end it, may a broker wait for what only
        # watches it.
        return []
    listens = address(context, "KAFKA_METRICS_PORT")
    return [f"-javaagent:{jar}={listens}:{OBSERVABILITY / 'kafka' / 'jmx.yml'}"]


def _command(context: Context) -> Command:
    data = context.platform.data("kafka")
    memory = [
        "-Xms128m",
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:MaxMetaspaceSize=128m",
        "-XX:ReservedCodeCacheSize=64m",
    ]
    argv = [
        java_program(context),
        *memory,
        *_agent(context),
        *_class_path(context),
        "kafka.Kafka",
        str(data / "server.properties"),
    ]
    return Command(argv)


def admin(context: Context) -> AdminClient:
    """An admin client of the broker that gives up after a few seconds."""
    config: dict[str, str | int | float | bool] = {
        "bootstrap.servers": context.settings["KAFKA_BOOTSTRAP"],
        "log_level": 0,
    }
    if protocol := context.settings.get("KAFKA_SECURITY_PROTOCOL"):  # in containers; natively it is on loopback
        config["security.protocol"] = protocol
        config["sasl.mechanism"] = "SCRAM-SHA-512"
        config["sasl.username"] = context.settings["KAFKA_USER"]
        config["sasl.password"] = context.settings["KAFKA_PASSWORD"]
    return AdminClient(config)


def _ask(context: Context) -> str:
    # Refused at once while it is not up; the client library would try for seconds.
    socket.create_connection((LOOPBACK, context.platform.port("KAFKA_PORT")), timeout=2).close()
    metadata = admin(context).list_topics(timeout=4)
    if HEALTH_TOPIC not in metadata.topics:
        return f"Kafka answers, {len(metadata.topics)} topics, health topic not made yet"
    failures: list[str] = []
    config = {
        "bootstrap.servers": context.settings["KAFKA_BOOTSTRAP"],
        "message.timeout.ms": 4000,
        "log_level": 0,
    }
    producer = Producer({**config, "acks": "all"})
    producer.produce(HEALTH_TOPIC, b"ok", on_delivery=lambda error, _: failures.append(str(error)) if error else None)
    unsent = producer.flush(5)
    if unsent or failures:
        raise StackError(f"Kafka did not take a message: {failures[0] if failures else 'no answer within 5 s'}.")
    return f"Kafka took a message, {len(metadata.topics)} topics"


SERVICE = Service(
    name="kafka",
    title="Kafka",
    command=_command,
    ask=_ask,
    prepare=_prepare,
    stop_seconds=30,
)
