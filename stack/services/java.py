"""Where the Java programs of a platform find their runtime and their jars."""

from __future__ import annotations

from pathlib import Path

from stack.services.base import Context


def java_program(context: Context) -> str:
    """The java that the platform uses."""
    return str(Path(context.settings["JAVA_HOME"]) / "bin" / "java")


def kafka_jars(context: Context) -> Path:
    """Folder of Kafka's jars."""
    return Path(context.settings["SPARK_JARS"]).parent / "kafka"


def kafka_agent(context: Context) -> Path | None:
    """The jar that, within Kafka's process, tells Prometheus of it; None before it was fetched."""
    found = sorted((kafka_jars(context).parent / "agent").glob("jmx_prometheus_javaagent-*.jar"))
    return found[-1] if found else None


def registry_home(context: Context) -> Path:
    """Unpacked folder of the schema registry."""
    return Path(context.settings["SPARK_JARS"]).parent / "registry"
