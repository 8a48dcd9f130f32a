"""Apicurio Registry 3.3.3: schemas of the contracts, kept in PostgreSQL."""

from __future__ import annotations

import httpx

from stack.config import LOOPBACK
from stack.services.base import Command, Context, Service
from stack.services.java import java_program, registry_home


def _command(context: Context) -> Command:
    postgres = f"{LOOPBACK}:{context.platform.port('POSTGRES_PORT')}"
    env = {
        "QUARKUS_HTTP_HOST": LOOPBACK,
        "QUARKUS_HTTP_PORT": str(context.platform.port("REGISTRY_PORT")),
        "QUARKUS_MANAGEMENT_HOST": LOOPBACK,
        "QUARKUS_MANAGEMENT_PORT": str(context.platform.port("REGISTRY_MANAGEMENT_PORT")),
        "QUARKUS_LOG_LEVEL": "WARN",
        "QUARKUS_LOG_CONSOLE_FORMAT": "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %p %c: %s%e%n",
        "APICURIO_STORAGE_KIND": "sql",
        "APICURIO_STORAGE_SQL_KIND": "postgresql",
        "APICURIO_DATASOURCE_URL": f"jdbc:postgresql://{postgres}/registry",
        "APICURIO_DATASOURCE_USERNAME": "registry",
        "APICURIO_DATASOURCE_PASSWORD": context.secrets["REGISTRY_DB_PASSWORD"],
        "APICURIO_DATASOURCE_JDBC_INITIAL_SIZE": "2",
        "APICURIO_DATASOURCE_JDBC_MIN_SIZE": "1",
        "APICURIO_DATASOURCE_JDBC_MAX_SIZE": "8",
    }
    memory = [
        "-Xms64m",
        "-Xmx192m",
        "-XX:+UseSerialGC",
        "-XX:MaxMetaspaceSize=160m",
        "-XX:ReservedCodeCacheSize=64m",
    ]
    return Command([java_program(context), *memory, "-jar", "quarkus-run.jar"], env, cwd=str(registry_home(context)))


def _ask(context: Context) -> str:
    answer = httpx.get(f"{context.settings['REGISTRY_URL']}/subjects", timeout=5, trust_env=False)
    answer.raise_for_status()
    subjects = answer.json()
    return f"Apicurio, {len(subjects)} subjects"


SERVICE = Service(
    name="registry",
    title="Schema registry",
    command=_command,
    ask=_ask,
    needs=("postgres",),
)
