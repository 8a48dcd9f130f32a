"""The jars of Kafka, Spark and the schema registry: resolved once, locked by sha256, fetched by Ivy."""

from stack.jars.retrieve import JarDirs, ensure

__all__ = ["JarDirs", "ensure"]
