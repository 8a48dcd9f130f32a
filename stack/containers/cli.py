"""The command line of the bootstrap container: prepare all, register contracts, give and take ships' credentials."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path

import click
import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from confluent_kafka import KafkaException
from httpx import HTTPError

from stack.bootstrap import buckets, postgres, schemas, topics
from stack.config import ROOT, Platform
from stack.containers import kafka_users, readers
from stack.errors import StackError
from stack.services.base import Context, python

SECRET_BYTES = 32


def context() -> Context:
    """The context of the platform that the environment describes; compose.yml sets it."""
    here = Platform(home=Path(os.environ.get("STACK_DIR", "/tmp")), offset=0, settings=os.environ)  # noqa: S108 - nothing is written there
    return Context(here, os.environ, os.environ)


@click.group()
def main() -> None:
    """Prepare the servers that run in containers; every command may be run again."""


@main.command()
def prepare() -> None:
    """Databases, roles, buckets, topics, Kafka's users, tables, groups and the administrator."""
    here = context()
    for title, ensure in (
        ("Databases and roles", postgres.ensure),
        ("Buckets", buckets.ensure),
        ("Topics", topics.ensure),
        ("Kafka's users and their rights", kafka_users.ensure),
    ):
        click.echo(title)
        ensure(here)
    for step in ("migrate --no-input --verbosity 0", "bootstrap_site"):
        click.echo(f"manage.py {step}")
        manage(*step.split())
    click.echo("Readers of the marts")
    readers.ensure(here)
    click.echo("Prepared.")


@main.command()
def contracts() -> None:
    """Register the contracts of messages and reports."""
    schemas.ensure(context())
    click.echo("The contracts are registered.")


@main.command()
@click.argument("name")
def ship(name: str) -> None:
    """Give a ship or a fleet NAME its own pair at Kafka and a token; prints what it has to be told, once."""
    user = kafka_users.ship_user(name)
    password = secrets.token_urlsafe(SECRET_BYTES)
    kafka_users.add(context(), kafka_users.ship(user, password))
    token = manage("create_ship_token", name)
    for setting, value in (
        ("KAFKA_BOOTSTRAP", os.environ["KAFKA_PUBLIC"]),
        ("KAFKA_SECURITY_PROTOCOL", os.environ["KAFKA_OUTER_PROTOCOL"]),
        ("KAFKA_USER", user),
        ("KAFKA_PASSWORD", password),
        ("MISSIONS_API", f"{os.environ['SITE_URL'].rstrip('/')}/register_mission"),
        ("HOCOTATE_TOKEN", token),
    ):
        click.echo(f"export {setting}={value}")


@main.command("ground-ship")
@click.argument("name")
def ground_ship(name: str) -> None:
    """Take a ship's pair and rights at Kafka from it; its token is revoked in the admin."""
    kafka_users.remove(context(), kafka_users.ship_user(name))
    click.echo(f"{name} can no longer write to Kafka. Revoke its token in the admin, under ship tokens.")


def manage(*arguments: str) -> str:
    """Run a management command of the site; what it printed.

    Raises:
        StackError: it failed; carries what it said.
    """
    done = subprocess.run(
        python(str(ROOT / "manage.py"), *arguments), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise StackError(f"`manage.py {arguments[0]}` failed: {(done.stderr or done.stdout).strip()[-800:]}")
    return done.stdout.strip()


def run() -> None:
    """Run the command line; what goes wrong is shown as a sentence, and told by the exit status."""
    try:
        main(prog_name="bootstrap")
    except StackError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    except (psycopg.Error, KafkaException, BotoCoreError, ClientError, HTTPError) as error:
        said = " ".join(str(error).split()) or type(error).__name__
        click.echo(f"A server did not do what it was asked: {said}. See its log, then start bootstrap again.", err=True)
        sys.exit(1)
