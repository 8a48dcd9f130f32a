"""Prometheus, Pushgateway and Alertmanager, from the machine's packages: who watches the platform.

The platform works without them, so they are started by `make run` where they are installed, and never stop a start.
"""

from __future__ import annotations

import os

import httpx

from stack.services.base import Command, Context, Service
from stack.services.programs import running
from stack.services.templates import OBSERVABILITY, address, places, rendered, token_file

DAYS, MEGABYTES = 15, 1024
"""What Prometheus keeps at most, where PROMETHEUS_DAYS and PROMETHEUS_MB say nothing else."""


def _prepare(context: Context, name: str) -> None:
    data = context.platform.data(name)
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    template = OBSERVABILITY / name / f"{name}.yml"
    if template.exists():
        (data / template.name).write_text(rendered(template, places(context)))


def _prepare_alertmanager(context: Context) -> None:
    _prepare(context, "alertmanager")
    token = token_file(context)
    token.touch(mode=0o600)
    os.chmod(token, 0o600)
    token.write_text(context.secrets["ALERTS_TOKEN"])


def _prometheus(context: Context) -> Command:
    data, listens = context.platform.data("prometheus"), address(context, "PROMETHEUS_PORT")
    number = context.platform.number
    return running(
        context,
        "prometheus",
        f"--config.file={data / 'prometheus.yml'}",
        f"--storage.tsdb.path={data / 'store'}",
        f"--storage.tsdb.retention.time={number('PROMETHEUS_DAYS', DAYS, 1, 3650)}d",
        f"--storage.tsdb.retention.size={number('PROMETHEUS_MB', MEGABYTES, 64)}MB",
        f"--web.listen-address={listens}",
        f"--web.external-url=http://{listens}",
    )


def _pushgateway(context: Context) -> Command:
    kept = context.platform.data("pushgateway") / "metrics"
    listens = address(context, "PUSHGATEWAY_PORT")
    return running(
        context,
        "pushgateway",
        f"--web.listen-address={listens}",
        f"--persistence.file={kept}",
        "--persistence.interval=1m",
    )


def _alertmanager(context: Context) -> Command:
    data, listens = context.platform.data("alertmanager"), address(context, "ALERTMANAGER_PORT")
    return running(
        context,
        "alertmanager",
        f"--config.file={data / 'alertmanager.yml'}",
        f"--storage.path={data / 'store'}",
        "--data.retention=120h",
        f"--web.listen-address={listens}",
        f"--web.external-url=http://{listens}",
        # One alone: it looks for no others.
        "--cluster.listen-address=",
    )


def _get(context: Context, setting: str, path: str) -> httpx.Response:
    answer = httpx.get(f"http://{address(context, setting)}{path}", timeout=4, trust_env=False)
    answer.raise_for_status()
    return answer


def _ask_prometheus(context: Context) -> str:
    _get(context, "PROMETHEUS_PORT", "/-/ready")
    targets = _get(context, "PROMETHEUS_PORT", "/api/v1/targets?state=active").json()["data"]["activeTargets"]
    return f"{sum(target['health'] == 'up' for target in targets)} of {len(targets)} targets answer"


def _ask_pushgateway(context: Context) -> str:
    _get(context, "PUSHGATEWAY_PORT", "/-/ready")
    return "takes how jobs ended"


def _ask_alertmanager(context: Context) -> str:
    _get(context, "ALERTMANAGER_PORT", "/-/ready")
    alerts = _get(context, "ALERTMANAGER_PORT", "/api/v2/alerts?active=true&silenced=false&inhibited=false").json()
    named = [alert["labels"]["alertname"] for alert in alerts]
    firing = len(named) - named.count("Watchdog")
    return f"{firing} alert{'' if firing == 1 else 's'} firing"


PROMETHEUS = Service(
    "prometheus",
    "Prometheus",
    _prometheus,
    _ask_prometheus,
    prepare=lambda context: _prepare(context, "prometheus"),
    ready_seconds=60,
)
PUSHGATEWAY = Service(
    "pushgateway",
    "Pushgateway",
    _pushgateway,
    _ask_pushgateway,
    prepare=lambda context: _prepare(context, "pushgateway"),
    ready_seconds=60,
)
ALERTMANAGER = Service(
    "alertmanager",
    "Alertmanager",
    _alertmanager,
    _ask_alertmanager,
    prepare=_prepare_alertmanager,
    ready_seconds=60,
)
