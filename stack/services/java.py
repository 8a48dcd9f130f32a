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


def registry_home(context: Context) -> Path:
    """Unpacked folder of the schema registry."""
    return Path(context.settings["SPARK_JARS"]).parent / "registry"
