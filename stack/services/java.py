"""Where the Java programs of a platform find their runtime and their jars."""

from __future__ import annotations

from pathlib import Path

from stack.errors import StackError
from stack.services.base import Context


def java_program(context: Context) -> str:
    """The java that the platform uses."""
    return str(Path(context.settings["JAVA_HOME"]) / "bin" / "java")


def kafka_jars(context: Context) -> Path:
    """Folder of Kafka's jars."""
    return Path(context.settings["SPARK_JARS"]).parent / "kafka"


def kafka_agent(context: Context) -> Path:
    """The jar that, within Kafka's process, tells Prometheus of it.

    Raises:
        StackError: it is not there.
    """
    found = sorted((kafka_jars(context).parent / "agent").glob("jmx_prometheus_javaagent-*.jar"))
    if not found:
        raise StackError("The agent that tells of Kafka is not among the jars.", "Start again with `make run`.")
    return found[-1]


def registry_home(context: Context) -> Path:
    """Unpacked folder of the schema registry."""
    return Path(context.settings["SPARK_JARS"]).parent / "registry"
